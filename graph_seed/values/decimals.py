"""Exact decimal numbers as canonical text.

Neo4j has no decimal type: a decimal is stored as canonical text, with a float beside it. With at
most 15 significant digits the float tells any two of them apart, so it orders exactly.
"""

import re
from decimal import Decimal, InvalidOperation

from graph_seed.values.numerals import number_readings
from graph_seed.values.problem import ValueProblem

DIGITS = 15
MAGNITUDE = 100
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_LONGEST_HINT = 40
_EXPECTED = "write digits, with a point before decimals"


def parse_decimal(text: str) -> Decimal:
    """Parse a decimal number such as ``-12.5``; U+2212 (minus sign) and an exponent are accepted.

    Raises ``ValueProblem`` for anything else, also for NaN and infinities, more than 15 significant
    digits, and absolute values above 10^100 or, if not zero, below 10^-100.
    """
    plain = text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise ValueProblem(_why_not(text.strip(), plain))
    return _check(Decimal(plain), text.strip())


def canonical_decimal(value: Decimal | str) -> str:
    """Return the canonical text of a decimal: no exponent, ``+``, trailing zero or ``-0``.

    ``5.310E10`` gives ``53100000000``, ``-0.50`` gives ``-0.5``. Raises as ``parse_decimal`` does.
    """
    number = parse_decimal(value) if isinstance(value, str) else _check(value, str(value))
    if not number:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_number(text: str) -> float:
    """Return a decimal as a float, by which it is compared and ordered."""
    return float(parse_decimal(text))


def shift_decimal(text: str, places: int) -> str:
    """Return a decimal times 10 to the power of ``places``, exactly, as canonical text."""
    return canonical_decimal(parse_decimal(text).scaleb(places))


def _check(number: Decimal, text: str) -> Decimal:
    if not number.is_finite():
        raise ValueProblem(f"'{_short(text)}' is not a finite number; {_EXPECTED}")
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    if len(digits) > DIGITS:
        raise ValueProblem(
            f"'{_short(text)}' has too many significant digits; fifteen are kept exactly"
        )
    if number and abs(number.adjusted()) > MAGNITUDE:
        raise ValueProblem(f"'{_short(text)}' is beyond ten to the power of plus or minus hundred")
    return number


def _why_not(text: str, plain: str) -> str:
    """Return why a text is no decimal, with the numbers that it may be."""
    if readings := number_readings(text) if len(text) <= _LONGEST_HINT else []:
        spelled = " or ".join(f"{_check(one, text).normalize():f}" for one in readings)
        return f"'{text}': write digits alone, with a point before decimals: {spelled}"
    try:
        finite = Decimal(plain).is_finite()
    except InvalidOperation:
        finite = True
    kind = "a decimal number" if finite else "a finite number"
    return f"'{_short(text)}' is not {kind}; {_EXPECTED}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
