"""Check whether citations hold in another copy of their text, and where they moved."""

import hashlib
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

import regex

from graph_seed.values.words import SPACED

Passage = tuple[int, int, str]
"""Start, end (code points, end exclusive) and SHA-256 of the words in UTF-8."""

_WORD = rf"[{SPACED}_]"
_BEGINS = regex.compile(rf"(?V1)(?<!{_WORD})(?=[^\s\p{{M}}])")
_ENDS = regex.compile(rf"(?V1)(?<=\S)(?!{_WORD}|\p{{M}})")
_EFFORT = 10_000_000
_LONGEST, _WIDEST = 1000, 3


@dataclass(frozen=True, slots=True)
class Held:
    """How passages fare in a copy of a text, each by its place in what was given.

    ``holding`` are those that hold at their offsets; ``moved`` has the new start and end of those
    that are elsewhere; ``lost`` are those not found, each with where its words should be by what
    stands around it.
    """

    holding: tuple[int, ...] = ()
    moved: dict[int, tuple[int, int]] = field(default_factory=dict)
    lost: dict[int, tuple[int, int]] = field(default_factory=dict)


def verify(
    text: str, passages: Iterable[Passage], *, length: int | None = None, effort: int = _EFFORT
) -> Held:
    """Find which passages hold in a text and where the others have moved to.

    Only length and hash of a passage are known. One that does not hold is looked for where its
    neighbours have gone, the longest first, and if it is not there at every place of the text where
    words begin and end; of several places the nearest to its neighbours counts. ``effort`` bounds
    how many hashes that takes (a million is about a second); what is beyond it is lost. ``length``
    is that of the text that was cited, by which the place of lost words is guessed better.
    """
    given = list(passages)
    search = _Search(text, effort)
    holding = [
        at for at, (start, end, sha256) in enumerate(given) if search.is_at(start, end, sha256)
    ]
    for at in holding:
        search.learn(given[at][0], 0)
    moved: dict[int, tuple[int, int]] = {}
    kept = set(holding)
    pending = sorted(
        (at for at in range(len(given)) if at not in kept),
        key=lambda at: (given[at][0] - given[at][1], given[at][0]),
    )
    for _, group in groupby(pending, key=lambda at: given[at][1] - given[at][0]):
        same_length = list(group)
        for at, start in search.find([(at, given[at]) for at in same_length]):
            moved[at] = (start, start + given[at][1] - given[at][0])
    lost = [at for at in range(len(given)) if at not in kept and at not in moved]
    places = dict(zip(lost, search.guess([given[at][:2] for at in lost], length), strict=True))
    return Held(tuple(holding), dict(sorted(moved.items())), places)


def words_before(text: str, place: tuple[int, int], passage: Passage) -> str | None:
    """Return the words of a lost passage, where something was only put in between them.

    ``place`` is where they should be. Its words without what was put in have the passage's hash;
    None where nothing has.
    """
    start, end, sha256 = passage
    found = text[slice(*place)]
    more = len(found) - (end - start)
    if not 0 < more <= _LONGEST or len(found) > _LONGEST:
        return None
    for at in range(len(found) - more + 1):
        words = found[:at] + found[at + more :]
        if hashlib.sha256(words.encode()).hexdigest() == sha256:
            return words
    return None


class _Search:
    """Looks for hashes in one text and learns how far passages have moved."""

    def __init__(self, text: str, effort: int) -> None:
        self.text = text
        self.effort = effort
        self.anchors: list[tuple[int, int]] = []
        self._begins: list[int] = []
        self._ends = bytearray()

    def is_at(self, start: int, end: int, sha256: str) -> bool:
        return 0 <= start < end <= len(self.text) and self._hash(start, end) == sha256

    def learn(self, start: int, shift: int) -> None:
        insort(self.anchors, (start, shift))

    def find(self, wanted: list[tuple[int, Passage]]) -> Iterator[tuple[int, int]]:
        """Yield the index and the new start of each passage that is found near others."""
        missing: list[tuple[int, Passage]] = []
        for at, (start, end, sha256) in wanted:
            for shift in self._shifts(start):
                if self.is_at(start + shift, end + shift, sha256):
                    self.learn(start, shift)
                    yield at, start + shift
                    break
            else:
                missing.append((at, (start, end, sha256)))
        if not missing:
            return
        places = self._everywhere(
            missing[0][1][1] - missing[0][1][0], {sha256 for _, (_, _, sha256) in missing}
        )
        for at, (start, _, sha256) in missing:
            if found := places.get(sha256):
                near = start + next(iter(self._shifts(start)), 0)
                new = min(found, key=lambda place: abs(place - near))
                self.learn(start, new - start)
                yield at, new

    def guess(
        self, lost: Iterable[tuple[int, int]], length: int | None
    ) -> Iterator[tuple[int, int]]:
        """Yield where lost passages should be, by how far those around them have moved."""
        size = len(self.text)
        ends = [] if length is None else [(0, 0), (length, size - length)]
        known = sorted([*self.anchors, *ends]) or [(0, 0)]
        for start, end in lost:
            before = bisect_right(known, (start, size)) - 1
            after = bisect_left(known, (end, -size))
            near = known[max(before, 0)][1]
            far = known[after][1] if after < len(known) else near
            first = min(max(start + near, 0), size)
            last = min(max(end + far, 0), size)
            if not first < last <= first + _WIDEST * (end - start) + _LONGEST:
                last = min(first + end - start, size)
            yield first, last

    def _shifts(self, start: int) -> list[int]:
        """Return how far the nearest known passages on both sides moved, the nearest first."""
        at = bisect_left(self.anchors, (start, 0))
        around = self.anchors[max(0, at - 3) : at + 3]
        around.sort(key=lambda anchor: abs(anchor[0] - start))
        return list(dict.fromkeys(shift for _, shift in around))

    def _everywhere(self, length: int, hashes: set[str]) -> dict[str, list[int]]:
        if length > len(self.text) or length < 1:
            return {}
        if not self._ends:
            self._begins = [found.start() for found in _BEGINS.finditer(self.text)]
            self._ends = bytearray(len(self.text) + 1)
            for found in _ENDS.finditer(self.text):
                self._ends[found.start()] = 1
        last = bisect_left(self._begins, len(self.text) - length + 1)
        candidates = [at for at in self._begins[:last] if self._ends[at + length]]
        if len(candidates) > self.effort:
            return {}
        self.effort -= len(candidates)
        places: dict[str, list[int]] = {}
        for at in candidates:
            if (sha256 := self._hash(at, at + length)) in hashes:
                places.setdefault(sha256, []).append(at)
        return places

    def _hash(self, start: int, end: int) -> str:
        return hashlib.sha256(self.text[start:end].encode()).hexdigest()
