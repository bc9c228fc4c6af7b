"""Print the reports of loads, for a terminal or a pipe."""

from collections.abc import Iterator, Sequence

import orjson

from graph_seed import LoadReport
from graph_seed.graph.report import COLUMNS, NodeChange
from graph_seed.problems import join_listed
from service.cli.console import one_line, out, print_json, print_table

SIGNS = {"recorded": "+", "changed": "~", "expired": "-"}
MOST_CHANGES = 1000
"""The most nodes of a dry run that are listed; `--json` has all."""
MAX_VALUE_LENGTH = 60
"""The most characters of a value that are shown."""


def show_reports(reports: Sequence[LoadReport], as_json_: bool) -> None:
    """Print what a load did, or would do."""
    if as_json_:
        print_json([one.to_plain() for one in reports])
        return
    unchanged = [one for one in reports if not one.differs]
    if unchanged:
        _show_unchanged(unchanged)
    for one in reports:
        if one.differs:
            _show_report(one)
    notes = [str(shared) for one in reports for shared in one.shared]
    notes += [line for one in reports for line in (*one.differences, *one.hints)]
    for line in dict.fromkeys(notes):
        out.print(("note", "yellow"), " ", one_line(line))


def _show_unchanged(reports: Sequence[LoadReport]) -> None:
    """Print one line for all sources whose load changed nothing."""
    last = reports[-1]
    attached = sum(one.attached for one in reports)
    words = f"; the words of {attached} passages are attached" if attached else ""
    dry = "a dry run, " if last.dry_run else ""
    sources = join_listed([one.source for one in reports])
    out.print(f"{sources}: {dry}nothing new; version {last.version} of {last.target}{words}")


def _show_report(report: LoadReport) -> None:
    made = f"version {report.version} of {report.target}"
    if report.dry_run:
        made = f"a dry run, nothing written to {report.target}"
    print_table(
        ("", *COLUMNS),
        [
            (name, *(str(c[column] or "") for column in COLUMNS))
            for name, c in report.counts.items()
        ],
        title=f"{report.source}: {made}",
    )
    for change in report.changes[:MOST_CHANGES]:
        for line in _change_lines(change):
            out.print(one_line(line))
    if len(report.changes) > MOST_CHANGES:
        out.print(f"and {len(report.changes) - MOST_CHANGES} more; --json lists all of them")
    if report.attached:
        out.print(f"the words of {report.attached} passages are attached")
    times = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in report.seconds.items())
    out.print((times, "dim"))


def _change_lines(change: NodeChange) -> Iterator[str]:
    """Yield the lines of a change: the node, then each value, old and new."""
    first = ""
    if change.kind == "recorded":
        first = next((f": {_text(new)}" for _, new in change.values.values()), "")
    yield f"  {SIGNS[change.kind]} {change.id}{first}"
    if change.kind != "changed":
        return
    for name, (old, new) in change.values.items():
        yield f"      {name}: {_text(old)} → {_text(new)}"
    for name, (gone, came) in change.links.items():
        yield f"      {name}: {_text(gone)} → {_text(came)}"
    for (link, end), values in change.edges.items():
        for name, (old, new) in values.items():
            yield f"      {link} {end}, {name}: {_text(old)} → {_text(new)}"


def _text(value: object) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return text if len(text) <= MAX_VALUE_LENGTH else f"{text[:MAX_VALUE_LENGTH]}…"
