"""A program's records: every Python value is stored as it was given, or told by record and key."""

import datetime as dt
import enum
import math
from collections import UserString, deque
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real
from types import MappingProxyType

import neo4j
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_seed import FactsError, LoadError, load
from graph_seed.checking.check import Checked
from graph_seed.checking.record_schema import record_kinds, record_schema
from graph_seed.loading.load import check_records
from graph_seed.records import RecordPlace
from graph_seed.values import ValueProblem, canonical_decimal, parse_edtf
from graph_seed.values.units import parse_unit
from schema import rules, scalars
from schema.domain import DOMAIN
from schema.model import Property
from tests.conftest import DATABASE

TEXT = "Invented. Ada Moreno said the toll is too high."
SOURCE = {"source": {"id": "source:made", "type": "invented"}}


class Colour(enum.Enum):
    RED = "red"
    NUMBER = 3


class Name(enum.StrEnum):
    ADA = "ada"


@Integral.register
class Whole:
    """As a number of an array library: a whole number that is no ``int``."""

    def __int__(self) -> int:
        return 7


@Real.register
class Float32:
    """As a number of an array library: a real number that is no ``float``."""

    def __float__(self) -> float:
        return 1.5


class Odd:
    """Something that no facts file could hold."""


def checked(*records: object, text: bool = True) -> Checked:
    return check_records(records, DOMAIN, {"source:made": TEXT} if text else None)


def person(**given: object) -> dict[str, object]:
    return {"person": "ada", "find": "Ada Moreno", **given}


def to_properties(name: str, value: object) -> object:
    """What a person's record holds once it is checked."""
    found = checked(SOURCE, person(**{name: value}))
    assert found.valid, found.problems
    return found.facts[0].records[0].values.get(name)


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("size", 3, 3),
        ("size", 2**63 - 1, 2**63 - 1),
        ("size", Whole(), 7),
        ("size", None, None),
        ("size", Colour.NUMBER, 3),
        ("anonymous", True, None),
        ("name", Name.ADA, "ada"),
        ("name", Colour.RED, "red"),
        ("name", 1.5, "1.5"),
        ("name", Float32(), "1.5"),
        ("name", Decimal("1.50"), "1.50"),
        ("name", 10**20, "1" + "0" * 20),
        ("name", dt.date(2031, 5, 7), "2031-05-07"),
        ("aliases", ["b", None, "a"], ["b", "a"]),
        ("aliases", ("b", "a"), ["b", "a"]),
        ("aliases", deque(["b", "a"]), ["b", "a"]),
        ("aliases", {"b", "a"}, ["a", "b"]),
        ("aliases", frozenset("x"), ["x"]),
        ("aliases", "one", ["one"]),
        ("aliases", [], None),
        ("aliases", None, None),
    ],
)
def test_values_are_taken_as_a_file_spells_them(name: str, value: object, held: object) -> None:
    if name == "anonymous":
        records = checked(SOURCE, person(anonymous=value)).facts[0].records
        assert records[0].values["anonymous"] is True
    else:
        assert to_properties(name, value) == held


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("size", float("inf"), "VALUE"),
        ("size", float("nan"), "VALUE"),
        ("size", Decimal("NaN"), "VALUE"),
        ("size", Decimal("1.5"), "VALUE"),
        ("size", 3.0, "VALUE"),
        ("size", 10**20, "VALUE"),
        ("size", 10**5000, "VALUE"),
        ("size", -(10**5000), "VALUE"),
        ("size", True, "VALUE"),
        ("size", [1, 2], "NOT_ONE_VALUE"),
        ("anonymous", 1, "VALUE"),
        ("name", "half \ud800", "TEXT"),
        ("name", "\ud83d\ude00", "TEXT"),
        ("name", "a\x00b", "TEXT"),
        ("name", b"Ada", "VALUE"),
        ("name", bytearray(b"Ada"), "VALUE"),
        ("name", memoryview(b"Ada"), "VALUE"),
        ("name", 1j, "VALUE"),
        ("name", Fraction(1, 3), "VALUE"),
        ("name", Odd(), "VALUE"),
        ("name", Odd, "VALUE"),
        ("name", dt.time(10), "VALUE"),
        ("name", dt.timedelta(1), "VALUE"),
        ("name", UserString("Ada"), "VALUE"),
        ("name", {"first": "Ada"}, "NOT_ONE_VALUE"),
        ("aliases", iter(["Ada"]), "VALUE"),
        ("aliases", ["ok", ["Ada"]], "NOT_A_VALUE"),
        ("aliases", ["ok", float("inf")], "VALUE"),
        ("aliases", {1: 2}, "VALUE"),
        ("\ud800", "x", "VALUE"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_cannot_be_stored_is_told_by_record_and_key(
    name: str, value: object, code: str
) -> None:
    found = checked(SOURCE, {"issue": "toll", "find": "the toll"}, person(**{name: value}))
    assert not found.valid
    first = found.problems[0]
    assert first.code == code
    assert isinstance(first.place, RecordPlace)
    assert first.place.line == 3
    assert str(first.place).startswith("record 3 (person: ada)")
    assert name == "\ud800" or name in str(first)
    str(first).encode()


@pytest.mark.parametrize(
    "records",
    [
        ["talks.yaml"],
        [42],
        [None],
        [[SOURCE]],
        [SOURCE, 42],
        [{}],
        [{1: 2}],
        [SOURCE, {}],
        [{"source": None}],
        [{"source": float("nan")}],
        [SOURCE, {"person": b"ada"}],
        [SOURCE, {None: None}],
        [SOURCE, {"person": "ada", "find": {"from": math.inf}}],
    ],
)
def test_what_is_no_record_is_told(records: list[object]) -> None:
    found = checked(*records, text=False)
    assert not found.valid
    assert all(isinstance(one.place, RecordPlace) for one in found.problems)


@pytest.mark.parametrize("given", ["talks.yaml", b"talks", SOURCE, 42, None])
def test_what_is_no_list_of_records_is_told(driver: neo4j.Driver, given: object) -> None:
    for dry_run in (False, True):
        with pytest.raises(FactsError) as refused:
            load(driver, given, database=DATABASE, dry_run=dry_run)  # type: ignore[arg-type]
        assert [one.code for one in refused.value.problems] == ["NO_RECORD"]


def test_nothing_to_load_is_nothing_loaded(driver: neo4j.Driver) -> None:
    assert load(driver, [], database=DATABASE) == []
    assert load(driver, [], database=DATABASE, dry_run=True) == []


def test_a_generator_that_raises_loads_nothing(empty: neo4j.Driver) -> None:
    def records() -> Iterator[dict[str, object]]:
        yield dict(SOURCE)
        raise KeyError("a program's own")

    with pytest.raises(KeyError, match="a program's own"):
        load(empty, records(), database=DATABASE)
    with empty.session(database=DATABASE) as session:
        assert session.run("MATCH (n:Source) RETURN count(n)").value() == [0]


def test_a_text_that_is_none_is_an_error(driver: neo4j.Driver) -> None:
    for text in ("half \ud800", b"bytes", None):
        with pytest.raises(LoadError) as refused:
            load(driver, [SOURCE], database=DATABASE, texts={"source:made": text})  # type: ignore[dict-item]
        assert refused.value.code == "TEXT_DIFFERS"


def test_what_is_cited_wrong_is_told_by_its_record() -> None:
    found = checked(SOURCE, person(find="Eve Moreno"))
    (problem,) = found.problems
    assert problem.code == "NOT_FOUND"
    assert str(problem.place) == "record 2 (person: ada)"


def test_a_value_that_holds_itself_is_told() -> None:
    endless: list[object] = []
    endless.append(endless)
    ring: dict[str, object] = {}
    ring["find"] = ring
    for record in (person(aliases=endless), {"person": "ada", **ring}):
        found = checked(SOURCE, record, text=False)
        assert any("nested too deeply" in one.message for one in found.problems)


# --- any value at any place ---

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**18, 10**25),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
    st.dates(),
    st.datetimes(timezones=st.none() | st.timezones()),
    st.times(),
    st.binary(max_size=4),
    st.text(st.characters(), max_size=8),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zs", "Mn"]), max_size=4),
    st.sampled_from([Colour.RED, Name.ADA, Whole(), Float32(), Odd(), Odd, ..., "ada", "2031"]),
)
KEYS = st.one_of(st.text(max_size=3), st.integers(), st.none(), st.booleans(), st.dates())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(KEYS, inner, max_size=3),
        st.dictionaries(st.text(max_size=3), inner, max_size=3).map(MappingProxyType),
        st.frozensets(st.text(max_size=3) | st.integers(), max_size=3),
    ),
    max_leaves=6,
)
NAMES = sorted(
    {
        name
        for kind in record_kinds(DOMAIN)
        for name in record_schema(DOMAIN, DOMAIN.by_kind[kind]).names
    }
)


def spelled(value: object) -> str | None:
    """A value as a file would spell it, or None for what none could."""
    if isinstance(value, enum.Enum):
        return spelled(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Whole | Float32):
        return "7" if isinstance(value, Whole) else "1.5"
    if isinstance(value, str | int | float | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else None


def same(prop: Property, given: object, held: object) -> bool:
    """Whether a property's value is what was given for it."""
    if isinstance(held, list):
        listed = list(given) if isinstance(given, list | tuple | frozenset) else [given]
        wanted = [spelled(one) for one in listed if one is not None]
        texts = [one.strip() for one in wanted if one is not None]
        found = [str(one) for one in held]
        return sorted(texts) == sorted(found) if isinstance(given, frozenset) else texts == found
    text = spelled(given)
    if text is None or isinstance(held, bool):
        return text == str(held).lower()
    if isinstance(held, int):
        return int(text) == held
    if prop.scalar is scalars.EDTF:
        return parse_edtf(text).edtf == held
    if prop.scalar is scalars.DECIMAL:
        return canonical_decimal(text) == held
    return (parse_unit(text) if prop.name == rules.UNIT else text.strip()) == held


@given(st.sampled_from(sorted(record_kinds(DOMAIN))), st.sampled_from(NAMES), VALUES)
def test_any_value_is_held_as_it_was_given_or_told(kind: str, name: str, value: object) -> None:
    found = checked(SOURCE, {kind: "ada", "find": "Ada Moreno", name: value}, text=False)
    for one in found.problems:
        assert isinstance(one.place, RecordPlace)
        str(one).encode()
    prop = DOMAIN.by_kind[kind].properties.get(name)
    told = [
        one for one in found.problems if one.code not in {"MISSING", "NO_EVIDENCE", "NOT_CITED"}
    ]
    for facts in found.facts:
        for record in facts.records:
            if prop is not None and name in record.values and not told:
                if value is not None:
                    assert same(prop, value, record.values[name]), (value, record.values[name])
            elif prop is not None and not told and not prop.derived:
                assert value is None or not any(_leaves(value)), "lost without a word"


def _leaves(value: object) -> Iterator[bool]:
    """Whether each value within a value is one."""
    if isinstance(value, list | tuple | frozenset):
        for one in value:
            yield from _leaves(one)
    else:
        yield value is not None


@given(st.lists(VALUES, max_size=4))
def test_any_records_are_told_or_taken(records: list[object]) -> None:
    for one in checked(*records, text=False).problems:
        assert isinstance(one.place, RecordPlace)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_the_words_of_a_hint_are_no_more_than_values_are(text: str) -> None:
    try:
        parse_edtf(text)
    except ValueProblem as problem:
        assert len(str(problem)) < 400


def test_what_was_given_is_read_back_from_the_graph(empty: neo4j.Driver) -> None:
    every = "".join(
        map(chr, [0x9, 0xA, 0x20, 0x7E, 0xA0, 0x2028, 0xFFFD, 0xFFFE, 0x1F600, 0x10FFFF])
    )
    values: dict[str, object] = {
        "name": f"a{every}z",
        "aliases": ("\u0301b", "שלום", 10**20, Decimal("1.50"), 0.1),
        "size": 2**63 - 1,
    }
    records: list[dict[str, object]] = [dict(SOURCE), person(**values)]
    load(empty, records, database=DATABASE, texts={"source:made": TEXT})
    with empty.session(database=DATABASE) as session:
        (held,) = session.run("MATCH (n:Person) RETURN n").value()
    assert held["name"] == values["name"]
    assert held["aliases"] == ["\u0301b", "שלום", str(10**20), "1.50", "0.1"]
    assert held["size"] == values["size"]
