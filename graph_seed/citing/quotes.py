"""Keep sentences of a source out of facts files: check quotes, find copied sentences."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import regex

from graph_seed.problems import Problem
from graph_seed.records import Place
from graph_seed.syntax.tree import RawRecord, SourceSection, SyntaxNode
from graph_seed.text import Find, Span, TextProblem, find_span, sentence_starts
from graph_seed.values import fold
from graph_seed.values.words import Word, words_in
from schema import rules
from schema.names import ID
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
        message = "the quote is not in the passages cited here" + _where(quote, text)
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


SHORTEST = 4
"""Words from which on a sentence is one; shorter ones are names and headings as well."""
LONGEST_HEADING = 8
"""Words up to which a line in title case without a full stop is a heading and no sentence."""
_SMALL_WORD = 3
"""Letters of the longest word that titles leave in lower case: ``of``, ``the``."""
_STOPPED = regex.compile(r"[.?!…؟۔।॥。！？｡][\p{P}\s]*$")
_LETTERS = regex.compile(r"[\p{L}\p{M}]+")
_NAMES = (rules.NAME, rules.ALIASES, rules.PREVIOUS_NAMES, rules.TITLE)


def find_verbatim_sentences(
    path: Path, raw: str, text: str, sections: Iterable[SourceSection] = ()
) -> Iterator[Problem]:
    """Yield every whole sentence of a text that stands in a file: in values, keys, comments.

    Words are compared, whatever case they are in and whatever stands between them. Headings are no
    sentences, and neither are the names and titles that the file's ``sections`` define.
    """
    words = list(words_in(raw))
    begins: list[int] = []
    at = 0
    for word in words:
        begins.append(at)
        at += len(word.text) + 1
    joined = f" {_join(words)} "
    names = {_join(words_in(name)) for one in sections for name in _names(one)}
    starts = sentence_starts(text)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        said = list(words_in(text[start:end]))
        if _count(said) < SHORTEST:
            continue
        sentence = _join(said)
        found = joined.find(f" {sentence} ")
        if found < 0 or _is_name(text[start:end], said, is_defined=sentence in names):
            continue
        offset = words[bisect_right(begins, found) - 1].start
        line = raw.count("\n", 0, offset) + 1
        place = Place(str(path), line, offset - raw.rfind("\n", 0, offset))
        message = "this is a whole sentence of the source; say it in your own words"
        yield Problem(place, "SENTENCE", message)


def _names(section: SourceSection) -> Iterator[str]:
    """Yield the names, titles and keys that a section defines, and the keys that it uses."""
    yield from (one.text.partition(":")[2] for one in section.uses if one.text)
    for entry in section.entries:
        yield entry.key
        yield from _is_named(entry.written)
    yield from _is_named(section.source)


def _is_named(written: SyntaxNode) -> Iterator[str]:
    for name in _NAMES:
        if name in written.fields:
            yield from (one.text for one in written.fields[name].items if one.text)
    if ID in written.fields:
        yield (written.fields[ID].text or "").partition(":")[2]


def _is_name(sentence: str, words: list[Word], *, is_defined: bool) -> bool:
    """Return whether a sentence, as the splitter takes it, is a name, a title or a heading."""
    is_stopped = _STOPPED.search(sentence) is not None
    if is_defined:
        return not is_stopped or _is_title_case(sentence)
    return not is_stopped and _count(words) <= LONGEST_HEADING and _is_title_case(sentence)


def _is_title_case(sentence: str) -> bool:
    """Return whether every word but small ones begins with a capital."""
    words = [one for one in _LETTERS.findall(sentence) if len(one) > _SMALL_WORD]
    return any(word[0].isupper() for word in words) and not any(w[0].islower() for w in words)


def _join(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def _count(words: list[Word]) -> float:
    """Return how many words there are; two letters of an unspaced script are one."""
    return sum(0.5 if word.unspaced else 1 for word in words)
