"""Check quotes against the text that they are of."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from graph_seed.problems import Problem
from graph_seed.syntax.tree import RawRecord
from graph_seed.text import Find, Span, TextProblem, find_span, sentence_starts
from graph_seed.values import fold
from schema import rules
from schema.vocabulary import Vocabulary

_AROUND = " .,;:?!…\"'“”‘’«»()"


def find_quote_problems(
    entry: RawRecord, vocabulary: Vocabulary, text: str, spans: Sequence[Span]
) -> Iterator[Problem]:
    """Yield what is wrong with a record's quote: not in its passages, a whole sentence."""
    node = vocabulary.by_kind.get(entry.kind)
    written = entry.written.fields.get(rules.QUOTE)
    if node is None or rules.QUOTE not in node.properties or written is None or not written.text:
        return
    cited = [(one.start, one.end) for one in spans]
    for code, message in check_quote(written.text, text, cited):
        yield Problem(written.place, code, message)


def check_quote(
    quote: str, text: str, cited: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a quote, given the passages that its record cites."""
    words = fold(quote).strip(_AROUND)
    if words in _sentences(text):
        yield "QUOTE_IS_SENTENCE", "the quote is a whole sentence; keep a phrase of it"
    elif cited and not any(words in fold(text[start:end]) for start, end in cited):
        message = "the quote is not in what is cited here" + _where(quote, text)
        yield "QUOTE_ELSEWHERE", message


def _where(quote: str, text: str) -> str:
    try:
        find_span(text, Find(quote=quote))
    except TextProblem as problem:
        return f": {problem}"
    return ", but elsewhere in the text; cite those words too"


@lru_cache(maxsize=2)
def _sentences(text: str) -> frozenset[str]:
    starts = sentence_starts(text)
    ends = [*starts[1:], len(text)]
    return frozenset(
        fold(text[start:end]).strip(_AROUND) for start, end in zip(starts, ends, strict=True)
    )
