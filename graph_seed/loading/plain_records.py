"""Check and cite records that a program gives as plain data, as JSON Lines have them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import orjson

from graph_seed.checking.check import Checked, check_sections
from graph_seed.checking.record_schema import record_kinds
from graph_seed.citing.cite import cite_content
from graph_seed.citing.cite_source import to_plain
from graph_seed.problems import Problem
from graph_seed.records import Place, RecordPlace
from graph_seed.syntax.python_values import parse_records
from graph_seed.syntax.read import make_entries
from graph_seed.syntax.tree import sections
from schema.vocabulary import Vocabulary


def check_records(
    records: Iterable[object],
    vocabulary: Vocabulary,
    texts: Mapping[str, str] | None = None,
) -> Checked:
    """Check a program's plain records, as JSON Lines have them; places name the record and the key.

    Where a source's text is among ``texts``, by the source's id, its records may cite by ``find``.
    """
    kinds = record_kinds(vocabulary)
    problems: list[Problem] = []

    def report(place: Place, code: str, message: str) -> None:
        problems.append(Problem(place, code, message))

    written = dict(parse_records(records, report, kinds))
    unread = {one.place for one in problems}
    if texts and not problems:
        raw = b"".join(orjson.dumps(to_plain(one)) + b"\n" for one in written.values())
        for source, text in texts.items():
            new, citing = cite_content(_LINES, raw, text, vocabulary, source=source)
            if new is None or not citing.written:
                places = [one.place for one in written.values()]
                again = [replace(one, place=places[one.place.line - 1]) for one in citing.problems]
                return Checked([], again)
            raw = new
        cited_lines = map(orjson.loads, raw.splitlines())
        written = dict(parse_records(cited_lines, report, kinds))
    first = RecordPlace("records", 1)
    lines = list(written.values())
    found = (
        sections(list(make_entries(lines, first, report, kinds))) if lines or not problems else []
    )
    checked = check_sections([(found, problems)], vocabulary, for_load=True)
    # What cannot be stored is told once, not again as what is then missing; and where something
    # is wrong, nothing was cited.
    checked.problems = [
        one
        for one in checked.problems
        if one in problems or not (one.place in unread or (texts and one.code == "NOT_CITED"))
    ]
    return checked


_LINES = Path("records.jsonl")
"""Stands for the file that records never were in, while they are cited."""
