"""Tests of cursors: they name the place of an edge, and refuse another list."""

import datetime as dt

import pytest
from neo4j.time import Date

from schema.domain import DOMAIN
from service.errors import BadUserInput
from service.query.filters import OrderKey
from service.query.ordering import read_cursor, write_cursor

STATEMENT = DOMAIN.nodes["Statement"].properties
SAID_ON = OrderKey((), STATEMENT["saidOn"], descending=True)
TEXT = OrderKey((), STATEMENT["text"], descending=False)
FIGURE = DOMAIN.nodes["TradeFigure"].properties
VALUE = OrderKey((), FIGURE["value"], descending=False)


def test_what_is_written_is_read() -> None:
    cursor = write_cursor([SAID_ON, TEXT], [Date(2017, 11, 7), "\nno\n", "statement:x/y"])
    assert read_cursor([SAID_ON, TEXT], cursor) == (dt.date(2017, 11, 7), "\nno\n", "statement:x/y")
    absent = write_cursor([SAID_ON], [None, "statement:x/y"])
    assert read_cursor([SAID_ON], absent) == (None, "statement:x/y")
    assert read_cursor([VALUE], write_cursor([VALUE], [-5.31e10, "f"])) == (-5.31e10, "f")


@pytest.mark.parametrize("text", ["", "x", "!!!!", "bnVsbA", "WzFd", "ÿ", "eyJhIjoxfQ"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadUserInput, match="not a cursor"):
        read_cursor([SAID_ON], text)


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = write_cursor([TEXT], ["a", "statement:x/y"])
    other = OrderKey((), STATEMENT["text"], descending=True)
    for order in ([other], [], [TEXT, SAID_ON], [SAID_ON]):
        with pytest.raises(BadUserInput, match="another order"):
            read_cursor(order, cursor)


def test_an_absent_value_is_refused_where_there_must_be_one() -> None:
    with pytest.raises(BadUserInput):
        read_cursor([TEXT], write_cursor([TEXT], [None, "statement:x/y"]))
