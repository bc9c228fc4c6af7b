"""Citing: the words that an author cites by become offsets, hashes and locators.

The file is edited where a ``find:`` stands and nowhere else, so comments, order and layout stay.
Nothing is written unless all of it can be.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from graph_seed.problems import Problem, errors
from graph_seed.records import Place
from graph_seed.text import (
    Find,
    Span,
    TextProblem,
    find_span,
    sentence_starts,
    span,
    text_sha256,
    verify,
)
from graph_seed.values import slug
from graph_seed.written import Entry, Section, Written, read
from schema import rules
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary

PARTS = {"from": "start", "to": "end", "after": "after", "before": "before"}
KEY_WORDS = 6


@dataclass(slots=True)
class CiteReport:
    """What citing did: passages cited anew, moved with the text, held as they were; keys set."""

    cited: int = 0
    moved: int = 0
    held: int = 0
    keys: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def written(self) -> bool:
        """Whether the file was written."""
        return not errors(self.problems)


def cite(path: Path | str, text: str, vocabulary: Vocabulary = DOMAIN) -> CiteReport:
    """Rewrite each ``find:`` of a facts file to an ``at:``, and what the source says of its text.

    ``text`` is the source's text as ``hashed_text`` gives it. Problems are said all at once, and
    then nothing is written.
    """
    path = Path(path)
    raw = path.read_text(encoding="utf-8")
    sections, problems = read(path, raw)
    report = CiteReport(problems=problems)
    if len(sections) != 1 and not errors(problems):
        message = "cite takes a file of one source"
        report.problems.append(Problem(Place(str(path), 1), "NOT_ONE_SOURCE", message))
    if errors(report.problems):
        return report
    edits = _Editor(raw, text, report)
    edits.source(sections[0])
    for entry in sections[0].entries:
        edits.entry(entry, vocabulary)
    edits.keys(sections[0].entries)
    edits.hold()
    if report.written and edits.edits:
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(edits.result(), encoding="utf-8")
        beside.replace(path)
    return report


class _Editor:
    """Collects edits of one file's text."""

    def __init__(self, raw: str, text: str, report: CiteReport) -> None:
        self._raw = raw
        self._text = text
        self._starts = sentence_starts(text)
        self._report = report
        self.edits: list[tuple[int, int, str]] = []
        self._held: list[Written] = []

    def _say(self, place: Place, code: str, message: str) -> None:
        self._report.problems.append(Problem(place, code, message))

    def result(self) -> str:
        """The file's text with all edits made."""
        parts: list[str] = []
        at = 0
        for start, end, new in sorted(self.edits):
            parts += [self._raw[at:start], new]
            at = end
        return "".join([*parts, self._raw[at:]])

    # --- the source ---

    def source(self, section: Section) -> None:
        """Write what is known of the text into the source."""
        given = {
            rules.SHA256: text_sha256(self._text),
            rules.LENGTH: str(len(self._text)),
            rules.SENTENCES: f"[{', '.join(str(one) for one in self._starts)}]",
        }
        written = section.source
        added: list[str] = []
        for name, value in given.items():
            old = written.fields.get(name)
            if old is None:
                added.append(f"{name}: {value}")
            elif self._raw[slice(*old.span)] != value:
                self.edits.append((*old.span, value))
        if not added:
            return
        last = max(one.span[1] for one in written.fields.values())
        if self._raw[written.span[0]] == "{":
            self.edits.append((last, last, ", " + ", ".join(added)))
        else:
            indent = " " * (next(iter(written.keys.values())).column - 1)
            lines = "".join(f"\n{indent}{one}" for one in added)
            self.edits.append((last, last, lines))

    # --- passages ---

    def entry(self, entry: Entry, vocabulary: Vocabulary) -> None:
        """Cite one record's words."""
        if entry.kind not in vocabulary.by_kind:
            return
        fields = entry.written.fields
        find, at = fields.get(rules.FIND), fields.get(rules.AT)
        if at is not None:
            self._held += at.items
        if find is None:
            return
        spans = [self._find(one) for one in find.items]
        if any(one is None for one in spans):
            return
        cited = [self._flow(one) for one in spans if one is not None]
        self._report.cited += len(cited)
        key_start = self._key_start(find, rules.FIND)
        if at is not None:
            body = "".join(f", {one}" for one in cited)
            end = at.span[1]
            listed = isinstance(at.value, list)
            self.edits.append((end - 1, end - 1, body) if listed else (end, end, body + "]"))
            if not listed:
                self.edits.append((at.span[0], at.span[0], "["))
            self.edits.append((*self._line(key_start, find.span[1]), ""))
            return
        indent = " " * entry.written.keys[rules.FIND].column
        value = cited[0]
        if len(cited) > 1:
            value = "[\n" + ",\n".join(f"{indent}  {one}" for one in cited) + f"\n{indent}]"
        self.edits.append((key_start, self._end(find), f"{rules.AT}: {value}"))

    def _key_start(self, value: Written, key: str) -> int:
        return self._raw.rindex(key, 0, value.span[0])

    def _end(self, value: Written) -> int:
        """Where a value ends, without the line break that a block value takes with it."""
        start, end = value.span
        return start + len(self._raw[start:end].rstrip())

    def _line(self, start: int, end: int) -> tuple[int, int]:
        """The whole line of a field that is taken out."""
        begin = self._raw.rfind("\n", 0, start)
        return (begin if begin >= 0 else start, start + len(self._raw[start:end].rstrip()))

    def _find(self, written: Written) -> Span | None:
        try:
            find = self._wanted(written)
            start, end = find_span(self._text, find)
            return span(self._text, start, end, self._starts)
        except TextProblem as problem:
            self._say(written.place, "NOT_FOUND", str(problem))
            return None

    def _wanted(self, written: Written) -> Find:
        if written.text is not None:
            return Find(quote=written.text)
        unknown = set(written.fields) - set(PARTS)
        if not written.fields or unknown:
            raise TextProblem("find takes words, or from:, to:, after:, before:")
        given = {PARTS[name]: value.text or "" for name, value in written.fields.items()}
        return Find(**given)

    def _flow(self, found: Span) -> str:
        return (
            f"{{start: {found.start}, end: {found.end}, startUtf16: {found.start_utf16}, "
            f"endUtf16: {found.end_utf16}, sha256: {found.sha256}, locator: {found.locator}}}"
        )

    def hold(self) -> None:
        """See that what was cited before still stands where it stood, and follow what moved."""
        passages: list[tuple[int, int, str]] = []
        for one in self._held:
            fields = {name: value.text or "" for name, value in one.fields.items()}
            try:
                passages.append((int(fields["start"]), int(fields["end"]), fields["sha256"]))
            except (KeyError, ValueError):
                self._say(one.place, "CITATION", "a citation needs start, end and sha256")
                return
        found = verify(self._text, passages)
        self._report.held += len(found.holding)
        for index in found.lost:
            message = "these words are no longer in the text; cite others by find:"
            self._say(self._held[index].place, "LOST", message)
        for index, (start, end) in found.moved.items():
            one = self._held[index]
            self.edits.append((*one.span, self._flow(span(self._text, start, end, self._starts))))
            self._report.moved += 1

    # --- keys ---

    def keys(self, entries: Iterable[Entry]) -> None:
        """Set a missing key once, from the first words of what the record says."""
        entries = list(entries)
        taken = {(entry.kind, entry.key) for entry in entries}
        for entry in entries:
            if entry.key:
                continue
            words = next(
                (
                    value.text
                    for name, value in entry.written.fields.items()
                    if name not in {entry.kind, rules.FIND, rules.AT} and value.text
                ),
                entry.kind,
            )
            stem = "-".join(re.split(r"-", slug(words))[:KEY_WORDS]) or entry.kind
            key, number = stem, 1
            while (entry.kind, key) in taken:
                number += 1
                key = f"{stem}-{number}"
            taken.add((entry.kind, key))
            value = entry.written.fields[entry.kind]
            colon = self._raw.rindex(f"{entry.kind}:", 0, value.span[0]) + len(entry.kind) + 1
            self.edits.append((colon, colon, f" {key}"))
            self._report.keys += 1
