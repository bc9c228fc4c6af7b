"""Tests of decoding stored values."""

import datetime as dt

import neo4j.time
import pytest

from schema.enumerations import Mode
from schema.model import Property
from schema.scalars import BOOLEAN, DATE, DATE_TIME, INT, LONG, TEXT, TOKEN, Scalar
from service.query.values import serialize

DAY = neo4j.time.Date(2017, 11, 7)
MOMENT = neo4j.time.DateTime(2017, 11, 7, 9, 30, tzinfo=dt.UTC)


def of(scalar: Scalar, enumeration: type[Mode] | None = None) -> Property:
    return Property("p", scalar, required=False, many=False, doc="", enumeration=enumeration)


@pytest.mark.parametrize(
    ("scalar", "raw", "written"),
    [
        (TEXT, "Said.", "Said."),
        (BOOLEAN, False, False),
        (INT, 7, 7),
        (LONG, 2**40, "1099511627776"),
        (DATE, DAY, "2017-11-07"),
        (DATE_TIME, MOMENT, "2017-11-07T09:30:00Z"),
    ],
    ids=str,
)
def test_a_value_is_written_as_its_type_is(scalar: Scalar, raw: object, written: object) -> None:
    assert serialize(of(scalar), raw) == written


def test_a_word_is_written_by_its_name() -> None:
    word = next(iter(Mode))
    assert serialize(of(TOKEN, Mode), word.value) == word.name
    for wrong in ("no word", 7, None):
        with pytest.raises(KeyError):
            serialize(of(TOKEN, Mode), wrong)


@pytest.mark.parametrize(
    ("scalar", "raw"),
    [
        (TEXT, 7), (BOOLEAN, 1), (INT, True), (INT, 2**31), (LONG, "many"),
        (DATE, "2017-11-07"), (DATE_TIME, "2017-11-07T09:30:00Z"), (DATE_TIME, 7),
    ],
    ids=str,
)  # fmt: skip
def test_a_value_of_another_type_is_refused(scalar: Scalar, raw: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        serialize(of(scalar), raw)
