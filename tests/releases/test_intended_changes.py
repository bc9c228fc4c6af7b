"""Tests of the comparison of schemas, on a small one."""

import re

import pytest
from graphql import build_schema

from tests.releases.intended_changes import IntendedChange, compare_changes, find_changes

SDL = """
    type Query { old: Int! new(by: Order): Int! word: Word }
    enum Word { ONE }
    input Order { id: Int name: Int }
"""
OLD = build_schema(SDL)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("old: Int!", "", "Field Query.old was removed."),
        ("old: Int!", "old: Int", "Field Query.old changed type from Int! to Int."),
        ("ONE", "ONE TWO", "Enum value Word.TWO was added."),
        ("input Order", "input Order @oneOf", "Order became @oneOf."),
    ],
)
def test_a_change_needs_an_entry_and_an_entry_a_change(
    before: str, after: str, change: str
) -> None:
    found = find_changes(OLD, build_schema(SDL.replace(before, after)))
    entry = IntendedChange("0.1.0", re.escape(change), "Use new; deprecated since 0.0.1.")
    assert compare_changes(found, []) == [change]
    assert compare_changes(found, [entry]) == []
    assert compare_changes([], [entry]) == [f"no such change: {entry.change}"]


def test_additions_need_no_entry() -> None:
    added = SDL.replace("word: Word", "word: Word, more(first: Int): More") + "type More { id: ID }"
    assert find_changes(OLD, build_schema(added)) == []
