"""What a field of a plan is: a key of the response, a column of a row, the column's decoder."""

from dataclasses import dataclass
from typing import Protocol

from schema.vocabulary import Vocabulary
from service.query.decoding import Decode
from service.query.emitter import Emitter
from service.query.fragments import Cypher


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
