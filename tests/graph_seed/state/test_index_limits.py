"""The store's limits are known before it refuses anything: tried on the store itself."""

from pathlib import Path
from unicodedata import normalize

import neo4j
import pytest
from neo4j.exceptions import Neo4jError

from graph_seed import LoadError, check
from graph_seed.graph import versions
from graph_seed.problems import errors
from graph_seed.state.elements import to_properties
from graph_seed.state.index_limits import GROWTH, oversized_texts, oversized_values
from graph_seed.values import fold
from schema import storage
from schema.domain import DOMAIN
from schema.names import ID
from schema.storage import RANGE_INDEX_BYTES, TEXT_INDEX_BYTES, index_limits
from tests.conftest import DATABASE

VALUES = {"date": "2031-05-07", "eventType": "call", "name": "n", "text": "t"}


def written(driver: neo4j.Driver, kind: str, properties: dict[str, object]) -> bool:
    """Whether the store takes a node; nothing is kept of it."""
    labels = ":".join(DOMAIN.by_kind[kind].labels)
    with driver.session(database=DATABASE) as session:
        try:
            session.run(f"CREATE (n:{labels}) SET n = $p", p=properties).consume()
            session.run(f"MATCH (n:{labels}) DELETE n").consume()
        except Neo4jError:
            return False
    return True


@pytest.mark.parametrize("kind", ["person", "event", "statement", "figure", "source"])
def test_what_is_within_a_limit_is_stored_and_far_beyond_it_is_not(
    empty: neo4j.Driver, kind: str
) -> None:
    node = DOMAIN.by_kind[kind]
    for name, limit in index_limits(node).items():
        if name in {prop.name for prop in node.properties.values() if prop.enumeration}:
            continue
        properties = to_properties(
            node, f"{kind}:k", {k: v for k, v in VALUES.items() if k in node.properties}
        )
        fits = {**properties, name: "x" * limit}
        assert not list(oversized_texts(node, fits))
        assert written(empty, kind, fits), (kind, name)
        beyond = {**properties, name: "字" * (limit // 3 + 400)}
        assert [one.limit for one in oversized_texts(node, beyond)] == [limit]
        assert not written(empty, kind, beyond), (kind, name)


def test_every_index_on_texts_has_its_limit() -> None:
    """Read from the commands that make the indexes, not from the rule that has the limits."""
    for node in DOMAIN.concrete:
        texts = {
            name: kind
            for command in storage.schema_commands(DOMAIN).values()
            for kind in ("RANGE", "TEXT")
            for name in (ID, *(one for p in node.properties.values() for one in p.columns))
            if command.startswith(f"CREATE {kind} ")
            and f"FOR (n:{node.label})" in command
            and f"(n.{name})" in command
        }
        textual = {p.name for p in node.properties.values() if p.scalar.python in {str}} | {ID}
        for name, kind in texts.items():
            if name in textual or name.endswith("Folded"):
                assert index_limits(node)[name] <= (
                    RANGE_INDEX_BYTES if kind == "RANGE" else TEXT_INDEX_BYTES
                )


def test_no_character_grows_more_by_folding_than_is_reckoned_with() -> None:
    characters = (chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF)
    folding = [c for c in characters if c.casefold() != c or normalize("NFKD", c) != c]
    assert max(len(fold(one).encode()) for one in folding) < GROWTH


def test_names_are_measured_with_all_that_is_folded_with_them() -> None:
    person = DOMAIN.by_kind["person"]
    values = {"name": "Ada", "aliases": ["b" * 90] * 400, "previousNames": ["c"]}
    (found,) = oversized_values(person, "person:ada", values)
    assert str(found).startswith("name, aliases and previousNames together take 364")
    assert not list(oversized_values(person, "person:ada", {**values, "aliases": ["b"] * 90}))
    (found,) = oversized_values(person, f"person:{'a' * 9000}", {"name": "Ada"})
    assert found.names == (ID,)


@pytest.mark.parametrize("name", ["by", "note"])
@pytest.mark.parametrize(
    ("text", "code"), [("x" * 40_000, "TOO_LONG"), ("a\x00b", "VALUE"), ("half \ud800", "VALUE")]
)
def test_what_is_said_of_a_load_has_limits_too(name: str, text: str, code: str) -> None:
    def run(*_: object, **__: object) -> list[neo4j.Record]:
        raise AssertionError("nothing is to be written")

    with pytest.raises(LoadError) as refused:
        versions.next_version(run, DOMAIN, {"loadKind": "load", name: text})
    assert refused.value.code == code


def test_sources_that_are_too_long_together_are_told_by_check(tmp_path: Path) -> None:
    paths = []
    for source in range(4):
        aliases = ", ".join(f"Alias {n} of source {source} {'x' * 100}" for n in range(100))
        path = tmp_path / f"{source}.yaml"
        path.write_text(
            f"source: {{id: source:s{source}, type: x}}\nentities:\n- person: ada\n"
            f"  aliases: [{aliases}]\n  find: Ada\n",
            encoding="utf-8",
        )
        assert check([path]).valid
        paths.append(path)
    (found,) = errors(check(paths).problems)
    assert (found.code, found.place.file) == ("TOO_LONG", str(paths[-1]))
    assert "person:ada, as all sources together have it" in found.message
