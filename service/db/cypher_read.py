"""Run Cypher that a person wrote: checked before it runs, ended at its deadline.

A query that is given up (its deadline, Ctrl-C) is ended in the database too, which goes on with it
where only the connection is closed.
"""

import asyncio
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import neo4j
from neo4j.exceptions import Neo4jError
from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point

from service.db.cypher_gate import Plan, refuse_commands, refuse_operators, tokens
from service.db.database import COMPONENTS, checked, connection, driver_options
from service.db.driver_errors import translate_errors, translated
from service.errors import BadUserInput, ParleyError, Timeout
from service.settings import Settings

EXPLAIN = "EXPLAIN\n"
"""Stands in a line of its own, so that columns are those of the query."""
MARK = "parley_query"
"""The key of a transaction's metadata by which it is found again."""
END = f"""\
CYPHER 5 SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.{MARK} = $token
TERMINATE TRANSACTIONS id YIELD message RETURN message"""
END_SECONDS = 2.0
"""How long it may take to end a query that was given up."""
PLACE = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\)")
CAUSE = re.compile(r"Caused by: [\w.$]+: ?")
HIDDEN = re.compile(
    r"""
    \w+://[^\s'"]+                                     # an address
  | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b               # a host by its number
  | \blocalhost(?::\d+)?\b
  | \b(?:[a-z_]\w*\.){2,}[A-Z]\w*(?:\$\w+)*            # a class of Java
  | \b(?:dbms|server|db|internal|initial|browser|client)(?:\.\w+){2,}  # a setting
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns and rows of a query, and what Neo4j warns of."""

    columns: list[str]
    rows: list[list[object]]
    warnings: list[str]


def read_cypher(settings: Settings, text: str, parameters: Mapping[str, object]) -> Answer:
    """Return what a person's query reads; raises a ParleyError in words of our own.

    Raises NotARead for what does not only read the graph, BadUserInput for what Neo4j cannot
    read or run, Timeout after the deadline.
    """
    refuse_commands(text)
    if all(one.text == ";" for one in tokens(text)):
        raise BadUserInput("The query is empty; an example: MATCH (i:Issue) RETURN i.name")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadUserInput("The query is not valid UTF-8.") from error
    with translate_errors():
        return asyncio.run(_read(settings, text, parameters))


async def _read(settings: Settings, text: str, parameters: Mapping[str, object]) -> Answer:
    """Read with a driver of its own; whatever ends this, ends the query."""
    to = connection(settings)
    options = driver_options(settings)
    options["notifications_min_severity"] = "WARNING"
    token = secrets.token_hex(16)
    driver = neo4j.AsyncGraphDatabase.driver(
        to.uri, auth=(to.user, to.password.get_secret_value()), **options
    )
    async with driver:
        try:
            async with asyncio.timeout(settings.deadline):
                async with driver.session(
                    database=to.database, default_access_mode=neo4j.READ_ACCESS
                ) as session:
                    return await _run(session, settings, text, parameters, token)
        except TimeoutError as error:
            await _end(driver, to.database, token)
            raise Timeout(
                f"The query took longer than {settings.deadline:g} seconds and was ended. "
                "Ask less of it, or set PARLEY_DEADLINE to more seconds."
            ) from error
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            await _end(driver, to.database, token)
            raise


async def _run(
    session: neo4j.AsyncSession,
    settings: Settings,
    text: str,
    parameters: Mapping[str, object],
    token: str,
) -> Answer:
    version = await (await session.run(COMPONENTS)).single(strict=True)
    checked(str(version[0]))
    given = dict(parameters)
    try:
        explained = await (await session.run(EXPLAIN + text, given)).consume()
        refuse_operators(explained.query_type, cast("Plan | None", explained.plan))
        query = neo4j.Query(text, metadata={MARK: token}, timeout=settings.deadline)
        result = await session.run(query, given)
        rows = [record.values() async for record in result]
        summary = await result.consume()
    except Neo4jError as error:
        raise _explained(error, text) from error
    except OverflowError as error:
        raise BadUserInput("A parameter's number has more than 64 bits.") from error
    warnings = [_warning(one, text) for one in summary.gql_status_objects if one.is_notification]
    return Answer(list(result.keys()), rows, warnings)


async def _end(driver: neo4j.AsyncDriver, database: str, token: str) -> None:
    """End a query in the database, as far as that can be reached."""
    try:
        async with asyncio.timeout(END_SECONDS), driver.session(database=database) as session:
            await (await session.run(END, {"token": token})).consume()
    except (neo4j.exceptions.DriverError, Neo4jError, TimeoutError):
        return


def _explained(error: Neo4jError, text: str) -> ParleyError:
    """Return what Neo4j says about a person's own query, without what is of the server alone."""
    code, said = error.code or "", error.message or ""
    if code.startswith("Neo.ClientError.Statement.") and "ExternalResource" not in code:
        return BadUserInput(_hide(PLACE.sub(_moved, said), text))
    if code == "Neo.ClientError.Procedure.ProcedureCallFailed":
        return BadUserInput(_hide(CAUSE.sub("", said), text))
    return translated(error)


def _moved(place: re.Match[str]) -> str:
    """Return a place in the query for one behind EXPLAIN's line."""
    return f"(line {int(place[1]) - 1}, column {place[2]})"


def _hide(said: str, text: str) -> str:
    """Hide addresses, settings and classes that are not in the query itself."""
    return HIDDEN.sub(lambda found: found[0] if found[0] in text else "…", said)


def _warning(status: neo4j.GqlStatusObject, text: str) -> str:
    said = _hide(status.status_description.removeprefix("warn: "), text)
    place = status.position
    return f"{place.line}:{place.column}: {said}" if place else said


def plain(value: object) -> object:
    """Return a value of the graph as JSON has it; a node or a relationship is its properties."""
    match value:
        case Node() | Relationship():
            return {name: plain(one) for name, one in value.items()}
        case Path():
            return [plain(one) for one in _steps(value)]
        case Point():
            return {"srid": value.srid, "coordinates": list(value)}
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case bytes() | bytearray():
            return value.hex()
        case float() if value - value != 0:
            return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    written: Callable[[], object] | None = getattr(value, "iso_format", None)
    return written() if written else value


def _steps(path: Path) -> Sequence[Node | Relationship]:
    """Return a path's nodes and relationships, in turn."""
    steps: list[Node | Relationship] = [path.nodes[0]]
    for relationship, node in zip(path.relationships, path.nodes[1:], strict=True):
        steps += [relationship, node]
    return steps
