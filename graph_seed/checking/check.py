"""Checking facts files: every problem at once, and records that are complete and valid."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph_seed.checking.check_source import SourceCheck
from graph_seed.checking.record_schema import record_kinds
from graph_seed.checking.references import Step, report_cycles
from graph_seed.problems import Problem, Report, errors
from graph_seed.records import Facts, Place
from graph_seed.state.entity_merge import (
    SaidBySource,
    definitions_by_entity,
    shared_entities,
    shared_problem,
)
from graph_seed.state.index_limits import TOO_LONG, oversized_together
from graph_seed.syntax.read import read
from graph_seed.syntax.tree import SourceSection
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary

FOLLOWING = {"UNKNOWN_ID", "UNUSED"}
"""Codes that are dropped for a file with invalid YAML: a record that was not read causes them."""


@dataclass(slots=True)
class Checked:
    """The result of a check: the facts of each source, and every problem.

    Facts are there even of a source with errors, as far as they could be read; load none of them
    unless it is ``valid``.
    """

    facts: list[Facts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    """Where records lead to along links that may not lead in a circle."""

    @property
    def valid(self) -> bool:
        """True if there are no errors: all facts can be loaded."""
        return not errors(self.problems)


def check(
    paths: Iterable[Path | str],
    vocabulary: Vocabulary = DOMAIN,
    *,
    for_load: bool = False,
    strict_shared: bool = False,
    elsewhere: Callable[[Sequence[Facts]], "Elsewhere"] | None = None,
) -> Checked:
    """Check facts files together: what one defines another may use.

    Entities that several sources define are noted (SHARED); ``strict_shared`` makes those errors.
    ``elsewhere`` says what other sources define besides, as ``loading.against`` reads it of a
    graph; it is asked once the files are right by themselves. ``for_load`` makes words that are not
    cited yet an error, which they are to a load, and leaves what is shared to the load.
    """
    kinds = record_kinds(vocabulary)
    parts = [read(Path(path), kinds=kinds) for path in paths]
    checked = check_sections(parts, vocabulary, for_load=for_load)
    if not for_load:
        found = elsewhere(checked.facts) if elsewhere and checked.valid else Elsewhere()
        checked.problems += [
            *found.problems,
            *_report_shared(vocabulary, checked, found, strict_shared),
        ]
    return checked


def _report_shared(
    vocabulary: Vocabulary, checked: Checked, found: "Elsewhere", strict: bool
) -> Iterator[Problem]:
    defined = definitions_by_entity(checked.facts)
    places = {r.id: r.place for facts in checked.facts for r in facts.entities}
    merged = {entity: found.said.get(entity, {}) | said for entity, said in defined.items()}
    for entity, one in shared_entities(merged).items():
        yield shared_problem(one, places[entity], strict=strict)
        if checked.valid:
            for too_long in oversized_together(vocabulary, entity, merged[entity]):
                message = f"{entity}, as all sources together have it: {too_long}"
                yield Problem(places[entity], TOO_LONG, message)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Descriptions of shared entities elsewhere, and reasons for which a load would be refused."""

    said: dict[str, SaidBySource] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def check_sections(
    parts: Iterable[tuple[list[SourceSection], list[Problem]]],
    vocabulary: Vocabulary,
    *,
    for_load: bool,
) -> Checked:
    """Check what was read of files together."""
    found: list[Problem] = []

    def report(place: Place, code: str, message: str) -> None:
        found.append(Problem(place, code, message))

    def warn(place: Place, code: str, message: str) -> None:
        found.append(Problem(place, code, message, "warning"))

    sources: list[SourceCheck] = []
    for some, problems in parts:
        found += problems
        not_cited = report if for_load else warn
        sources += [SourceCheck(vocabulary, one, report, warn, not_cited) for one in some]
    _report_repeated_sources(sources, report)
    everywhere = {draft.id for one in sources for draft in one.drafts}
    given = {one.id for one in sources}
    facts = [one.facts(everywhere, given) for one in sources]
    steps = [step for one in sources for step in one.steps]
    report_cycles(steps, report)
    broken = {one.place.file for one in found if one.code == "YAML"}
    found = [one for one in found if one.place.file not in broken or one.code not in FOLLOWING]
    # What one record takes over from another is said once, where it is written.
    once = dict.fromkeys(found)
    problems = sorted(once, key=lambda p: (p.place.file, p.place.line, p.place.column))
    return Checked(facts, problems, steps)


def _report_repeated_sources(sources: Iterable[SourceCheck], report: Report) -> None:
    seen: dict[str, Place] = {}
    for one in sources:
        first = seen.setdefault(one.id, one.place)
        if one.id and first is not one.place:
            report(one.place, "SOURCE_TWICE", repeated_source_message(one.id, first))


def repeated_source_message(source: str, first: Place) -> str:
    """Return the message about a source that was given before."""
    return f"{source} is given at {first} too; join the two"
