"""Parse written values by their type; refuse others with advice."""

from functools import cache

from graph_seed.checking.validate import check_value, find_control_character, is_invisible
from graph_seed.problems import Report, nearest_of
from graph_seed.syntax.tree import SyntaxNode
from graph_seed.values import ValueProblem, slug
from graph_seed.values.problem import quote_text
from graph_seed.values.units import parse_per, parse_unit
from graph_seed.values.value_types import value_type
from schema import rules
from schema.declare import Enumeration
from schema.model import Property
from schema.scalars import PropertyValue

_CANONICAL = {rules.UNIT: parse_unit, rules.PER: parse_per}
"""How texts that have one spelling each are read, by property."""


class ValueReader:
    """Reads values, and says what is wrong with them."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def value(self, prop: Property, written: SyntaxNode) -> PropertyValue | None:
        """Return a property's value, or None if it cannot be read, which is reported."""
        if prop.many:
            parsed = [self._one(prop, one) for one in written.items]
            return [one for one in parsed if one is not None] or None  # type: ignore[return-value]
        if not isinstance(written.value, str):
            message = f"{prop.name} is one value; put {value_type(prop).noun} into quotes"
            self._report(written.place, "NOT_ONE_VALUE", message)
            return None
        return self._one(prop, written)

    def _one(self, prop: Property, written: SyntaxNode) -> str | int | bool | None:
        text = written.text
        if text is None:
            self._report(written.place, "NOT_A_VALUE", f"{prop.name} takes plain values")
            return None
        # Most texts are plain: only others are looked at by character.
        if not (text.isascii() and text.isprintable()) or text.isspace() or not text:
            if is_invisible(text):
                self._report(written.place, "EMPTY", f"{prop.name} is empty; leave it out")
                return None
            if control := find_control_character(text):
                message = f"{prop.name} holds {control}, which a text cannot contain; remove it"
                self._report(written.place, "TEXT", message)
                return None
        try:
            value = parse_value(prop, text)
            if prop.is_restricted:
                check_value(prop, value)
            return value
        except ValueProblem as problem:
            self._report(written.place, value_type(prop).code, f"{prop.name}: {problem}")
            return None


def parse_value(prop: Property, text: str) -> str | int | bool:
    """Return a written value as records hold it; raises ValueProblem with advice."""
    if prop.enumeration:
        words = _words(prop.enumeration)
        if text not in words:
            advice = nearest_of(text, words, "it")
            raise ValueProblem(f"{quote_text(text)} is not one of its values{advice}")
        return text
    canonical = _CANONICAL.get(prop.name)
    return canonical(text) if canonical else value_type(prop).parse(text)


@cache
def _words(enumeration: type[Enumeration]) -> tuple[str, ...]:
    return tuple(str(word.value) for word in enumeration)


def key_advice(text: str) -> str | None:
    """Return how to write a key, or None for a valid one: lower-case words with hyphens."""
    try:
        key = slug(text)
    except ValueProblem:
        return "; it needs a letter or a digit, as in ada-moreno"
    return None if key == text else f"; write it as {key!r}"
