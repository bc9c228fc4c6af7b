"""Plan an operation: turn its collected fields into plan nodes in the vocabulary's terms.

Errors are collected with the paths of their fields, so that all of them are reported at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph_seed.values import one_form_of
from schema.model import Link, NodeType
from schema.names import HISTORY, ID, VALIDITY
from schema.vocabulary import Vocabulary
from service.errors import BadUserInput, QueryTooComplex
from service.graphql.plan.arguments import Arguments, input_fields, input_objects
from service.graphql.plan.captions import (
    find_property,
    make_selection,
    merge_branches,
    plan_caption,
    plan_computed,
)
from service.graphql.plan.changes import plan_changes
from service.graphql.plan.context import FieldPath, PlanError
from service.graphql.plan.document import CollectedField, Document
from service.graphql.plan.groups import plan_aggregate, plan_groups
from service.graphql.plan.limits import Limits
from service.graphql.plan.paging import bounded_list, plan_page
from service.graphql.plan.search import plan_search
from service.graphql.plan.temporal import plan_as_of, plan_history
from service.graphql.types import names
from service.graphql.types.scalars import graphql_type
from service.query.access_paths import NodeSet
from service.query.changes import Changes
from service.query.connections import Connection, ConnectionField, PageInfo
from service.query.edges import (
    Cursor,
    EdgeDate,
    EdgeField,
    EdgeNode,
    Edges,
    EdgeValue,
    EdgeVersion,
    Nodes,
)
from service.query.emitter import Field, TotalCount, TypeName
from service.query.filters import (
    ALWAYS,
    Condition,
    OrderKey,
    logic_depth,
    narrow_types,
    nesting,
    size,
)
from service.query.nodes import Branch, NodeById, NodesByIds, Selection, SelectionOfType, ToOne
from service.query.operation import AsOf, Plan, RootField
from service.query.parameters import make_parameter
from service.query.values import DateValue, ValidityField, Value

TYPENAME = "__typename"
MOST_LOGIC = 50
"""The most nested ``and``, ``or`` and ``not``: at about 150 Neo4j's parser overflows its stack."""
READ = {"nodes", "edges"}
"""The fields of a connection that read nodes by their types."""


@dataclass(slots=True)
class Planner:
    """A planner of one operation, which collects its ``errors``."""

    vocabulary: Vocabulary
    document: Document
    arguments: Arguments
    limits: Limits = field(default_factory=Limits)
    errors: list[PlanError] = field(default_factory=list)
    conditions: int = 0

    def plan(self) -> Plan:
        """Return the plan of the operation; it may be run only if there are no ``errors``."""
        fields: list[TypeName | RootField] = []
        for asked in self.document.root():
            if asked.name == TYPENAME:
                fields.append(TypeName(asked.key))
            elif not asked.name.startswith("__"):
                fields.append(self._root(asked))
        as_of = plan_as_of(self.document)
        if as_of is None and any(isinstance(one, Changes) for one in fields):
            as_of = AsOf()  # the list ends with one exact version
        return Plan(fields, as_of)

    # --- root fields ---

    def _root(self, asked: CollectedField) -> RootField:
        path = (asked.key,)
        given = self.document.arguments(asked)
        everything = self.vocabulary.root
        if asked.name == "node":
            return self._by_id(asked, given, path, everything)
        if asked.name == "nodes":
            return self._by_ids(asked, given["ids"], path, everything)
        if asked.name == "search":
            return plan_search(self, asked, given, path)
        if asked.name == "changes":
            return plan_changes(self, asked, given, path)
        for node in self.vocabulary.nodes.values():
            if asked.name == node.field and node is not everything:
                return self._by_id(asked, given, path, node)
            if asked.name == node.plural and node is not everything:
                return self._connection(asked, given, path, node=node)
        raise KeyError(asked.name)

    def _by_id(
        self, asked: CollectedField, given: Mapping[str, object], path: FieldPath, node: NodeType
    ) -> NodeById:
        return NodeById(
            asked.key,
            node,
            make_parameter(given[ID], one_form_of),
            self.plan_selection(asked, (node,), path),
        )

    def _by_ids(
        self, asked: CollectedField, given: object, path: FieldPath, node: NodeType
    ) -> NodesByIds:
        most = self.arguments.limits.most
        try:
            ids = bounded_list("ids", given, most)
        except BadUserInput as error:
            self.report(str(error), path)
            ids = bounded_list("ids", [], most)
        return NodesByIds(asked.key, ids, self.plan_selection(asked, (node,), path))

    def report(self, message: str, path: FieldPath) -> None:
        """Report a reason why the operation cannot be answered."""
        self.errors.append(PlanError(message, path))

    # --- nodes ---

    def plan_selection(
        self, asked: CollectedField, types: tuple[NodeType, ...], path: FieldPath
    ) -> Selection:
        """Return the selection of a field whose value is a node of one of these types."""
        concrete = self.vocabulary.concrete_of(*types)
        if len(concrete) == 1 and types[0] is concrete[0]:
            return SelectionOfType(concrete[0], self._fields(asked, concrete[0], path))
        # Types share a branch only if the same field nodes of the document select it: values that
        # happen to be equal must not change the text of the query.
        branches: dict[tuple[object, ...], list[Branch]] = {}
        for node in concrete:
            fields = self._fields(asked, node, path)
            found = self.document.fields(asked, node.label)
            words = tuple((one.key, *map(id, one.nodes)) for one in found)
            branches.setdefault(words, []).append(Branch((node,), fields))
        return make_selection([one for group in branches.values() for one in merge_branches(group)])

    def _fields(
        self, asked: CollectedField, node: NodeType, path: FieldPath
    ) -> tuple[TypeName | Field, ...]:
        fields = self.document.fields(asked, node.label)
        return tuple(self._field(one, node, (*path, one.key)) for one in fields)

    def _field(self, asked: CollectedField, node: NodeType, path: FieldPath) -> TypeName | Field:
        key, name = asked.key, asked.name
        if name == TYPENAME:
            return TypeName(key)
        if name == VALIDITY:
            return ValidityField(key, node)
        if name == HISTORY:
            return plan_history(self, asked, node, path)
        if name == "caption":
            return plan_caption(self.vocabulary, key, node)
        prop = find_property(node, name)
        if prop is not None:
            shown = graphql_type(prop)
            if shown.is_object:
                return DateValue(key, prop, self.document.plain_fields(asked, shown.output))
            return Value(key, prop)
        link = self.vocabulary.links(node).get(name)
        if link is None:
            return plan_computed(key, node, name)
        if link.one:
            required = names.is_never_null(self.vocabulary, link)
            return ToOne(
                key, link, self.plan_selection(asked, link.targets, path), required=required
            )
        return self._connection(asked, self.document.arguments(asked), path, link=link)

    # --- lists ---

    def _connection(
        self,
        asked: CollectedField,
        given: Mapping[str, object],
        path: FieldPath,
        *,
        link: Link | None = None,
        node: NodeType | None = None,
    ) -> Connection:
        type_name = self.document.value_type(asked)
        targets = link.targets if link else (node,) if node else ()
        arguments = self.arguments
        order: tuple[OrderKey, ...] = ()
        page = plan_page({}, (), arguments.limits, arguments.guards)
        condition: Condition = ALWAYS
        try:
            condition = arguments.where(input_fields(given.get("where")), link, node)
            keys = input_objects(given.get("orderBy"))
            order = arguments.order(keys, names.common_ancestor(targets), link)
            most = link.page if link else None
            page = plan_page(given, order, arguments.limits, arguments.guards, most)
        except (BadUserInput, ValueError) as error:
            self.report(str(error), path)
        self._measure(condition, path)
        there = narrow_types(condition, targets)
        fields = tuple(
            self._connection_field(
                one, there if one.name in READ else targets, link, (*path, one.key)
            )
            for one in self.document.fields(asked, type_name)
        )
        nodes = NodeSet(condition, link, node)
        return Connection(asked.key, type_name, fields, nodes, order, page)

    def _measure(self, condition: Condition, path: FieldPath) -> None:
        """Report filters that would take the database too long."""
        depth, logic = nesting(condition), logic_depth(condition)
        before, self.conditions = self.conditions, self.conditions + size(condition)
        for name, found, most in (
            ("nests links to a depth of", depth, self.limits.filter_depth),
            ("nests and, or and not to a depth of", logic, MOST_LOGIC),
            ("brings the conditions of all filters to", self.conditions, self.limits.conditions),
        ):
            if found > most and before <= self.limits.conditions:
                message = f"This filter {name} {found}; {most} are allowed. Split the operation."
                self.errors.append(PlanError(message, path, QueryTooComplex.code))

    def _connection_field(
        self,
        asked: CollectedField,
        targets: tuple[NodeType, ...],
        link: Link | None,
        path: FieldPath,
    ) -> ConnectionField:
        match asked.name:
            case "nodes":
                return Nodes(asked.key, self.plan_selection(asked, targets, path))
            case "totalCount":
                return TotalCount(asked.key)
            case "aggregate":
                return plan_aggregate(self.document, asked, names.common_ancestor(targets))
            case "groupBy":
                node = names.common_ancestor(targets)
                return plan_groups(self, self._connection, asked, node, path)
            case "pageInfo":
                return PageInfo(asked.key, self.document.plain_fields(asked, "PageInfo"))
            case "edges":
                type_name = self.document.value_type(asked)
                edges = tuple(
                    self._edge_field(one, targets, link, (*path, one.key))
                    for one in self.document.fields(asked, type_name)
                )
                return Edges(asked.key, type_name, edges)
            case _:
                return TypeName(asked.key)

    def _edge_field(
        self,
        asked: CollectedField,
        targets: tuple[NodeType, ...],
        link: Link | None,
        path: FieldPath,
    ) -> EdgeField:
        match asked.name:
            case "node":
                return EdgeNode(asked.key, self.plan_selection(asked, targets, path))
            case "cursor":
                return Cursor(asked.key)
            case "__typename":
                return TypeName(asked.key)
            case _ if link is not None and asked.name in link.properties:
                prop = link.properties[asked.name]
                shown = graphql_type(prop)
                if shown.is_object:
                    fields = self.document.plain_fields(asked, shown.output)
                    return EdgeDate(asked.key, prop, fields)
                return EdgeValue(asked.key, prop)
            case _:
                return EdgeVersion(asked.key)
