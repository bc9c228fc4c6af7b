"""The first pass over a file: everything that ``check`` checks, source by source.

Of what was read only ids are kept, as hashes, and links that may not lead in a circle.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from graph_seed.bulk.files import RawSection
from graph_seed.check import Checked, checked_parts, say_source_twice
from graph_seed.circles import Step, say_circles
from graph_seed.forms import kinds_of
from graph_seed.problems import Problem, errors
from graph_seed.read import read_lines
from graph_seed.records import Facts, Place
from schema.vocabulary import Vocabulary

MOST_ERRORS = 100
"""Errors that are told; a file with more is wrong in some way that these show."""


@dataclass(slots=True)
class FirstPass:
    """Checks the sources of files as they are read; ``problems`` says what is wrong."""

    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)
    elsewhere: dict[str, Place] = field(default_factory=dict)
    """Ids that are used and were not defined before, each with where it is listed first."""
    _defined: set[int] = field(default_factory=set)
    _sources: dict[str, Place] = field(default_factory=dict)
    _steps: list[Step] = field(default_factory=list)

    @property
    def too_many(self) -> bool:
        """Whether there are so many errors that the rest need not be looked for."""
        return len(errors(self.problems)) >= MOST_ERRORS

    def facts(self, section: RawSection) -> Iterator[Facts]:
        """The facts of a section, if nothing is wrong with it."""
        checked = checked_section(self.vocabulary, section)
        self.problems += checked.problems
        self._steps += checked.steps
        if not checked.valid:
            return
        for facts in checked.facts:
            say_source_twice(self._sources, facts.source.id, facts.source.place, self._say)
            for name, place in facts.uses.items():
                if hash(name) not in self._defined:
                    self.elsewhere.setdefault(name, place)
            self._defined.add(hash(facts.source.id))
            self._defined.update(hash(record.id) for record in facts.records)
            yield facts

    def finish(self) -> None:
        """Say what can only be said when all was read."""
        say_circles(self._steps, self._say)
        for name, place in self.elsewhere.items():
            if hash(name) in self._defined:
                message = f"{name} is defined further down; put the source that defines it first"
                self._say(place, "UNKNOWN_ID", message)

    def _say(self, place: Place, code: str, message: str) -> None:
        self.problems.append(Problem(place, code, message))


def checked_section(vocabulary: Vocabulary, section: RawSection) -> Checked:
    """What a check finds in the lines of one source; read by places only if something is wrong.

    Whether what others define is there is looked up in the graph, not guessed.
    """
    kinds = kinds_of(vocabulary)
    for quick in (True, False):
        part = read_lines(section.path, section.raw, kinds, first=section.line, quick=quick)
        checked = checked_parts([part], vocabulary, for_load=True)
        if checked.valid:
            break
    checked.problems = [
        one for one in checked.problems if one.severity == "error" or one.code != "UNKNOWN_ID"
    ]
    return checked
