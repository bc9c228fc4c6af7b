"""Cite one source: find words, verify and relocate earlier citations, make missing keys."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from graph_seed.checking.check_source import parse_find
from graph_seed.checking.expand import Expander
from graph_seed.checking.record_schema import record_schema
from graph_seed.citing.quotes import find_quote_problems
from graph_seed.problems import Problem
from graph_seed.records import Place
from graph_seed.syntax.edits import Edits
from graph_seed.syntax.tree import RawRecord, SourceSection, SyntaxNode
from graph_seed.text import Span, TextProblem, find_span, sentence_starts, span, text_sha256, verify
from graph_seed.text.find import short_quote
from graph_seed.text.nearest import whole_words
from graph_seed.text.relocate import Passage, words_before
from graph_seed.values import ValueProblem, slug
from schema import rules
from schema.vocabulary import Vocabulary


@dataclass(slots=True)
class SourceCiting:
    """Turns what one source's records cite by into edits; counts what it does."""

    section: SourceSection
    text: str
    vocabulary: Vocabulary
    edits: Edits
    problems: list[Problem]
    cited: int = 0
    moved: int = 0
    held: int = 0
    keys: int = 0
    _starts: tuple[int, ...] = ()
    _expected: list[tuple[str, list[tuple[int, int]]]] = field(default_factory=list)
    """Of each record: its key, and what it is to cite."""

    def run(self) -> None:
        """Find everything, and collect the edits."""
        self._starts = sentence_starts(self.text)
        self.edits.set_fields(
            self.section.source,
            {
                rules.SHA256: self.edits.text(text_sha256(self.text)),
                rules.LENGTH: str(len(self.text)),
                rules.SENTENCES: f"[{', '.join(str(one) for one in self._starts)}]",
            },
        )
        keys = make_keys(self.section.entries, self.vocabulary)
        held = self._verify_earlier()
        for entry, key in zip(self.section.entries, keys, strict=True):
            spans = self._record(entry, held)
            self._expected.append((key, [(one.start, one.end) for one in spans]))
            self.problems += find_quote_problems(entry, self.vocabulary, self.text, spans)
            if key != entry.key:
                self.edits.set_key(entry.written, entry.kind, key)
                self.keys += 1

    def _report(self, place: Place, code: str, message: str) -> None:
        self.problems.append(Problem(place, code, message))

    def _passages(self) -> Iterator[SyntaxNode]:
        for entry in self.section.entries:
            if rules.AT in entry.written.fields:
                yield from entry.written.fields[rules.AT].items

    def _verify_earlier(self) -> dict[int, Span]:
        """Return where passages cited before are in the text now, by the identity of ``at``."""
        items: list[SyntaxNode] = []
        passages: list[tuple[int, int, str]] = []
        for one in self._passages():
            fields = {name: value.text or "" for name, value in one.fields.items()}
            try:
                start, end = int(fields[rules.START]), int(fields[rules.END])
                passages.append((start, end, fields[rules.SHA256]))
                items.append(one)
            except (KeyError, ValueError):
                message = "a citation needs start, end and sha256; or cite the words by find:"
                self._report(one.place, "CITATION", message)
        found = verify(self.text, passages, length=self._length())
        for index, place in found.lost.items():
            message = self._lost(items[index], passages[index], place)
            self._report(items[index].place, "LOST", message)
        self.held, self.moved = len(found.holding), len(found.moved)
        places = {index: passages[index][:2] for index in found.holding} | found.moved
        return {
            id(items[index]): span(self.text, start, end, self._starts)
            for index, (start, end) in places.items()
        }

    def _length(self) -> int | None:
        """Return the length of the text that was cited before, if the source says it."""
        written = self.section.source.fields.get(rules.LENGTH)
        text = (written.text if written else None) or ""
        return int(text) if text.isdecimal() else None

    def _lost(self, written: SyntaxNode, passage: Passage, place: tuple[int, int]) -> str:
        """Say which words are lost, as far as is known, and what stands in their place."""
        before = words_before(self.text, place, passage)
        locator = written.fields.get(rules.LOCATOR)
        where = f", {locator.text}" if locator and locator.text else ""
        size = passage[1] - passage[0]
        words = short_quote(before) if before else f"what was cited here ({size} characters{where})"
        problem = f"{words} is no longer in the text"
        start, end = whole_words(self.text, place, 0, len(self.text))
        if start < end:
            sentence = max(bisect_right(self._starts, start), 1)
            now = short_quote(self.text[start:end])
            problem += f"; nearest is {now} in sentence {sentence} of {len(self._starts)}"
        return f"{problem}; cite the words anew by find:"

    # --- one record ---

    def _record(self, entry: RawRecord, held: dict[int, Span]) -> list[Span]:
        """Cite a record; its edits are collected if all of its words are found."""
        mapping = entry.written
        find, at = mapping.fields.get(rules.FIND), mapping.fields.get(rules.AT)
        old = [held[id(one)] for one in at.items if id(one) in held] if at else []
        new = [one for one in map(self._find, find.items) if one is not None] if find else []
        spans = _once([*old, *new]) if find else old
        if (find and len(new) < len(find.items)) or (at and len(old) < len(at.items)):
            return spans
        if any(one.elsewhere for one in (find, at) if one):
            message = "an alias cannot be cited; write the words themselves here"
            self._report(mapping.keys[rules.FIND if find else rules.AT], "ALIAS", message)
        elif find:
            self.cited += len(new)
            self.edits.cite(mapping, rules.FIND, [self.edits.citation(one) for one in spans])
            if at:
                self.edits.remove(mapping, rules.AT)
        elif at:
            self._mend(mapping, at, old)
        return spans

    def _mend(self, mapping: SyntaxNode, at: SyntaxNode, spans: list[Span]) -> None:
        """Follow what moved; where nothing did, a citation is left as it is spelled."""
        for one, found in zip(at.items, spans, strict=True):
            if _says(one, found):
                continue
            if any(item.elsewhere for item in at.items):
                message = "this is an alias and its words have moved; cite them here by find:"
                self._report(mapping.keys[rules.AT], "ALIAS", message)
                return
            if self.edits.raw[one.span[0]] == "{":
                self.edits.replace(one, self.edits.citation(found))
            else:
                self.edits.cite(mapping, rules.AT, [self.edits.citation(it) for it in spans])
                return

    def _find(self, written: SyntaxNode) -> Span | None:
        try:
            start, end = find_span(self.text, parse_find(written))
            return span(self.text, start, end, self._starts)
        except TextProblem as problem:
            self._report(written.place, "NOT_FOUND", str(problem))
            return None

    # --- afterwards ---

    def differences(self, again: SourceSection | None) -> list[Problem]:
        """Yield how the edited file differs from what was meant: an unusual layout can cause it."""
        entries = again.entries if again else []
        wrong = len(entries) != len(self.section.entries)
        for old, new, (key, cited) in zip(
            self.section.entries, entries, self._expected, strict=False
        ):
            offsets = [_offsets(one) for one in new.written.fields.get(rules.AT, _NONE).items]
            if new.key != key or offsets != cited or _else(old) != _else(new):
                return [_report_layout(old.place)]
        return [_report_layout(self.section.source.place)] if wrong else []


_NONE = SyntaxNode([], Place("", 0))


def _report_layout(place: Place) -> Problem:
    message = "this cannot be edited as it is laid out; write its fields one a line"
    return Problem(place, "LAYOUT", message)


def _once(spans: Iterable[Span]) -> list[Span]:
    return list({(one.start, one.end): one for one in spans}.values())


def _says(written: SyntaxNode, found: Span) -> bool:
    """Return whether a citation agrees with a span."""
    fields = {name: value.text for name, value in written.fields.items()}
    return fields == {
        rules.START: str(found.start),
        rules.END: str(found.end),
        rules.START_UTF16: str(found.start_utf16),
        rules.END_UTF16: str(found.end_utf16),
        rules.SHA256: found.sha256,
        rules.LOCATOR: found.locator,
    }


def _offsets(written: SyntaxNode) -> tuple[int, int]:
    fields = written.fields
    return int(fields[rules.START].text or ""), int(fields[rules.END].text or "")


def _else(entry: RawRecord) -> object:
    """Return all that a record says but for its key and what it cites."""
    but = {entry.kind, rules.FIND, rules.AT}
    return {
        name: to_plain(value) for name, value in entry.written.fields.items() if name not in but
    }


def to_plain(written: SyntaxNode) -> object:
    """Return a node as texts, lists and mappings."""
    if isinstance(written.value, dict):
        return {name: to_plain(value) for name, value in written.value.items()}
    if isinstance(written.value, list):
        return [to_plain(one) for one in written.value]
    return written.value


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
    expander = Expander(vocabulary, "", _ignore, _ignore)
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


def _ignore(place: Place, code: str, message: str) -> None:
    """Ignore a problem: the check of the record reports it."""
