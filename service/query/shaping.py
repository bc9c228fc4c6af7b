"""What shapes an answer, as the modules see it that shape parts of one."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from schema.terms import Property
from service.query.answer import Answer, Path, Row
from service.query.parameters import Parameter
from service.query.plan import Reads

T = TypeVar("T")


class Shaper(Protocol):
    """What shapes the nodes and values of an answer."""

    def node(self, reads: Reads, row: Row | None, path: Path) -> Answer | None:
        """A node from its row."""

    def given(self, one: Parameter[T]) -> T:
        """What the request gives for a parameter."""

    def value(self, prop: Property, raw: Row | None, path: Path) -> object:
        """A property's value."""

    def date(
        self, prop: Property, fields: Sequence[tuple[str, str]], raw: object, path: Path
    ) -> Answer | None:
        """A date as precise as its source."""
