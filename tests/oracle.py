"""The oracle: graphql-core makes the same answers field by field over a copy of the graph.

It is naive on purpose, and independent of the compiler: all nodes and relationships are read into
memory, a link is followed by going through all relationships, and filters, orderings and pages are
plain Python. It shares only the vocabulary and the text of the schema.
"""

import base64
import datetime as dt
import functools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

import neo4j
from graphql import (
    ExecutionResult,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
)
from rapidfuzz.distance import OSA

from graph_seed.values import fold, format_amount, format_edtf, parse_edtf
from graph_seed.values.words import search_words
from schema import captions, scalars
from schema.captions import OptionalSection, Placeholder
from schema.model import Link, NodeType, Property
from schema.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A stored node."""

    type: NodeType
    values: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Return the id."""
        return str(self.values["id"])


@dataclass(frozen=True, slots=True, eq=False)
class Relationship:
    """A stored relationship."""

    type: str
    start: str
    end: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A node at the end of a link, with the relationship that led to it."""

    node: Node
    relationship: Relationship | None
    cursor: str = ""


class Graph:
    """A copy of the current nodes and relationships, as of a ``day`` (EDTF) of valid time."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        nodes: Iterable[Node],
        links: Iterable[Relationship],
        day: str | None = None,
    ):
        self.vocabulary = vocabulary
        self.nodes = {node.id: node for node in nodes}
        self.relationships = list(links)
        self.day = None if day is None else parse_edtf(day)

    @classmethod
    def read(cls, driver: neo4j.Driver, database: str, vocabulary: Vocabulary) -> "Graph":
        """Return a copy of a database."""
        with driver.session(database=database) as session:
            found = session.run(
                "MATCH (n:Node) RETURN labels(n) AS labels, properties(n) AS values"
            )
            nodes = [
                Node(next(t for t in vocabulary.concrete if t.label in r["labels"]), r["values"])
                for r in found
            ]
            links = session.run(
                "MATCH (a:Node)-[r]->(b:Node) WHERE r.expiredIn IS NULL "
                "RETURN type(r) AS type, a.id AS a, b.id AS b, properties(r) AS values"
            )
            return cls(
                vocabulary,
                nodes,
                [Relationship(r["type"], r["a"], r["b"], r["values"]) for r in links],
            )

    def leave_out_invalid(self, edges: list[Edge]) -> list[Edge]:
        """Return the edges without those that are certainly not valid on the day."""
        return [one for one in edges if self._may_be_valid(one)]

    def _may_be_valid(self, edge: Edge) -> bool:
        if self.day is None:
            return True
        if edge.relationship is not None and edge.relationship.type == "SUPERSEDES":
            said = edge.relationship.values.get("supersededOn")
            begins = None if said is None else parse_edtf(said).earliest
            return not (begins and self.day.latest and begins > self.day.latest)
        return self.validity(edge.node) != "NOT_VALID"

    def at_valid_time(self, day: str) -> "Graph":
        """Return the graph at a day of valid time, with the standing of each claim on it."""
        found = Graph(self.vocabulary, (), self.relationships, day)
        found.nodes = dict(self.nodes)
        for one in self.nodes.values():
            if "standing" in one.type.properties:
                standing = found._standing(one)
                found.nodes[one.id] = Node(one.type, {**one.values, "standing": standing})
        return found

    def _standing(self, node: Node) -> str:
        """Return the standing of a claim, on the day if there is one."""
        edges = [
            Edge(node, one)
            for one in self.relationships
            if one.type == "SUPERSEDES" and one.end == node.id
        ]
        why = {one.relationship.values["supersession"] for one in self.leave_out_invalid(edges)
               if one.relationship}  # fmt: skip
        return "retracted" if "retraction" in why else "corrected" if why else "standing"

    def validity(self, node: Node) -> str | None:
        """Return whether a node is valid on the day; None without a day or a valid period."""
        period = node.type.valid_period
        if self.day is None or period is None:
            return None
        low, high = self.day.earliest, self.day.latest
        first = self._date(node, period.start)
        last = self._date(node, period.end) if period.end else None
        if first and first.earliest and high and first.earliest > high:
            return "NOT_VALID"
        if last and last.latest and low and last.latest < low:
            return "NOT_VALID"
        through = period.start == period.end
        begin = first and (first.earliest if through else first.latest)
        end = last and (last.latest if through else last.earliest)
        begun = bool(begin and low and begin <= low)
        goes_on = last is None or bool(end and high and end >= high)
        return "VALID" if begun and goes_on else "UNKNOWN"

    def _date(self, node: Node, name: str) -> Any:
        value = node.values.get(name)
        return None if value is None else parse_edtf(value)

    def nodes_of_type(self, node_type: NodeType) -> list[Edge]:
        """Return the nodes of a type."""
        return [Edge(n, None) for n in self.nodes.values() if n.type.is_a(node_type)]

    def follow(self, node: Node, link: Link) -> list[Edge]:
        """Return the nodes that a link leads to from a node."""
        if link.steps:
            return self._follow_steps(node, link)
        if link.relationship is None:
            return []
        found: list[Edge] = []
        for one in self.relationships:
            if one.type != link.relationship.type:
                continue
            ways = []
            if (link.outgoing or link.symmetric) and one.start == node.id:
                ways.append(one.end)
            if (not link.outgoing or link.symmetric) and one.end == node.id:
                ways.append(one.start)
            for other in ways:
                target = self.nodes[other]
                if any(target.type.is_a(wanted) for wanted in link.targets):
                    found.append(Edge(target, one))
        return found

    def _follow_steps(self, node: Node, link: Link) -> list[Edge]:
        if not link.outgoing:
            starts = [n for n in self.nodes.values() if n.type.is_a(link.targets[0])]
            forward = self.vocabulary.links(link.targets[0])
            way = next(one for one in forward.values() if one.steps == link.steps and one.outgoing)
            return [
                Edge(n, None)
                for n in starts
                if node in [e.node for e in self._follow_steps(n, way)]
            ]
        reached = [node]
        for step in link.steps:
            reached = [edge.node for one in reached for edge in self.follow(one, step)]
        return [Edge(n, None) for n in dict.fromkeys(reached)]


def to_properties(prop: Property, value: Any) -> Any:
    """Return a stored value in a form that can be compared."""
    if value is None:
        return None
    if prop.scalar is scalars.DECIMAL:
        return Decimal(value)
    if prop.scalar in {scalars.DATE, scalars.DATE_TIME} and hasattr(value, "to_native"):
        return value.to_native()
    return value


def _names(node: Node) -> list[str]:
    lists = (node.values.get(name) for name in ("aliases", "previousNames", "nameVariants"))
    return [str(node.values["name"]), *(text for one in lists for text in one or ())]


def _other_names(node: Node, prop: Property) -> list[str]:
    """Return the other texts that a filter tests: aliases, names that other sources give."""
    lists = [node.values.get(name) for name in (*prop.folded_with, prop.variants_column) if name]
    return [text for one in lists for text in one or ()]


def cursor_at(
    graph: Graph,
    keys: Sequence[Mapping[str, Any]],
    node: Node,
    led_by: Relationship | None = None,
) -> str:
    """Return the cursor of a node, reached by a relationship, in a list with an ``orderBy``."""
    different = [key for index, key in enumerate(keys) if key not in keys[:index]]
    values = [_stored_key(graph, node, led_by, key) for key in different]
    plain = [one.iso_format() if hasattr(one, "iso_format") else one for one in values]
    return write_cursor([",".join(_spell_key(key) for key in different), *plain, node.id])


def _spell_key(key: Any) -> str:
    """Return a key of an order as cursors spell it: ``saidAt.date-`` for the latest first."""
    names = []
    while isinstance(key, Mapping):
        ((name, key),) = key.items()
        names.append(name)
    return ".".join(names) + ("-" if str(key) == "DESC" else "")


def _stored_key(
    graph: Graph, node: Node | None, led_by: Relationship | None, key: Mapping[str, Any]
) -> Any:
    """Return the stored value by which a key orders."""
    ((name, value),) = key.items()
    if name == "edge":
        ((name, _),) = value.items()
        properties = graph.vocabulary.relationships.values()
        prop = next(r.properties[name] for r in properties if name in r.properties)
        return led_by.values.get(prop.order_column) if led_by else None
    if node is None:
        return None
    link = graph.vocabulary.links(node.type).get(name)
    if link is None:
        own = node.type.properties.get(name)
        return node.values.get(own.order_column if own else name)
    edges = graph.follow(node, link)
    if "count" in value and not link.one:
        return len(graph.leave_out_invalid(edges))
    return _stored_key(graph, edges[0].node if edges else None, None, value)


def write_cursor(content: Sequence[Any]) -> str:
    """Return the cursor with this content."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass
class NodeList:
    """All nodes of a list, to be aggregate of together."""

    nodes: list[Node]


@dataclass
class Group(NodeList):
    """Nodes with a common value: as it is stored, as it is shown, or a node.

    ``order`` is the value by which the group is ordered.
    """

    raw: Any
    shown: str | None
    at: Node | None
    order: Any


def _date_part(day: Any, part: str) -> str:
    text = str(day.iso_format())
    quarter = f"{text[:4]}-Q{(int(text[5:7]) + 2) // 3}"
    return {"YEAR": text[:4], "QUARTER": quarter, "MONTH": text[:7], "DAY": text[:10]}[part]


NUMBER = re.compile(r"-?\d+(\.\d+)?")
OPERATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "in": lambda a, b: a in b,
    "notIn": lambda a, b: a not in b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
}


def _decimal_text(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Oracle:
    """A naive executor of operations.

    ``before`` are the states of the graph at each earlier version, from 0 on, for ``history``.
    ``day`` is the day of valid time (EDTF) as of which it answers.
    """

    def __init__(
        self,
        sdl: str,
        graph: Graph,
        before: Sequence[Graph] = (),
        day: str | None = None,
        page_default: int = 20,
        page_most: int = 100,
    ) -> None:
        self.schema: GraphQLSchema = build_schema(sdl)
        self.graph = graph if day is None else graph.at_valid_time(day)
        self.states = [*before, graph]
        self.vocabulary = graph.vocabulary
        self.page_default = page_default
        self.page_most = page_most

    def answer(self, document: str, variables: Mapping[str, Any] | None = None) -> ExecutionResult:
        """Return the result of an operation."""
        return execute_sync(
            self.schema,
            parse(document),
            variable_values=dict(variables or {}),
            field_resolver=self._resolve,
            type_resolver=lambda value, info, abstract: value.type.label,  # noqa: ARG005
        )

    # --- fields ---

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        if source is None:
            return self._root(info.field_name, given)
        if isinstance(source, Node):
            return self._field(source, info.field_name, given)
        if isinstance(source, Edge):
            return self._edge_field(source, info.field_name, info.parent_type.name)
        if info.field_name == "groupBy":
            nodes = source.nodes if isinstance(source, NodeList) else source["aggregate"].nodes
            return self._groups(nodes, given)
        if isinstance(source, Group):
            return self._group_field(source, info.field_name, given)
        if isinstance(source, NodeList):
            return self._aggregate(source.nodes, info.field_name, given)
        return source[info.field_name]

    def _root(self, name: str, given: Mapping[str, Any]) -> Any:
        if name == "node":
            return self.graph.nodes.get(given["id"])
        if name == "nodes":
            return [self.graph.nodes.get(one) for one in given["ids"]]
        if name == "search":
            return self._search(given)
        if name == "changes":
            return self._changes(given)
        for node_type in self.vocabulary.nodes.values():
            if name == node_type.field:
                found = self.graph.nodes.get(given["id"])
                return found if found and found.type.is_a(node_type) else None
            if name == node_type.plural:
                edges = self.graph.leave_out_invalid(self.graph.nodes_of_type(node_type))
                return self._connection(edges, given, None)
        raise KeyError(name)

    def _field(self, node: Node, name: str, given: Mapping[str, Any]) -> Any:
        if name in {"id", "recordedIn"}:
            return node.values[name]
        if name == "caption":
            return self._caption(node)
        if name == "history":
            return self._history(node, given.get("first"))
        if name == "validity":
            return self.graph.validity(node)
        prop = node.type.properties.get(name)
        if prop is not None:
            return self._value(prop, node.values.get(name))
        link = self.vocabulary.links(node.type).get(name)
        if link is None:
            (computed,) = [one for one in node.type.computed if one.name == name]
            needs: dict[str, Any] = {need: node.values.get(need) for need in computed.needs}
            return format_amount(**needs)
        edges = self.graph.follow(node, link)
        if link.one:
            return edges[0].node if edges else None
        return self._connection(self.graph.leave_out_invalid(edges), given, link)

    def _value(self, prop: Property, value: Any) -> Any:
        if value is None:
            return None
        if prop.many:
            return list(value)
        if prop.enumeration:
            return prop.enumeration(value).name
        if prop.scalar is scalars.EDTF:
            date = parse_edtf(value)
            return {
                "edtf": date.edtf,
                "earliest": date.earliest and date.earliest.isoformat(),
                "latest": date.latest and date.latest.isoformat(),
                "approximate": date.approximate,
                "words": format_edtf(value),
            }
        if prop.scalar is scalars.DATE:
            return value.to_native().isoformat()
        if prop.scalar is scalars.DATE_TIME:
            moment: dt.datetime = value.to_native().astimezone(dt.UTC)
            return moment.isoformat().replace("+00:00", "Z")
        return str(value) if prop.scalar is scalars.LONG else value

    def _edge_field(self, edge: Edge, name: str, parent: str) -> Any:  # noqa: ARG002
        if name in {"node", "cursor"}:
            return getattr(edge, name)
        if edge.relationship is None:
            raise KeyError(name)
        if name == "recordedIn":
            return edge.relationship.values[name]
        for relationship in self.vocabulary.relationships.values():
            if relationship.type == edge.relationship.type:
                return self._value(
                    relationship.properties[name], edge.relationship.values.get(name)
                )
        raise KeyError(name)

    # --- searches: hits and counts; the index alone decides their order and snippets ---

    def _search(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = search_words([given["text"]]).split()
        types = given.get("types")
        found = [
            node
            for node in self.graph.nodes.values()
            if wanted
            and (types is None or node.type.label in types)
            and self.graph.leave_out_invalid([Edge(node, None)])
            and any(prop.searched for prop in node.type.properties.values())
            and all(self._matches_word(node, word) for word in wanted)
        ]
        found.sort(key=lambda node: node.id)
        counts = Counter(node.type.label for node in found)
        return {
            "hits": [
                {"node": one, "score": 0.0, "property": "", "snippet": "",
                 "passage": self._first_passage(one)}
                for one in found[: given["first"] if given.get("first") else self.page_default]
            ],
            "counts": [
                {"type": label, "count": count}
                for label, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
            ],
        }  # fmt: skip

    def _matches_word(self, node: Node, wanted: str) -> bool:
        """Return whether a node has a word, or links to an entity whose name has it."""
        typo = len(wanted) > 3 and not any(map(str.isdigit, wanted))
        named = [
            edge.node
            for link in self.vocabulary.name_search_links(node.type)
            for edge in self.graph.follow(node, link)
            if "name" in edge.node.type.properties
        ]
        texts = [self._own_texts(node), *([_names(one) for one in named])]
        return any(
            word.startswith(wanted) or (typo and OSA.distance(word, wanted) <= 1)
            for some in texts
            for word in search_words(some).split()
        )

    def _own_texts(self, node: Node) -> list[str]:
        texts: list[str] = []
        for prop in node.type.properties.values():
            if prop.searched:
                value = node.values.get(prop.name)
                texts += value if isinstance(value, list) else [value] if value else []
                texts += node.values.get(prop.variants_column or "") or []
        if node.type.label == "TradeFigure":
            texts.append(str(self._field(node, "words", {})))
            texts += [one for name in ("value", "lower", "upper") if (one := node.values.get(name))]
        return texts

    def _first_passage(self, node: Node) -> Node | None:
        link = self.vocabulary.links(node.type).get("evidence")
        found = self.graph.follow(node, link) if link else []
        ordered = sorted(found, key=lambda one: (one.node.values["start"], one.node.id))
        return ordered[0].node if ordered else None

    # --- time ---

    def _history(self, node: Node, first: int | None) -> list[Mapping[str, Any]]:
        """Return the changes of a node, comparing the graph at each version with the one before."""
        states = self.states
        found: list[Mapping[str, Any]] = []
        for version in range(len(states) - 1, 0, -1):
            changes = [
                *self._changed_values(node, states[version - 1], states[version]),
                *self._changed_links(node, states[version - 1], states[version]),
            ]
            if changes:
                load = self.graph.nodes[f"load:{version}"]
                found.append({"version": version, "load": load, "changes": changes})
        return found[: self.page_default if first is None else first]

    def _changed_values(self, node: Node, old: Graph, new: Graph) -> Iterable[Mapping[str, Any]]:
        was, now = ({} if one is None else one.values
                    for one in (old.nodes.get(node.id), new.nodes.get(node.id)))  # fmt: skip
        for name, prop in node.type.properties.items():
            if not prop.attached and was.get(name) != now.get(name):
                texts = [self._as_text(one.get(name)) for one in (was, now)]
                yield {"name": name, "old": texts[0], "new": texts[1]}

    def _changed_links(self, node: Node, old: Graph, new: Graph) -> Iterable[Mapping[str, Any]]:
        names = {
            link.relationship.type: link.name
            for link in self.vocabulary.links(node.type).values()
            if link.outgoing and link.relationship is not None
        }
        was, now = ({(names[r.type], r.end): r.values for r in one.relationships
                     if r.start == node.id and r.type in names} for one in (old, new))  # fmt: skip
        for name, end in sorted({*was, *now}):
            if was.get((name, end)) != now.get((name, end)):
                yield {"name": name, "old": end if (name, end) in was else None,
                       "new": end if (name, end) in now else None}  # fmt: skip

    def _changes(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a page of all changes, comparing each version of the graph with the one before."""
        until = given.get("until")
        until = len(self.states) - 1 if until is None else until
        found = [
            one
            for v in range(given["since"] + 1, until + 1)
            for one in sorted(self._changed_keys(v))
        ]
        first, last = given.get("first"), given.get("last")
        size = next((one for one in (first, last) if one is not None), self.page_default)
        after, before = given.get("after"), given.get("before")
        start, stop = 0, len(found)
        if after or before:
            raw = str(after or before)
            key = tuple(json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))[1:])
            if after:
                start = sum(one <= key for one in found)
            else:
                stop = sum(one < key for one in found)
        if last is not None or before:
            start = max(start, stop - size)
        else:
            stop = min(stop, start + size)
        cursors = [write_cursor(["changes", *one]) for one in found[start:stop]]
        nodes = [self._change(*one) for one in found[start:stop]]
        return {
            "edges": [{"cursor": c, "node": n} for c, n in zip(cursors, nodes, strict=True)],
            "nodes": nodes,
            "until": until,
            "pageInfo": {
                "hasNextPage": stop < len(found),
                "hasPreviousPage": start > 0,
                "startCursor": cursors[0] if cursors else None,
                "endCursor": cursors[-1] if cursors else None,
            },
        }

    def _states_of(self, version: int, node: str, kind: str, end: str) -> list[Any]:
        """Return what was before a version and since: a node, or a relationship from it."""
        graphs = self.states[version - 1], self.states[version]
        if not kind:
            return [graph.nodes.get(node) for graph in graphs]
        return [
            next(
                (r for r in graph.relationships if (r.start, r.type, r.end) == (node, kind, end)),
                None,
            )
            for graph in graphs
        ]

    def _changed_keys(self, version: int) -> set[tuple[int, str, str, str]]:
        hidden = {one.type for one in self.vocabulary.relationships.values() if one.hidden}
        was, now = (
            {(n.id, "", ""): n.values["recordedIn"] for n in graph.nodes.values()
             if n.type.label != "Load"}
            | {(r.start, r.type, r.end): r.values["recordedIn"] for r in graph.relationships
               if r.type not in hidden}
            for graph in (self.states[version - 1], self.states[version])
        )  # fmt: skip
        return {(version, *key) for key in {*was, *now} if was.get(key) != now.get(key)}

    def _change(self, version: int, node: str, kind: str, end: str) -> Mapping[str, Any]:
        was, now = self._states_of(version, node, kind, end)
        then = self.states[version if now else version - 1]
        of = then.nodes[node]
        links = {
            link.relationship.type: link
            for link in self.vocabulary.links(of.type).values()
            if link.outgoing and link.relationship is not None
        }
        properties = links[kind].properties if kind else of.type.properties
        values = [
            {"name": name, "old": texts[0], "new": texts[1]}
            for name, prop in properties.items()
            if not prop.attached
            for texts in [[self._as_text(one and one.values.get(name)) for one in (was, now)]]
            if texts[0] != texts[1]
        ]
        return {
            "id": f"change:{version}:{node}" + (f"?{links[kind].name}={end}" if kind else ""),
            "kind": "ADDED" if was is None else "EXPIRED" if now is None else "CHANGED",
            "version": version,
            "load": self.graph.nodes[f"load:{version}"],
            "nodeId": node,
            "nodeType": of.type.label,
            "caption": self._caption_in(then, of),
            "node": self.graph.nodes.get(node),
            "link": links[kind].name if kind else None,
            "targetId": end or None,
            "targetCaption": self._caption_in(then, then.nodes[end]) if kind else None,
            "target": self.graph.nodes.get(end),
            "values": values,
        }

    def _caption_in(self, graph: Graph, node: Node) -> str:
        """Return the caption of a node in another state of the graph."""
        here, self.graph = self.graph, graph
        try:
            return self._caption(node)
        finally:
            self.graph = here

    def _as_text(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        if hasattr(value, "iso_format"):
            return str(value.iso_format())
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    # --- aggregates ---

    def _aggregate(self, nodes: list[Node], name: str, given: Mapping[str, Any]) -> Any:
        if name == "count":
            return len(nodes)
        prop = next(n.type.properties[name] for n in self.graph.nodes.values()
                    if name in n.type.properties)  # fmt: skip
        held = [one for one in nodes if one.values.get(name) is not None]
        measured = prop.measure
        include = given.get("include") or []
        if measured and "HYPOTHETICAL" not in include:
            held = [one for one in held if one.values.get("figureStatus") != "hypothetical"]
        if measured and "SUPERSEDED" not in include:
            held = [one for one in held if one.values["standing"] == "standing"]
        values = [one.values[name] for one in held]
        found: dict[str, Any] = {"count": len(values), "countDistinct": len(set(values))}
        if prop.scalar is scalars.DECIMAL:
            found |= dict.fromkeys(("min", "max", "sum", "avg", "unit", "per"))
            measures = {
                (one.values.get("unit"), one.values.get("per")) if measured else (None, None)
                for one in held
            }
            if len(measures) == 1:
                numbers = [Decimal(value) for value in values]
                total = sum(numbers, Decimal(0))
                average = Context(prec=15).divide(total, Decimal(len(numbers)))
                plain = {"min": min(numbers), "max": max(numbers), "sum": total, "avg": average}
                found |= {key: _decimal_text(value) for key, value in plain.items()}
                ((found["unit"], found["per"]),) = measures
        elif prop.scalar in {scalars.INT, scalars.LONG} and not prop.enumeration:
            text = str if prop.scalar is scalars.LONG else int
            found |= {"min": text(min(values)) if values else None,
                      "max": text(max(values)) if values else None,
                      "sum": str(sum(values)) if values else None,
                      "avg": sum(values) / len(values) if values else None}  # fmt: skip
        elif prop.scalar is scalars.EDTF:
            for key, suffix, choose in (("min", "Earliest", min), ("max", "Latest", max)):
                days = [d for one in held if (d := one.values.get(name + suffix)) is not None]
                found[key] = choose(days).iso_format() if days else None
        elif prop.scalar in {scalars.DATE, scalars.DATE_TIME}:
            found |= {"min": self._value(prop, min(values)) if values else None,
                      "max": self._value(prop, max(values)) if values else None}  # fmt: skip
        return found

    # --- groups ---

    def _groups(self, nodes: list[Node], given: Mapping[str, Any]) -> list["Group"]:
        groups: dict[Any, Group] = {}
        for node in nodes:
            for raw, shown, at, order in self._group_keys(node, given["by"]):
                group = groups.setdefault(raw, Group([], raw, shown, at, order))
                if node not in group.nodes:
                    group.nodes.append(node)
        having = given.get("having") or {}
        found = [g for g in groups.values() if self._meets_having(g, having)]
        found.sort(key=lambda g: (True,) if g.raw is None else (False, g.order, g.raw))
        ((name, direction),) = (given.get("orderBy") or {"count": "DESC"}).items()
        aggregate = ""
        if isinstance(direction, Mapping):
            ((aggregate, direction),) = direction.items()
        values = {id(g): self._group_value(g, name, aggregate) for g in found}
        there = [g for g in found if values[id(g)] is not None]
        there.sort(key=lambda g: values[id(g)], reverse=str(direction) == "DESC")
        found = there + [g for g in found if values[id(g)] is None]
        return found[: given["first"] if given.get("first") is not None else self.page_default]

    def _group_value(self, group: "Group", name: str, aggregate: str) -> Any:
        """Return the value by which a group is ordered or filtered."""
        if name == "key":
            return group.order
        if name == "count":
            return len(group.nodes)
        value = self._aggregate(group.nodes, name, {})[aggregate]
        return Decimal(value) if isinstance(value, str) and NUMBER.fullmatch(value) else value

    def _meets_having(self, group: "Group", having: Mapping[str, Any]) -> bool:
        compared = [("count", "", having.get("count"))]
        for name, of in having.items():
            if name != "count":
                compared += [(name, aggregate, one) for aggregate, one in (of or {}).items()]
        return all(
            self._compare_aggregate(self._group_value(group, name, aggregate), operator, wanted)
            for name, aggregate, one in compared
            for operator, wanted in (one or {}).items()
            if wanted is not None
        )

    def _compare_aggregate(self, value: Any, operator: str, wanted: Any) -> bool:
        """Compare an aggregate with an operand, numbers as floats."""
        if operator == "isNull":
            return bool((value is None) == wanted)
        if value is None:
            return False
        if isinstance(value, int | float | Decimal):
            value = float(value)
            wanted = [float(one) for one in wanted] if isinstance(wanted, list) else float(wanted)
        elif "T" in str(value):
            value = dt.datetime.fromisoformat(value)
            read = dt.datetime.fromisoformat
            wanted = [read(one) for one in wanted] if isinstance(wanted, list) else read(wanted)
        return OPERATIONS[operator](value, wanted)

    def _group_keys(
        self, node: Node, by: Mapping[str, Any]
    ) -> list[tuple[Any, str | None, Node | None, Any]]:
        ((name, value),) = by.items()
        if name == "id":
            return [(node.id, node.id, node, node.id)]
        link = self.vocabulary.links(node.type).get(name)
        if link is not None:
            edges = self.graph.leave_out_invalid(self.graph.follow(node, link))
            return [k for e in edges for k in self._group_keys(e.node, value)]
        prop = node.type.properties.get(name)
        if prop is None:
            if isinstance(value, Mapping):
                return self._group_keys(node, value) if node.type.field == name else []
            return [(None, None, None, None)]
        raw = node.values.get(name)
        if value is not True:
            ends = ("Earliest", "Latest") if prop.scalar is scalars.EDTF else ("", "")
            days = [node.values.get(name + end) for end in ends]
            first, last = (None if day is None else _date_part(day, value) for day in days)
            raw = first if first == last else None
            return [(raw, raw, None, raw)]
        if raw is None:
            return [(None, None, None, None)]
        if prop.enumeration:
            return [(raw, prop.enumeration(raw).name, None, raw)]
        order = fold(raw) if prop.scalar is scalars.TEXT else to_properties(prop, raw)
        return [(raw, str(raw).lower() if isinstance(raw, bool) else str(raw), None, order)]

    def _group_field(self, group: "Group", name: str, given: Mapping[str, Any]) -> Any:
        match name:
            case "count":
                return len(group.nodes)
            case "key":
                return {"value": group.shown, "node": group.at}
            case "aggregate":
                return NodeList(group.nodes)
        edges = [Edge(one, None) for one in group.nodes]
        return self._connection(edges, given, None)

    # --- captions ---

    def _caption(self, node: Node) -> str:
        line = ""
        for part in captions.parse_template(node.type.caption or ""):
            if isinstance(part, OptionalSection):
                line += self._section_text(node, part)
            elif isinstance(part, Placeholder):
                line += self._placeholder_text(node, part)
            else:
                line += part
        return line

    def _section_text(self, node: Node, section: OptionalSection) -> str:
        if section.condition and node.values.get(section.condition[0]) != section.condition[1]:
            return ""
        texts = [
            self._placeholder_text(node, p) if isinstance(p, Placeholder) else p
            for p in section.parts
        ]
        return "".join(texts) if all(texts) else ""

    def _placeholder_text(self, node: Node, place: Placeholder) -> str:
        text = self._path_text(node, place.path)
        if text:
            return text
        if isinstance(place.substitute, Placeholder):
            return self._placeholder_text(node, place.substitute)
        return place.substitute

    def _date_text(self, edtf: str, rendering: str) -> str:
        date = parse_edtf(edtf)
        months = {str(one)[:7] for one in (date.earliest, date.latest)}
        qualified = set(edtf) & set("?~%")
        if rendering == "words" or qualified or "None" in months:
            return format_edtf(edtf)
        years = {month[:4] for month in months}
        if len(years) > 1:
            return format_edtf(edtf)
        return format_edtf(months.pop() if len(months) == 1 else years.pop())

    def _path_text(self, node: Node, path: Sequence[str]) -> str:
        head, *rest = path
        if head == "caption":
            return self._caption(node)
        prop = node.type.properties.get(head)
        if prop is not None or head == "id":
            value = node.values.get(head)
            if value is None:
                return ""
            return self._date_text(value, rest[0]) if rest else str(value)
        link = self.vocabulary.links(node.type).get(head)
        if link is None:
            return str(self._field(node, head, {}))
        targets = sorted({e.node.id: e.node for e in self.graph.follow(node, link)}.items())
        texts = [self._path_text(one, rest) for _, one in targets]
        if len(texts) > 3:
            texts = [*texts[:3], "others"]
        if len(texts) < 2:
            return "".join(texts)
        return ", ".join(texts[:-1]) + " and " + texts[-1]

    # --- lists ---

    def _connection(
        self,
        edges: list[Edge],
        given: Mapping[str, Any],
        link: Link | None,
    ) -> Mapping[str, Any]:
        where = given.get("where")
        if where is not None:
            edges = [one for one in edges if self._meets(one, where, link)]
        keys = given.get("orderBy") or []

        def compare(one: Edge, other: Edge) -> int:
            for key in keys:
                a, down = self._order_of(one, key)
                b, _ = self._order_of(other, key)
                if a == b:
                    continue
                if a is None or b is None:
                    return 1 if a is None else -1
                return (1 if a > b else -1) * (-1 if down else 1)
            return (one.node.id > other.node.id) - (one.node.id < other.node.id)

        ordered = sorted(edges, key=functools.cmp_to_key(compare))
        most = (link.page if link and link.page else None) or self.page_most
        first, last = given.get("first"), given.get("last")
        size = first if first is not None else last
        if size is None:
            size = min(self.page_default, most)
        after, before = given.get("after"), given.get("before")
        backward = last is not None or before is not None
        cursor = after or before
        here = self._cursor_edge(cursor, keys, link) if cursor else None
        if backward:
            stop = len(ordered)
            if here:
                stop = sum(compare(one, here) < 0 for one in ordered)
            start = max(0, stop - size)
        else:
            start = sum(compare(one, here) <= 0 for one in ordered) if here else 0
            stop = min(len(ordered), start + size)
        page = [
            Edge(
                one.node,
                one.relationship,
                cursor_at(self.graph, keys, one.node, one.relationship),
            )
            for one in ordered[start:stop]
        ]
        return {
            "edges": page,
            "nodes": [one.node for one in page],
            "totalCount": len(ordered),
            "aggregate": NodeList([one.node for one in ordered]),
            "pageInfo": {
                "hasNextPage": stop < len(ordered),
                "hasPreviousPage": start > 0,
                "startCursor": page[0].cursor if page else None,
                "endCursor": page[-1].cursor if page else None,
            },
        }

    def _cursor_edge(self, cursor: str, keys: Sequence[Any], link: Link | None) -> Edge:
        """Return the edge of a cursor: its node, and the relationship's values in the cursor."""
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        different = [key for index, key in enumerate(keys) if key not in keys[:index]]
        values: dict[str, Any] = {}
        for key, value in zip(different, raw[1:-1], strict=False):
            if link is not None and link.properties and "edge" in key:
                (name,) = key["edge"]
                folded = link.properties[name].folded_column and value is not None
                values[name] = value.strip("\n") if folded else value
        return Edge(self.graph.nodes[raw[-1]], Relationship("", "", "", values))

    def _order_of(self, edge: Edge, key: Mapping[str, Any]) -> tuple[Any, bool]:
        """Return the value by which a key orders an edge, and whether the greatest comes first."""
        if "edge" not in key:
            return self._order_value(edge.node, key)
        ((name, direction),) = key["edge"].items()
        properties = self.vocabulary.relationships.values()
        prop = next(r.properties[name] for r in properties if name in r.properties)
        raw = edge.relationship.values.get(name) if edge.relationship else None
        if raw is not None and prop.scalar is scalars.EDTF:
            raw = parse_edtf(raw).earliest
        elif raw is not None and prop.folded_column:
            raw = fold(raw)
        elif raw is not None:
            raw = to_properties(prop, raw)
        return raw, direction == "DESC"

    def _order_value(self, node: Node | None, key: Mapping[str, Any]) -> tuple[Any, bool]:
        ((name, value),) = key.items()
        if isinstance(value, Mapping):
            links = self.vocabulary.links(node.type) if node else {}
            if "count" in value and (node is None or name not in links):
                return None, value["count"] == "DESC"
            if node is None or name not in links:
                below: tuple[Any, bool] = self._order_value(None, value)
                return None, below[1]
            edges = self.graph.follow(node, links[name])
            if not links[name].one:
                return len(self.graph.leave_out_invalid(edges)), value["count"] == "DESC"
            return self._order_value(edges[0].node if edges else None, value)
        if node is None:
            return None, value == "DESC"
        if name in {"id", "recordedIn"}:
            return node.values[name], value == "DESC"
        prop = node.type.properties.get(name)
        raw = node.values.get(name)
        if prop is None or raw is None:
            return None, value == "DESC"
        if prop.scalar is scalars.EDTF:
            return parse_edtf(raw).earliest, value == "DESC"
        if prop.folded_column:
            return fold(raw), value == "DESC"
        return to_properties(prop, raw), value == "DESC"

    # --- filters: only isNull can be true of an absent value ---

    def _meets(self, edge: Edge, where: Mapping[str, Any], link: Link | None) -> bool:
        node = edge.node
        for key, value in where.items():
            if value is None:
                continue
            if not self._meets_one(edge, node, key, value, link):
                return False
        return True

    def _meets_one(self, edge: Edge, node: Node, key: str, value: Any, link: Link | None) -> bool:
        if key == "and":
            return all(self._meets(edge, one, link) for one in value)
        if key == "or":
            return any(self._meets(edge, one, link) for one in value)
        if key == "not":
            return not self._meets(edge, value, link)
        if key == "edge" and link is not None and link.properties:
            return self._meets_edge(edge, value, link)
        if key in {"id", "recordedIn"}:
            return self._compare(None, node.values[key], value, [])
        prop = node.type.properties.get(key)
        own = prop is not None or key in self.vocabulary.links(node.type)
        kind = next((one for one in self.vocabulary.nodes.values() if one.field == key), None)
        if kind is not None and not own:
            return node.type.is_a(kind) and self._meets(edge, value, None)
        if prop is not None:
            more = _other_names(node, prop)
            return self._compare(prop, node.values.get(key), value, more)
        step = self.vocabulary.links(node.type)[key]
        edges = self.graph.follow(node, step)
        if step.one:
            return any(self._meets(one, value, step) for one in edges)
        edges = self.graph.leave_out_invalid(edges)
        checks: dict[str, Callable[[list[bool]], bool]] = {
            "some": any,
            "all": all,
            "none": lambda met: not any(met),
        }
        return all(
            checks[name]([self._meets(one, condition, step) for one in edges])
            for name, condition in value.items()
            if condition is not None
        )

    def _meets_edge(self, edge: Edge, where: Mapping[str, Any], link: Link) -> bool:
        values = edge.relationship.values if edge.relationship else {}
        for key, value in where.items():
            if value is None:
                continue
            if key == "and":
                met = all(self._meets_edge(edge, one, link) for one in value)
            elif key == "or":
                met = any(self._meets_edge(edge, one, link) for one in value)
            elif key == "not":
                met = not self._meets_edge(edge, value, link)
            else:
                met = self._compare(link.properties[key], values.get(key), value, [])
            if not met:
                return False
        return True

    def _compare(
        self, prop: Property | None, value: Any, given: Mapping[str, Any], more: list[str]
    ) -> bool:
        return all(
            self._test_operator(prop, value, name, wanted, more)
            for name, wanted in given.items()
            if wanted is not None
        )

    def _test_operator(
        self, prop: Property | None, value: Any, name: str, wanted: Any, more: list[str]
    ) -> bool:
        if name == "isNull":
            return bool((value is None) == wanted)
        if value is None:
            return False
        if name in {"contains", "startsWith", "endsWith"}:
            texts = [fold(value), *(fold(one) for one in more)]
            needle = fold(wanted)
            assert needle, "an empty text is refused"
            tests: dict[str, Callable[[str], bool]] = {
                "contains": lambda text: needle in text,
                "startsWith": lambda text: text.startswith(needle),
                "endsWith": lambda text: text.endswith(needle),
            }
            return any(tests[name](text) for text in texts)
        if name == "has":
            return wanted in value
        if name == "hasAny":
            return any(one in value for one in wanted)
        if name in {"before", "after", "within", "overlaps"}:
            return self._compare_dates(name, value, wanted)
        if prop is not None and prop.enumeration:
            value = prop.enumeration(value).name
        elif prop is not None:
            value = to_properties(prop, value)
            wanted = (
                [self._parse_operand(prop, w) for w in wanted]
                if isinstance(wanted, list)
                else (self._parse_operand(prop, wanted))
            )
        if name in {"eq", "in", "notIn"}:
            allowed = wanted if isinstance(wanted, list) else [wanted]
            return any(one in allowed for one in [value, *more]) != (name == "notIn")
        return OPERATIONS[name](value, wanted)

    def _parse_operand(self, prop: Property, wanted: Any) -> Any:
        if prop.scalar is scalars.DECIMAL:
            return Decimal(wanted)
        if prop.scalar is scalars.LONG:
            return int(wanted)
        if prop.scalar is scalars.DATE:
            return dt.date.fromisoformat(wanted)
        if prop.scalar is scalars.DATE_TIME:
            return dt.datetime.fromisoformat(wanted)
        return wanted

    def _compare_dates(self, name: str, value: str, wanted: str) -> bool:
        has, asked = parse_edtf(value), parse_edtf(wanted)
        first, last = dt.date.min, dt.date.max
        if name == "before":
            return bool(has.latest and asked.earliest and has.latest < asked.earliest)
        if name == "after":
            return bool(has.earliest and asked.latest and has.earliest > asked.latest)
        if name == "within":
            begins = asked.earliest is None or (
                has.earliest is not None and has.earliest >= asked.earliest
            )
            ends = asked.latest is None or (has.latest is not None and has.latest <= asked.latest)
            return begins and ends
        return (has.latest or last) >= (asked.earliest or first) and (has.earliest or first) <= (
            asked.latest or last
        )
