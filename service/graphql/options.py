"""What a request may ask for besides its document: times to answer as of, and extensions."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema, get_named_type

from service.errors import AsOfConflict, BadUserInput
from service.graphql.types import names

VERSION, COST, AS_OF = "version", "cost", "asOf"
"""The extensions of a response."""
INCLUDABLE = (VERSION, COST)
"""The extensions that a response has on request."""
VERSION_TEXT = re.compile(r"[0-9]{1,9}")


class Options(NamedTuple):
    """The options of a request; without any, only its document and variables decide."""

    times: Mapping[str, str] = {}
    """The arguments of ``@asOf`` that the address or the headers give, as text."""
    include: frozenset[str] = frozenset()
    """The extensions that the response is to have."""

    @property
    def added_times(self) -> tuple[str, ...] | None:
        """Return the arguments that ``@asOf`` is to be added with; None if it is not."""
        if self.times:
            return tuple(sorted(self.times))
        return () if VERSION in self.include else None


NO_OPTIONS = Options()


def coerce_times(schema: GraphQLSchema, times: Mapping[str, str]) -> dict[str, object]:
    """Return times as JSON values of the arguments of ``@asOf``; raises BadUserInput."""
    directive = schema.get_directive(names.AS_OF)
    found: dict[str, object] = {}
    for name, text in times.items():
        kind = get_named_type(directive.args[name].type) if directive else None
        if not isinstance(kind, GraphQLScalarType):
            raise BadUserInput(f"{name}: this service has no former versions.")
        if name == names.VERSION:
            if not VERSION_TEXT.fullmatch(text):
                raise BadUserInput(f"version is {text[:100]!r}; give a version, as in 3.")
            found[name] = int(text)
            continue
        try:
            found[name] = time_as_json(kind.parse_value(text))
        except (GraphQLError, ValueError) as error:
            raise BadUserInput(f"{name}: {error}") from error
    return found


def time_as_json(value: object) -> object:
    """Return the value of an argument of ``@asOf`` as JSON."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def require_same_times(asked: Mapping[str, object], given: Mapping[str, object]) -> None:
    """Raise AsOfConflict unless a document is to be answered as of the times of its request."""
    if asked != given:
        listed = ", ".join(f"{name} {text}" for name, text in sorted(given.items()))
        raise AsOfConflict(
            f"The document's @asOf has other times than the address or the headers ({listed}). "
            "Leave one of them out."
        )
