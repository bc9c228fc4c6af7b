"""The words by which text is found: folded, initials joined: ``U.S.`` is found as ``us``."""

import re
from collections.abc import Iterable, Iterator

from graph_seed.values.folding import fold

_NO_LETTER = re.compile(r"[\W_]")
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")


def words_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of a text as it is searched for, with where it begins and ends."""
    for match in _WORD.finditer(text):
        # Folding may give signs that are no letters: ⑴ becomes (1).
        word = _NO_LETTER.sub("", fold(match.group()))
        if word:
            yield word, match.start(), match.end()


def search_words(texts: Iterable[str]) -> str:
    """The words of several texts as the full-text index holds them, with spaces between."""
    return " ".join(word for text in texts for word in _words(text))


def _words(text: str) -> Iterator[str]:
    if text.isascii():
        # What most texts are, and many times as quick: folding is but lower case.
        for word in _WORD.findall(text.lower()):
            yield word.replace(".", "")
    else:
        for word, _, _ in words_in(text):
            yield word
