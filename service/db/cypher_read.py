"""Run a person's Cypher: check it first, and end it at its deadline.

A query that is abandoned (deadline, Ctrl-C) is terminated in the database too: closing the
connection alone would let it run on.
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

from service.db.cypher_gate import PlanOperator, refuse_commands, refuse_operators, tokenize
from service.db.database import (
    COMPONENTS,
    driver_options,
    require_version,
    resolve_connection,
    translate_driver_error,
    translate_driver_errors,
)
from service.errors import BadUserInput, ParleyError, Timeout
from service.settings import Settings

EXPLAIN = "EXPLAIN\n"
"""Ends with a line feed, so that the columns in messages are those of the query."""
QUERY_MARK = "parley_query"
"""The key of a transaction's metadata that holds its token."""
TERMINATE = f"""\
CYPHER 5 SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.{QUERY_MARK} = $token
TERMINATE TRANSACTIONS id YIELD message RETURN message"""
TERMINATE_SECONDS = 2.0
"""The most seconds that terminating an abandoned query may take."""
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
class CypherResult:
    """The columns and rows of a query, and Neo4j's warnings."""

    columns: list[str]
    rows: list[list[object]]
    warnings: list[str]


def read_cypher(settings: Settings, text: str, parameters: Mapping[str, object]) -> CypherResult:
    """Return the result of a person's query.

    Raises NotARead for a query that does more than read the graph, BadUserInput for one that Neo4j
    cannot run, Timeout after the deadline.
    """
    refuse_commands(text)
    if all(one.text == ";" for one in tokenize(text)):
        raise BadUserInput("The query is empty; an example: MATCH (i:Issue) RETURN i.name")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadUserInput("The query is not valid UTF-8.") from error
    with translate_driver_errors():
        return asyncio.run(_read(settings, text, parameters))


async def _read(settings: Settings, text: str, parameters: Mapping[str, object]) -> CypherResult:
    """Run a query with a driver of its own; terminate the query if this is cancelled."""
    to = resolve_connection(settings)
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
            await _terminate(driver, to.database, token)
            raise Timeout(
                f"The query took longer than {settings.deadline:g} seconds and was ended. "
                "Ask for less at once, or set PARLEY_DEADLINE to more seconds."
            ) from error
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            await _terminate(driver, to.database, token)
            raise


async def _run(
    session: neo4j.AsyncSession,
    settings: Settings,
    text: str,
    parameters: Mapping[str, object],
    token: str,
) -> CypherResult:
    version = await (await session.run(COMPONENTS)).single(strict=True)
    require_version(str(version[0]))
    given = dict(parameters)
    try:
        explained = await (await session.run(EXPLAIN + text, given)).consume()
        refuse_operators(explained.query_type, cast("PlanOperator | None", explained.plan))
        query = neo4j.Query(text, metadata={QUERY_MARK: token}, timeout=settings.deadline)
        result = await session.run(query, given)
        rows = [record.values() async for record in result]
        summary = await result.consume()
    except Neo4jError as error:
        raise _translate_error(error, text) from error
    except OverflowError as error:
        raise BadUserInput("A number in the parameters has more than 64 bits.") from error
    warnings = [_warning(one, text) for one in summary.gql_status_objects if one.is_notification]
    return CypherResult(list(result.keys()), rows, warnings)


async def _terminate(driver: neo4j.AsyncDriver, database: str, token: str) -> None:
    """Terminate a query in the database, if that can be reached."""
    try:
        async with asyncio.timeout(TERMINATE_SECONDS), driver.session(database=database) as session:
            await (await session.run(TERMINATE, {"token": token})).consume()
    except (neo4j.exceptions.DriverError, Neo4jError, TimeoutError):
        return


def _translate_error(error: Neo4jError, text: str) -> ParleyError:
    """Return Neo4j's error about a person's query, without details of the server."""
    code, said = error.code or "", error.message or ""
    if code.startswith("Neo.ClientError.Statement.") and "ExternalResource" not in code:
        return BadUserInput(_redact(PLACE.sub(_shift_line, said), text))
    if code == "Neo.ClientError.Procedure.ProcedureCallFailed":
        return BadUserInput(_redact(CAUSE.sub("", said), text))
    return translate_driver_error(error)


def _shift_line(place: re.Match[str]) -> str:
    """Return a place in the query for one in the text that begins with EXPLAIN."""
    return f"(line {int(place[1]) - 1}, column {place[2]})"


def _redact(said: str, text: str) -> str:
    """Replace addresses, settings and classes that the query itself does not contain."""
    return HIDDEN.sub(lambda found: found[0] if found[0] in text else "…", said)


def _warning(status: neo4j.GqlStatusObject, text: str) -> str:
    said = _redact(status.status_description.removeprefix("warn: "), text)
    place = status.position
    return f"{place.line}:{place.column}: {said}" if place else said


def to_json(value: object) -> object:
    """Return a value of the graph as JSON; a node or a relationship becomes its properties."""
    match value:
        case Node() | Relationship():
            return {name: to_json(one) for name, one in value.items()}
        case Path():
            return [to_json(one) for one in _path_elements(value)]
        case Point():
            return {"srid": value.srid, "coordinates": list(value)}
        case dict():
            return {name: to_json(one) for name, one in value.items()}
        case list():
            return [to_json(one) for one in value]
        case bytes() | bytearray():
            return value.hex()
        case float() if value - value != 0:
            return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    written: Callable[[], object] | None = getattr(value, "iso_format", None)
    return written() if written else value


def _path_elements(path: Path) -> Sequence[Node | Relationship]:
    """Return the nodes and relationships of a path, alternating."""
    steps: list[Node | Relationship] = [path.nodes[0]]
    for relationship, node in zip(path.relationships, path.nodes[1:], strict=True):
        steps += [relationship, node]
    return steps
