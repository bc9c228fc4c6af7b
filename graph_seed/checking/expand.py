"""Expand records as written to fields by the vocabulary's names: short forms, ``like``, ids.

`apply_defaults` adds values that follow from others: defaults, inherited and derived values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from graph_seed.checking.parse_values import key_advice
from graph_seed.checking.record_schema import (
    RecordSchema,
    explain_not_written,
    record_schema,
    recorded_types,
)
from graph_seed.problems import BoundedHints, Report, nearest
from graph_seed.records import Place, Record
from graph_seed.syntax.tree import ENTITIES, FACTS, RawRecord, SyntaxNode, comma_advice
from graph_seed.values import Amount, ValueProblem, one_form, parse_amount, parse_edtf, slug
from graph_seed.values.problem import quote_text
from schema import rules
from schema.model import NodeType
from schema.vocabulary import Vocabulary

_AMOUNT = {one.name for one in fields(Amount)}
"""The properties that make up an amount: where one is given, ``like`` carries over none."""


@dataclass(slots=True)
class Draft:
    """A record on its way: its type and id, its fields by name, what it cites."""

    type: NodeType
    id: str
    key: str
    entry: RawRecord
    fields: dict[str, SyntaxNode] = field(default_factory=dict)
    cites: list[SyntaxNode] = field(default_factory=list)
    """The ``at`` of each passage."""
    finds: list[SyntaxNode] = field(default_factory=list)
    """The ``find`` of each passage that is not cited yet."""
    like: SyntaxNode | None = None
    is_like: bool = False
    """True for a record with `like:`: an empty list then drops what the other record has."""
    unreadable: set[str] = field(default_factory=set)
    """Properties whose values were given and cannot be read; that was said once."""


class Expander:
    """Expands the records of one source."""

    def __init__(
        self, vocabulary: Vocabulary, source_key: str, report: Report, warn: Report
    ) -> None:
        self._vocabulary = vocabulary
        self._source_key = source_key
        self._report = report
        self._warn = warn
        self._hints = BoundedHints()
        self._keys: dict[str, list[str]] = {}
        """The keys of this source's records by label, once a hint needs them."""

    def drafts(self, entries: Iterable[RawRecord]) -> list[Draft]:
        """Return the drafts of all records of a known kind, with unique ids."""
        drafts = [draft for entry in entries if (draft := self._draft(entry)) is not None]
        by_key: dict[tuple[str, str], Draft] = {}
        for draft in drafts:
            by_key.setdefault((draft.type.label, draft.key), draft)
        made: dict[str, Draft] = {}
        for draft in drafts:
            self._like(draft, by_key)
            draft.id = self._id(draft)
            if draft.id in made:
                line = made[draft.id].entry.place.line
                message = f"{draft.id} is defined at line {line} too; give one another key"
                self._report(draft.entry.place, "ID_TWICE", message)
                continue
            made[draft.id] = draft
        return list(made.values())

    def _draft(self, entry: RawRecord) -> Draft | None:
        node = self._vocabulary.by_kind.get(entry.kind)
        if node is None or not node.is_recorded:
            advice = kind_advice(recorded_types(self._vocabulary), entry.kind)
            message = f"{quote_text(entry.kind)} is not a kind of record{advice}"
            self._report(entry.place, "UNKNOWN_KIND", message)
            return None
        if not entry.key:
            message = f"this {entry.kind} has no key; `parley cite` can set one"
            self._report(entry.place, "NO_KEY", message)
            return None
        if wrong := key_advice(entry.key):
            where = entry.written.fields[entry.kind].place
            self._report(where, "KEY", f"{quote_text(entry.key)} is not a key{wrong}")
        key = guess_key(entry.key) if wrong else entry.key
        if not key:
            return None
        right = ENTITIES if node.is_entity else FACTS
        if entry.part and entry.part != right:
            message = f"records of the kind {entry.kind} belong under {right}:"
            self._warn(entry.place, "WRONG_PART", message)
        draft = Draft(node, "", key, entry)
        self._fill(draft)
        return draft

    def _id(self, draft: Draft) -> str:
        """Return the id of a record; ids of facts and anonymous actors contain their source."""
        anonymous = draft.fields.get(rules.ANONYMOUS)
        if draft.type.is_fact or (anonymous is not None and anonymous.text == "true"):
            return f"{draft.type.kind}:{self._source_key}/{draft.key}"
        return f"{draft.type.kind}:{draft.key}"

    # --- fields ---

    def _fill(self, draft: Draft) -> None:
        written = draft.entry.written
        for name, value in written.fields.items():
            if name == draft.entry.kind:
                continue
            place = written.keys.get(name, written.place)
            if name == rules.LIKE:
                draft.like, draft.is_like = value, True
            elif name == rules.FIND:
                draft.finds += value.items
            elif name == rules.AT:
                draft.cites += value.items
            else:
                fields = self.expand_field(draft.type, name, value, place)
                if name == rules.AMOUNT and not fields:
                    draft.unreadable |= _AMOUNT
                for given, one in fields:
                    if given in draft.fields:
                        message = f"{given} is given twice, once as {name!r}"
                        self._report(place, "GIVEN_TWICE", message)
                    draft.fields[given] = one

    def expand_field(
        self, node: NodeType, name: str, value: SyntaxNode, place: Place
    ) -> list[tuple[str, SyntaxNode]]:
        """Return the fields that one written field stands for."""
        known = record_schema(self._vocabulary, node)
        if name in known.properties or name in known.links:
            return [(name, value)]
        if name == rules.AMOUNT and known.amount:
            return self._amount(value)
        short = node.short.get(name)
        if isinstance(short, str):
            return [(short, value)]
        if short is not None:
            if value.value == []:
                return [(one, value) for one in short]
            if len(value.items) > len(short):
                message = (
                    f"{name!r} has {len(value.items)} values; it stands for {', '.join(short)}"
                )
                self._report(value.place, "TOO_MANY", message)
            return list(zip(short, value.items, strict=False))
        if node.verb and name in known.verbs:
            return [(node.verb.enumeration, SyntaxNode(name, place)), (node.verb.into, value)]
        if reason := explain_not_written(self._vocabulary, node, name):
            self._report(place, "NOT_WRITTEN", reason)
        else:
            advice = comma_advice(value) or _suggest_names(known, name)
            message = f"{node.label} has no {quote_text(name)}{advice}"
            self._report(place, "UNKNOWN_PROPERTY", message)
        return []

    def _amount(self, value: SyntaxNode) -> list[tuple[str, SyntaxNode]]:
        try:
            amount = parse_amount(value.text or "")
        except ValueProblem as problem:
            self._report(value.place, "AMOUNT", str(problem))
            return []
        parts = asdict(amount)
        return [(k, SyntaxNode(str(v), value.place)) for k, v in parts.items() if v is not None]

    # --- like ---

    def _like(self, draft: Draft, by_key: Mapping[tuple[str, str], Draft]) -> None:
        """Carry over what a draft is like, and first what that is like, to the chain's end."""
        chain = [draft]
        within = {id(draft)}
        while (other := self._template_of(chain[-1], by_key)) is not None:
            if id(other) in within:
                written, key = chain[-1].like, other.key
                if written is not None:
                    self._report(written.place, "LIKE_CIRCLE", f"{key!r} is itself like this one")
                chain[-1].like = None
                break
            chain.append(other)
            within.add(id(other))
        for at in range(len(chain) - 2, -1, -1):
            _carry_over(chain[at + 1], chain[at])
        if draft.is_like:
            _drop_empty(draft)

    def _template_of(self, draft: Draft, by_key: Mapping[tuple[str, str], Draft]) -> Draft | None:
        """Return the draft that another names by ``like:``, unless it is carried over already."""
        if draft.like is None:
            return None
        key = one_form(draft.like.text or "").rpartition("/")[2].rpartition(":")[2]
        other = by_key.get((draft.type.label, key))
        if other is None:
            message = f"there is no {draft.entry.kind} {quote_text(key)} in this file"
            keys = self._keys_by_label(by_key)[draft.type.label]
            guess = self._hints.nearest(key, keys)
            self._report(draft.like.place, "UNKNOWN_ID", message + guess)
            draft.like = None
        return other

    def _keys_by_label(self, by_key: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
        if not self._keys:
            for label, key in by_key:
                self._keys.setdefault(label, []).append(key)
        return self._keys


def _carry_over(other: Draft, draft: Draft) -> None:
    """Give a draft the fields of the one that it is like, but for those that it has itself."""
    draft.like = None
    given = set(draft.fields) | draft.unreadable
    has_amount = bool(given & _AMOUNT)
    if not has_amount:
        draft.unreadable |= other.unreadable
    for name, value in other.fields.items():
        if name not in given and not (has_amount and name in _AMOUNT):
            draft.fields[name] = value
    _drop_empty(draft)


def _drop_empty(draft: Draft) -> None:
    """Drop what a draft that is like another says that it does not have."""
    draft.fields = {name: one for name, one in draft.fields.items() if one.value != []}


def kind_advice(nodes: Iterable[NodeType], word: str) -> str:
    """Return which of these kinds a word may stand for: a misspelling, a plural, a label."""
    kinds = {str(node.kind): node for node in nodes}
    plain = word.replace("_", "").replace("-", "").lower()
    for kind, node in kinds.items():
        if plain in {node.plural.lower(), node.label.lower(), f"{kind}s"}:
            return f"; did you mean {kind!r}?"
    return nearest(word, kinds) or f"; kinds are {', '.join(kinds)}"


def _suggest_names(known: RecordSchema, name: str) -> str:
    """Return names that an unknown one may be a misspelling of, and all speech acts or stances."""
    guess = nearest(name, known.names)
    if not known.node.verb:
        return guess
    listed = f"{known.node.verb.enumeration} is one of {', '.join(known.verbs)}"
    return f"{guess} A {listed}" if guess else f"; a {listed}"


def guess_key(key: str) -> str:
    """Return the key that was meant by what is none, so that the rest is checked; or nothing."""
    try:
        return slug(key)
    except ValueProblem:
        return ""


def apply_defaults(records: Sequence[Record], source: Record) -> None:
    """Fill in what is left out: defaults, what is inherited along links, what is derived."""
    by_id = {record.id: record for record in records}
    published = source.values.get(rules.PUBLISHED)
    latest = parse_edtf(published).latest if isinstance(published, str) else None
    last = latest.isoformat() if latest else None

    def context_of(node_id: str) -> rules.RecordContext | None:
        record = by_id.get(node_id)
        if record is None:
            return None
        links = {name: [one.id for one in to] for name, to in record.links.items()}
        anonymous = record.values.get(rules.ANONYMOUS) is True
        return rules.RecordContext(record.values, links, context_of, last, anonymous=anonymous)

    for record in records:
        rule = rules.DEFAULTS.get(record.type.label)
        this = context_of(record.id)
        if rule is not None and this is not None:
            for name, value in rule(this).items():
                record.values.setdefault(name, value)
    for record in records:
        _inherit(record, by_id, ())
    for record in records:
        rule = rules.DERIVED.get(record.type.label)
        this = context_of(record.id)
        if rule is not None and this is not None:
            record.values |= rule(this)


def _inherit(record: Record, by_id: Mapping[str, Record], seen: tuple[str, ...]) -> None:
    """Take values along links where none is given: ``saidOn`` from ``saidAt.date``."""
    if record.id in seen:
        return
    for prop in record.type.properties.values():
        if not prop.inherited_from or prop.name in record.values:
            continue
        link, name = prop.inherited_from
        for reference in record.links.get(link, ()):
            other = by_id.get(reference.id)
            if other is not None:
                _inherit(other, by_id, (*seen, record.id))
                if name in other.values:
                    record.values[prop.name] = other.values[name]
