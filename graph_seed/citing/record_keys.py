"""Make keys for records without one, of the words of what they say."""

from collections.abc import Sequence

from graph_seed.checking.expand import Expander
from graph_seed.checking.record_schema import record_schema
from graph_seed.records import Place
from graph_seed.syntax.tree import RawRecord
from graph_seed.values import ValueProblem, slug
from schema import rules
from schema.vocabulary import Vocabulary

WORDS = 6


def make_keys(entries: Sequence[RawRecord], vocabulary: Vocabulary) -> list[str]:
    """Return the key of each record: its own, or one made of its first words."""
    taken = {(entry.kind, entry.key) for entry in entries}
    keys: list[str] = []
    for entry in entries:
        key = entry.key
        if not key:
            stem = _stem(entry, vocabulary)
            key, number = stem, 1
            while (entry.kind, key) in taken:
                number += 1
                key = f"{stem}-{number}"
            taken.add((entry.kind, key))
        keys.append(key)
    return keys


def _stem(entry: RawRecord, vocabulary: Vocabulary) -> str:
    """Words of the text that says most of a record, or of all that it says."""
    node = vocabulary.by_kind.get(entry.kind)
    if node is None:
        return entry.kind
    expander = Expander(vocabulary, "", _silent, _silent)
    properties = record_schema(vocabulary, node).properties
    said: dict[str, str] = {}
    for name, value in entry.written.fields.items():
        if name in {entry.kind, rules.LIKE, rules.FIND, rules.AT}:
            continue
        for full, one in expander.expand_field(node, name, value, entry.place):
            words = [item.text or "" for item in one.items]
            if full not in properties:
                words = [word.rpartition(":")[2] for word in words]
            said[full] = " ".join(words)
    telling = [name for name in said if name in properties and properties[name].searched]
    telling.sort(key=lambda name: not properties[name].required)
    most = said[telling[0]] if telling else " ".join(said.values())
    try:
        return "-".join(slug(most).split("-")[:WORDS])
    except ValueProblem:
        return entry.kind


def _silent(place: Place, code: str, message: str) -> None:
    """Ignore a problem: the check of the record reports it."""
