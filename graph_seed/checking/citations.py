"""Check citations and quotes as a file gives them, without the source's text."""

import re

from graph_seed.checking.expand import Draft
from graph_seed.problems import Report, nearest
from graph_seed.records import Citation, Record
from graph_seed.syntax.tree import SyntaxNode, comma_advice
from graph_seed.text import Find, TextProblem, locator
from graph_seed.values.problem import quote_text
from graph_seed.values.words import count_words
from schema import rules

OFFSETS = (rules.START, rules.END, rules.START_UTF16, rules.END_UTF16)
PARTS = {"from": "start", "to": "end", "after": "after", "before": "before"}
"""What a ``find:`` may say, and what that is called where words are looked for."""
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
