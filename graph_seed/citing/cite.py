"""Cite facts files: the words by which an author cites become offsets, hashes and locators.

The file is edited where a ``find:`` stands and nowhere else, so comments, order and layout stay.
Nothing is written unless all of it can be.
"""

from dataclasses import dataclass, field
from pathlib import Path

from graph_seed.checking.record_schema import record_kinds
from graph_seed.citing.cite_source import SourceCiting
from graph_seed.citing.quotes import find_verbatim_sentences
from graph_seed.problems import Problem, errors
from graph_seed.records import Place
from graph_seed.syntax.edits import Edits, replace_file
from graph_seed.syntax.read import is_lines, read
from graph_seed.syntax.tree import SourceSection
from graph_seed.text import hashed_text
from graph_seed.values import one_form
from schema.domain import DOMAIN
from schema.names import ID
from schema.vocabulary import Vocabulary


@dataclass(slots=True)
class CiteReport:
    """The result of citing: passages cited, moved and unchanged; keys set."""

    cited: int = 0
    moved: int = 0
    held: int = 0
    keys: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def written(self) -> bool:
        """True if there were no errors, and the file was written."""
        return not errors(self.problems)


def cite(
    path: Path | str, text: str, vocabulary: Vocabulary = DOMAIN, *, source: str | None = None
) -> CiteReport:
    """Rewrite each ``find:`` of a facts file to an ``at:``, and what the source says of its text.

    ``text`` is the text of the file's source; where a file has several, ``source`` is the id of the
    one. What was cited before follows a text that has changed. Problems are said all at once, and
    then nothing is written.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError:
        # Reading it says why.
        raw = None
    new, report = cite_content(path, raw, text, vocabulary, source=source)
    if report.written and new is not None and new != raw:
        replace_file(path, new)
    return report


def cite_content(
    path: Path,
    raw: bytes | None,
    text: str,
    vocabulary: Vocabulary = DOMAIN,
    *,
    source: str | None = None,
) -> tuple[bytes | None, CiteReport]:
    """Return a facts file with its passages cited, if it has no errors; ``raw`` is its content."""
    text = hashed_text(text.encode())
    kinds = record_kinds(vocabulary)
    sections, problems = read(path, raw, kinds)
    report = CiteReport(problems=problems)
    chosen = _chosen(path, sections, source, report)
    if chosen is None or raw is None or errors(problems):
        return None, report
    edits = Edits(raw.decode("utf-8"), json=is_lines(path))
    citing = SourceCiting(chosen, text, vocabulary, edits, problems)
    citing.run()
    report.cited, report.moved = citing.cited, citing.moved
    report.held, report.keys = citing.held, citing.keys
    problems.sort(key=lambda problem: (problem.place.line, problem.place.column))
    if errors(problems):
        return None, report
    edited = edits.result()
    problems += find_verbatim_sentences(path, edited, text, sections)
    new = edited.encode()
    again, unread = read(path, new, kinds)
    problems += citing.differences(again[sections.index(chosen)] if not unread else None)
    return new, report


def _chosen(
    path: Path, sections: list[SourceSection], source: str | None, report: CiteReport
) -> SourceSection | None:
    if errors(report.problems):
        return None
    fitting = [
        one
        for one in sections
        if source is None
        or (
            ID in one.source.fields
            and one_form(one.source.fields[ID].text or "") == one_form(source)
        )
    ]
    if len(fitting) == 1:
        return fitting[0]
    what = (
        "several sources; say which by --source"
        if fitting
        else f"no source {source or ''}".rstrip()
    )
    message = f"a text belongs to one source, and this file has {what}"
    report.problems.append(Problem(Place(str(path), 1), "NOT_ONE_SOURCE", message))
    return None
