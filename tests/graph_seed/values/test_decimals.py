"""Decimals: one spelling for each, and a float that orders them exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_seed.values import ValueProblem, canonical_decimal, decimal_number, parse_decimal

mantissas = st.integers(-(10**15) + 1, 10**15 - 1)
decimals = st.builds(
    lambda whole, power: Decimal(whole).scaleb(power), mantissas, st.integers(-20, 20)
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("-53.10", "-53.1"),
        ("5.310E10", "53100000000"),
        ("-0.00", "0"),
        ("+.5", "0.5"),
        ("−7", "-7"),
        ("1000", "1000"),
        ("007.0", "7"),
        ("1e-3", "0.001"),
    ],
)
def test_there_is_one_spelling(text: str, canonical: str) -> None:
    assert canonical_decimal(text) == canonical
    assert canonical_decimal(parse_decimal(text)) == canonical


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("1,000", ": 1000 or 1$"),
        ("1 000 000", ": 1000000$"),
        ("62,5", r": 62\.5$"),
        ("NaN", "finite"),
        ("Infinity", "finite"),
        ("1.234,5", r": 1234\.5$"),
        ("٣٫٥", r": 3\.5$"),
        ("many", "write digits"),
        ("", "write digits"),
        ("1.234567890123456", "too many significant digits"),
        ("1e999", "beyond"),
        ("1e-999", "beyond"),
    ],
)
def test_what_is_no_exact_number_is_refused(text: str, advice: str) -> None:
    with pytest.raises(ValueProblem, match=advice):
        parse_decimal(text)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("-Infinity"), Decimal("sNaN")])
def test_a_decimal_that_is_no_number_is_refused(value: Decimal) -> None:
    with pytest.raises(ValueProblem):
        canonical_decimal(value)


@given(decimals)
def test_the_canonical_text_is_the_same_number_and_stays(value: Decimal) -> None:
    text = canonical_decimal(value)
    assert parse_decimal(text) == value
    assert canonical_decimal(text) == text
    assert "e" not in text.lower()


@given(decimals, decimals)
def test_the_float_beside_it_orders_exactly(one: Decimal, other: Decimal) -> None:
    first, second = (decimal_number(canonical_decimal(value)) for value in (one, other))
    assert (first < second, first == second) == (one < other, one == other)
