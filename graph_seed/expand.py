"""From entries as written to fields by the vocabulary's names: short forms, ``like``, ids."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from graph_seed.problems import Problem, nearest
from graph_seed.records import Place
from graph_seed.values import ValueProblem, parse_amount, slug
from graph_seed.written import Entry, Written
from schema import rules
from schema.names import EVIDENCE, ID
from schema.vocabulary import NodeType, Vocabulary

Report = Callable[[Place, str, str], None]


@dataclass(slots=True)
class Draft:
    """A record on its way: its type and id, its fields by name, what it cites."""

    type: NodeType
    id: str
    key: str
    entry: Entry
    fields: dict[str, Written] = field(default_factory=dict)
    cites: list[Written] = field(default_factory=list)
    """The ``at`` of each passage."""
    finds: list[Written] = field(default_factory=list)
    """The ``find`` of each passage that is not cited yet."""


class Expander:
    """Expands the entries of one source."""

    def __init__(self, vocabulary: Vocabulary, source_key: str, problems: list[Problem]) -> None:
        self._vocabulary = vocabulary
        self._source_key = source_key
        self._problems = problems

    def _say(self, place: Place, code: str, message: str) -> None:
        self._problems.append(Problem(place, code, message))

    def drafts(self, entries: Iterable[Entry]) -> list[Draft]:
        """The drafts of all entries that have a known kind; ids are unique after this."""
        made: dict[str, Draft] = {}
        for entry in entries:
            draft = self._draft(entry)
            if draft is None:
                continue
            if draft.id in made:
                first = made[draft.id].entry.written.place
                self._say(
                    entry.written.place,
                    "ID_TWICE",
                    f"{draft.id} is defined at line {first.line} too; give one another key",
                )
                continue
            made[draft.id] = draft
        by_key = {(draft.type.label, draft.key): draft for draft in made.values()}
        for draft in made.values():
            self._like(draft, by_key, ())
        return list(made.values())

    def _draft(self, entry: Entry) -> Draft | None:
        place = entry.written.keys.get(entry.kind, entry.written.place)
        node = self._vocabulary.by_kind.get(entry.kind)
        if node is None or not self._writable(node):
            kinds = [k for k, n in self._vocabulary.by_kind.items() if self._writable(n)]
            advice = nearest(entry.kind, kinds) or f"; kinds are {', '.join(kinds)}"
            self._say(place, "UNKNOWN_KIND", f"{entry.kind!r} is no kind of record{advice}")
            return None
        key = entry.key
        if not key:
            self._say(place, "NO_KEY", f"{entry.kind} has no key; `parley cite` can set one")
            return None
        if slug(key) != key:
            self._say(place, "KEY", f"{key!r} is no key; write it as {slug(key)!r}")
            return None
        draft = Draft(node, self._id(node, key, entry), key, entry)
        self._fields(draft)
        return draft

    def _writable(self, node: NodeType) -> bool:
        return any(one.label in {rules.ENTITY, rules.FACT} for one in node.ancestors)

    def _id(self, node: NodeType, key: str, entry: Entry) -> str:
        anonymous = entry.written.fields.get(rules.ANONYMOUS)
        own = anonymous is not None and anonymous.text == "true"
        if own or any(one.label == rules.FACT for one in node.ancestors):
            return f"{node.kind}:{self._source_key}/{key}"
        return f"{node.kind}:{key}"

    # --- fields ---

    def _fields(self, draft: Draft) -> None:
        written = draft.entry.written
        for name, value in written.fields.items():
            if name in {draft.entry.kind, rules.LIKE}:
                continue
            place = written.keys.get(name, written.place)
            if name == rules.FIND:
                draft.finds += value.items
            elif name == rules.AT:
                draft.cites += value.items
            else:
                for full, one in self._expanded(draft.type, name, value, place):
                    if full in draft.fields:
                        self._say(place, "GIVEN_TWICE", f"{full} is given twice, once as {name!r}")
                    draft.fields[full] = one

    def _expanded(
        self, node: NodeType, name: str, value: Written, place: Place
    ) -> Iterable[tuple[str, Written]]:
        """The fields that one written field stands for."""
        if name == rules.AMOUNT and node.label == rules.AMOUNT_OF:
            return self._amount(value)
        short = node.short.get(name)
        if isinstance(short, str):
            return [(short, value)]
        if short is not None:
            if len(value.items) > len(short):
                message = (
                    f"{name!r} has {len(value.items)} values; it stands for {', '.join(short)}"
                )
                self._say(value.place, "TOO_MANY", message)
            return list(zip(short, value.items, strict=False))
        if node.verb and name in self._verbs(node):
            word = Written(name, place)
            return [(node.verb.enumeration, word), (node.verb.into, value)]
        if name in self._known(node):
            return [(name, value)]
        choices = [*self._known(node), *node.short, *self._verbs(node), rules.FIND, rules.LIKE]
        message = f"{node.label} has no {name!r}{nearest(name, choices)}"
        self._say(place, "UNKNOWN_PROPERTY", message)
        return []

    def _verbs(self, node: NodeType) -> list[str]:
        if node.verb is None:
            return []
        words = node.properties[node.verb.enumeration].enumeration
        return [str(word.value) for word in words] if words else []

    def _known(self, node: NodeType) -> set[str]:
        own = {p.name for p in node.properties.values() if not p.derived and not p.attached}
        links = {
            name
            for name, link in self._vocabulary.links(node).items()
            if link.outgoing
            and link.relationship is not None
            and not link.relationship.describes
            and name != EVIDENCE
        }
        return own | links

    def _amount(self, value: Written) -> list[tuple[str, Written]]:
        try:
            amount = parse_amount(value.text or "")
        except ValueProblem as problem:
            self._say(value.place, "AMOUNT", str(problem))
            return []
        parts = asdict(amount)
        return [(k, Written(str(v), value.place)) for k, v in parts.items() if v is not None]

    # --- like ---

    def _like(
        self, draft: Draft, by_key: dict[tuple[str, str], Draft], seen: tuple[str, ...]
    ) -> None:
        written = draft.entry.written.fields.pop(rules.LIKE, None)
        if written is None:
            return
        key = (written.text or "").rpartition("/")[2].rpartition(":")[2]
        other = by_key.get((draft.type.label, key))
        if other is None:
            keys = [k for label, k in by_key if label == draft.type.label]
            message = f"there is no {draft.entry.kind} {key!r} in this file{nearest(key, keys)}"
            self._say(written.place, "UNKNOWN_ID", message)
            return
        if other.id in (*seen, draft.id):
            self._say(written.place, "LIKE_CIRCLE", f"{key!r} is itself like this one")
            return
        self._like(other, by_key, (*seen, draft.id))
        given = set(draft.fields)
        amount = {"comparator", "value", "lower", "upper", "unit", "scale", "per"}
        for name, value in other.fields.items():
            if name in given or (name in amount and given & amount):
                continue
            draft.fields[name] = value


def draft_id_field(draft: Draft) -> str:
    """The id as a file may write it out."""
    return draft.fields[ID].text or draft.id if ID in draft.fields else draft.id
