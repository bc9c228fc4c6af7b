"""Write a whole graph to a text file and back: every node, label, relationship and typed value.

A line is a JSON array: ``["node", labels, properties]``, in the order of their numbers, or
``["relationship", type, start, end, properties]``. Dates and times are written as ``{"date": …}``
and ``{"datetime": …}``. The order does not depend on the database's own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import neo4j
import neo4j.time
import orjson

BOOKKEEPING = ("recordedIn", "expiredIn", "id")
"""Properties by which nodes are ordered; together they are unique."""


def read_store(session: neo4j.Session) -> str:
    """Return the nodes and relationships of a graph as text."""
    nodes = session.run("MATCH (n) RETURN elementId(n), labels(n), properties(n)").values()
    lines = {number: ["node", sorted(labels), _encoded(p)] for number, labels, p in nodes}
    ordered = sorted(lines, key=lambda number: orjson.dumps(_order(lines[number])))
    position = {number: index for index, number in enumerate(ordered)}
    edges = session.run(
        "MATCH (a)-[r]->(b) RETURN type(r), elementId(a), elementId(b), properties(r)"
    ).values()
    relationships = sorted(
        orjson.dumps(["relationship", kind, position[start], position[end], _encoded(p)])
        for kind, start, end, p in edges
    )
    made = [orjson.dumps(lines[number]) for number in ordered] + relationships
    return b"".join(line + b"\n" for line in made).decode()


def write_store(session: neo4j.Session, text: str) -> None:
    """Create the nodes and relationships of a text in an empty graph."""
    with session.begin_transaction() as transaction:
        _write_lines(transaction, text)
        transaction.commit()


def _write_lines(transaction: neo4j.Transaction, text: str) -> None:
    numbers: list[str] = []
    for line in map(orjson.loads, text.splitlines()):
        if line[0] == "node":
            _, labels, properties = line
            made = transaction.run(
                f"CREATE (n:{':'.join(f'`{label}`' for label in labels)}) SET n = $p "
                "RETURN elementId(n) AS number",
                p=_decoded(properties),
            )
            numbers.append(made.single(strict=True)["number"])
        else:
            _, kind, start, end, properties = line
            transaction.run(
                "MATCH (a) WHERE elementId(a) = $a MATCH (b) WHERE elementId(b) = $b "
                f"CREATE (a)-[r:`{kind}`]->(b) SET r = $p",
                a=numbers[start],
                b=numbers[end],
                p=_decoded(properties),
            ).consume()


def _order(line: list[Any]) -> list[Any]:
    return [line[1], *(line[2].get(name) for name in BOOKKEEPING), sorted(line[2].items())]


def _encoded(properties: Mapping[str, object]) -> dict[str, object]:
    return dict(sorted(_encode_all(properties)))


def _encode_all(properties: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in properties.items():
        if isinstance(value, neo4j.time.DateTime):
            yield name, {"datetime": value.iso_format()}
        elif isinstance(value, neo4j.time.Date):
            yield name, {"date": value.iso_format()}
        else:
            yield name, value


def _decoded(properties: Mapping[str, object]) -> dict[str, object]:
    return {name: _decode(value) for name, value in properties.items()}


def _decode(value: object) -> object:
    if not isinstance(value, dict):
        return value
    written = cast("dict[str, str]", value)
    if "date" in written:
        return neo4j.time.Date.from_iso_format(written["date"])
    return neo4j.time.DateTime.from_iso_format(written["datetime"])
