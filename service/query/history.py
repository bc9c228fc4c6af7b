"""The versions of a node: which loads changed it, what each changed, old beside new.

A node that changes keeps a copy of what it was, and a node that is over stays where it is; both
are past nodes with its id. So an id that was unloaded and came back has the versions of all its
nodes. A relationship that is over lies under a past type. What a version changed is the difference
of both to the version before.
"""

from collections.abc import Mapping, Sequence

import orjson

from schema.names import EXPIRED_IN, ID, PAST_NODE, RECORDED_IN, was
from schema.terms import Link, NodeType, Property
from schema.vocabulary import Vocabulary
from service.query.answer import Answer, Row
from service.query.emitter import Emitter
from service.query.lists import TypeName
from service.query.plan import History, VersionField
from service.query.shaping import At, NodeShape, Shape, Shaping

MOST = 1000
"""Former states and links of one node that are looked at."""


def history_column(emitter: Emitter, one: History, node: str) -> str:
    """Three lists: the versions with their loads, the states, the links with their ends."""
    state, link, version = emitter.fresh("h"), emitter.fresh("r"), emitter.fresh("x")
    links = {c.relationship.type for c in told_links(emitter.vocabulary, one.of) if c.relationship}
    live, over = "|".join(sorted(links)), "|".join(sorted(was(name) for name in links))
    known = emitter.reader.recorded
    one_id = f"{{{ID}: {emitter.reader.prop(node, ID)}}}"
    every = f"CALL ({node}) {{ RETURN {node} AS {state} "
    every += f"UNION MATCH ({state}:{PAST_NODE} {one_id}) RETURN {state} }} "
    states = f"{every}WITH {state} WHERE {known(f'{state}.{RECORDED_IN}')}"
    both = f"UNWIND [x.{RECORDED_IN}, x.{EXPIRED_IN}] AS {version} "
    both += f"WITH {version} WHERE {version} IS NOT NULL RETURN DISTINCT {version}"
    moments = [f"{every}WITH {state} AS x {both}"]
    found_links = "[]"
    if links:
        moments.append(f"{every}MATCH ({state})-[x:{live}|{over}]->() {both}")
        found_links = (
            f"COLLECT {{ {every}MATCH ({state})-[{link}:{live}|{over}]->(m) "
            f"WHERE {known(f'{link}.{RECORDED_IN}')} RETURN [type({link}), m.{ID}, "
            f"{link}.{RECORDED_IN}, {link}.{EXPIRED_IN}] ORDER BY m.{ID} LIMIT {MOST} }}"
        )
    load, kind = emitter.fresh("n"), one.load.kind
    found = emitter.reader.by_id(load, f"'{kind}:' + {version}", one.load)
    loads = [
        emitter.reads(field.reads, load)
        for field in one.fields
        if isinstance(field, VersionField) and field.reads
    ]
    versions = (
        f"COLLECT {{ CALL ({node}) {{ {' UNION '.join(moments)} }} "
        f"WITH {version} WHERE {known(version)} "
        f"ORDER BY {version} DESC LIMIT {emitter.parameter(one.limit)} "
        f"{found} RETURN [{', '.join([version, *loads])}] }}"
    )
    values = ", ".join(f"{state}.{prop.name}" for prop in told(one.of))
    return (
        f"[{versions}, COLLECT {{ {states} "
        f"RETURN [{state}.{RECORDED_IN}, {state}.{EXPIRED_IN}, {values}] "
        f"ORDER BY {state}.{RECORDED_IN} LIMIT {MOST} }}, {found_links}]"
    )


def told(node: NodeType) -> list[Property]:
    """The properties whose changes are told: those that are in history."""
    return [prop for prop in node.properties.values() if not prop.attached]


def told_links(vocabulary: Vocabulary, node: NodeType) -> list[Link]:
    """The links whose changes are told: those that lead on from the node."""
    links = vocabulary.links(node).values()
    return [one for one in links if one.outgoing and one.relationship is not None]


def history_shape(one: History, vocabulary: Vocabulary, node: NodeShape) -> Shape:
    """What shapes the versions of a node of what ``history_column`` wrote, the latest first."""
    loads = {
        field.key: node(field.reads)
        for field in one.fields
        if isinstance(field, VersionField) and field.reads
    }
    own_links = told_links(vocabulary, one.of)

    def shape(raw: Row, at: At, shaping: Shaping) -> list[Answer]:
        versions, states, links = raw
        shaped: list[Answer] = []
        for index, row in enumerate(versions):
            number = int(str(row[0]))
            found = iter(row[1:])
            entry: Answer = {}
            for field in one.fields:
                here = ((at, index), field.key)
                if isinstance(field, TypeName):
                    entry[field.key] = "NodeVersion"
                elif field.key in loads:
                    entry[field.key] = loads[field.key](next(found), here, shaping)
                elif field.name == "version":
                    entry[field.key] = number
                else:
                    changes = [
                        *_changed_values(one.of, states, number),
                        *_changed_links(own_links, links, number),
                    ]
                    entry[field.key] = [
                        {key: change[name] for key, name in field.below} for change in changes
                    ]
            shaped.append(entry)
        return shaped

    return shape


def _changed_values(of: NodeType, states: Row, version: int) -> list[Mapping[str, str | None]]:
    """Return what differs between the state that ended with a version and the one that began."""
    absent = [None] * len(told(of))
    before = next((row[2:] for row in states if str(row[1]) == str(version)), absent)
    after = next((row[2:] for row in states if str(row[0]) == str(version)), absent)
    return [
        _change(prop.name, old, new)
        for prop, old, new in zip(told(of), before, after, strict=True)
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
        _change(name, end if (name, end) in ended else None, end if (name, end) in began else None)
        for name, end in sorted(began | ended)
    ]


def _change(name: str, old: object, new: object) -> Mapping[str, str | None]:
    return {"__typename": "Change", "name": name, "old": _text(old), "new": _text(new)}


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "iso_format"):
        return str(value.iso_format())
    return orjson.dumps(value).decode()
