"""``parley check``, ``cite``, ``load``, ``unload``: facts files."""

from pathlib import Path
from typing import Annotated

import typer

from graph_seed import Checked, FactsError, LoadError, Problem, check, cite, load, unload
from graph_seed.graph.report import Target
from graph_seed.loading.against import check_against
from graph_seed.loading.bulk.scan import LargeCheck
from graph_seed.problems import errors
from graph_seed.syntax.read import why_unreadable
from graph_seed.syntax.sections import is_large
from graph_seed.text import TextProblem, hashed_text
from schema.domain import DOMAIN
from service.cli.console import as_json, err, fail, one_line, out
from service.cli.load_large import check_large_files, load_large_files, show
from service.cli.reports import show_reports
from service.db.database import opened, target_of
from service.settings import Settings

Files = Annotated[list[Path], typer.Argument(help="Facts files, YAML or JSON Lines.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for pipes.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it.")]
Note = Annotated[str | None, typer.Option("--note", help="Why.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="List what would change, and do nothing.")]
StrictShared = Annotated[
    bool, typer.Option("--strict-shared", help="Refuse entities that other sources define too.")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Migrate a graph that another version of Parley built.")
]


COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("check")(check_files)
    app.command("cite")(cite_file)
    app.command("load")(load_command)
    app.command("unload")(unload_command)


def _print(problems: list[Problem]) -> None:
    for problem in problems:
        colour = COLOURS[problem.severity]
        severity, code = (problem.severity, f"bold {colour}"), (problem.code, "dim")
        where, message = one_line(str(problem.place)), one_line(problem.message)
        err.print(f"{where}: ", severity, " ", code, " ", message)


def check_files(
    files: Files,
    against: Annotated[
        bool, typer.Option("--against", help="Compare with what the graph holds, too.")
    ] = False,
    strict_shared: StrictShared = False,
    as_json_: Json = False,
) -> None:
    """Check facts files, without a database: every problem at once.

    ```text
    parley check my.yaml other.yaml
    parley check my.yaml --against
    ```

    Files checked together know what each other defines. A note (SHARED) tells each entity that
    several sources define, with what each says of it: the same key is the same entity. --against
    reads the graph too (it writes nothing). Files of JSON Lines that are packed (.gz,
    .zst) or longer than 8 MB are checked as they stream, as a load of them does: the first hundred
    errors are told. Exit status 2 if there is an error.
    """
    if any(map(is_large, files)):
        if not all(map(is_large, files)):
            fail("USAGE: check large files (packed, or over 8 MB) by themselves", 2)
        try:
            large = _checked_large(files, against, strict_shared)
        except LoadError as error:
            _refused(error, as_json_)
            return
        problems = large.problems
        what = f"{large.sources} sources, {large.elements} nodes and relationships"
    else:
        checked = _checked(files, against, strict_shared)
        problems = checked.problems
        what = f"{sum(len(facts.records) for facts in checked.facts)} records"
    wrong = len(errors(problems))
    if as_json_:
        as_json([one.to_plain() for one in problems])
    else:
        _print(problems)
        notes = sum(one.severity == "note" for one in problems)
        also = f", {notes} notes" if notes else ""
        out.print(f"{what}, {wrong} errors, {len(problems) - wrong - notes} warnings{also}")
    raise typer.Exit(2 if wrong else 0)


def _checked_large(files: list[Path], against: bool, strict_shared: bool) -> LargeCheck:
    if not against:
        return check_large_files(files, strict_shared=strict_shared, session=None)
    with opened(Settings()) as (driver, database), driver.session(database=database) as session:
        return check_large_files(files, strict_shared=strict_shared, session=session)


def _checked(files: list[Path], against: bool, strict_shared: bool) -> Checked:
    if not against:
        return check(files, strict_shared=strict_shared)
    with opened(Settings()) as (driver, database):
        try:
            return check(
                files,
                strict_shared=strict_shared,
                elsewhere=lambda facts: check_against(driver, database, DOMAIN, facts),
            )
        except LoadError as error:
            fail(f"{error.code}: {error}")


def _text(path: Path) -> str:
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
        str | None, typer.Option(help="Whose text it is, where the file has several sources.")
    ] = None,
) -> None:
    """Turn the words a file cites by into offsets, hashes and locators, in place.

    ```text
    parley cite my.yaml --text article.txt
    ```

    Comments, order and layout stay; none of the source's sentences is left in the file.
    """
    report = cite(file, _text(text), source=source)
    _print(report.problems)
    if not report.written:
        fail(f"NOT_CITED: {file} was left as it was", 2)
    out.print(
        f"{report.cited} passages cited, {report.held} held, {report.moved} moved, "
        f"{report.keys} keys set"
    )


def _refused(error: FactsError | LoadError, as_json_: bool, target: Target | None = None) -> None:
    """Say why nothing was loaded, and into which database; for pipes as JSON too."""
    named = {"target": target} if target else {}
    if isinstance(error, FactsError):
        if as_json_:
            problems = [one.to_plain() for one in error.problems]
            as_json({"code": error.code, "problems": problems, **named})
        _print(error.problems)
        number = f"{len(error.problems)} {'error' if len(error.problems) == 1 else 'errors'}"
        fail(f"{error.code}: {number}; nothing was loaded{f' into {target}' if target else ''}", 2)
    if as_json_:
        as_json({"code": error.code, "message": str(error), "ids": error.ids, **named})
    fail(f"{error.code}: {f'{target}: ' if target else ''}{error}")


def load_command(
    files: Files,
    texts: Annotated[
        list[str] | None,
        typer.Option("--text", help="SOURCE=FILE: the source's text, verified and attached."),
    ] = None,
    dry_run: DryRun = False,
    by: By = None,
    note: Note = None,
    strict_shared: StrictShared = False,
    yes: Yes = False,
    as_json_: Json = False,
) -> None:
    """Load facts files, as one state. Loading again changes nothing; what differs is mended.

    ```text
    parley load my.yaml
    parley load my.yaml --dry-run
    parley load my.yaml --text source:my=article.txt --by "the desk" --note "first reading"
    parley load millions.jsonl.zst
    ```

    The report names the database, and tells each entity that another source defines too. Files are
    loaded all or none, and their order does not matter: an issue may be renamed in the file that
    defines it and in those that use it. A graph that another version of Parley built is refused
    (MIGRATION_NEEDED) unless --yes is given.

    JSON Lines that are packed (.gz, .zst) or longer than 8 MB are checked as they stream and
    written in batches, each a version; what was stopped goes on when the command is given again.
    """
    settings = Settings()
    if any(map(is_large, files)):
        if texts or dry_run or not all(map(is_large, files)):
            fail(
                "USAGE: load large files (packed, or over 8 MB) by themselves, without --text and "
                "--dry-run",
                2,
            )
        with opened(settings) as (driver, database):
            target = target_of(settings)
            try:
                done = load_large_files(
                    driver,
                    files,
                    database=database,
                    by=by,
                    note=note,
                    strict_shared=strict_shared,
                    migrate=yes,
                    target=target,
                )
            except (FactsError, LoadError) as error:
                _refused(error, as_json_, target)
                return
        show(done, as_json_)
        return
    given: dict[str, str] = {}
    for one in texts or ():
        source, _, path = one.partition("=")
        if not path:
            fail(f"USAGE: --text {one}: write it as SOURCE=FILE, as source:my=article.txt", 2)
        given[source] = _text(Path(path))
    with opened(settings) as (driver, database), err.status("Loading") as status:
        target = target_of(settings)
        try:
            checked = check(files, for_load=True)
            _print([one for one in checked.problems if one.severity == "warning"])
            if not checked.valid:
                raise FactsError(errors(checked.problems))
            reports = load(
                driver,
                checked.facts,
                database=database,
                texts=given,
                dry_run=dry_run,
                by=by,
                note=note,
                strict_shared=strict_shared,
                migrate=yes,
                target=target,
                progress=lambda stage: status.update(f"Loading: {stage}"),
            )
        except (FactsError, LoadError) as error:
            status.stop()
            _refused(error, as_json_, target)
            return
    show_reports(reports, as_json_)


def unload_command(
    source: Annotated[str, typer.Argument(help="A source's id, as source:my.")],
    dry_run: DryRun = False,
    by: By = None,
    note: Note = None,
    yes: Yes = False,
    as_json_: Json = False,
) -> None:
    """Expire one source's facts. What other sources say stays; what was is kept in the past.

    ```text
    parley unload source:my --note "withdrawn"
    ```
    """
    settings = Settings()
    with opened(settings) as (driver, database):
        target = target_of(settings)
        try:
            report = unload(
                driver,
                source,
                database=database,
                dry_run=dry_run,
                by=by,
                note=note,
                migrate=yes,
                target=target,
            )
        except LoadError as error:
            _refused(error, as_json_, target)
            return
    show_reports([report], as_json_)
