"""The commands ``check``, ``cite``, ``load`` and ``unload``, which take facts files."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn, TypedDict, Unpack

import neo4j
import typer

from graph_seed import Checked, FactsError, LoadError, Problem, check, cite, load, unload
from graph_seed.graph.report import Target
from graph_seed.loading.bulk.load import BulkReport, load_large
from graph_seed.loading.bulk.scan import LargeCheck, check_large
from graph_seed.loading.load import check_against
from graph_seed.problems import errors
from graph_seed.syntax.read import why_unreadable
from graph_seed.syntax.sections import is_large
from graph_seed.text import TextProblem, hashed_text
from schema.domain import DOMAIN
from service.cli.console import (
    JsonOption,
    err,
    fail,
    one_line,
    out,
    print_json,
    print_table,
    stage_progress,
)
from service.cli.reports import show_reports
from service.db.database import connect, describe_target
from service.settings import Settings

Files = Annotated[list[Path], typer.Argument(help="Facts files, YAML or JSON Lines.")]
By = Annotated[
    str | None, typer.Option("--by", help="The person or program that does this, for the history.")
]
Note = Annotated[str | None, typer.Option("--note", help="The reason, for the history.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="List what would change, and change nothing.")
]
StrictShared = Annotated[
    bool, typer.Option("--strict-shared", help="Refuse entities that other sources define too.")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Migrate a graph that another version of Parley built.")
]


COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("check")(check_files)
    app.command("cite")(cite_file)
    app.command("load")(load_command)
    app.command("unload")(unload_command)


def _print_problems(problems: list[Problem]) -> None:
    for problem in problems:
        colour = COLOURS[problem.severity]
        severity, code = (problem.severity, f"bold {colour}"), (problem.code, "dim")
        where, message = one_line(str(problem.place)), one_line(problem.message)
        err.print(f"{where}: ", severity, " ", code, " ", message)


def check_files(
    files: Files,
    against: Annotated[
        bool, typer.Option("--against", help="Compare with the graph, too.")
    ] = False,
    strict_shared: StrictShared = False,
    as_json_: JsonOption = False,
) -> None:
    """Check facts files without a database, and list every problem.

    ```text
    parley check my.yaml other.yaml
    parley check my.yaml --against
    ```

    Check files together that use each other's entities. A note (SHARED) lists each entity that
    several sources define: the same key is the same entity. --against compares with the graph too,
    and writes nothing. JSON Lines that are compressed (.gz, .zst) or longer than 8 MB are checked
    as they stream, as `parley load` does; the first hundred errors are listed. Exit status 2 if
    there is an error.
    """
    if any(map(is_large, files)):
        if not all(map(is_large, files)):
            fail("USAGE: check large files (compressed, or over 8 MB) by themselves", 2)
        try:
            large = _check_large(files, against, strict_shared)
        except LoadError as error:
            _fail_load(error, as_json_)
        problems = large.problems
        what = f"{large.sources} sources, {large.elements} nodes and relationships"
    else:
        checked = _check_small(files, against, strict_shared)
        problems = checked.problems
        what = f"{sum(len(facts.records) for facts in checked.facts)} records"
    wrong = len(errors(problems))
    if as_json_:
        print_json([one.to_plain() for one in problems])
    else:
        _print_problems(problems)
        notes = sum(one.severity == "note" for one in problems)
        also = f", {notes} notes" if notes else ""
        out.print(f"{what}, {wrong} errors, {len(problems) - wrong - notes} warnings{also}")
    raise typer.Exit(2 if wrong else 0)


def _check_large(files: list[Path], against: bool, strict_shared: bool) -> LargeCheck:
    if not against:
        return check_large_files(files, strict_shared=strict_shared, session=None)
    with connect(Settings()) as (driver, database), driver.session(database=database) as session:
        return check_large_files(files, strict_shared=strict_shared, session=session)


def _check_small(files: list[Path], against: bool, strict_shared: bool) -> Checked:
    if not against:
        return check(files, strict_shared=strict_shared)
    with connect(Settings()) as (driver, database):
        try:
            return check(
                files,
                strict_shared=strict_shared,
                elsewhere=lambda facts: check_against(driver, database, DOMAIN, facts),
            )
        except LoadError as error:
            fail(f"{error.code}: {error}")


def _read_text(path: Path) -> str:
    try:
        return hashed_text(path.read_bytes())
    except OSError as error:
        fail(f"NO_FILE: {path}: {why_unreadable(error)}", 2)
    except TextProblem as error:
        fail(f"NOT_UTF8: {path}: {error}", 2)


def cite_file(
    file: Annotated[Path, typer.Argument(help="A facts file.")],
    text: Annotated[Path, typer.Option("--text", help="The source's text, UTF-8.")],
    source: Annotated[
        str | None, typer.Option(help="The source whose text it is, if the file has several.")
    ] = None,
) -> None:
    """Replace the words that a file cites by offsets, hashes and locators, in place.

    ```text
    parley cite my.yaml --text article.txt
    ```

    Comments, order and layout stay. No sentence of the source is left in the file.
    """
    report = cite(file, _read_text(text), source=source)
    _print_problems(report.problems)
    if not report.written:
        fail(f"NOT_CITED: {file} was not changed", 2)
    out.print(
        f"{report.cited} passages cited, {report.held} held, {report.moved} moved, "
        f"{report.keys} keys set"
    )


def _fail_load(
    error: FactsError | LoadError, as_json_: bool, target: Target | None = None
) -> NoReturn:
    """Print why nothing was loaded, and into which database, and exit."""
    named = {"target": target} if target else {}
    if isinstance(error, FactsError):
        if as_json_:
            problems = [one.to_plain() for one in error.problems]
            print_json({"code": error.code, "problems": problems, **named})
        _print_problems(error.problems)
        number = f"{len(error.problems)} {'error' if len(error.problems) == 1 else 'errors'}"
        fail(f"{error.code}: {number}; nothing was loaded{f' into {target}' if target else ''}", 2)
    if as_json_:
        print_json({"code": error.code, "message": str(error), "ids": error.ids, **named})
    fail(f"{error.code}: {f'{target}: ' if target else ''}{error}")


def load_command(
    files: Files,
    texts: Annotated[
        list[str] | None,
        typer.Option("--text", help="SOURCE=FILE: a source's text, to verify and attach."),
    ] = None,
    dry_run: DryRun = False,
    by: By = None,
    note: Note = None,
    strict_shared: StrictShared = False,
    yes: Yes = False,
    as_json_: JsonOption = False,
) -> None:
    """Load facts files. Loading the same files again changes nothing; differences are updated.

    ```text
    parley load my.yaml
    parley load my.yaml --dry-run
    parley load my.yaml --text source:my=article.txt --by "the desk" --note "first reading"
    parley load millions.jsonl.zst
    ```

    The report names the database, and each entity that another source defines too. Files are
    loaded all or none, in any order: you can rename an issue in the file that defines it and in
    those that use it. A graph that another version of Parley built is refused (MIGRATION_NEEDED)
    unless you give --yes.

    JSON Lines that are compressed (.gz, .zst) or longer than 8 MB are checked as they stream and
    written in batches, each a version. Run a stopped load again to resume it.
    """
    settings = Settings()
    if any(map(is_large, files)):
        if texts or dry_run or not all(map(is_large, files)):
            fail(
                "USAGE: load large files (compressed, or over 8 MB) by themselves, without --text "
                "and --dry-run",
                2,
            )
        with connect(settings) as (driver, database):
            target = describe_target(settings)
            options = LoadOptions(database=database, by=by, note=note, migrate=yes, target=target)
            try:
                done = load_large_files(driver, files, strict_shared=strict_shared, **options)
            except (FactsError, LoadError) as error:
                _fail_load(error, as_json_, target)
        show_bulk_report(done, as_json_)
        return
    given: dict[str, str] = {}
    for one in texts or ():
        source, _, path = one.partition("=")
        if not path:
            fail(f"USAGE: --text {one}: write it as SOURCE=FILE, as source:my=article.txt", 2)
        given[source] = _read_text(Path(path))
    with connect(settings) as (driver, database), err.status("Loading") as status:
        target = describe_target(settings)
        options = LoadOptions(database=database, by=by, note=note, migrate=yes, target=target)
        try:
            checked = check(files, for_load=True)
            _print_problems([one for one in checked.problems if one.severity == "warning"])
            if not checked.valid:
                raise FactsError(errors(checked.problems))
            reports = load(
                driver,
                checked.facts,
                texts=given,
                dry_run=dry_run,
                strict_shared=strict_shared,
                progress=lambda stage: status.update(f"Loading: {stage}"),
                **options,
            )
        except (FactsError, LoadError) as error:
            status.stop()
            _fail_load(error, as_json_, target)
    show_reports(reports, as_json_)


def unload_command(
    source: Annotated[str, typer.Argument(help="A source's id, as source:my.")],
    dry_run: DryRun = False,
    by: By = None,
    note: Note = None,
    yes: Yes = False,
    as_json_: JsonOption = False,
) -> None:
    """Expire the facts of one source. Facts of other sources stay; the past stays readable.

    ```text
    parley unload source:my --note "withdrawn"
    ```
    """
    settings = Settings()
    with connect(settings) as (driver, database):
        target = describe_target(settings)
        options = LoadOptions(database=database, by=by, note=note, migrate=yes, target=target)
        try:
            report = unload(driver, source, dry_run=dry_run, **options)
        except LoadError as error:
            _fail_load(error, as_json_, target)
    show_reports([report], as_json_)


PROCESSES = 2
"""Processes that check: each one holds the source that it checks in memory."""


def check_large_files(
    files: Sequence[Path], *, strict_shared: bool, session: neo4j.Session | None
) -> LargeCheck:
    """Check files with a progress bar; against the graph too, if ``session`` is given."""
    with stage_progress({"check": "bytes"}) as progress:
        return check_large(
            files,
            progress=progress,
            processes=min(PROCESSES, os.cpu_count() or 1),
            strict_shared=strict_shared,
            session=session,
        )


class LoadOptions(TypedDict):
    """The options that loads and unloads share."""

    database: str
    by: str | None
    note: str | None
    migrate: bool
    target: Target


def load_large_files(
    driver: neo4j.Driver,
    files: Sequence[Path],
    *,
    strict_shared: bool,
    **options: Unpack[LoadOptions],
) -> BulkReport:
    """Load files with a progress bar for each stage; raises the errors of ``load_large``."""
    with stage_progress({"check": "bytes", "write": "elements"}) as progress:
        return load_large(
            driver,
            files,
            strict_shared=strict_shared,
            progress=progress,
            processes=min(PROCESSES, os.cpu_count() or 1),
            **options,
        )


def show_bulk_report(report: BulkReport, as_json_: bool) -> None:
    """Print what a load did, and the time of each stage."""
    if as_json_:
        print_json(report.to_plain())
        return
    wall = sum(report.seconds.values())
    made = f"{report.versions} versions" if report.versions else "nothing new"
    out.print(
        f"{report.sources} sources, {report.elements} nodes and relationships: {made}; "
        f"{report.passed_over} sources were there as they are, {report.one_by_one} were compared; "
        f"{report.target}"
    )
    for one in report.shared:
        out.print(("note", "yellow"), " ", one_line(str(one)))
    if report.more_shared:
        out.print(("note", "yellow"), " these are the first shared entities; there may be more")
    if not report.versions:
        return
    stages = [
        (name, f"{seconds:.1f}", f"{report.cpu[name]:.1f}", f"{100 * seconds / wall:.0f} %")
        for name, seconds in report.seconds.items()
    ]
    print_table(("stage", "seconds", "of them CPU of this process", "share"), stages)
    out.print(f"{report.elements / wall:,.0f} nodes and relationships a second")
