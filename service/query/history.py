"""The history of a node: its versions, with the load that made each and what it changed.

A node that changes keeps a copy of what it was, and an expired node stays where it is; both are
past nodes with its id. So an id that was unloaded and loaded again has the versions of all its
nodes. An expired relationship has a past type. What a version changed is the difference to the one
before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from schema.model import Link, NodeType, Property
from schema.names import EXPIRED_IN, ID, PAST_NODE, RECORDED_IN, was
from schema.vocabulary import Vocabulary
from service.query.decoding import Answer, Decode, DecodeNode, Decoding, ResponsePath, Row
from service.query.emitter import Emitter, TypeName
from service.query.fragments import Cypher, CypherPart, collect, cypher, list_of
from service.query.nodes import Selection
from service.query.parameters import Parameter

MAX_STATES = 1000
"""Former states, and relationships, of one node that are read."""


@dataclass(frozen=True, slots=True)
class VersionField:
    """A field of a version; ``fields`` pairs keys with names of a change's fields."""

    key: str
    name: str
    fields: tuple[tuple[str, str], ...] = ()
    selection: Selection | None = None
    """The fields of the version's load, where that is the field."""


@dataclass(frozen=True, slots=True)
class History:
    """The latest versions of a node of a type, the latest first."""

    key: str
    of: NodeType
    load: NodeType
    fields: tuple[TypeName | VersionField, ...]
    limit: Parameter[int]

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return three lists: versions with their loads, states, relationships with their ends."""
        reader = emitter.reader
        state, edge, version = (
            emitter.new_variable("h"),
            emitter.new_variable("r"),
            emitter.new_variable("x"),
        )
        links = recorded_links(emitter.vocabulary, self.of)
        names = sorted({one.relationship.type for one in links if one.relationship})
        types = "|".join([*names, *sorted(map(was, names))])
        its_id = f"{{{ID}: {reader.prop(node, ID)}}}"
        states = (
            f"CALL ({node}) {{ RETURN {node} AS {state} "
            f"UNION MATCH ({state}:{PAST_NODE} {its_id}) RETURN {state} }}"
        )
        bounds = (
            f"UNWIND [x.{RECORDED_IN}, x.{EXPIRED_IN}] AS {version} "
            f"WITH {version} WHERE {version} IS NOT NULL RETURN DISTINCT {version}"
        )
        versions = [f"{states} WITH {state} AS x {bounds}"]
        relationships: CypherPart = "[]"
        if names:
            versions.append(f"{states} MATCH ({state})-[x:{types}]->() {bounds}")
            relationships = collect(
                f"{states} MATCH ({state})-[{edge}:{types}]->(m)",
                f"WHERE {reader.is_recorded(f'{edge}.{RECORDED_IN}')}",
                f"RETURN [type({edge}), m.{ID}, {edge}.{RECORDED_IN}, {edge}.{EXPIRED_IN}]",
                f"ORDER BY m.{ID} LIMIT {MAX_STATES}",
            )
        values = ", ".join(f"{state}.{prop.name}" for prop in recorded_properties(self.of))
        return list_of(
            [
                self._versions(emitter, node, version, versions),
                collect(
                    f"{states} WITH {state} WHERE {reader.is_recorded(f'{state}.{RECORDED_IN}')}",
                    f"RETURN [{state}.{RECORDED_IN}, {state}.{EXPIRED_IN}, {values}]",
                    f"ORDER BY {state}.{RECORDED_IN} LIMIT {MAX_STATES}",
                ),
                relationships,
            ]
        )

    def _versions(self, emitter: Emitter, node: str, version: str, found: Sequence[str]) -> Cypher:
        """Return the numbers of the latest versions, each with the rows of its load."""
        load = emitter.new_variable("n")
        by_id = emitter.reader.by_id(load, f"'{self.load.kind}:' + {version}", self.load)
        loads = [one.selection.row(emitter, load) for one in self._of_load if one.selection]
        return collect(
            f"CALL ({node}) {{ {' UNION '.join(found)} }}",
            f"WITH {version} WHERE {emitter.reader.is_recorded(version)}",
            f"ORDER BY {version} DESC LIMIT {emitter.parameter(self.limit)}",
            by_id,
            cypher("RETURN {}", list_of([version, *loads])),
        )

    @property
    def _of_load(self) -> list[VersionField]:
        return [one for one in self.fields if isinstance(one, VersionField) and one.selection]

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the versions."""
        loads: dict[str, DecodeNode] = {
            one.key: one.selection.decoder(vocabulary) for one in self._of_load if one.selection
        }
        links = recorded_links(vocabulary, self.of)

        def decode(raw: Row, path: ResponsePath, decoding: Decoding) -> list[Answer]:
            versions, states, relationships = raw
            decoded: list[Answer] = []
            for index, row in enumerate(versions):
                number = int(str(row[0]))
                columns = iter(row[1:])
                entry: Answer = {}
                for field in self.fields:
                    here = ((path, index), field.key)
                    if isinstance(field, TypeName):
                        entry[field.key] = "NodeVersion"
                    elif field.key in loads:
                        entry[field.key] = loads[field.key](next(columns), here, decoding)
                    elif field.name == "version":
                        entry[field.key] = number
                    else:
                        changes = [
                            *_changed_values(self.of, states, number),
                            *_changed_links(links, relationships, number),
                        ]
                        entry[field.key] = [
                            {key: change[name] for key, name in field.fields} for change in changes
                        ]
                decoded.append(entry)
            return decoded

        return decode


def recorded_properties(node: NodeType) -> list[Property]:
    """Return the properties of a type whose changes are part of history."""
    return [prop for prop in node.properties.values() if not prop.attached]


def recorded_links(vocabulary: Vocabulary, node: NodeType) -> list[Link]:
    """Return the links whose changes are part of a node's history: those that lead on from it."""
    links = vocabulary.links(node).values()
    return [one for one in links if one.outgoing and one.relationship is not None]


def _changed_values(of: NodeType, states: Row, version: int) -> list[Mapping[str, str | None]]:
    """Return what differs between the state that ended with a version and the one that began."""
    absent = [None] * len(recorded_properties(of))
    before = next((row[2:] for row in states if str(row[1]) == str(version)), absent)
    after = next((row[2:] for row in states if str(row[0]) == str(version)), absent)
    return [
        describe_change(prop.name, old, new)
        for prop, old, new in zip(recorded_properties(of), before, after, strict=True)
        if old != new
    ]


def _changed_links(
    links: Sequence[Link], rows: Row, version: int
) -> list[Mapping[str, str | None]]:
    names = {
        name: link.name
        for link in links
        if link.relationship
        for name in (link.relationship.type, was(link.relationship.type))
    }
    # A link whose own properties changed is over and recorded anew: both at once.
    began = {(names[str(r[0])], str(r[1])) for r in rows if str(r[2]) == str(version)}
    ended = {(names[str(r[0])], str(r[1])) for r in rows if str(r[3]) == str(version)}
    return [
        describe_change(
            name, end if (name, end) in ended else None, end if (name, end) in began else None
        )
        for name, end in sorted(began | ended)
    ]


def describe_change(name: str, old: object, new: object) -> Mapping[str, str | None]:
    """Return a change of a value or of a link, by the names of its fields."""
    return {"__typename": "Change", "name": name, "old": _text(old), "new": _text(new)}


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "iso_format"):
        return str(value.iso_format())
    return orjson.dumps(value).decode()
