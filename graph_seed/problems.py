"""What is wrong with facts files: said all at once, each with its place and a stable code."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from graph_seed.records import Place
from schema.names import upper_first

LONGEST_SAID = 300
"""Characters of a database's message that are passed on."""
Report = Callable[[Place, str, str], None]
"""Told of a problem: where, its code, in words."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, which kind (``code``), in words, and how bad it is."""

    place: Place
    code: str
    message: str
    severity: Literal["error", "warning", "note"] = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} {self.code} {self.message}"

    def to_plain(self) -> dict[str, str | int]:
        """Return the problem as plain data, for JSON."""
        return asdict(self.place) | {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
        }


class FactsError(Exception):
    """Facts that cannot be loaded; ``problems`` holds everything that is wrong with them."""

    code = "FACTS_INVALID"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


class LoadError(Exception):
    """A load that was refused or interrupted; nothing of it was written.

    ``code`` is stable: UNKNOWN_ID, WRONG_KIND, IN_USE, CIRCLE, TEXT_DIFFERS, TOO_LONG, TOO_LARGE,
    UNDECLARED, MIGRATION_NEEDED, LOAD_INTERRUPTED, DATABASE_ERROR, TEMPORARY_FILES.
    """

    def __init__(self, code: str, message: str, ids: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.ids = list(ids)


class AbsentIds(LoadError):
    """Ids that are neither in the files nor in the graph; ``places`` says where they are named."""

    def __init__(
        self,
        ids: Sequence[str],
        places: Mapping[str, Place],
        advice: Callable[[str], str] = lambda _: "",
    ) -> None:
        lines = [
            f"{f'{places[one]}: ' if one in places else ''}{one}{advice(one)}"
            for one in ids[:LISTED]
        ]
        more = [f"and {len(ids) - LISTED} more"] if len(ids) > LISTED else []
        message = "these are neither in the file nor in the graph; load them first:"
        super().__init__("UNKNOWN_ID", "\n  ".join([message, *lines, *more]), ids)
        self.places = places


LISTED = 10
"""Ids that a message names; the error itself holds all of them."""


def join_listed(words: Sequence[str]) -> str:
    """Return the first of some words and how many more there are."""
    more = f" and {len(words) - LISTED} more" if len(words) > LISTED else ""
    return ", ".join(words[:LISTED]) + more


def refused_by_database(error: Exception, ids: Sequence[str]) -> LoadError:
    """Return a LoadError for what the database refused for good, with the records concerned."""
    said = " ".join(str(getattr(error, "message", None) or error).split())[:LONGEST_SAID]
    return LoadError(
        "DATABASE_ERROR",
        f"the database refused {join_listed(ids)}; nothing of that was written. It said: {said}",
        ids,
    )


MOST_COMPARED = 500_000
"""Words that the mistakes of one source are compared with."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the nearest known spelling as advice, or nothing: ``; did you mean 'holder'?``."""
    choices = sorted(set(known))
    found = process.extractOne(
        word, choices, scorer=OSA.normalized_similarity, score_cutoff=0.6, processor=str.casefold
    )
    return f"; did you mean {found[0]!r}?" if found else ""


class BoundedHints:
    """Nearest spellings within a bound of effort, for files with thousands of mistakes."""

    def __init__(self) -> None:
        self._left = MOST_COMPARED

    def nearest(self, word: str, known: Collection[str]) -> str:
        """Return the nearest known spelling as advice, or nothing, or nothing any more."""
        self._left -= len(known)
        return nearest(word, known) if self._left >= 0 else ""


def nearest_of(word: str, known: Sequence[str], what: str) -> str:
    """Return the nearest spelling, if there is one, and all that there may be, as advice."""
    listed = f"{what} is one of {', '.join(known)}"
    guess = nearest(word, known)
    return f"{guess} {upper_first(listed)}" if guess else f"; {listed}"


def render(problems: Iterable[Problem]) -> str:
    """Problems as plain text, one a line: ``file:line:column: error CODE message``."""
    return "".join(f"{problem}\n" for problem in problems)


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that keep a file from being loaded."""
    return [problem for problem in problems if problem.severity == "error"]
