"""Sentences of a source that are left in a facts file, which may hold none of them."""

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from graph_seed.problems import Problem
from graph_seed.records import Place
from graph_seed.text import sentence_starts
from graph_seed.values.search import words_in

SHORTEST = 4
"""Words from which on a sentence is one; shorter ones are names and headings as well."""


def sentences_left(path: Path, raw: str, text: str) -> Iterator[Problem]:
    """Every whole sentence of a text that stands in a file, wherever: values, keys, comments.

    Words are compared, whatever case they are in and whatever stands between them.
    """
    words = list(words_in(raw))
    begins: list[int] = []
    at = 0
    for word, _, _ in words:
        begins.append(at)
        at += len(word) + 1
    joined = f" {' '.join(word for word, _, _ in words)} "
    starts = sentence_starts(text)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        said = [word for word, _, _ in words_in(text[start:end])]
        found = joined.find(f" {' '.join(said)} ") if len(said) >= SHORTEST else -1
        if found < 0:
            continue
        offset = words[bisect_right(begins, found) - 1][1]
        line = raw.count("\n", 0, offset) + 1
        place = Place(str(path), line, offset - raw.rfind("\n", 0, offset))
        message = "a whole sentence of the source stands here; say it in your own words"
        yield Problem(place, "SENTENCE", message)
