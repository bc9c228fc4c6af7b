"""Build facts as a program does that has facts of its own."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from graph_seed.records import Citation, Facts, Place, Record, Reference
from schema import rules
from schema.domain import DOMAIN
from schema.names import ENTITY
from schema.scalars import PropertyValue
from schema.vocabulary import Vocabulary

TEXT = "Ada Moreno said the toll is too high. Tarrow opposes it, and 𝔘nion talks go on. " * 3
Links = Mapping[str, Sequence[str | tuple[str, Mapping[str, PropertyValue]]]]


def citation(start: int = 0, end: int = 10) -> Citation:
    words = TEXT[start:end]
    before = len(TEXT[:start].encode("utf-16-le")) // 2
    size = len(words.encode("utf-16-le")) // 2
    digest = sha256(words.encode()).hexdigest()
    return Citation(start, end, before, before + size, digest, 1, 1, "sentence 1 of 6")


def record(  # values come last, so that a test reads like a facts file
    node_id: str,
    links: Links | None = None,
    *,
    at: Sequence[tuple[int, int]] = ((0, 10),),
    vocabulary: Vocabulary = DOMAIN,
    **values: PropertyValue,
) -> Record:
    node_type = vocabulary.type_of_id(node_id)
    assert node_type is not None, node_id
    if node_type.is_a(vocabulary.nodes[ENTITY]):
        values.setdefault("name", node_id.rpartition(":")[2].title())
    references = {
        name: [Reference(one) if isinstance(one, str) else Reference(*one) for one in ends]
        for name, ends in (links or {}).items()
    }
    evidence = [citation(*one) for one in at]
    return Record(node_type, node_id, "", dict(values), references, evidence, Place("made", 1))


def facts(
    key: str,
    *records: Record,
    published: str | None = None,
    uses: Sequence[str] = (),
    text: str = TEXT,
    vocabulary: Vocabulary = DOMAIN,
) -> Facts:
    values: dict[str, PropertyValue] = {
        "type": "invented",
        "sha256": sha256(text.encode()).hexdigest(),
        "length": len(text),
        "sentences": [0, 38],
    }
    if published:
        values["publishedOn"] = published
    name = f"source:{key}"
    source = Record(vocabulary.by_kind[rules.SOURCE], name, name, values, {}, [], Place("made", 1))
    for one in records:
        one.source = name
    return Facts(source, list(records), dict.fromkeys(uses, Place("made", 1)))


def statement(node_id: str, links: Links | None = None, **values: PropertyValue) -> Record:
    given: dict[str, Any] = {"text": "Said.", "mode": "narration", "attribution": "narrator"}
    return record(node_id, links, **(given | values))
