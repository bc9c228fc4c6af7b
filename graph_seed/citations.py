"""Citations and quotes as a file gives them, checked without the source's text."""

from graph_seed.expand import Draft
from graph_seed.reading import Say
from graph_seed.records import Citation, Record
from graph_seed.text import TextProblem, locator, words_in
from graph_seed.written import Written
from schema import rules

OFFSETS = ("start", "end", "startUtf16", "endUtf16")
LOCATOR = "locator"


class Citations:
    """Checks what the records of one source cite."""

    def __init__(self, say: Say, source: Record) -> None:
        self._say = say
        length = source.values.get(rules.LENGTH)
        starts = source.values.get(rules.SENTENCES)
        self._length = length if isinstance(length, int) else 0
        self._starts = (
            [one for one in starts if isinstance(one, int)] if isinstance(starts, list) else []
        )

    def of(self, draft: Draft) -> list[Citation]:
        """The passages that a record cites."""
        cited = [self._citation(one) for one in draft.cites]
        return [one for one in cited if one is not None]

    def _citation(self, written: Written) -> Citation | None:
        numbers: dict[str, int] = {}
        for name in OFFSETS:
            value = written.fields.get(name)
            if value is None or not (value.text or "").isdigit():
                self._say(written.place, "CITATION", f"a citation needs {name}, a whole number")
                return None
            numbers[name] = int(value.text or "")
        digest = written.fields.get(rules.SHA256)
        sha256 = (digest.text if digest else None) or ""
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            self._say(written.place, "CITATION", "a citation needs sha256, 64 hexadecimal digits")
            return None
        start, end = numbers["start"], numbers["end"]
        if not self._starts:
            return None
        try:
            first, last, words = locator(start, end, self._starts, self._length)
        except TextProblem as problem:
            self._say(written.place, "PASSAGE", str(problem))
            return None
        given = written.fields.get(LOCATOR)
        if given is not None and given.text != words:
            self._say(given.place, "LOCATOR", f"these offsets are {words}, not {given.text}")
        return Citation(
            start, end, numbers["startUtf16"], numbers["endUtf16"], sha256, first, last, words
        )

    def quote(self, draft: Draft, record: Record) -> None:
        """Refuse a quote that is too long, or a whole sentence."""
        quote = record.values.get(rules.QUOTE)
        if not isinstance(quote, str):
            return
        place = draft.fields[rules.QUOTE].place
        count = words_in(quote)
        if count > rules.QUOTE_WORDS:
            message = f"a quote of {count} words is too long; keep {rules.QUOTE_WORDS} at most"
            self._say(place, "QUOTE_TOO_LONG", message)
        if not self._starts:
            return
        whole = dict(zip(self._starts, [*self._starts[1:], self._length], strict=True))
        for cited in record.evidence:
            spans = cited.end - cited.start <= len(quote) + 2
            if cited.start in whole and whole[cited.start] - cited.end <= 2 and spans:
                message = "the quote is a whole sentence; keep a phrase of it"
                self._say(place, "QUOTE_IS_SENTENCE", message)
