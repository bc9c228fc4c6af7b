"""Changes of the schema since a release that are breaking or dangerous, and intended.

`tests/releases/test_releases.py` fails on every other one, and on an entry without such a change.
What is removed has to be deprecated first: see ``docs/frontend/schema-changes.md``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLInputObjectType,
    GraphQLSchema,
    find_breaking_changes,
    find_dangerous_changes,
)


@dataclass(frozen=True, slots=True)
class IntendedChange:
    """A change, or several of one kind, that clients of a release meet."""

    release: str
    change: str
    """A regular expression that matches its whole description, as the failing test prints it."""
    reason: str
    """Why, what replaces it, and in which release it was deprecated."""


INTENDED: tuple[IntendedChange, ...] = ()


def find_changes(old: GraphQLSchema, new: GraphQLSchema) -> list[str]:
    """Return the descriptions of all breaking and dangerous changes."""
    return [
        *(one.description for one in find_breaking_changes(old, new)),
        *(one.description for one in find_dangerous_changes(old, new)),
        *_find_new_one_of(old, new),
    ]


def _find_new_one_of(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[str]:
    """Yield the inputs that newly take one field only; graphql-core does not compare that."""
    for name, after in new.type_map.items():
        before = old.type_map.get(name)
        if not isinstance(after, GraphQLInputObjectType) or not after.is_one_of:
            continue
        if isinstance(before, GraphQLInputObjectType) and not before.is_one_of:
            yield f"{name} became @oneOf."


def compare_changes(found: Iterable[str], intended: Iterable[IntendedChange]) -> list[str]:
    """Return what is wrong: changes that no entry covers, and entries that cover no change."""
    changes, entries = list(found), list(intended)
    uncovered = [
        change for change in changes if not any(re.fullmatch(one.change, change) for one in entries)
    ]
    unused = [
        f"no such change: {one.change}"
        for one in entries
        if not any(re.fullmatch(one.change, change) for change in changes)
    ]
    return uncovered + unused
