"""Find the rows and the columns of a document's response, before any response is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

PAGE_INFO = "PageInfo"
ORDER_BY = "orderBy"
WITHIN = {"nodes", "edges", "node"}
"""Fields of connections and edges, which names of columns leave out."""
Keys = tuple[str, ...]
"""Keys of the response, from an object down; lists between them are followed to each item."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A field that a document selects, with the selections of its value."""

    key: str
    name: str
    type: GraphQLOutputType
    arguments: Mapping[str, str]
    """The names of the variables that its arguments are."""
    sets: tuple[tuple[SelectionSetNode, GraphQLNamedType], ...]
    node: FieldNode
    """The first node of the document that selects it."""
    takes_order: bool
    """Whether it has an argument for an order."""

    @property
    def of(self) -> GraphQLNamedType:
        """Return the named type of its value."""
        return get_named_type(self.type)

    @property
    def is_list(self) -> bool:
        """Return whether its value is a list."""
        return is_list_type(get_nullable_type(self.type))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, and the keys from a row to its value."""

    name: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class Selections:
    """The selections of one operation."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    def root(self) -> dict[str, Selected]:
        """Return the root fields by their keys."""
        query = self.schema.query_type
        if query is None:
            raise TypeError("the schema has no Query")
        return self._collect([(self.operation.selection_set, query)])

    def below(self, selected: Selected) -> dict[str, Selected]:
        """Return the fields of a field's value by their keys, those of all types together."""
        return self._collect(selected.sets)

    def _collect(
        self, sets: Iterable[tuple[SelectionSetNode, GraphQLNamedType]]
    ) -> dict[str, Selected]:
        found: dict[str, Selected] = {}
        for selection_set, of in sets:
            for field, parent in self._fields(selection_set, of):
                one = _select(field, parent)
                if one is None:
                    continue
                known = found.get(one.key)
                if known is not None:
                    one = replace(known, sets=(*known.sets, *one.sets))
                found[one.key] = one
        return found

    def _fields(
        self, selection_set: SelectionSetNode, of: GraphQLNamedType
    ) -> Iterable[tuple[FieldNode, GraphQLNamedType]]:
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                yield node, of
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self.schema.get_type(condition.name.value) if condition else of
                yield from self._fields(node.selection_set, inner or of)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                inner = self.schema.get_type(fragment.type_condition.name.value)
                yield from self._fields(fragment.selection_set, inner or of)

    # --- rows ---

    def find_rows(self, named: str | None) -> list[Selected]:
        """Return the fields from the root to the list of rows.

        ``named`` are the keys to a list or a connection; None for the first one. Raises ValueError.
        """
        path = self._named_path(named.split(".")) if named else self._first_list(self.root(), [])
        if path is None:
            raise ValueError("has no list; select one, whose items are the rows")
        last = path[-1]
        if not last.is_list:
            inside = self.below(last)
            items = next((one for one in inside.values() if one.name in {"nodes", "edges"}), None)
            if items is None or not items.is_list:
                raise ValueError(f"rows: {last.key} is no list, and no nodes or edges of it are")
            path.append(items)
        return path

    def _named_path(self, keys: Sequence[str]) -> list[Selected]:
        path: list[Selected] = []
        inside = self.root()
        for key in keys:
            if key not in inside:
                known = ", ".join(inside)
                raise ValueError(f"rows: nothing is selected as {key} there, but: {known}")
            path.append(inside[key])
            inside = self.below(inside[key])
        return path

    def _first_list(
        self, inside: Mapping[str, Selected], before: list[Selected]
    ) -> list[Selected] | None:
        for one in inside.values():
            path = [*before, one]
            if one.is_list and not is_leaf_type(one.of):
                return path
            found = self._first_list(self.below(one), path)
            if found is not None:
                return found
        return None

    # --- columns ---

    def find_columns(self, rows: Selected) -> list[Column]:
        """Return the columns of the items of a list."""
        return list(self._columns(rows, (), ()))

    def _columns(self, selected: Selected, name: Keys, keys: Keys) -> Iterable[Column]:
        for one in self.below(selected).values():
            here = (*keys, one.key)
            if is_leaf_type(one.of):
                yield Column(".".join((*name, one.key)), here)
            elif one.of.name != PAGE_INFO:
                inner = name if one.name in WITHIN else (*name, one.key)
                yield from self._columns(one, inner, here)


def _select(field: FieldNode, parent: GraphQLNamedType) -> Selected | None:
    """Return a field of a type; None for what introspection alone has, as ``__typename``."""
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return None
    definition = parent.fields.get(field.name.value)
    if definition is None:
        return None
    key = field.alias.value if field.alias else field.name.value
    of = get_named_type(definition.type)
    sets = ((field.selection_set, of),) if field.selection_set else ()
    arguments = {
        one.name.value: one.value.name.value
        for one in field.arguments or ()
        if isinstance(one.value, VariableNode)
    }
    takes_order = ORDER_BY in definition.args
    return Selected(key, field.name.value, definition.type, arguments, sets, field, takes_order)


def values_at(value: object, keys: Keys) -> list[object]:
    """Return the values that keys lead to: one, or those of each item of the lists between."""
    if isinstance(value, list):
        return [found for one in value for found in values_at(one, keys)]
    if not keys or not isinstance(value, dict):
        return [None if keys else value]
    return values_at(value.get(keys[0]), keys[1:])


def items_at(value: object, keys: Keys) -> list[object]:
    """Return the items of the list that keys lead to; none if a value before it is null."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return list(value) if isinstance(value, list) else []
