"""The commands ``query``, ``cypher`` and ``schema``, which read the graph."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from graph_seed.syntax.read import why_unreadable
from schema.domain import DOMAIN
from service import logs
from service.cli.console import JsonOption, err, fail, out, print_csv, print_json, print_table
from service.cli.interrupts import exit_immediately
from service.db.cypher_read import read_cypher, to_json
from service.db.database import Database
from service.errors import BadUserInput, DatabaseRefused, MigrationNeeded, ServiceUnavailable
from service.http.request_json import decode_json
from service.settings import Settings

if TYPE_CHECKING:
    from graphql import GraphQLFormattedError

    from service.graphql.run.engine import Explanation

DocumentArgument = Annotated[str, typer.Argument(help="GraphQL, @FILE, or - for standard input.")]
VariablesOption = Annotated[str | None, typer.Option("--variables", help="JSON, or @FILE.")]
UNUSABLE = {DatabaseRefused.code, MigrationNeeded.code, ServiceUnavailable.code}


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(query)
    app.command()(explain)
    app.command()(cypher)
    app.command()(schema)


def _read_argument(text: str) -> str:
    """Return an argument's text: itself, a file's (``@file``), or standard input (``-``)."""
    if text == "-":
        try:
            return sys.stdin.buffer.read().decode()
        except UnicodeDecodeError:
            fail("NOT_UTF8: standard input is not UTF-8", 2)
    if text.startswith("@"):
        try:
            return Path(text[1:]).read_text(encoding="utf-8")
        except OSError as error:
            fail(f"NO_FILE: {text[1:]}: {why_unreadable(error)}", 2)
        except UnicodeDecodeError:
            fail(f"NOT_UTF8: {text[1:]} is not UTF-8", 2)
    return text


def _read_variables(text: str | None) -> dict[str, object]:
    if text is None:
        return {}
    given = _read_argument(text)
    try:
        orjson.loads(given)  # its errors have a place
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadUserInput(f"the variables are not JSON at {place}") from error
    found = decode_json(given)
    if not isinstance(found, dict):
        raise BadUserInput('the variables have to be a JSON object, as in {"n": 5}')
    return found


def query(
    document: DocumentArgument,
    variables: VariablesOption = None,
) -> None:
    """Run a GraphQL query and print its result as JSON. Needs no running service.

    ```text
    parley query '{ issues(first: 3) { nodes { name } } }'
    parley query @question.graphql --variables '{"n": 5}'
    ```

    Exit status 2 if the result has errors, 1 if the database cannot be used.
    """
    with exit_immediately():
        from service.composition import make_engine  # noqa: PLC0415
        from service.graphql.types.schema import make_schema  # noqa: PLC0415 - others need no GraphQL

    settings = Settings()
    graphql_schema = make_schema(DOMAIN)
    text, given = _read_argument(document), _read_variables(variables)
    if not text.strip():
        raise BadUserInput("the query is empty; an example: { people { nodes { name } } }")

    async def execute() -> tuple[object, list["GraphQLFormattedError"]]:
        async with Database(settings, patient=True) as database:
            engine = make_engine(settings, database)
            result, _ = await engine.execute(graphql_schema._schema, text, None, given)
        return result.data, [error.formatted for error in result.errors or ()]

    # Errors are printed once: in the result, or as one line.
    logs.configure(logging.CRITICAL)
    data, errors = asyncio.run(execute())
    for error in errors:
        if error.get("extensions", {}).get("code") in UNUSABLE:
            fail(f"{error['extensions']['code']}: {error['message']}")
    print_json({"data": data, "errors": errors} if errors else {"data": data})
    raise typer.Exit(2 if errors else 0)


def explain(
    document: DocumentArgument,
    variables: VariablesOption = None,
    as_json_: JsonOption = False,
    show_cypher: Annotated[
        bool, typer.Option("--cypher", help="Print the Cypher that would be sent, too.")
    ] = False,
) -> None:
    """Show what a GraphQL query would cost, field by field, without running it.

    ```text
    parley explain @question.graphql --variables '{"n": 5}'
    ```

    The cost is the number of nodes that the answer could have. If the database can be reached, its
    size bounds the cost too. Exit status 2 if the query is refused or costs too much.
    """
    with exit_immediately():
        from service.composition import make_engine  # noqa: PLC0415
        from service.graphql.outcome import OperationRejected  # noqa: PLC0415
        from service.graphql.types.schema import make_schema  # noqa: PLC0415 - others need no GraphQL

    settings = Settings()
    text, given = _read_argument(document), _read_variables(variables)
    logs.configure(logging.CRITICAL)

    async def read() -> "Explanation":
        async with Database(settings, patient=True) as database:
            engine = make_engine(settings, database)
            return await engine.explain(make_schema(DOMAIN)._schema, text, None, given)

    try:
        found = asyncio.run(read())
    except OperationRejected as rejected:
        for error in rejected.errors:
            err.print(
                ("error", "bold red"), f" {(error.extensions or {})['code']}: {error.message}"
            )
        raise typer.Exit(2) from rejected
    rows = [(".".join(map(str, path)), size, int(nodes)) for path, size, nodes in found.sources]
    columns = ("field", "size", "nodes at most")
    if as_json_:
        print_json(
            {
                "cost": int(found.cost),
                "costByPages": int(found.cost_by_pages),
                "limit": found.limit,
                "fields": [dict(zip(("field", "size", "nodes"), row, strict=True)) for row in rows],
                "queries": [one.text for one in found.queries],
            }
        )
    else:
        print_table(columns, rows)
        number = len(found.queries)
        sent = "1 Cypher query" if number == 1 else f"{number} Cypher queries"
        out.print(
            f"cost {found.cost:,.0f} of {found.limit:,}"
            f" ({found.cost_by_pages:,.0f} by the pages alone), {sent}"
        )
        if show_cypher:
            for one in found.queries:
                out.print(one.text)
    if found.excess is not None:
        err.print(("error", "bold red"), f" QUERY_TOO_COMPLEX: {found.excess}")
        raise typer.Exit(2)


def cypher(
    text: Annotated[str, typer.Argument(help="Cypher, @FILE, or - for standard input.")],
    parameters: Annotated[str | None, typer.Option("--parameters", help="JSON, or @FILE.")] = None,
    as_json_: JsonOption = False,
    as_csv_: Annotated[bool, typer.Option("--csv", help="Print CSV, for pipes.")] = False,
) -> None:
    """Run a Cypher query that only reads the graph, and print its rows.

    ```text
    parley cypher 'MATCH (i:Issue)<-[:ABOUT]-(s) RETURN i.name, count(s) AS n ORDER BY n'
    ```

    The query is ended at PARLEY_DEADLINE or at Ctrl-C, in the database too. Warnings, such as of
    labels, types and properties that the graph does not have, go to the error stream.
    """
    answer = read_cypher(Settings(), _read_argument(text), _read_variables(parameters))
    for warning in answer.warnings:
        err.print(("warning", "yellow"), " ", warning)
    columns = answer.columns
    shown = [[to_json(one) for one in row] for row in answer.rows]
    if as_json_:
        print_json([dict(zip(columns, row, strict=True)) for row in shown])
    elif as_csv_:
        print_csv(columns, shown)
    else:
        print_table(columns, shown)


def schema() -> None:
    """Print the GraphQL schema, for codegen: `parley schema > schema.graphql`."""
    with exit_immediately():
        from service.graphql.types.schema import make_schema  # noqa: PLC0415

    out.print(make_schema(DOMAIN).as_str())
