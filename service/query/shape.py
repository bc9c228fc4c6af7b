"""From the database's rows to the answer: the plan read a second time, beside what came back.

What GraphQL's completion would have checked is checked here: non-null, enumerations, ranges. A
value that breaks its type becomes an error at its path, and the nearest field that may be null is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from schema.terms import Property
from schema.vocabulary import Vocabulary
from service.query.answer import Answer, Path, Row
from service.query.captions import fill
from service.query.history import shape_history
from service.query.lists import Connection, TypeName
from service.query.operation import ById, ByIds, Plan, RootField, Search
from service.query.parameters import Parameter, Variables
from service.query.plan import (
    Caption,
    ComputedValue,
    DateValue,
    Field,
    HeldThen,
    History,
    Names,
    One,
    Reads,
    Selection,
    Value,
)
from service.query.search import shape_search
from service.query.shape_page import shape_page
from service.query.values import write, written_date


@dataclass(frozen=True, slots=True)
class Broken:
    """A value in the graph that its type does not allow, and where in the answer it would stand."""

    message: str
    path: Path


T = TypeVar("T")


class _NotAllowed(Exception):
    pass


@dataclass(slots=True)
class Shaper:
    """Shapes the answer of one operation; ``broken`` collects what the graph should not hold."""

    vocabulary: Vocabulary
    variables: Variables
    broken: list[Broken] = field(default_factory=list)

    def answer(self, plan: Plan, columns: Mapping[int, Row], query_type: str) -> Answer | None:
        """The answer's data; ``columns`` holds what came back for each root field by its index."""
        shaped: Answer = {}
        try:
            for index, one in enumerate(plan.fields):
                if isinstance(one, TypeName):
                    shaped[one.key] = query_type
                else:
                    shaped[one.key] = self._root(one, columns[index], (one.key,))
        except _NotAllowed:
            return None
        return shaped

    def _root(self, one: RootField, raw: Row, path: Path) -> object:
        match one:
            case ById():
                return self._nullable(lambda: self.node(one.reads, raw, path))
            case ByIds():
                return [
                    self._nullable(lambda row=row, at=at: self.node(one.reads, row, (*path, at)))  # type: ignore[misc]
                    for at, row in enumerate(raw)
                ]
            case Connection():
                return shape_page(self, one, raw, path)
            case Search():
                return shape_search(self, self.vocabulary, one, raw, path)
            case TypeName():
                raise TypeError("answered above")

    def _nullable(self, shape: Callable[[], Answer | None]) -> Answer | None:
        try:
            return shape()
        except _NotAllowed:
            return None

    def _refuse(self, message: str, path: Path) -> _NotAllowed:
        self.broken.append(Broken(message, path))
        return _NotAllowed()

    # --- nodes ---

    def node(self, reads: Reads, row: Row | None, path: Path) -> Answer | None:
        """A node from its row."""
        if row is None:
            return None
        if isinstance(reads, Selection):
            return self._fields(reads.fields, row, path, reads.type.label)
        name = str(row[0])
        for branch in reads.of:
            if any(one.label == name for one in branch.types):
                return self._fields(branch.fields, row[1:], path, name)
        raise self._refuse(f"A node of type {name} stands where none may.", path)

    def _fields(self, fields: Sequence[Field], row: Row, path: Path, type_name: str = "") -> Answer:
        shaped: Answer = {}
        values = iter(row)
        for one in fields:
            if isinstance(one, TypeName):
                shaped[one.key] = type_name
            else:
                shaped[one.key] = self._field(one, next(values), (*path, one.key))
        return shaped

    def _field(self, one: Field, raw: Row, path: Path) -> object:
        match one:
            case Value():
                return raw if one.raw else self.value(one.prop, raw, path)
            case DateValue():
                return self.date(one.prop, one.fields, raw, path)
            case ComputedValue():
                return one.compute(**dict(zip((p.name for p in one.needs), raw, strict=True)))
            case History():
                return shape_history(self.node, self.vocabulary, one, raw, path)
            case HeldThen():
                return raw
            case Caption():
                return fill(one.template, self._fields(one.reads, raw, path))
            case One():
                if one.required and raw is None:
                    raise self._refuse(f"{one.link.name} is missing.", path)
                if one.required:
                    return self.node(one.reads, raw, path)
                return self._nullable(lambda: self.node(one.reads, raw, path))
            case Names():
                return [self.node(one.reads, row, path) for row in raw]
            case Connection():
                return shape_page(self, one, raw, path)
            case TypeName():
                raise TypeError("a type's name takes no column")

    # --- values ---

    def given(self, one: Parameter[T]) -> T:
        """What the request gives for a parameter."""
        return one.value(self.variables)

    def value(self, prop: Property, raw: Row | None, path: Path) -> object:
        """A property's value; one that breaks its type is an error there."""
        if raw is None:
            if prop.required:
                raise self._refuse(f"{prop.name} is missing.", path)
            return None
        try:
            return [write(prop, one) for one in raw] if prop.many else write(prop, raw)
        except (KeyError, ValueError, TypeError, AttributeError):
            self._not_of_its_type(prop, path)
            return None

    def date(
        self, prop: Property, fields: Sequence[tuple[str, str]], raw: object, path: Path
    ) -> Answer | None:
        """A date as precise as its source."""
        if raw is None:
            if prop.required:
                raise self._refuse(f"{prop.name} is missing.", path)
            return None
        try:
            return written_date(str(raw), fields)
        except ValueError:
            self._not_of_its_type(prop, path)
            return None

    def _not_of_its_type(self, prop: Property, path: Path) -> None:
        broken = self._refuse(f"{prop.name} holds a value that its type does not allow.", path)
        if prop.required:
            raise broken from None
