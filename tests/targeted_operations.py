"""Make operations that reach given coordinates of a schema.

Random operations (``tests.operations``) never reach every corner of a large schema. These go
straight there: to a field along the shortest path from the root, to an input field through an
argument that takes it. Missing coordinates of the same type are selected together.
"""

import json
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    parse,
    print_ast,
)

from tests.coordinates import is_list
from tests.operations import Enumerated, Operation, literal

Composite = GraphQLObjectType | GraphQLInterfaceType
TOGETHER = 8
"""The most missing arguments, conditions or keys that are selected together."""
SCALARS: dict[str, list[Any]] = {
    "String": ["dairy", "Peña", "treaty"],
    "Int": [2, 3],
    "Long": ["3"],
    "Float": [1.5],
    "Boolean": [True, False],
    "Decimal": ["2", "62.5"],
    "EDTF": ["2031", "2031-05", "[2031-05-05..2031-05-11]"],
    "Date": ["2031-06-03"],
    "DateTime": ["2031-06-03T00:00:00Z"],
}
FORWARD, BACKWARD = ("where", "first", "after"), ("orderBy", "last", "before")
HITS = "hits"
ONE_KEY = ("Order", "GroupBy")
"""Suffixes of the names of input types that take exactly one key."""


@dataclass(frozen=True)
class Use:
    """A place of an input type: an argument of a field, and a path of input fields from there."""

    owner: str
    field: str
    argument: str
    way: tuple[str, ...] = ()


@dataclass
class TargetedOperations:
    """A maker of operations that reach the ``missing`` coordinates.

    ``ids`` returns ids of nodes of a type, ``cursor`` a cursor of a list in the order of ids.
    """

    schema: GraphQLSchema
    random: random.Random
    ids: Callable[[str], Sequence[str]]
    cursor: Callable[[str], str]
    missing: set[str] = field(default_factory=set)
    _ways: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    _uses: dict[str, Use] = field(default_factory=dict)
    _aliases: int = 0

    def __post_init__(self) -> None:
        self._find_ways()
        self._find_uses()

    # --- where things are ---

    def _composites(self) -> Iterator[tuple[str, Composite]]:
        for name, one in self.schema.type_map.items():
            if isinstance(one, Composite) and not is_introspection_type(one):
                yield name, one

    def _find_ways(self) -> None:
        """Find the shortest path of fields from the root to each type."""
        self._ways = {"Query": ()}
        waiting = deque(["Query"])
        while waiting:
            name = waiting.popleft()
            of = self.schema.type_map[name]
            assert isinstance(of, Composite)
            for key, one in of.fields.items():
                for target in self._reached_by(one):
                    if target.name not in self._ways:
                        self._ways[target.name] = (*self._ways[name], (name, key))
                        waiting.append(target.name)

    def _reached_by(self, one: GraphQLField) -> list[Composite]:
        named = get_named_type(one.type)
        if isinstance(named, GraphQLUnionType):
            return list(named.types)
        if isinstance(named, GraphQLInterfaceType):
            return [named, *self.schema.get_possible_types(named)]
        return [named] if isinstance(named, GraphQLObjectType) else []

    def _find_uses(self) -> None:
        """Find the nearest argument that takes each input type."""
        waiting: deque[tuple[str, Use]] = deque()
        for name, of in sorted(self._composites(), key=lambda one: len(self._ways[one[0]])):
            for key, one in of.fields.items():
                for argument, definition in one.args.items():
                    waiting.append((get_named_type(definition.type).name, Use(name, key, argument)))
        while waiting:
            name, use = waiting.popleft()
            taken = self.schema.type_map[name]
            if name in self._uses:
                continue
            self._uses[name] = use
            if isinstance(taken, GraphQLInputObjectType):
                for key, below in taken.fields.items():
                    way = (*use.way, key)
                    step = Use(use.owner, use.field, use.argument, way)
                    waiting.append((get_named_type(below.type).name, step))

    # --- operations ---

    def operation(self, coordinate: str) -> Operation:
        """Return an operation that reaches a coordinate."""
        if coordinate.startswith("@"):
            return self._operation(f"people {{ totalCount {coordinate[:-1]} true) }}")
        owner, _, rest = coordinate.partition(".")
        of = self.schema.type_map[owner]
        if isinstance(of, Composite):
            name, _, argument = rest.partition("(")
            inner = self._select(of, name, argument.removesuffix(":)"))
            return self._operation(self._at(owner, inner))
        use = self._uses[owner]
        taker = self.schema.type_map[use.owner]
        assert isinstance(taker, Composite)
        inner = self._select(taker, use.field, use.argument, (*use.way, rest))
        return self._operation(self._at(use.owner, inner))

    def _operation(self, selection: str) -> Operation:
        return Operation(f"query Q {{ {selection} }}", {}, "query Q")

    def _alias(self) -> str:
        self._aliases += 1
        return f"a{self._aliases}"

    def _at(self, owner: str, inner: str) -> str:
        """Return a selection of the root that comes to a type and selects ``inner`` there."""
        selection, target = inner, owner
        for parent, key in reversed(self._ways[owner]):
            of = self.schema.type_map[parent]
            assert isinstance(of, Composite)
            one = of.fields[key]
            if get_named_type(one.type).name != target:
                selection = f"... on {target} {{ {selection} }}"
            given: dict[str, Any] = {}
            for name, definition in one.args.items():
                if name == "id":
                    given[name] = self.random.choice(self.ids(target))
                elif _is_needed(one, name):
                    given[name] = self._sample(name, definition.type, one, ())
            if key == HITS:
                # Hits are compared in any order, so each has to name its node.
                selection = f"{HITS} {{ {selection} node {{ id }} }}"
            else:
                selection = f"{self._alias()}: {key}{_write_arguments(given)} {{ {selection} }}"
            target = parent
        return selection

    def _select(
        self, of: Composite, name: str, argument: str = "", way: tuple[str, ...] = ()
    ) -> str:
        """Return a selection of a field, with an argument that goes a way into its input.

        Where the way does not lead further than the field, what else is missing of the type is
        selected too.
        """
        if way:
            others = self._others(self._taken(of, name, argument, way), way[-1])
            ways = [way, *((*way[:-1], other) for other in others)]
            return " ".join(self._asked(of, name, (argument,), argument, one) for one in ways)
        selected = [] if argument else [self._asked(of, name, ())]
        fields = [name, *(key for key in of.fields if key != name)]
        for key in fields:
            missing = [a for a in of.fields[key].args if f"{of.name}.{key}({a}:)" in self.missing]
            for group in (FORWARD, BACKWARD, tuple(missing)):
                wanted = tuple(one for one in group if one in missing)
                missing = [one for one in missing if one not in wanted]
                if wanted:
                    selected.append(self._asked(of, key, wanted))
            if key != name and f"{of.name}.{key}" in self.missing and not of.fields[key].args:
                selected.append(self._asked(of, key, ()))
            if len(selected) >= TOGETHER:
                break
        return " ".join(selected)

    def _taken(
        self, of: Composite, name: str, argument: str, way: Sequence[str]
    ) -> GraphQLNamedType:
        """Return the input type that the last step of a way is in."""
        taken: GraphQLNamedType = get_named_type(of.fields[name].args[argument].type)
        for step in way[:-1]:
            assert isinstance(taken, GraphQLInputObjectType)
            taken = get_named_type(taken.fields[step].type)
        return taken

    def _others(self, taken: GraphQLNamedType, name: str) -> list[str]:
        """Return what else is missing of an input type that takes one key each time."""
        if not isinstance(taken, GraphQLInputObjectType) or not taken.name.endswith(ONE_KEY):
            return []
        names = [key for key in taken.fields if f"{taken.name}.{key}" in self.missing]
        return [key for key in names if key != name][: TOGETHER - 1]

    def _asked(
        self,
        of: Composite,
        name: str,
        arguments: Sequence[str],
        argument: str = "",
        way: tuple[str, ...] = (),
    ) -> str:
        """Return a field with these arguments and those that it needs."""
        one = of.fields[name]
        given = {
            key: self._sample(key, definition.type, one, way if key == argument else ())
            for key, definition in one.args.items()
            if key in arguments or _is_needed(one, key)
        }
        if {"after", "before"} & set(given):
            given.pop("orderBy", None)
        called = "" if of.name.startswith("Search") else f"{self._alias()}: "
        return f"{called}{name}{_write_arguments(given)}{self._below(one.type)}"

    def _below(self, of: GraphQLOutputType) -> str:
        """Return a short selection of a field's value that identifies it."""
        named = get_named_type(of)
        if isinstance(named, GraphQLUnionType):
            return f" {{ {' '.join(f'... on {one.name} {{ id }}' for one in named.types)} }}"
        if not isinstance(named, Composite):
            return ""
        parts = ["id"] if "id" in named.fields else []
        parts += [
            f"{key}{self._below(named.fields[key].type)}"
            for key in ("nodes", HITS, "node")
            if key in named.fields
        ]
        if "totalCount" in named.fields:
            parts.append("totalCount")
        plain = [
            key
            for key, one in named.fields.items()
            if isinstance(get_named_type(one.type), GraphQLScalarType | GraphQLEnumType)
            and not one.args
        ]
        if not parts:
            parts = plain[:3]
        if not parts:
            key, one = next((k, f) for k, f in named.fields.items() if not f.args)
            parts = [f"{key}{self._below(one.type)}"]
        return f" {{ {' '.join(parts)} }}"

    # --- values ---

    def _sample(self, key: str, of: Any, taker: GraphQLField, way: tuple[str, ...]) -> Any:
        """Return a value of an input type that goes a way into it."""
        named = get_named_type(of)
        value = self._value(key, named, taker, way)
        return [value] if is_list(of) else value

    def _value(self, key: str, named: Any, taker: GraphQLField, way: tuple[str, ...]) -> Any:
        if isinstance(named, GraphQLInputObjectType):
            return self._object(named, taker, way)
        if isinstance(named, GraphQLEnumType):
            if way:
                return Enumerated(way[0])
            words = [w for w in named.values if f"{named.name}.{w}" in self.missing]
            return Enumerated(self.random.choice(words or list(named.values)))
        assert isinstance(named, GraphQLScalarType)
        if key in {"after", "before"} and named.name == "String":
            return self.cursor(get_named_type(taker.type).name)
        if key == "since":
            return 0
        if key in {"first", "last"}:
            return 100 if get_named_type(taker.type).name == "SearchResult" else 2
        if named.name == "ID":
            return self.random.choice(self.ids(get_named_type(taker.type).name))
        return self.random.choice(SCALARS[named.name])

    def _object(
        self, named: GraphQLInputObjectType, taker: GraphQLField, way: tuple[str, ...]
    ) -> Any:
        name, *rest = way or (self._leaf(named),)
        if named.name.endswith("GroupBy") and not rest:
            below = get_named_type(named.fields[name].type)
            if isinstance(below, GraphQLScalarType):
                return {name: True}
        value = self._sample(name, named.fields[name].type, taker, tuple(rest))
        if rest or named.name.endswith(ONE_KEY) or not way:
            return {name: value}
        others = {
            one: self._sample(one, named.fields[one].type, taker, ())
            for one in named.fields
            if f"{named.name}.{one}" in self.missing and one not in {name, "and", "or", "not"}
        }
        some = dict(list(others.items())[: TOGETHER - 1])
        if "or" not in named.fields or not some:
            return {name: value} | some
        return {"or": [{name: value}, *({one: given} for one, given in some.items())]}

    def _leaf(self, named: GraphQLInputObjectType) -> str:
        """Return the field of an input type to fill where any will do, a missing one if it can."""
        plain = [
            key
            for key, one in named.fields.items()
            if not isinstance(get_named_type(one.type), GraphQLInputObjectType)
        ]
        missing = [key for key in plain if f"{named.name}.{key}" in self.missing]
        found: str = (missing or plain or list(named.fields))[0]
        return found


def _is_needed(taker: GraphQLField, argument: str) -> bool:
    """Return whether an argument has to be given: searches are compared whole, not by pages."""
    pages = argument == "first" and get_named_type(taker.type).name == "SearchResult"
    return pages or str(taker.args[argument].type).endswith("!")


def _write_arguments(given: dict[str, Any]) -> str:
    if not given:
        return ""
    return f"({', '.join(f'{name}: {literal(value)}' for name, value in given.items())})"


def format_operation(operation: Operation) -> str:
    """Return an operation formatted for a reader."""
    return print_ast(parse(operation.document)) + json.dumps(operation.variables)
