"""Write the invented text of one source sentence by sentence, with the records that cite it."""

from collections.abc import Iterator, Mapping, Sequence

from graph_seed.text import sentence_starts, span, text_sha256

Plain = dict[str, object]
"""A record in the form of JSON Lines."""


class SourceText:
    """A source under construction: its sentences, and the records that cite them."""

    def __init__(self) -> None:
        self._text = "Invented."
        self._records: list[tuple[Plain, int, int]] = []
        self._uses: dict[str, None] = {}

    def say(self, sentence: str) -> tuple[int, int]:
        """Add a sentence; return where it begins and ends, in code points."""
        start = len(self._text) + 1
        self._text += f" {sentence}"
        return start, len(self._text)

    def record(self, record: Plain, cited: tuple[int, int], uses: Sequence[str] = ()) -> None:
        """Add a record that cites a span of the text; ``uses`` are entities of other sources."""
        self._records.append((record, *cited))
        self._uses.update(dict.fromkeys(uses))

    def lines(self, source: Mapping[str, object]) -> Iterator[Plain]:
        """Yield the source and its records with their citations."""
        starts = sentence_starts(self._text)
        text = {
            "sha256": text_sha256(self._text),
            "length": len(self._text),
            "sentences": list(starts),
        }
        yield {"source": {**source, **text}}
        own = {":".join(map(str, next(iter(record.items())))) for record, _, _ in self._records}
        if uses := [one for one in self._uses if one not in own]:
            yield {"uses": uses}
        for record, start, end in self._records:
            found = span(self._text, start, end, starts)
            at = {
                "start": found.start,
                "end": found.end,
                "startUtf16": found.start_utf16,
                "endUtf16": found.end_utf16,
                "sha256": found.sha256,
                "locator": found.locator,
            }
            yield {**record, "at": at}
