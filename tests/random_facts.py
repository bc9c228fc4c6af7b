"""Make random facts from a seed: of every type, with every link and every form of value.

The oracle needs rich data, the tests of history many small sources. All of it is invented.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph_seed.checking.expand import apply_defaults
from graph_seed.checking.validate import find_date_contradictions, violations
from graph_seed.records import Citation, Facts, Place, Record, Reference
from schema import rules, scalars
from schema.model import Link, NodeType, Property
from schema.names import ENTITY, FACT
from schema.scalars import PropertyValue
from schema.vocabulary import Vocabulary

WORDS = [
    "dairy",
    "autos",
    "Peña",
    "Łódź",
    "tariff",
    "treaty",
    "sunset",
    "U.S.",
    "talks",
    "émigré",
    "𝔘nion",
    "quota",
    "水",
    "round",
]
DATES = (
    "2031-05-07", "2031-05", "2031", "[2031-05-05..2031-05-11]", "2031-01/2031-03", "2031-05-07/..",
    "../2030", "2031~", "2031?", "2031-05-XX", "203X", "2031-21",
)  # fmt: skip
DECIMALS = ("1", "-53.1", "62.5", "1000000000000", "0.001", "2", "999999999999999")
PATTERNED = {
    "iso2": ("CA", "MX", "OM"),
    "language": ("en", "pt-BR", "zh-Hant"),
    "sha256": ("0123456789abcdef" * 4, "f" * 64),
    "url": ("https://example.org/dairy", "http://example.net", "https://example.org/é?a=1#b"),
}
"""Values of properties that have a pattern."""
SENTENCES = 40


@dataclass
class FactsGenerator:
    """A generator of facts, the same for the same seed."""

    vocabulary: Vocabulary
    random: random.Random
    entities: int = 4
    """The number of entities of each kind."""
    facts: int = 3
    """The most facts of each kind in a source."""
    stray: float = 0.1
    """The probability that a link leads to an entity that the source does not define."""
    order: str = ""
    """A seed of the order that acyclic links follow."""
    cyclic: float = 0
    """The probability that an acyclic link leads in a cycle."""
    claims: list[str] = field(default_factory=list)
    """The claims of other sources, which a source may supersede."""
    pool: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pool = {
            node.label: [f"{node.kind}:{node.kind}-{i}" for i in range(self.entities)]
            for node in self.vocabulary.concrete
            if self._is(node, ENTITY)
        }

    def _is(self, node: NodeType, label: str) -> bool:
        return node.is_a(self.vocabulary.nodes[label])

    def source(self, key: str) -> Facts:
        """Return the facts of one source; it defines most of the entities that they link to."""
        source_type = self.vocabulary.by_kind[rules.SOURCE]
        source = self._record(source_type, f"source:{key}", f"source:{key}")
        source.values |= {
            rules.LENGTH: SENTENCES * 10,
            rules.SENTENCES: [10 * i for i in range(SENTENCES)],
            rules.SHA256: _hash(key),
        }
        records: dict[str, Record] = {}
        for node in self.vocabulary.concrete:
            if self._is(node, ENTITY):
                for node_id in self.random.sample(
                    self.pool[node.label], self.random.randint(1, self.entities)
                ):
                    records[node_id] = self._record(node, node_id, source.id)
            elif self._is(node, FACT):
                for number in range(self.random.randint(0, self.facts)):
                    node_id = f"{node.kind}:{key}/{node.kind}-{number}"
                    records[node_id] = self._record(node, node_id, source.id)
        for record in list(records.values()):
            self._links(record, records)
        kept = [r for r in records.values() if self._complete(r)]
        apply_defaults(kept, source)
        by_id = {record.id: record for record in kept}
        for record in kept:
            for one in list(violations(self.vocabulary, record, by_id, record.id)):
                if one.code == "VALUES":  # an event that follows a later one
                    del record.links[one.name]
        return Facts(source, kept, {})

    def _record(self, node: NodeType, node_id: str, source: str) -> Record:
        record = Record(node, node_id, source, {}, {}, [], Place("made.yaml", 1))
        for prop in node.properties.values():
            if prop.derived or prop.attached:
                continue
            if prop.required or self.random.random() < 0.5:
                record.values[prop.name] = self.value(prop)
        if node.label == rules.AMOUNT_OF:
            self._amount(record)
        for name, _ in list(find_date_contradictions(node, record.values)):
            del record.values[name]
        if node.label != "Source":
            for _ in range(self.random.randint(1, 2)):
                record.evidence.append(self._citation(source))
        record.digest = self.random.getrandbits(62)
        return record

    def _amount(self, record: Record) -> None:
        for name in ("value", "lower", "upper", "scale"):
            record.values.pop(name, None)
        comparator = str(record.values["comparator"])
        record.values["unit"] = self.random.choice(["USD", "EUR", "percent", "areas"])
        if comparator in {"range", "approx-range"}:
            record.values |= {"lower": "1", "upper": self.random.choice(["2", "2.5"])}
        elif comparator != "vague":
            record.values["value"] = self.random.choice(DECIMALS)

    def _citation(self, source: str) -> Citation:
        start = self.random.randint(0, SENTENCES * 10 - 6)
        end = start + self.random.randint(1, 5)
        first, last = start // 10 + 1, (end - 1) // 10 + 1
        digest = _hash(f"{source} {start} {end}")
        words = f"sentence {first} of {SENTENCES}"
        return Citation(start, end, start, end, digest, first, last, words)

    def value(self, prop: Property) -> PropertyValue:
        """Return a value of a property."""
        if prop.many and prop.scalar is scalars.INT:
            return [self.random.randint(0, 9) for _ in range(3)]
        if prop.many:
            return [self._text() for _ in range(self.random.randint(1, 2))]
        if prop.pattern:
            return self.random.choice(PATTERNED[prop.name])
        if prop.enumeration:
            return str(self.random.choice(list(prop.enumeration)).value)
        match prop.scalar:
            case scalars.INT | scalars.LONG:
                return self.random.randint(prop.minimum or 0, 6)
            case scalars.BOOLEAN:
                return self.random.random() < 0.5
            case scalars.DECIMAL:
                return self.random.choice(DECIMALS)
            case scalars.EDTF:
                return self.random.choice(DATES)
            case scalars.DATE:
                return f"2031-{self.random.randint(1, 12):02}-03"
            case _:
                return "year" if prop.name == "per" else self._text()

    def _text(self) -> str:
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(1, 3)))

    def _links(self, record: Record, records: dict[str, Record]) -> None:
        for link in self.vocabulary.links(record.type).values():
            skipped = link.relationship is None or link.relationship.describes
            if skipped or not link.outgoing or link.name == "evidence":
                continue
            ends = self._ends(link, record, records)
            most = 1 if link.one else 3
            least = 1 if link.required else 0
            count = min(self.random.randint(least, most), len(ends))
            chosen = self.random.sample(ends, count)
            if chosen:
                record.links[link.name] = [Reference(end, self._edge(link)) for end in chosen]

    def _ends(self, link: Link, record: Record, records: dict[str, Record]) -> list[str]:
        allowed = self.vocabulary.concrete_of(*link.targets)
        ends = [r.id for r in records.values() if r.type in allowed and r.id != record.id]
        if self.random.random() < self.stray:
            ends += [e for node in allowed for e in self.pool.get(node.label, ()) if e != record.id]
        if link.name == rules.SUPERSEDES:
            own = f":{record.source.partition(':')[2]}/"
            others = [claim for claim in self.claims if own not in claim]
            ends += self.random.sample(others, min(2, len(others)))
        acyclic = link.relationship is not None and link.relationship.acyclic
        if acyclic and record.type in allowed and self.random.random() >= self.cyclic:
            # An order of all ids, whichever source names them.
            ends = [one for one in ends if self._rank(one) < self._rank(record.id)]
        return sorted(set(ends))

    def _rank(self, node_id: str) -> str:
        return _hash(self.order + node_id)

    def _edge(self, link: Link) -> dict[str, PropertyValue]:
        return {
            prop.name: self.value(prop)
            for prop in link.properties.values()
            if not prop.derived and (prop.required or self.random.random() < 0.5)
        }

    def _complete(self, record: Record) -> bool:
        links = self.vocabulary.links(record.type).values()
        needed = [one.name for one in links if one.required and one.name != "evidence"]
        return all(name in record.links for name in needed)


def list_claims(vocabulary: Vocabulary, facts: Facts) -> list[str]:
    """Return the ids of the claims of a source."""
    fact = vocabulary.nodes[FACT]
    return [record.id for record in facts.records if record.type.is_a(fact)]


def random_sources(
    vocabulary: Vocabulary,
    seed: int,
    keys: Sequence[str],
    size: int = 4,
    *,
    across: bool = False,
) -> list[Facts]:
    """Return the facts of several sources that share entities.

    If ``across`` is set, a source may supersede claims of earlier ones.
    """
    chance = random.Random(seed)
    generator = FactsGenerator(vocabulary, chance, entities=size, facts=size, stray=0)
    made: list[Facts] = []
    for key in keys:
        made.append(generator.source(key))
        generator.claims += list_claims(vocabulary, made[-1]) if across else []
    return made


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
