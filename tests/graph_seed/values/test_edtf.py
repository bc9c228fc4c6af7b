"""Dates: what is read, how it is bounded, how it is put into words."""

import re
import warnings
from datetime import date
from time import struct_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_seed.values import ValueProblem, format_edtf, format_month, parse_edtf

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the library's grammar warns when it is built
    import edtf as library

BOUNDS = [
    ("2017", "2017-01-01", "2017-12-31"),
    ("2016-02", "2016-02-01", "2016-02-29"),
    ("2017-11-07", "2017-11-07", "2017-11-07"),
    ("2017-11-07T10:00:00Z", "2017-11-07", "2017-11-07"),
    ("2017~", "2017-01-01", "2017-12-31"),
    ("201X", "2010-01-01", "2019-12-31"),
    ("20XX", "2000-01-01", "2099-12-31"),
    ("2017-XX", "2017-01-01", "2017-12-31"),
    ("2017-11-XX", "2017-11-01", "2017-11-30"),
    ("2017-21", "2017-03-01", "2017-05-31"),
    ("2019-24", "2019-12-01", "2020-02-29"),
    ("2017-01/2017-09", "2017-01-01", "2017-09-30"),
    ("2017/2017-03", "2017-01-01", "2017-03-31"),
    ("2017-11-07/..", "2017-11-07", None),
    ("../2017", None, "2017-12-31"),
    ("2017/", "2017-01-01", None),
    ("/2017", None, "2017-12-31"),
    ("[2017-11-12..2017-11-15]", "2017-11-12", "2017-11-15"),
    ("[2016,2019,2017]", "2016-01-01", "2019-12-31"),
    ("[..2017]", None, "2017-12-31"),
    ("[2017..]", "2017-01-01", None),
    ("0001", "0001-01-01", "0001-12-31"),
    ("9999-12-31", "9999-12-31", "9999-12-31"),
]


@pytest.mark.parametrize(("text", "earliest", "latest"), BOUNDS)
def test_bounds_are_the_strict_ones(text: str, earliest: str | None, latest: str | None) -> None:
    read = parse_edtf(text)
    assert read.edtf == text
    assert read.earliest == (date.fromisoformat(earliest) if earliest else None)
    assert read.latest == (date.fromisoformat(latest) if latest else None)


@pytest.mark.parametrize(
    ("text", "approximate"),
    [("2017~", True), ("2017%", True), ("2017?", False), ("2016/2017-11~", True), ("2017", False)],
)
def test_approximate_is_what_the_format_calls_so(text: str, approximate: bool) -> None:
    assert parse_edtf(text).approximate is approximate


def test_spaces_between_the_parts_are_not_kept() -> None:
    assert parse_edtf(" [ 2017-11-12 .. 2017-11-15 ] ").edtf == "[2017-11-12..2017-11-15]"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2017-11-07", "7 November 2017"),
        ("2017-11", "November 2017"),
        ("2017", "2017"),
        ("0033-04", "April AD 33"),
        ("2017~", "about 2017"),
        ("2017-11?", "perhaps November 2017"),
        ("2017%", "perhaps about 2017"),
        ("201X", "the 2010s"),
        ("200X", "the years 2000–2009"),
        ("20XX", "the years 2000–2099"),
        ("2017-XX", "some month in 2017"),
        ("2017-11-XX", "some day in November 2017"),
        ("2017-22", "summer 2017"),
        ("2017-24", "winter 2017–18"),
        ("2017-11-07T10:00:00Z", "7 November 2017, 10:00 UTC"),
        ("2017-01/2017-09", "throughout January–September 2017"),
        ("2017-11-12/2017-11-15", "throughout 12–15 November 2017"),
        ("2017-10-30/2017-11-03", "throughout 30 October – 3 November 2017"),
        ("2016-12-30/2017-01-02", "throughout 30 December 2016 – 2 January 2017"),
        ("2016-12/2017-01", "throughout December 2016 – January 2017"),
        ("2016/2018", "throughout 2016–2018"),
        ("2017-06~/2018", "from about June 2017 to 2018"),
        ("2017-11-07/..", "from 7 November 2017 on"),
        ("2017-11-07/", "from 7 November 2017, end unknown"),
        ("../2018-04", "until April 2018"),
        ("/2018-04", "until April 2018, beginning unknown"),
        ("[2017-11-12..2017-11-15]", "some day within 12–15 November 2017"),
        ("[2017-01..2017-03]", "some month within January–March 2017"),
        ("[2017-11-12..]", "some day from 12 November 2017 on"),
        ("[..2017-11]", "some month until November 2017"),
        ("[2016,2018]", "either 2016 or 2018"),
        ("[2014,2016,2018]", "one of 2014, 2016 or 2018"),
        ("[2014,2016..2018]", "2014 or some year within 2016–2018"),
    ],
)
def test_words_are_as_precise_as_the_date(text: str, words: str) -> None:
    assert format_edtf(text) == words


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("[2017-11-12..2017-11-15]", "November 2017"),
        ("2017-11-07", "November 2017"),
        ("2017-11", "November 2017"),
        ("0033-04-01", "April AD 33"),
        ("2017-01/2017-09", "2017"),
        ("2017", "2017"),
        ("2016/2018", "throughout 2016–2018"),
        ("[..2017]", "some year until 2017"),
        ("2017-11~", "about November 2017"),
        ("2017-11?", "perhaps November 2017"),
    ],
)
def test_month_is_as_coarse_as_a_caption_needs(text: str, month: str) -> None:
    assert format_month(text) == month


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2017-11-7", "write 2017-11-07"),
        ("7 November 2017", "write 2017-11-07"),
        ("Nov. 7, 2017", "write 2017-11-07"),
        ("201x", "write 201X"),
        ("about 2017", "write 2017~"),
        ("?2017", "write 2017?"),
        ("the 2010s", "write 201X"),
        ("Q3 2017", "write 2017-07/2017-09"),
        ("2017-11-12..2017-11-15", "write 2017-11-12/2017-11-15"),
        ("[2017-11-12 .. 2017-11-15", r"write \[2017-11-12..2017-11-15\]"),
        ("Nov 1–10, 2017", "write 2017-11-01/2017-11-10"),
        ("January–September 2017", "write 2017-01/2017-09"),
        ("between 3 and 5 May 2031", "write 2031-05-03/2031-05-05"),
        ("2017-2018", "write 2017/2018"),
        ("20170107", "'20170107' is not a date in EDTF; write 2017-01-07"),
        ("201701", "'201701' is not a date in EDTF; write 2017-01$"),
        ("-0044", "years run from 0001 to 9999$"),
        ("2017-11-07/open", r"write 2017-11-07/\.\."),
        ("last week", "examples: 2017-11-07"),
        ("20 17", "examples: 2017-11-07"),
        ("", "examples: 2017-11-07"),
        ("2017-02-30", "February 2017 has 28 days"),
        ("2017-13", "13 is not a month"),
        ("2017-34", "not a season of level 1"),
        ("Y170000002", "from 0001 to 9999"),
        ("-0005", "from 0001 to 9999"),
        ("000X", "from 0001 to 9999"),
        ("9999-24", "from 0001 to 9999"),
        ("2018/2017", "ends before it begins"),
        ("../..", "says nothing of when"),
        ("[..]", "says nothing of when"),
        ("{2017,2018}", "all of several dates"),
        ("2004-06-~11", "stands at the end"),
        ("[2016,2017..,2018]", "only the first or the last"),
        ("2017-11-07T25:00:00", "time of day"),
        ("2017/2018-01-01T10:00:00", "time of day"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(ValueProblem, match=advice):
        parse_edtf(text)


@pytest.mark.parametrize(
    ("text", "proposals"),
    [
        ("20170107", "2017-01-07"),
        ("2017/01/07", "2017-01-07"),
        ("2017 11 07", "2017-11-07"),
        ("7.1.2017", "2017-01-07"),
        ("13.1.2017", "2017-01-13"),
        ("1/13/2017", "2017-01-13"),
        ("01/07/2017", "2017-07-01 or 2017-01-07"),
        ("1-7-2017", "2017-07-01 or 2017-01-07"),
        ("11/2017", "2017-11"),
        ("2017-13-01", "2017-01-13"),
        ("2017-00-00", "2017"),
        ("2017-01-00", "2017-01"),
        ("January 7, 2017", "2017-01-07"),
        ("Tuesday, 7th of November, 2017", "2017-11-07"),
        ("7 de noviembre de 2017", "2017-11-07"),
        ("7 ноября 2017 г.", "2017-11-07"),
        ("2017年11月7日", "2017-11-07"),
        ("２０１７-１１-０７", "2017-11-07"),
        ("2017-11-07.", "2017-11-07"),
        ("Q1 2017", "2017-01/2017-03"),
        ("the first quarter of 2017", ""),
        ("first quarter of 2017", "2017-01/2017-03"),
        ("H2 2017", "2017-07/2017-12"),
        ("spring 2017", "2017-21"),
        ("fall of 2017", "2017-23"),
        ("winter 2017", "2017-24 or 2016-24"),
        ("early 2017", "2017 or [2017-01..2017-04]"),
        ("mid-2017", "2017 or [2017-05..2017-08]"),
        ("late November 2017", "2017-11 or [2017-11-21..2017-11-30]"),
        ("20th century", "19XX"),
        ("early 1990s", "199X"),
        ("since 2017", "2017/.."),
        ("until November 2017", "../2017-11"),
        ("before 2017", "../2016"),
        ("after 2017", "2018/.."),
        ("2017..", "2017/.."),
        ("2016-17", "2016/2017"),
        ("2016–18", "2016/2018"),
        ("2017-W03", "2017-01-16/2017-01-22"),
        ("2017-007", "2017-01-07"),
        ("2017-11-07T10:00", "2017-11-07T10:00:00"),
        ("2017-11-07T10:00:00+0100", "2017-11-07T10:00:00+01:00"),
        ("2017-11-01...2017-11-10", "2017-11-01/2017-11-10"),
        ("2017-11-01…2017-11-10", "2017-11-01/2017-11-10"),
        ("2017-11-10..2017-11-01", "2017-11-01/2017-11-10"),
        ("2017-11-10/2017-11-01", "2017-11-01/2017-11-10"),
        ("[2017-11-10..2017-11-01]", "[2017-11-01..2017-11-10]"),
        ("2018 to 2016", "2016/2018"),
        ("2017-11-01, 2017-11-10", "2017-11-01/2017-11-10 or [2017-11-01,2017-11-10]"),
        ("2017-02-30", ""),
        ("November", ""),
        ("yesterday", ""),
        ("7/11/17", ""),
        ("n/a", ""),
    ],
)
def test_a_proposal_says_every_date_that_may_be_meant(text: str, proposals: str) -> None:
    with pytest.raises(ValueProblem) as refused:
        parse_edtf(text)
    _, _, found = str(refused.value).partition("; write ")
    assert found == proposals or (not proposals and not re.match(r"[\[\d.]", found))
    for one in found.split(" or ") if proposals else []:
        assert parse_edtf(one).edtf == one


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("7/11/17", "write the year in four digits"),
        ("Nov 7", "has no year"),
        ("n/a", "'n/a' has no year.*leave it out"),
        ("2016/17", "^'2016/17' is not a date in EDTF; write 2016/2017$"),
        ("2017-02-30/2017-03-01", "February 2017 has 28 days"),
    ],
)
def test_a_refused_date_is_named_whole(text: str, advice: str) -> None:
    with pytest.raises(ValueProblem, match=advice):
        parse_edtf(text)


@pytest.mark.parametrize("text", ["Nov 5, 2017", "5 / 7 / 2031", "[Nov 5, 2017, 2018]", "-0005 "])
def test_a_date_that_is_refused_is_echoed_as_it_was_given(text: str) -> None:
    with pytest.raises(ValueProblem) as refused:
        parse_edtf(text)
    assert str(refused.value).startswith(repr(text))


def test_a_long_text_is_not_echoed_whole() -> None:
    for text in ("1" * 10_000, "[" * 10_000, "x " * 10_000, "2017-11-" + "0" * 10_000):
        with pytest.raises(ValueProblem) as refused:
            parse_edtf(text)
        assert len(str(refused.value)) < 300


days = st.dates(date(1000, 1, 1), date(9998, 12, 31))
plain = st.one_of(
    days.map(str),
    days.map(lambda day: str(day)[:7]),
    days.map(lambda day: str(day)[:4]),
    days.map(lambda day: f"{str(day)[:3]}X"),
    days.map(lambda day: f"{str(day)[:8]}XX"),
)
dates = st.builds(lambda text, mark: text + mark, plain, st.sampled_from(["", "?", "~", "%"]))
expressions = st.one_of(
    dates,
    st.builds("{}/{}".format, dates, dates),
    st.builds("[{}..{}]".format, dates, dates),
    st.lists(dates, min_size=1, max_size=4).map(lambda members: f"[{','.join(members)}]"),
    dates.map("{}/..".format),
    dates.map("../{}".format),
    dates.map("{}/".format),
    dates.map("[..{}]".format),
)


@given(expressions)
def test_bounds_are_in_order_and_words_are_found(text: str) -> None:
    try:
        read = parse_edtf(text)
    except ValueProblem as problem:
        assert "ends before it begins" in str(problem)
        return
    assert read.earliest is not None or read.latest is not None
    if read.earliest and read.latest:
        assert read.earliest <= read.latest
    assert parse_edtf(read.edtf) == read
    assert any(character.isdigit() for character in format_edtf(text))


SHAPES = ["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%b %d %Y", "%d. %b. %Y"]


@given(days, days, *[st.sampled_from(SHAPES)] * 2, st.sampled_from(["..", " to ", " - ", "/"]))
def test_a_range_is_advised_where_a_range_was_written(
    one: date, other: date, first: str, second: str, separator: str
) -> None:
    low, high = sorted((one, other))
    text = low.strftime(first) + separator + high.strftime(second)
    try:
        read = parse_edtf(text)
    except ValueProblem as problem:
        if "%d. " not in first + second:
            assert str(problem).endswith(f"write {low}/{high}")
    else:
        assert (read.earliest, read.latest) == (low, high)


@given(st.text("0123456789-X/.[]{},?~%TYZ: ", max_size=24))
def test_nothing_else_than_a_value_problem_is_raised(text: str) -> None:
    try:
        format_edtf(text)
    except ValueProblem as problem:
        assert str(problem)


@settings(deadline=None)  # the library takes its time
@given(plain, plain, st.sampled_from(["{}", "{}/{}", "[{}..{}]", "[{},{}]"]))
def test_bounds_are_those_of_an_independent_reading(low: str, high: str, shape: str) -> None:
    if "X" in low + high and shape != "{}":
        low, high = low.replace("X", "1"), high.replace("X", "1")
    if ".." in shape:  # the library reads these of one precision only
        high = high[: len(low)]
        low = low[: len(high)]
    text = shape.format(*sorted((low, high)))
    try:
        read = parse_edtf(text)
    except ValueProblem:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other: Any = library.parse_edtf(text)
        assert read.earliest == _day(other.lower_strict())
        assert read.latest == _day(other.upper_strict())


def _day(moment: struct_time) -> date:
    return date(*moment[:3])
