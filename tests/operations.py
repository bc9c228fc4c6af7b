"""A hypothesis strategy of random GraphQL operations over a vocabulary and a graph.

It makes what generic strategies do not: ids, names and cursors that exist, filters that match
something, named fragments, directives, aliases, variables with defaults, merged fields.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

from graph_seed.values import fold
from schema import scalars
from schema.model import Link, NodeType, Property
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.groups import (
    aggregate_names,
    aggregate_properties,
    aggregated_properties,
)
from service.graphql.types.inputs import EVERY_NODE
from service.graphql.types.names import common_ancestor
from service.query.groups import PARTS, has_parts
from service.query.value_types import operators
from tests.oracle import Graph, Node, Relationship, cursor_at, write_cursor

T = TypeVar("T")


class Enumerated(str):
    """An enum value, which a document writes without quotes."""

    __slots__ = ()


def literal(value: Any) -> str:
    """Return a value as a GraphQL literal."""
    if isinstance(value, Enumerated):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Operation:
    """A document with its variables; ``start`` is its text before the selection set."""

    document: str
    variables: dict[str, Any]
    start: str = ""

    def with_directive(self, directive: str) -> str:
        """Return the document with a directive on its query."""
        return f"{self.start} {directive}{self.document.removeprefix(self.start)}"


@dataclass
class OperationMaker:
    """A maker of one operation; hypothesis draws every choice."""

    vocabulary: Vocabulary
    graph: Graph
    draw: Callable[[st.SearchStrategy[Any]], Any]
    variables: dict[str, tuple[str, Any, bool]] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) < percent)

    def pick(self, values: Sequence[T]) -> T:
        index: int = self.draw(st.integers(0, len(values) - 1))
        return values[index]

    def some(self, values: Sequence[T], most: int) -> list[T]:
        count = self.draw(st.integers(1, max(1, min(most, len(values)))))
        return list(dict.fromkeys(self.pick(values) for _ in range(count)))

    def alias(self) -> str:
        self.aliases += 1
        return f"a{self.aliases}"

    def variable(self, type_name: str, value: Any, *, default: bool = False) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = (type_name, value, default)
        return f"${name}"

    def nodes_of(self, node_type: NodeType) -> list[Node]:
        return [n for n in self.graph.nodes.values() if n.type.is_a(node_type)]

    # --- the operation ---

    def operation(self) -> Operation:
        fields = [self.root() for _ in range(self.draw(st.integers(1, 2)))]
        if self.chance(10):
            fields.append("__typename")
        head = ""
        sent: dict[str, Any] = {}
        if self.variables:
            parts = []
            for name, (type_name, value, default) in self.variables.items():
                parts.append(f"${name}: {type_name}" + (f" = {literal(value)}" if default else ""))
                if not default:
                    sent[name] = value
            head = f"({', '.join(parts)})"
        document = f"query Q{head} {{ {' '.join(fields)} }}\n" + "\n".join(self.fragments)
        return Operation(document, json.loads(json.dumps(sent)), f"query Q{head}")

    def root(self) -> str:
        concrete = [n for n in self.vocabulary.nodes.values() if n is not self.vocabulary.root]
        node_type = self.pick(concrete)
        held = self.nodes_of(node_type)
        kind = self.draw(st.integers(0, 9))
        if kind == 0 and held:
            given = literal(self.pick(held).id)
            return f"{self.alias()}: node(id: {given}) {self.selection(self.vocabulary.root, 3)}"
        if kind == 1 and held:
            ids = [one.id for one in self.some(held, 4)] + (["no:such"] if self.chance(30) else [])
            given = self.variable("[ID!]!", ids) if self.chance(50) else literal(ids)
            return f"{self.alias()}: nodes(ids: {given}) {self.selection(self.vocabulary.root, 2)}"
        if kind in {2, 3} and held:
            one = self.pick(held).id
            if self.chance(15):
                one = self.pick(list(self.graph.nodes))  # perhaps of another type
            given = self.variable("ID!", one) if self.chance(50) else literal(one)
            return f"{self.alias()}: {node_type.field}(id: {given}) {self.selection(node_type, 3)}"
        if kind == 4 and self.chance(50):
            return self.changes()
        arguments = self.arguments(names.where_name(node_type), None, node_type)
        fields = self.connection((node_type,), None, 3)
        return f"{self.alias()}: {node_type.plural}{arguments} {fields}"

    def changes(self) -> str:
        """Return the list of changes, of versions that the graph has."""
        latest = len(self.nodes_of(self.vocabulary.by_kind["load"]))
        since = self.draw(st.integers(0, latest))
        given = {"since": str(since)}
        if self.chance(40):
            given["until"] = str(self.draw(st.integers(since, latest)))
        elif self.chance(50):
            given["since"] = self.variable("Int!", since)
        backward = self.chance(40)
        given["last" if backward else "first"] = str(self.pick([0, 1, 5, 30]))
        if self.chance(40):
            at = [self.draw(st.integers(1, latest)), self.pick(list(self.graph.nodes)), "", ""]
            cursor = write_cursor(["changes", *at])
            name = "before" if backward else "after"
            given[name] = self.variable("String", cursor) if self.chance(50) else literal(cursor)
        parts: list[str] = []
        for part in self.some(["nodes", "edges", "pageInfo", "until"], 3):
            match part:
                case "nodes":
                    parts.append(f"nodes {{ {self.change(6)} }}")
                case "edges":
                    parts.append(f"edges {{ cursor node {{ {self.change(4)} }} }}")
                case "pageInfo":
                    parts.append("pageInfo { hasNextPage hasPreviousPage startCursor endCursor }")
                case _:
                    parts.append(part)
        arguments = ", ".join(f"{name}: {value}" for name, value in given.items())
        return f"{self.alias()}: changes({arguments}) {{ {' '.join(parts)} }}"

    def change(self, most: int) -> str:
        """Return a selection of fields of a change."""
        names = ["id", "kind", "version", "load", "nodeId", "nodeType", "caption", "node", "link",
                 "targetId", "targetCaption", "target", "values", "__typename"]  # fmt: skip
        below = {"load": "{ caption }", "values": "{ name old new }"}
        return " ".join(
            f"{name} {self.selection(self.vocabulary.root, 0)}"
            if name in {"node", "target"}
            else f"{name} {below.get(name, '')}"
            for name in self.some(names, most)
        )

    # --- selections ---

    def selection(self, node_type: NodeType, depth: int) -> str:
        """Return a selection set on a type, with fragments on its subtypes."""
        parts = [self.field(node_type, depth) for _ in range(self.draw(st.integers(1, 3)))]
        below = [
            n for n in self.vocabulary.nodes.values() if n is not node_type and n.is_a(node_type)
        ]
        if below and self.chance(70):
            parts += [self.fragment(one, depth) for one in self.some(below, 3)]
        if self.chance(15):
            parts.append(self.fragment(node_type, depth))
        if self.chance(15):
            parts.append("id caption" if self.chance(50) else "__typename")
        return "{ " + " ".join(parts) + " }"

    def fragment(self, node_type: NodeType, depth: int) -> str:
        inner = " ".join(self.field(node_type, depth) for _ in range(self.draw(st.integers(1, 3))))
        if self.chance(40):
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {node_type.label} {{ {inner} }}")
            again = f" ...{name}" if self.chance(20) else ""
            return f"...{name}{self.directive()}{again}"
        return f"... on {node_type.label}{self.directive()} {{ {inner} }}"

    def directive(self) -> str:
        if not self.chance(12):
            return ""
        kind = self.pick(["skip", "include"])
        value = self.chance(50)
        given = (
            self.variable("Boolean!", value, default=self.chance(50))
            if self.chance(60)
            else literal(value)
        )
        return f" @{kind}(if: {given})"

    def field(self, node_type: NodeType, depth: int) -> str:
        links = list(self.vocabulary.links(node_type).values())
        if depth > 0 and links and self.chance(45):
            # Each type below reads it again: two levels of that are too much for one query.
            return self.link(self.pick(links), depth if node_type.concrete else min(depth, 1))
        key = f"{self.alias()}: "
        if self.chance(4):
            return f"{key}{self.history()}"
        simple = ["id", "caption", "recordedIn", *(c.name for c in node_type.computed)]
        simple += ["validity"] if node_type.valid_period else []
        properties = list(node_type.properties.values())
        index = self.draw(st.integers(0, len(simple) + len(properties) - 1))
        if index < len(simple):
            return f"{key}{simple[index]}{self.directive()}"
        return f"{key}{self.property(properties[index - len(simple)])}"

    def history(self) -> str:
        first = f"(first: {self.pick([0, 1, 3])})" if self.chance(60) else ""
        fields = [
            "version",
            f"load {{ {self.pick(['id', 'caption', 'at', 'loadKind', 'counts'])} }}",
            "changes { name old new }",
            "__typename",
        ]
        return f"history{first} {{ {' '.join(self.some(fields, 3))} }}"

    def property(self, prop: Property) -> str:
        if prop.scalar is scalars.EDTF:
            fields = ["edtf", "earliest", "latest", "approximate", "words", "__typename"]
            return f"{prop.name}{self.directive()} {{ {' '.join(self.some(fields, 4))} }}"
        return f"{prop.name}{self.directive()}"

    def targets(self, targets: Sequence[NodeType], depth: int) -> str:
        if len(targets) == 1:
            return self.selection(targets[0], depth)
        parts = [self.fragment(one, depth) for one in self.some(list(targets), 3)]
        if self.chance(40):
            parts.append("__typename")
        return "{ " + " ".join(parts) + " }"

    def link(self, link: Link, depth: int) -> str:
        key = f"{self.alias()}: {link.name}"
        if link.one:
            return f"{key}{self.directive()} {self.targets(link.targets, depth - 1)}"
        arguments = self.arguments(names.link_where_name(link), link, common_ancestor(link.targets))
        return f"{key}{arguments} {self.connection(link.targets, link, depth - 1)}"

    def connection(self, targets: Sequence[NodeType], link: Link | None, depth: int) -> str:
        parts: list[str] = []
        if self.chance(60):
            parts.append(f"{self.alias()}: nodes {self.targets(targets, depth)}")
        if self.chance(40):
            edge = [f"{self.alias()}: node {self.targets(targets, depth)}"]
            if self.chance(50):
                edge.append("cursor")
            own = list(link.properties.values()) if link else []
            chosen = self.some(own, 2) if own else []
            edge += [f"{self.alias()}: {self.property(prop)}" for prop in chosen]
            if link is not None and not link.steps and self.chance(30):
                edge.append("recordedIn")
            parts.append(f"edges {{ {' '.join(edge)} }}")
        if self.chance(40):
            fields = ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "__typename"]
            parts.append(f"pageInfo {{ {' '.join(self.some(fields, 4))} }}")
        if self.chance(40) or not parts:
            parts.append("totalCount")
            if self.chance(20):
                parts.append(f"{self.alias()}: totalCount")
        if self.chance(20):
            parts.append(self.aggregate(common_ancestor(targets)))
        if self.chance(15):
            parts.append(self.groups(common_ancestor(targets), depth, 1))
        if self.chance(10):
            parts.append("__typename")
        return "{ " + " ".join(parts) + " }"

    def groups(self, node_type: NodeType, depth: int, deeper: int) -> str:
        by, at = self.by(node_type, 2)
        given = [f"by: {literal(by)}"]
        if self.chance(40):
            given.append(f"orderBy: {self.group_order(node_type)}")
        if self.chance(30):
            given.append(f"first: {self.pick([0, 1, 3])}")
        if self.chance(20):
            given.append("having: {count: {gte: 2}}")
        elif self.chance(20):
            given.append(f"having: {self.having(node_type)}")
        fields = ["count", "key { value __typename }"]
        if at is not None and self.chance(50):
            fields.append(f"{self.alias()}: key {{ node {{ {self.fragment(at, 0)} }} }}")
        if self.chance(30):
            fields.append(self.aggregate(node_type))
        if self.chance(30):
            fields.append(f"members(first: 2) {self.connection([node_type], None, min(depth, 1))}")
        if deeper and self.chance(40):
            fields.append(self.groups(node_type, depth, deeper - 1))
        return f"{self.alias()}: groupBy({', '.join(given)}) {{ {' '.join(fields)} }}"

    def group_order(self, node_type: NodeType) -> str:
        direction = self.pick(["ASC", "DESC"])
        known = aggregated_properties(node_type)
        if not known or self.chance(50):
            return f"{{{self.pick(['count', 'key'])}: {direction}}}"
        prop = self.pick(known)
        return f"{{{prop.name}: {{{self.aggregate_name(prop)}: {direction}}}}}"

    def having(self, node_type: NodeType) -> str:
        known = aggregated_properties(node_type)
        if not known:
            return "{count: {lt: 3}}"
        prop = self.pick(known)
        aggregate = self.aggregate_name(prop)
        compared = self.compare(aggregate_properties(prop)[aggregate], None)
        return literal({prop.name: {aggregate: compared}})

    def aggregate_name(self, prop: Property) -> str:
        # A sum of decimals is exact to 15 digits where it is compared: equal ones may differ.
        inexact = {"sum", "avg"} if prop.scalar is scalars.DECIMAL else set()
        return self.pick([one for one in aggregate_properties(prop) if one not in inexact])

    def by(self, node_type: NodeType, depth: int) -> tuple[dict[str, Any], NodeType | None]:
        """Return the input of ``by``, and the type of the nodes that are the keys."""
        links = list(self.vocabulary.links(node_type).values())
        kinds = names.subtypes(self.vocabulary, node_type)
        if kinds and self.chance(20):
            kind = self.pick(kinds)
            by, at = self.by(kind, depth)
            return {kind.field: by}, at
        if links and depth and self.chance(50):
            link = self.pick(links)
            by, at = self.by(names.order_target(link), depth - 1)
            return {link.name: by}, at
        known = aggregated_properties(node_type)
        if not known or self.chance(30):
            return {"id": True}, node_type
        prop = self.pick(known)
        part = Enumerated(self.pick(list(PARTS)))
        return {prop.name: part if has_parts(prop) else True}, None

    def aggregate(self, node_type: NodeType) -> str:
        fields = ["count", "__typename"] if self.chance(50) else []
        known = aggregated_properties(node_type)
        for prop in self.some(known, 2) if known else []:
            given = self.include() if prop.measure and self.chance(50) else ""
            below = " ".join(self.some([*aggregate_names(prop), "__typename"], 4))
            fields.append(f"{self.alias()}: {prop.name}{given} {{ {below} }}")
        return f"{self.alias()}: aggregate {{ {' '.join(fields or ['count'])} }}"

    def include(self) -> str:
        words = [Enumerated(one) for one in self.some(["HYPOTHETICAL", "SUPERSEDED"], 2)]
        words = words if self.chance(90) else []
        text = self.variable("[Inclusion!]", words) if self.chance(30) else literal(words)
        return f"(include: {text})"

    # --- arguments ---

    def arguments(self, where_type: str, link: Link | None, node_type: NodeType) -> str:
        given: list[tuple[str, str, Any]] = []
        if self.chance(50):
            where = self.link_where(link, 2) if link else self.where(node_type, 2)
            given.append(("where", where_type, where))
        order: list[Any] = []
        if self.chance(50):
            order = [self.order(node_type, 1, link) for _ in range(self.draw(st.integers(1, 3)))]
            of = names.link_order_name(link) if link else names.order_name(node_type)
            given.append(("orderBy", f"[{of}!]", order))
        if self.chance(50):
            size = self.draw(st.integers(0, 5))
            backward = self.chance(35)
            given.append(("last" if backward else "first", "Int", size))
            targets = link.targets if link else (node_type,)
            held = [n for one in targets for n in self.nodes_of(one)]
            if self.chance(50) and held:
                led_by = self.led_by(link)
                cursor = cursor_at(self.graph, order, self.pick(held), led_by)
                given.append(("before" if backward else "after", "String", cursor))
        if not given:
            return ""
        parts = []
        for name, type_name, value in given:
            text = literal(value)
            if self.chance(40):
                text = self.variable(type_name, value, default=self.chance(20))
            parts.append(f"{name}: {text}")
        return f"({', '.join(parts)})"

    def led_by(self, link: Link | None) -> Relationship | None:
        """Return a relationship that some node's link follows."""
        if link is None or not link.properties or link.relationship is None:
            return None
        held = [r for r in self.graph.relationships if r.type == link.relationship.type]
        return self.pick(held) if held else None

    def order(self, node_type: NodeType, depth: int, link: Link | None = None) -> dict[str, Any]:
        direction = Enumerated(self.pick([names.ASC, names.DESC]))
        if link and names.edge_order_properties(link) and self.chance(40):
            return {names.EDGE: {self.pick(list(names.edge_order_properties(link))): direction}}
        links = [one for one in self.vocabulary.links(node_type).values() if one.one]
        if links and depth and self.chance(30):
            link = self.pick(links)
            return {link.name: self.order(names.order_target(link), depth - 1)}
        many = [one for one in self.vocabulary.links(node_type).values() if not one.one]
        if many and self.chance(20):
            return {self.pick(many).name: {"count": direction}}
        orderable = names.orderable_properties(self.vocabulary, node_type)
        prop = self.pick([*EVERY_NODE, *orderable.values()])
        return {prop.name: direction}

    def where(self, node_type: NodeType, depth: int) -> dict[str, Any]:
        """Return a filter, drawn so that it is often true of a node of the type."""
        held = self.nodes_of(node_type)
        example = self.pick(held) if held else None
        given: dict[str, Any] = {}
        for _ in range(self.draw(st.integers(1, 2))):
            given |= self.condition(node_type, example, depth)
        return given

    def condition(self, node_type: NodeType, example: Node | None, depth: int) -> dict[str, Any]:
        links = list(self.vocabulary.links(node_type).values())
        if depth and self.chance(20):
            key = self.pick(["and", "or", "not"])
            least = 0 if key != "not" and self.chance(10) else 1
            count = self.draw(st.integers(least, 2))
            inner = [self.where(node_type, depth - 1) for _ in range(count)]
            return {key: inner[0] if key == "not" else inner}
        kinds = names.subtypes(self.vocabulary, node_type)
        if depth and kinds and self.chance(30):
            kind = example.type if example and self.chance(60) else self.pick(kinds)
            return {names.subtype_field(kind): self.where(kind, depth - 1)}
        if depth and links and self.chance(35):
            link = self.pick(links)
            below = self.link_where(link, depth - 1)
            return {link.name: below if link.one else {self.pick(["some", "none", "all"]): below}}
        prop = self.pick([*EVERY_NODE, *names.filterable_properties(node_type)])
        value = example.values.get(prop.name) if example else None
        return {prop.name: self.compare(prop, value)}

    def link_where(self, link: Link | None, depth: int) -> dict[str, Any]:
        assert link is not None
        target = names.single_target_type(link)
        given: dict[str, Any] = {}
        if link.properties and self.chance(40):
            prop = self.pick(list(link.properties.values()))
            held = [
                r.values[prop.name]
                for r in self.graph.relationships
                if link.relationship and r.type == link.relationship.type and prop.name in r.values
            ]
            given[names.EDGE] = {prop.name: self.compare(prop, self.pick(held) if held else None)}
        if target:
            return given | (self.where(target, depth) if not given or self.chance(50) else {})
        one = self.pick(link.targets)
        if self.chance(20):
            held_nodes = self.nodes_of(one)
            if held_nodes:
                return given | {"id": {"in": [n.id for n in self.some(held_nodes, 3)]}}
        return given | {names.subtype_field(one): self.where(one, depth)}

    def compare(self, prop: Property, value: Any) -> dict[str, Any]:
        operator = self.pick(operators(prop))
        if operator.argument == "flag":
            return {operator.name: self.chance(50)}
        if isinstance(value, list):
            value = self.pick(value) if value else None
        sample = self.sample(prop, value)
        if operator.name in {"contains", "startsWith", "endsWith"} and isinstance(sample, str):
            cut = self.draw(st.integers(1, max(1, len(sample))))
            sample = {"contains": sample[:cut][-3:], "startsWith": sample[:cut]}.get(
                operator.name, sample[-cut:]
            )
            sample = sample.upper() if self.chance(30) else sample
            sample = sample if fold(sample) else "dairy"
        if self.chance(3):
            return {operator.name: None}
        if operator.argument == "list" and self.chance(5):
            return {operator.name: []}
        if operator.argument == "list":
            return {
                operator.name: [sample, *([self.sample(prop, None)] if self.chance(40) else [])]
            }
        return {operator.name: sample}

    def sample(self, prop: Property, value: Any) -> Any:
        if prop.enumeration:
            found = prop.enumeration(value) if value else self.pick(list(prop.enumeration))
            return Enumerated(found.name)
        if value is not None and not self.chance(15):
            if hasattr(value, "iso_format"):
                text = str(value.iso_format())
                return text if prop.scalar is not scalars.DATE_TIME else text.replace("+00:00", "Z")
            return str(value) if prop.scalar is scalars.LONG else value
        fallback: dict[scalars.Scalar, Any] = {
            scalars.INT: 3,
            scalars.LONG: "3",
            scalars.BOOLEAN: True,
            scalars.DECIMAL: "2.5",
            scalars.EDTF: self.pick(["2017", "2017-11", "[2017-11-12..2017-11-15]", "2017-06/.."]),
            scalars.DATE: "2017-06-01",
            scalars.DATE_TIME: "2017-06-01T00:00:00Z",
        }
        return fallback.get(prop.scalar, "dairy")


@st.composite
def operations(draw: Any, vocabulary: Vocabulary, graph: Graph) -> Operation:
    """Return a strategy of operations over a vocabulary and a graph."""
    return OperationMaker(vocabulary, graph, draw).operation()
