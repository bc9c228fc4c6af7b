"""Checking facts files: every problem at once, and records that are complete and valid."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import orjson

from graph_seed.expand import Draft, Expander
from graph_seed.problems import Problem, errors, nearest
from graph_seed.records import Citation, Facts, Place, Record, Reference, Value
from graph_seed.text import TextProblem, locator, words_in
from graph_seed.values import (
    ValueProblem,
    canonical_decimal,
    name_from_key,
    parse_decimal,
    parse_edtf,
    slug,
)
from graph_seed.values.units import unit_of
from graph_seed.written import Section, Written, read
from schema import rules, scalars
from schema.domain import DOMAIN
from schema.names import ID
from schema.vocabulary import Link, NodeType, Property, Vocabulary

CITED = ("start", "end", "startUtf16", "endUtf16", "sha256")
LOCATOR = "locator"


@dataclass(slots=True)
class Checked:
    """What a check found: the facts of each source, and everything that is wrong."""

    facts: list[Facts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether all of it can be loaded."""
        return not errors(self.problems)


def check(
    paths: Iterable[Path | str], vocabulary: Vocabulary = DOMAIN, *, for_load: bool = False
) -> Checked:
    """Check facts files together: what one defines another may use.

    ``for_load`` makes words that are not cited yet an error, which they are to a load.
    """
    checked = Checked()
    sections: list[_Source] = []
    for path in paths:
        found, problems = read(Path(path))
        checked.problems += problems
        sections += [_Source(vocabulary, one, checked.problems, for_load) for one in found]
    ids = {draft.id: draft.type for one in sections for draft in one.drafts}
    for one in sections:
        facts = one.facts(ids)
        if facts is not None:
            checked.facts.append(facts)
    checked.problems.sort(key=lambda p: (p.place.file, p.place.line, p.place.column))
    return checked


class _Source:
    """The check of one source's section."""

    def __init__(
        self, vocabulary: Vocabulary, section: Section, problems: list[Problem], for_load: bool
    ) -> None:
        self._vocabulary = vocabulary
        self._section = section
        self._problems = problems
        self._for_load = for_load
        self._type = vocabulary.by_kind["source"]
        written = section.source.fields.get(ID)
        self._id = (written.text if written else None) or ""
        self._key = self._id.partition(":")[2]
        if not self._id.startswith("source:") or slug(self._key) != self._key:
            place = written.place if written else section.source.place
            self._say(place, "SOURCE_ID", "a source needs an id such as source:river-talks")
        self.drafts = Expander(vocabulary, self._key, problems).drafts(section.entries)
        self._uses = {one.text or "": one for one in section.uses}
        self._used: set[str] = set()

    def _say(self, place: Place, code: str, message: str, *, warn: bool = False) -> None:
        self._problems.append(Problem(place, code, message, "warning" if warn else "error"))

    # --- the source ---

    def facts(self, everywhere: Mapping[str, NodeType]) -> Facts | None:
        """The facts of the source; ``everywhere`` holds all ids that the files define."""
        source = self._source_record()
        own = {draft.id: draft for draft in self.drafts}
        by_key: dict[str, list[str]] = {}
        for draft in self.drafts:
            by_key.setdefault(draft.key, []).append(draft.id)
        for name, written in self._uses.items():
            if self._vocabulary.type_of_id(name) is None:
                self._say(written.place, "UNKNOWN_KIND", f"{name!r} is no id, as country:us is")
        records = [self._record(draft, source, by_key, everywhere, own) for draft in self.drafts]
        _complete(records, source)
        for record, draft in zip(records, self.drafts, strict=True):
            self._required(record, draft)
        for name, written in self._uses.items():
            if name not in self._used:
                self._say(written.place, "UNUSED", f"{name} is not used here", warn=True)
        return Facts(source, records, list(self._uses), self._section.text)

    def _source_record(self) -> Record:
        written = self._section.source
        record = Record(self._type, self._id, self._id, {}, {}, [], written.place)
        for name, value in written.fields.items():
            prop = self._type.properties.get(name)
            if name == ID:
                continue
            if prop is None or prop.attached:
                known = [p.name for p in self._type.properties.values() if not p.attached]
                place = written.keys.get(name, written.place)
                message = f"Source has no {name!r}{nearest(name, known)}"
                self._say(place, "UNKNOWN_PROPERTY", message)
                continue
            parsed = self._value(prop, value)
            if parsed is not None:
                record.values[name] = parsed
        cited = {rules.SHA256, rules.LENGTH, rules.SENTENCES}
        for prop in self._type.properties.values():
            if prop.required and prop.name not in record.values and prop.name not in cited:
                self._say(written.place, "MISSING", f"source needs {prop.name}: {prop.doc}")
        if cited - set(record.values) and cited & set(record.values):
            self._say(written.place, "NOT_CITED", "run `parley cite` with the source's text")
        elif cited - set(record.values):
            message = "the source is not cited yet; run `parley cite` with its text"
            self._say(written.place, "NOT_CITED", message, warn=not self._for_load)
        record.digest = _digest(written)
        return record

    # --- records ---

    def _record(
        self,
        draft: Draft,
        source: Record,
        by_key: Mapping[str, list[str]],
        everywhere: Mapping[str, NodeType],
        own: Mapping[str, Draft],
    ) -> Record:
        record = Record(
            draft.type, draft.id, self._id, {}, {}, [], draft.entry.written.place,
            digest=_digest(draft.entry.written),
        )  # fmt: skip
        links = self._vocabulary.links(draft.type)
        for name, written in draft.fields.items():
            prop = draft.type.properties.get(name)
            if prop is not None:
                parsed = self._value(prop, written)
                if parsed is not None:
                    record.values[name] = parsed
            else:
                found = self._references(draft, links[name], written, by_key, everywhere, own)
                if found:
                    record.links[name] = found
        if rules.NAME in draft.type.properties:
            record.values.setdefault(rules.NAME, name_from_key(draft.key))
        record.evidence = self._evidence(draft, source)
        self._quote(draft, record, source)
        return record

    def _required(self, record: Record, draft: Draft) -> None:
        place = record.place
        kind = draft.entry.kind
        for prop in record.type.properties.values():
            if prop.required and prop.name not in record.values:
                self._say(place, "MISSING", f"{kind} {draft.key} needs {prop.name}: {prop.doc}")
        for name, link in self._vocabulary.links(record.type).items():
            if name == "evidence":
                continue
            if link.required and name not in record.links and name not in draft.fields:
                self._say(place, "MISSING", f"{kind} {draft.key} needs {name}: {link.doc}")
            if link.one and len(record.links.get(name, ())) > 1:
                where = draft.fields[name].place
                self._say(where, "TOO_MANY", f"{name} has one value at most")
        if not record.evidence and not draft.finds and not draft.cites:
            message = f"{kind} {draft.key} cites nothing; say by find: which words say so"
            self._say(place, "NO_EVIDENCE", message)
        for find in draft.finds:
            message = "these words are not cited yet; run `parley cite` with the source's text"
            self._say(find.place, "NOT_CITED", message, warn=not self._for_load)

    # --- values ---

    def _value(self, prop: Property, written: Written) -> Value | None:
        if prop.many:
            parsed = [self._one(prop, one) for one in written.items]
            return [one for one in parsed if one is not None]  # type: ignore[return-value]
        if isinstance(written.value, list):
            message = f"{prop.name} is one value"
            if prop.scalar is scalars.EDTF:
                message += "; put a date in brackets into quotes"
            self._say(written.place, "NOT_ONE_VALUE", message)
            return None
        return self._one(prop, written)

    def _one(self, prop: Property, written: Written) -> str | int | bool | None:
        text = written.text
        if text is None:
            self._say(written.place, "NOT_A_VALUE", f"{prop.name} is a plain value")
            return None
        if not text.strip():
            self._say(written.place, "EMPTY", f"{prop.name} is empty; leave it out")
            return None
        try:
            return _parsed(prop, text)
        except (ValueProblem, ValueError) as problem:
            code = "EDTF" if prop.scalar is scalars.EDTF else "VALUE"
            self._say(written.place, code, f"{prop.name}: {problem}")
            return None

    # --- links ---

    def _references(
        self,
        draft: Draft,
        link: Link,
        written: Written,
        by_key: Mapping[str, list[str]],
        everywhere: Mapping[str, NodeType],
        own: Mapping[str, Draft],
    ) -> list[Reference]:
        found: dict[str, Reference] = {}
        for one in written.items:
            named = one.fields.get(ID, one) if one.fields else one
            target = self._resolve(named, link, by_key, everywhere, own)
            if target is None:
                continue
            if target == draft.id:
                self._say(named.place, "ITSELF", f"{link.name} leads back to {target} itself")
                continue
            if target in found:
                self._say(named.place, "NAMED_TWICE", f"{target} is named twice in {link.name}")
                continue
            found[target] = Reference(target, self._edge(link, one))
        return list(found.values())

    def _edge(self, link: Link, written: Written) -> Mapping[str, Value]:
        values: dict[str, Value] = {}
        for name, value in written.fields.items():
            if name == ID:
                continue
            prop = link.properties.get(name)
            place = written.keys.get(name, written.place)
            if prop is None:
                message = f"{link.name} has no {name!r}{nearest(name, link.properties)}"
                self._say(place, "UNKNOWN_PROPERTY", message)
                continue
            parsed = self._value(prop, value)
            if parsed is not None:
                values[name] = parsed
        for prop in link.properties.values():
            if prop.required and prop.name not in values:
                self._say(written.place, "MISSING", f"{link.name} needs {prop.name}: {prop.doc}")
        return values

    def _resolve(
        self,
        written: Written,
        link: Link,
        by_key: Mapping[str, list[str]],
        everywhere: Mapping[str, NodeType],
        own: Mapping[str, Draft],
    ) -> str | None:
        """The id that a reference means: a whole id, or the key of one record of this file."""
        text = written.text
        if not text:
            self._say(written.place, "NOT_AN_ID", f"{link.name} takes an id or a key")
            return None
        allowed = self._vocabulary.concrete_of(*link.targets)
        if ":" not in text:
            fitting = [one for one in by_key.get(text, ()) if own[one].type in allowed]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                message = f"{text!r} may be {' or '.join(fitting)}; write which"
                self._say(written.place, "AMBIGUOUS", message)
                return None
            keys = [key for key, ids in by_key.items() if any(own[i].type in allowed for i in ids)]
            message = f"no record of this file that {link.name} can lead to has the key {text!r}"
            self._say(written.place, "UNKNOWN_ID", message + nearest(text, keys))
            return None
        node = self._vocabulary.type_of_id(text)
        if node is None:
            self._say(written.place, "UNKNOWN_KIND", f"{text!r} begins with no kind that there is")
            return None
        if node not in allowed:
            kinds = ", ".join(str(one.kind) for one in allowed)
            self._say(written.place, "WRONG_KIND", f"{link.name} leads to {kinds}; not to {text!r}")
            return None
        if text in self._uses:
            self._used.add(text)
        elif text not in own:
            other = "it is defined in another file; list it under uses:"
            known = [*own, *self._uses]
            advice = (
                other
                if text in everywhere
                else f"define it, or list it under uses:{nearest(text, known)}"
            )
            self._say(written.place, "UNKNOWN_ID", f"{text!r} is not defined here; {advice}")
            return None
        return text

    # --- evidence ---

    def _evidence(self, draft: Draft, source: Record) -> list[Citation]:
        cited = [self._citation(one, source) for one in draft.cites]
        return [one for one in cited if one is not None]

    def _citation(self, written: Written, source: Record) -> Citation | None:
        numbers: dict[str, int] = {}
        for name in CITED[:4]:
            value = written.fields.get(name)
            if value is None or not (value.text or "").isdigit():
                self._say(written.place, "CITATION", f"a citation needs {name}, a whole number")
                return None
            numbers[name] = int(value.text or "")
        digest = written.fields.get("sha256")
        sha256 = (digest.text if digest else None) or ""
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            self._say(written.place, "CITATION", "a citation needs sha256, 64 hexadecimal digits")
            return None
        start, end = numbers["start"], numbers["end"]
        length, starts = source.values.get(rules.LENGTH), source.values.get(rules.SENTENCES)
        if not isinstance(length, int) or not isinstance(starts, list):
            return None
        try:
            first, last, words = locator(
                start, end, [s for s in starts if isinstance(s, int)], length
            )
        except TextProblem as problem:
            self._say(written.place, "PASSAGE", str(problem))
            return None
        given = written.fields.get(LOCATOR)
        if given is not None and given.text != words:
            self._say(given.place, "LOCATOR", f"these offsets are {words}, not {given.text}")
        return Citation(
            start, end, numbers["startUtf16"], numbers["endUtf16"], sha256, first, last, words
        )

    def _quote(self, draft: Draft, record: Record, source: Record) -> None:
        quote = record.values.get(rules.QUOTE)
        if not isinstance(quote, str):
            return
        place = draft.fields[rules.QUOTE].place
        count = words_in(quote)
        if count > rules.QUOTE_WORDS:
            message = f"a quote of {count} words is too long; keep {rules.QUOTE_WORDS} at most"
            self._say(place, "QUOTE_TOO_LONG", message)
        starts, length = source.values.get(rules.SENTENCES), source.values.get(rules.LENGTH)
        if isinstance(starts, list) and isinstance(length, int):
            begins = [one for one in starts if isinstance(one, int)]
            whole = dict(zip(begins, [*begins[1:], length], strict=True))
            for cited in record.evidence:
                spans = cited.end - cited.start <= len(quote) + 2
                if cited.start in whole and whole[cited.start] - cited.end <= 2 and spans:
                    message = "the quote is a whole sentence; keep a phrase of it"
                    self._say(place, "QUOTE_IS_SENTENCE", message)


def _parsed(prop: Property, text: str) -> str | int | bool:
    """A written value in the form that records hold; raises ValueError with advice."""
    if prop.enumeration:
        words = [str(word.value) for word in prop.enumeration]
        if text not in words:
            advice = nearest(text, words) or f"; it is one of {', '.join(words)}"
            raise ValueError(f"{text!r} is none of its words{advice}")
        return text
    match prop.scalar:
        case scalars.INT | scalars.LONG:
            return int(text)
        case scalars.BOOLEAN:
            if text not in {"true", "false"}:
                raise ValueError(f"{text!r} is neither true nor false")
            return text == "true"
        case scalars.DECIMAL:
            return canonical_decimal(parse_decimal(text))
        case scalars.EDTF:
            return parse_edtf(text).edtf
        case scalars.DATE:
            return date.fromisoformat(text).isoformat()
        case scalars.DATE_TIME:
            return datetime.fromisoformat(text).isoformat()
        case _:
            return unit_of(text) if prop.name == "unit" else text.strip()


def _digest(written: Written) -> int:
    """A signed 64-bit hash of a record as written; places and layout do not count."""
    raw = orjson.dumps(_plain(written), option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), signed=True)


def _plain(written: Written) -> object:
    if isinstance(written.value, dict):
        return {key: _plain(value) for key, value in written.value.items()}
    if isinstance(written.value, list):
        return [_plain(one) for one in written.value]
    return written.value


# --- what follows from what is written ------------------------------------------------------------


def _complete(records: Sequence[Record], source: Record) -> None:
    """Fill in what is left out: defaults, what is inherited along links, what is derived."""
    by_id = {record.id: record for record in records}
    published = source.values.get(rules.PUBLISHED)
    latest = parse_edtf(published).latest if isinstance(published, str) else None
    last = latest.isoformat() if latest else None

    def known(node_id: str) -> rules.Known | None:
        record = by_id.get(node_id)
        if record is None:
            return None
        links = {name: [one.id for one in to] for name, to in record.links.items()}
        anonymous = record.values.get(rules.ANONYMOUS) is True
        return rules.Known(
            record.values, links, known, record.type.kind or "", last, anonymous=anonymous
        )

    for record in records:
        rule = rules.DEFAULTS.get(record.type.label)
        this = known(record.id)
        if rule is not None and this is not None:
            for name, value in rule(this).items():
                record.values.setdefault(name, value)
    for record in records:
        _inherit(record, by_id, ())
    for record in records:
        rule = rules.DERIVED.get(record.type.label)
        this = known(record.id)
        if rule is not None and this is not None:
            record.values |= rule(this)


def _inherit(record: Record, by_id: Mapping[str, Record], seen: tuple[str, ...]) -> None:
    """Take values along links where none is given: ``saidOn`` from ``saidAt.date``."""
    if record.id in seen:
        return
    for prop in record.type.properties.values():
        if not prop.inherited or prop.name in record.values:
            continue
        link, name = prop.inherited
        for reference in record.links.get(link, ()):
            other = by_id.get(reference.id)
            if other is not None:
                _inherit(other, by_id, (*seen, record.id))
                if name in other.values:
                    record.values[prop.name] = other.values[name]
