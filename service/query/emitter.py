"""Emit the Cypher of a query: names and parameters that its parts share, and what a field emits."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Protocol

from schema.vocabulary import Vocabulary
from service.query.decoding import Decode
from service.query.fragments import Cypher
from service.query.reader import Reader


@dataclass(frozen=True, slots=True)
class Emitter:
    """Writes parts of one query that share names and parameters."""

    vocabulary: Vocabulary
    reader: Reader
    parameters: dict[str, object] = field(default_factory=dict)
    """By name: values, or ``Parameter``s that are resolved for each request."""
    _variable_numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _parameter_numbers: Iterator[int] = field(default_factory=count)

    def new_variable(self, stem: str) -> str:
        """Return a new name of a variable."""
        return f"{stem}{next(self._variable_numbers)}"

    def parameter(self, value: object) -> str:
        """Return a new parameter as Cypher, as ``$p3``."""
        name = f"p{next(self._parameter_numbers)}"
        self.parameters[name] = value
        return f"${name}"

    def with_reader(self, reader: Reader) -> "Emitter":
        """Return an emitter of the same query that reads by another reader."""
        return replace(self, reader=reader)

    def with_own_parameters(self) -> "Emitter":
        """Return an emitter with the same names whose parameters are kept apart."""
        return replace(self, parameters={})


@dataclass(frozen=True, slots=True)
class TypeName:
    """``__typename``. It takes no column."""

    key: str


@dataclass(frozen=True, slots=True)
class TotalCount:
    """The number of nodes of a list, an aggregate or a group."""

    key: str


class Field(Protocol):
    """A field of a node that takes one column of the node's row."""

    @property
    def key(self) -> str:
        """Return the key of the response."""

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the column as an expression."""

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return what decodes the column."""
