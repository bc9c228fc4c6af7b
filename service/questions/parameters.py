"""Make the variables of a question from the parameters of its address."""

from collections.abc import Mapping, Sequence
from math import isfinite
from urllib.parse import parse_qsl

from service.errors import BadUserInput
from service.questions.document import TIME_DOCS, Question, QuestionParameter

BOOLEANS = {"true": True, "false": False}


def read_parameters(query_string: bytes) -> dict[str, list[str]]:
    """Return the values of each parameter of a query string; an empty value counts as missing."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query_string.decode("utf-8", errors="replace")):
        found.setdefault(name, []).append(value)
    return found


def to_variables(question: Question, given: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return the variables of a request; raises BadUserInput that names each wrong parameter.

    Times are parameters of every question; they are no variables.
    """
    known = question.parameters
    variables: dict[str, object] = {}
    all_known = [*known, *TIME_DOCS]
    problems = [
        f"{name[:100]!r} is no parameter; there are: {', '.join(all_known)}"
        for name in given
        if name not in all_known
    ]
    for name, parameter in known.items():
        values = given.get(name)
        if not values:
            if parameter.is_required:
                problems.append(f"{name} is missing{_example(parameter)}")
            continue
        try:
            variables[name] = _to_value(parameter, values)
        except ValueError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise BadUserInput("; ".join(problems))
    return variables


def _example(parameter: QuestionParameter) -> str:
    return f"; an example: {parameter.example}" if parameter.example else ""


def _to_value(parameter: QuestionParameter, values: Sequence[str]) -> object:
    """Return the value of a variable, which GraphQL then coerces; raises ValueError."""
    if parameter.is_list:
        return [_to_leaf(parameter.type_name, one) for one in values]
    if len(values) > 1:
        raise ValueError("give it once")
    return _to_leaf(parameter.type_name, values[0])


def _to_leaf(type_name: str, text: str) -> object:
    match type_name:
        case "Int":
            return _to_int(text)
        case "Float":
            return _to_float(text)
        case "Boolean":
            if text not in BOOLEANS:
                raise ValueError("write true or false")
            return BOOLEANS[text]
    return text


def _to_int(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        raise ValueError("write a whole number")
    return int(text)


def _to_float(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise ValueError("write a number") from error
    if not isfinite(number):
        raise ValueError("write a number")
    return number
