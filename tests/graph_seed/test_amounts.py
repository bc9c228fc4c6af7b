"""Amounts: the short form of a facts file, bounds and words."""

from dataclasses import asdict
from decimal import Decimal
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_seed.values import (
    Amount,
    ValueProblem,
    amount_bounds,
    amount_words,
    canonical_decimal,
    parse_amount,
)


def amount(comparator: str, unit: str, *numbers: str, scale: int | None = None) -> Amount:
    value = numbers[0] if len(numbers) == 1 else None
    lower, upper = numbers if len(numbers) == 2 else (None, None)
    return Amount(comparator, unit, value, lower, upper, scale, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-53.1 billion USD", amount("eq", "USD", "-53100000000", scale=9)),
        ("−53.1 billion USD", amount("eq", "USD", "-53100000000", scale=9)),
        ("50 %", amount("eq", "percent", "50")),
        ("50%", amount("eq", "percent", "50")),
        ("62.5 percent", amount("eq", "percent", "62.5")),
        ("5 per cent", amount("eq", "percent", "5")),
        ("28 areas", amount("eq", "areas", "28")),
        ("28 Areas", amount("eq", "areas", "28")),
        ("5 members of a party", amount("eq", "members of a party", "5")),
        ("> 4 %", amount("gt", "percent", "4")),
        ("more than 4 %", amount("gt", "percent", "4")),
        ("over 4 %", amount("gt", "percent", "4")),
        (">= 4 %", amount("ge", "percent", "4")),
        ("≥ 4 %", amount("ge", "percent", "4")),
        ("at least 4 %", amount("ge", "percent", "4")),
        ("<4 %", amount("lt", "percent", "4")),
        ("less than 4 %", amount("lt", "percent", "4")),
        ("under 4 %", amount("lt", "percent", "4")),
        ("≤ 4 %", amount("le", "percent", "4")),
        ("at most 4 %", amount("le", "percent", "4")),
        ("up to 4 %", amount("le", "percent", "4")),
        ("about 1 %", amount("approx", "percent", "1")),
        ("~1 %", amount("approx", "percent", "1")),
        ("2..2.5 %", amount("range", "percent", "2", "2.5")),
        ("2 to 2.5 percent", amount("range", "percent", "2", "2.5")),
        ("2–2.5 %", amount("range", "percent", "2", "2.5")),
        ("between 2 and 2.5 percent", amount("range", "percent", "2", "2.5")),
        ("2 % to 2.5 %", amount("range", "percent", "2", "2.5")),
        ("-2..-1 %", amount("range", "percent", "-2", "-1")),
        (
            "900 million to 1.2 billion MXN",
            amount("range", "MXN", "900000000", "1200000000", scale=9),
        ),
        ("vague: a handful of deals", amount("vague", "deals")),
        ("a handful of deals", amount("vague", "deals")),
        ("several chapters", amount("vague", "chapters")),
        ("billions USD", amount("vague", "USD", scale=9)),
        ("vague: billions of USD", amount("vague", "USD", scale=9)),
    ],
)
def test_amounts_are_read(text: str, expected: Amount) -> None:
    assert parse_amount(text) == expected


@pytest.mark.parametrize(
    ("text", "unit", "per"),
    [
        ("> 1 trillion USD a year", "USD", "year"),
        ("1 trillion USD per year", "USD", "year"),
        ("100 USD/ton", "USD", "ton"),
        ("100 USD an hour", "USD", "hour"),
        ("5 chapters annually", "chapters", "year"),
        ("5 per cent a year", "percent", "year"),
        ("billions of USD a year", "USD", "year"),
    ],
)
def test_what_an_amount_is_counted_by_is_told_from_its_unit(text: str, unit: str, per: str) -> None:
    read = parse_amount(text)
    assert (read.unit, read.per) == (unit, per)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("$53.1 billion", ": 53.1 billion USD$"),
        ("more than $1 trillion a year", ": more than 1 trillion USD a year$"),
        ("10 €", ": 10 EUR$"),
        ("50 usd", ": 50 USD$"),
        ("50 dollars", ": 50 USD$"),
        ("5 million Canadian dollars", "5 million CAD"),
        ("USD 53", ": 53 USD$"),
        ("53 bn USD", ": 53 billion USD$"),
        ("3 TEU", "lower case: teu"),
        ("3 USD of goods", "product:"),
        ("1,000 jobs", ": 1000$"),
        ("62,5 %", r": 62\.5$"),
        ("28+ areas", ": write >= 28 areas$"),
        ("50", "add a unit"),
        ("5 billion", "add a unit"),
        ("one trillion USD", "in digits"),
        ("tons", "write vague: tons"),
        ("800..1.2 billion USD", "each with its own scale"),
        ("2..2 %", "write the lesser first"),
        ("2 %..3 USD", "two units"),
        ("> 2..3 %", "a range stands alone"),
        ("vague", "say of what"),
        ("vague: 5 deals", "has no number"),
        ("1.23456789012345678 %", "at most 15"),
        ("", "examples"),
        ("?!", "examples"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(ValueProblem, match=advice):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("> 1 trillion USD a year", "more than 1 trillion USD a year"),
        ("-53.1 billion USD", "−53.1 billion USD"),
        ("2..2.5 %", "between 2 and 2.5 percent"),
        ("~1 %", "about 1 percent"),
        ("50 %", "50 percent"),
        (">= 12000 jobs an hour", "at least 12,000 jobs an hour"),
        ("1000 jobs", "1000 jobs"),
        ("vague: a handful of deals", "an unstated number of deals"),
        ("billions USD", "billions of USD"),
        ("0.5 million units per unit", "0.5 million units a unit"),
    ],
)
def test_words_say_the_number_as_printed(text: str, words: str) -> None:
    assert amount_words(**asdict(parse_amount(text))) == words


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5 %", 5, 5),
        ("~5 %", 5, 5),
        ("> 5 %", 5, inf),
        (">= 5 %", 5, inf),
        ("< 5 %", -inf, 5),
        ("<= 5 %", -inf, 5),
        ("2..5 %", 2, 5),
        ("several deals", -inf, inf),
    ],
)
def test_bounds_are_open_where_the_amount_is(text: str, low: float, high: float) -> None:
    read = parse_amount(text)
    assert amount_bounds(read.comparator, read.value, read.lower, read.upper) == (low, high)


numbers = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3)
units = st.sampled_from(["percent", "USD", "MXN", "areas", "percentage points", "tons of milk"])
scales = st.sampled_from([None, 3, 6, 9, 12])
pers = st.sampled_from([None, "year", "hour", "vehicle"])


@settings(deadline=None)  # the first one loads the list of currencies
@given(
    st.sampled_from(["eq", "approx", "gt", "ge", "lt", "le", "range", "vague"]),
    st.lists(numbers, min_size=2, max_size=2, unique=True),
    units,
    scales,
    pers,
)
def test_words_are_read_back_as_the_amount(
    comparator: str, pair: list[Decimal], unit: str, scale: int | None, per: str | None
) -> None:
    low, high = (canonical_decimal(number.scaleb(scale or 0)) for number in sorted(pair))
    ranged = comparator == "range"
    single = None if ranged or comparator == "vague" else low
    given_amount = Amount(
        comparator, unit, single, low if ranged else None, high if ranged else None, scale, per
    )
    words = amount_words(**asdict(given_amount))
    assert parse_amount(words.replace(",", "")) == given_amount


@settings(deadline=None)  # the first one loads the list of currencies
@given(st.text("0123456789 .,-−–%$€<>=~≥abUSDto/per", max_size=24))
def test_nothing_else_than_a_value_problem_is_raised(text: str) -> None:
    try:
        read = parse_amount(text)
    except ValueProblem as problem:
        assert str(problem)
        return
    low, high = amount_bounds(read.comparator, read.value, read.lower, read.upper)
    assert low <= high
