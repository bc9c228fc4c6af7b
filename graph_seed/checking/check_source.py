"""Check one source: itself, its records, their citations, and the ids it uses of others."""

import re

from graph_seed.checking.countries import bundled_ids
from graph_seed.checking.expand import Draft, Expander, apply_defaults, guess_key, kind_advice
from graph_seed.checking.parse_values import ValueReader, key_advice
from graph_seed.checking.record_schema import record_schema, recorded_types
from graph_seed.checking.references import References, Step
from graph_seed.checking.validate import violations
from graph_seed.problems import Report, nearest
from graph_seed.records import Citation, Facts, Place, Record, digest_of
from graph_seed.state.index_limits import oversized_values
from graph_seed.syntax.tree import SourceSection, SyntaxNode, comma_advice
from graph_seed.text import Find, TextProblem, locator
from graph_seed.values import name_from_key, one_form
from graph_seed.values.problem import quote_text
from graph_seed.values.short_cache import cache_short
from graph_seed.values.words import count_words
from schema import rules
from schema.names import EVIDENCE, ID
from schema.vocabulary import Vocabulary

OFFSETS = (rules.START, rules.END, rules.START_UTF16, rules.END_UTF16)
PARTS = {"from": "start", "to": "end", "after": "after", "before": "before"}
"""The keys of a ``find:``, with the field of ``Find`` that holds the words of each."""
_NUMBER = re.compile(r"[0-9]{1,10}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def parse_find(written: SyntaxNode) -> Find:
    """Return what a ``find:`` asks for; raises TextProblem for a malformed one."""
    if written.text is not None:
        if not written.text.strip():
            raise TextProblem("there are no words to look for")
        return Find(quote=written.text)
    for name, value in written.fields.items():
        if name not in PARTS:
            guess = comma_advice(value) or nearest(name, PARTS)
            advice = guess or f"; it takes words, or {', '.join(PARTS)}"
            raise TextProblem(f"find has no {quote_text(name)}{advice}")
        if not (value.text or "").strip():
            raise TextProblem(f"{name}: must be words of the text; a colon needs quotes")
    if "from" not in written.fields:
        raise TextProblem("find takes words, or from: with to:, after: or before:")
    return Find(**{PARTS[name]: value.text or "" for name, value in written.fields.items()})


class Citations:
    """Checks what the records of one source cite."""

    def __init__(self, report: Report, warn: Report, source: Record) -> None:
        self._report, self._warn = report, warn
        length = source.values.get(rules.LENGTH)
        starts = source.values.get(rules.SENTENCES)
        self._length = length if isinstance(length, int) else 0
        self._starts = (
            [one for one in starts if isinstance(one, int)] if isinstance(starts, list) else []
        )
        self._whole = dict(zip(self._starts, [*self._starts[1:], self._length], strict=False))

    def of(self, draft: Draft) -> list[Citation]:
        """Return the passages that a record cites, without repetitions."""
        found: dict[tuple[int, int], Citation] = {}
        for one in draft.cites:
            cited = self._citation(one)
            if cited is None:
                continue
            if (cited.start, cited.end) in found:
                self._warn(one.place, "CITED_TWICE", f"{cited.start}–{cited.end} is cited twice")
            found[cited.start, cited.end] = cited
        return list(found.values())

    def _citation(self, written: SyntaxNode) -> Citation | None:
        known = (*OFFSETS, rules.SHA256, rules.LOCATOR)
        for name in written.fields:
            if name not in known:
                message = f"a citation has no {name!r}{nearest(name, known)}"
                self._report(written.keys[name], "UNKNOWN_PROPERTY", message)
        numbers: list[int] = []
        for name in OFFSETS:
            value = written.fields.get(name)
            if value is None or not _NUMBER.fullmatch(value.text or ""):
                place = value.place if value else written.place
                self._report(place, "CITATION", f"a citation needs {name}, a whole number")
                return None
            numbers.append(int(value.text or ""))
        digest = written.fields.get(rules.SHA256)
        sha256 = (digest.text if digest else None) or ""
        if not _SHA256.fullmatch(sha256):
            place = digest.place if digest else written.place
            self._report(place, "CITATION", "a citation needs sha256, 64 hexadecimal digits")
            return None
        return self._passage(written, numbers, sha256)

    def _passage(self, written: SyntaxNode, numbers: list[int], sha256: str) -> Citation | None:
        start, end, start16, end16 = numbers
        size, size16 = end - start, end16 - start16
        if not self._starts:
            return None
        try:
            first, last, words = locator(start, end, self._starts, self._length)
        except TextProblem as problem:
            self._report(written.place, "PASSAGE", str(problem))
            return None
        if not (start <= start16 <= 2 * start and size <= size16 <= 2 * size):
            message = f"{start16}–{end16} in UTF-16 cannot be {start}–{end} in code points"
            self._report(written.place, "PASSAGE", message)
        given = written.fields.get(rules.LOCATOR)
        if given is not None and given.text != words:
            self._report(given.place, "LOCATOR", f"these offsets are {words}, not {given.text}")
        return Citation(start, end, start16, end16, sha256, first, last, words)

    def quote(self, draft: Draft, record: Record) -> None:
        """Refuse a quote that is too long, or a whole sentence."""
        quote = record.values.get(rules.QUOTE)
        if not isinstance(quote, str):
            return
        place = draft.fields[rules.QUOTE].place
        count = count_words(quote)
        if count > rules.QUOTE_WORDS:
            message = f"a quote of {count} words is too long; keep {rules.QUOTE_WORDS} at most"
            self._report(place, "QUOTE_TOO_LONG", message)
        for cited in record.evidence:
            # White space behind a sentence and a full stop or quotation marks left out count.
            ends = self._whole.get(cited.start, -1) - cited.end
            if 0 <= ends <= 2 and cited.end - cited.start <= len(quote) + 2:
                message = "the quote is a whole sentence; keep a phrase of it"
                self._report(place, "QUOTE_IS_SENTENCE", message)


CITED = (rules.SHA256, rules.LENGTH, rules.SENTENCES)
"""What citing writes of a source's text."""
_RUN = "run `parley cite` with the source's text"


class SourceCheck:
    """Checks one source; ``say`` is told of errors, ``not_cited`` of words without offsets."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        section: SourceSection,
        report: Report,
        warn: Report,
        not_cited: Report,
    ) -> None:
        self._vocabulary = vocabulary
        self._section = section
        self._report, self._warn, self._not_cited = report, warn, not_cited
        self._type = vocabulary.by_kind[rules.SOURCE]
        self._reader = ValueReader(report)
        written = section.source.fields.get(ID)
        self.id = one_form((written.text if written else None) or "")
        self.place: Place = written.place if written else section.source.place
        _, _, key = self.id.partition(":")
        advice = _id_advice(self.id)
        if advice is not None and section.source.fields:
            message = f"a source needs an id such as source:river-talks{advice}"
            report(self.place, "SOURCE_ID", message)
        self._to_cite: list[Place] = []
        """Words that are not cited yet."""
        source_key = key if advice is None else guess_key(key)
        self.drafts = Expander(vocabulary, source_key, report, warn).drafts(section.entries)
        self._records: dict[str, Record] = {}
        self.steps: list[Step] = []
        """Where its records lead to along links that may not lead in a circle."""

    def facts(self, everywhere: set[str], sources: set[str]) -> Facts:
        """Return the facts, given all ids that the files define, and the ids of their sources."""
        source = self._source_record()
        own = {draft.id: draft for draft in self.drafts}
        uses = self._uses(own, everywhere, sources)
        references = References(self._vocabulary, self._report, own, uses, everywhere)
        citations = Citations(self._report, self._warn, source)
        records = [self._record(draft, references, citations) for draft in self.drafts]
        apply_defaults(records, source)
        self._records = {record.id: record for record in records}
        for record, draft in zip(records, self.drafts, strict=True):
            self._validate(record, draft)
            record.digest = digest_of(record)
        self._report_uncited()
        for name, written in uses.items():
            if name not in references.used:
                self._warn(written.place, "UNUSED", f"{name} is not used here")
        used = {name: written.place for name, written in uses.items()}
        return Facts(source, records, used, self._section.text)

    # --- the source ---

    def _source_record(self) -> Record:
        written = self._section.source
        record = Record(self._type, self.id, self.id, {}, {}, [], written.place)
        if not written.fields:
            # That there is none was said when the file was read.
            return record
        known = record_schema(self._vocabulary, self._type).properties
        for name, value in written.fields.items():
            prop = known.get(name)
            if prop is not None:
                parsed = self._reader.value(prop, value)
                if parsed is not None:
                    record.values[name] = parsed
            elif name != ID:
                message = f"a source has no {name!r}{nearest(name, [*known, ID])}"
                self._report(written.keys[name], "UNKNOWN_PROPERTY", message)
        for prop in known.values():
            if prop.required and prop.name not in {*written.fields, *CITED}:
                self._report(written.place, "MISSING", f"a source needs {prop.name}: {prop.doc}")
        for one in oversized_values(record.type, record.id, record.values):
            self._report(written.place, "TOO_LONG", f"the source: {one}")
        if set(CITED) <= set(record.values):
            self._text(record)
        record.digest = digest_of(record)
        return record

    def _report_uncited(self) -> None:
        """Say once what is to be cited: where the first of it stands, and how much it is."""
        source = self._section.source
        count = len(self._to_cite)
        passages = "one passage" if count == 1 else f"{count} passages"
        verb = "is" if count == 1 else "are"
        if source.fields and not set(CITED) <= set(source.fields):
            what = f"the source and {passages} are" if count else "the source is"
            self._not_cited(source.place, "NOT_CITED", f"{what} not cited yet; {_RUN}")
        elif count:
            first = min(self._to_cite, key=lambda place: (place.line, place.column))
            self._not_cited(first, "NOT_CITED", f"{passages} {verb} not cited yet; {_RUN}")

    def _text(self, record: Record) -> None:
        """Refuse what citing cannot have written: all offsets would be wrong by it."""
        length, starts = record.values[rules.LENGTH], record.values[rules.SENTENCES]
        numbers = (
            [one for one in starts if isinstance(one, int)] if isinstance(starts, list) else []
        )
        good = (
            isinstance(length, int)
            and numbers == sorted(set(numbers))
            and all(0 <= one < length for one in numbers)
        )
        if not good:
            written = self._section.source
            message = f"sha256, length and sentences do not fit together; {_RUN}"
            self._report(written.keys[rules.SHA256], "SOURCE_TEXT", message)

    def _uses(
        self, own: dict[str, Draft], everywhere: set[str], sources: set[str]
    ) -> dict[str, SyntaxNode]:
        """Return the ids that the file lists as defined by others, without repetitions."""
        uses: dict[str, SyntaxNode] = {}
        for written in self._section.uses:
            name = one_form(written.text or "")
            of = f"{rules.SOURCE}:{name.partition(':')[2].partition('/')[0]}"
            if self._vocabulary.type_of_id(name) is None:
                advice = self._kind_advice(name, own)
                message = f"{quote_text(name)} is not an id such as country:us{advice}"
                self._report(written.place, "UNKNOWN_KIND", message)
            elif name in uses:
                self._report(written.place, "NAMED_TWICE", f"{name} is listed twice")
            elif name in own:
                self._warn(written.place, "UNUSED", f"{name} is defined here; do not list it")
            else:
                uses[name] = written
                if "/" in name and of in sources and name not in everywhere:
                    kind = name.partition(":")[0]
                    same = [one for one in everywhere if one.startswith(f"{kind}:")]
                    advice = nearest(name, same)
                    self._report(written.place, "UNKNOWN_ID", f"{of} defines no {name}{advice}")
                country = name.startswith(f"{rules.COUNTRY}:")
                if country and name not in everywhere and name not in bundled_ids():
                    self._warn(written.place, "UNKNOWN_ID", _no_country(name))
        return uses

    def _kind_advice(self, name: str, own: dict[str, Draft]) -> str:
        """Return what to write for a name without a kind, or of a kind there is not."""
        kind, colon, _ = name.partition(":")
        if colon:
            return kind_advice(recorded_types(self._vocabulary), kind)
        known = [one for one in (*own, *bundled_ids()) if one.partition(":")[2] == name.lower()]
        example = known[0] if known else f"person:{name}" if key_advice(name) is None else ""
        return f"; an id begins with its kind{f', as in {example}' if example else ''}"

    # --- records ---

    def _record(self, draft: Draft, references: References, citations: Citations) -> Record:
        record = Record(draft.type, draft.id, self.id, {}, {}, [], draft.entry.place)
        known = record_schema(self._vocabulary, draft.type)
        for name, written in draft.fields.items():
            if name in known.properties:
                parsed = self._reader.value(known.properties[name], written)
                if parsed is not None:
                    record.values[name] = parsed
                continue
            link = known.links[name]
            found = references.of(draft, link, written)
            if found:
                record.links[name] = [reference for reference, _ in found]
            if link.relationship is not None and link.relationship.acyclic:
                self.steps += [Step(name, draft.id, to.id, at, self.id) for to, at in found]
        if rules.NAME in draft.type.properties:
            name = name_from_key(draft.key, proper=draft.type.capitalized)
            record.values.setdefault(rules.NAME, name)
        record.evidence = citations.of(draft)
        citations.quote(draft, record)
        return record

    def _validate(self, record: Record, draft: Draft) -> None:
        """Report the rules that a record breaks, at the field that breaks them."""
        for name in record_schema(self._vocabulary, record.type).links.keys() & draft.fields.keys():
            if not draft.fields[name].items:
                self._report(draft.fields[name].place, "EMPTY", f"{name} is empty; leave it out")
        unreadable = draft.unreadable | draft.fields.keys() - record.values.keys() - {*record.links}
        if draft.finds or draft.cites:
            unreadable.add(EVIDENCE)
        subject = f"{draft.entry.kind} {draft.key[:60]}"
        for one in violations(self._vocabulary, record, self._records, subject, unreadable):
            field = draft.fields.get(one.name)
            self._report(field.place if field else record.place, one.code, one.message)
        for find in draft.finds:
            try:
                parse_find(find)
            except TextProblem as problem:
                self._report(find.place, "FIND", str(problem))
            else:
                self._to_cite.append(find.place)


def _id_advice(source: str) -> str | None:
    """Return how to write a source's id, or None for one that is right."""
    kind, _, key = source.partition(":")
    if kind == rules.SOURCE and key_advice(key) is None:
        return None
    key = guess_key(key if kind.lower() in {rules.SOURCE, f"{rules.SOURCE}s"} else source)
    return f"; write it as '{rules.SOURCE}:{key}'" if key else ""


@cache_short(1024, longest=200)
def _no_country(name: str) -> str:
    """Return the message about a country that is not bundled; large files repeat the same ones."""
    advice = nearest(name, bundled_ids()) or "; another file has to define it"
    return f"{name} is not a bundled country{advice}"
