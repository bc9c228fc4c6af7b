"""Decide whether a person's Cypher only reads the graph.

READ access refuses writes, but not commands that end other transactions, show settings or read
files. Two checks refuse those, and a query has to pass both:

- ``refuse_commands`` reads the text as Neo4j's lexer does, for what a plan does not show: a
  procedure that is called in a subquery within an expression is in no operator.
- ``refuse_operators`` reads the plan that ``EXPLAIN`` returns, for what the query does by then.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypedDict

from service.errors import NotARead

PROCEDURES = frozenset(
    {
        "db.index.fulltext.listAvailableAnalyzers",
        "db.index.fulltext.queryNodes",
        "db.index.fulltext.queryRelationships",
        "db.index.vector.queryNodes",
        "db.index.vector.queryRelationships",
        "db.labels",
        "db.ping",
        "db.propertyKeys",
        "db.relationshipTypes",
        "db.schema.nodeTypeProperties",
        "db.schema.relTypeProperties",
        "db.schema.visualization",
    }
)
"""Procedures that only read the graph or its schema."""
AFTER_VARIABLES = frozenset(
    {
        *("and", "as", "asc", "ascending", "call", "contains", "create", "delete", "desc"),
        *("descending", "detach", "else", "end", "ends", "filter", "finish", "foreach", "in", "is"),
        *("let", "limit", "load", "match", "merge", "next", "offset", "optional", "or", "order"),
        *("remove", "return", "set", "skip", "starts", "then", "union", "unwind", "use", "when"),
        *("where", "with", "xor", "yield"),
    }
)
"""Keywords that may follow a variable named ``show`` or ``call``."""
COMMANDS = frozenset(
    {
        *("alter", "create", "deallocate", "deny", "drop", "dryrun", "enable", "grant"),
        *("reallocate", "rename", "revoke", "start", "stop"),
    }
)
"""Keywords that begin a query which writes or administers."""
SHOWABLE = frozenset({"constraint", "constraints", "index", "indexes"})
"""What SHOW may show: the schema of the graph."""
INDEX_KINDS = frozenset({"all", "fulltext", "lookup", "point", "range", "text", "vector"})
"""Words that may stand between SHOW and INDEXES."""
READING = "r"
REFUSED_OPERATORS = re.compile(
    r"LoadCSV|Show(?!Indexes|Constraints)|Terminate|Transaction(Apply|Foreach)"
)
"""Operators of queries of type ``r`` that do more than read the graph."""
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
ESCAPE_IN_TEXT = re.compile(r"((?:^|[^\\])(?:\\\\)*)\\u([0-9a-fA-F]{4})")
"""An escape whose backslash is not itself escaped."""
TOKEN = re.compile(
    r"""
    (?P<passed>
        //[^\n\r]*+ | /\*.*?\*/
      | [\s\x00-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]++
    )
  | (?P<text> '(?:[^'\\]|\\.)*+' | "(?:[^"\\]|\\.)*+" )
  | ` (?P<quoted> (?:[^`]|``)*+ ) `
  | (?P<word> [^\W\d]\w*+ )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class CypherToken:
    """A token of Cypher; ``word`` is its folded text where it may be a keyword, else empty."""

    text: str
    word: str = ""
    is_name: bool = False


class PlanOperator(TypedDict, total=False):
    """An operator of a query's plan, as the driver returns it."""

    operatorType: str
    args: Mapping[str, object]
    children: list["PlanOperator"]


def tokenize(text: str) -> list[CypherToken]:
    """Return the tokens of a query, without comments and spaces."""
    found: list[CypherToken] = []
    for match in TOKEN.finditer(text):
        kind, part = match.lastgroup, match[match.lastgroup or 0]
        if kind == "word":
            found.append(CypherToken(part, part.casefold(), is_name=True))
        elif kind == "quoted":
            found.append(CypherToken(part.replace("``", "`"), is_name=True))
        elif kind != "passed":
            found.append(CypherToken(part))
    return found


def refuse_commands(text: str) -> None:
    """Raise NotARead if the text of a query has a command that does more than read the graph."""
    for reading in unescaped_variants(text):
        found = tokenize(reading)
        for problem in (*_check_beginning(found), *find_commands(found)):
            raise NotARead(problem)


def refuse_operators(query_type: str | None, plan: PlanOperator | None) -> None:
    """Raise NotARead if the plan of a query does more than read the graph."""
    for operator in _operators(plan):
        name = str(operator.get("operatorType", "")).partition("@")[0]
        details = str(operator.get("args", {}).get("Details", ""))
        if name == "ProcedureCall" and (called := details.partition("(")[0]) not in PROCEDURES:
            raise NotARead(_refuse_procedure(called))
        for problem in find_commands(tokenize(details)):
            raise NotARead(problem)
        if REFUSED_OPERATORS.match(name):
            raise NotARead(WRITES)
    if query_type != READING:
        raise NotARead(WRITES)


LOAD_CSV = "LOAD CSV reads files and other hosts; `parley cypher` only reads the graph."
PLANS = "`parley cypher` shows no plans; leave EXPLAIN and PROFILE out."
SHOW = (
    "SHOW shows only indexes and constraints; `CALL db.labels()` and the like show what the graph "
    "holds."
)
SYSTEM = "The database `system` holds accounts; `parley cypher` only reads the graph."
TERMINATE = "TERMINATE ends the queries of others; `parley cypher` only reads the graph."
WRITES = "This query does more than read the graph; `parley cypher` has READ access."


def _refuse_procedure(name: str) -> str:
    listed = ", ".join(sorted(PROCEDURES))
    return f"The procedure {name} is refused; you can call these: {listed}."


def unescaped_variants(text: str) -> set[str]:
    r"""Return a query as each version of Neo4j may read its escapes.

    Depending on its version it replaces ``\u0041`` everywhere before anything else, only where
    the backslash is not escaped, or not at all.
    """
    everywhere = ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    unescaped = ESCAPE_IN_TEXT.sub(lambda found: found[1] + chr(int(found[2], 16)), text)
    return {text, everywhere, unescaped}


def find_commands(found: list[CypherToken]) -> Iterator[str]:
    """Yield a message for each command that does more than read the graph, wherever it stands."""
    for place, (one, following) in enumerate(pairwise([*found, CypherToken("")])):
        if one.word == "load" and following.word == "csv":
            yield LOAD_CSV
        elif one.word == "terminate" and following.word in {"transaction", "transactions"}:
            yield TERMINATE
        elif one.word == "show" and following.is_name and following.word not in AFTER_VARIABLES:
            if not _shows_schema(found, place):
                yield SHOW
        elif one.word == "use" and following.is_name and following.text.casefold() == "system":
            yield SYSTEM
        elif one.word == "call" and following.is_name:
            name, behind = _read_name(found, place + 1)
            is_call = "." in name or (behind == "(" and following.word not in AFTER_VARIABLES)
            if is_call and name not in PROCEDURES:
                yield _refuse_procedure(name)


def _check_beginning(found: list[CypherToken]) -> Iterator[str]:
    """Yield a message for each refused word that a query begins with."""
    options, place = _split_options(found)
    clause = found[place].word if place < len(found) else ""
    if options & {"explain", "profile"}:
        yield PLANS
    if clause == "show" and not _shows_schema(found, place):
        yield SHOW
    if clause == "terminate":
        yield TERMINATE
    if clause in COMMANDS:
        yield WRITES


def _shows_schema(found: list[CypherToken], place: int) -> bool:
    """Return whether the SHOW at a token shows the schema of the graph."""
    words = [one.word for one in found[place + 1 : place + 3]]
    shown = words[1:] if INDEX_KINDS.intersection(words[:1]) else words[:1]
    return bool(SHOWABLE.intersection(shown))


def _split_options(found: list[CypherToken]) -> tuple[set[str], int]:
    """Return the words before the first clause, such as ``CYPHER 5``, and the clause's index."""
    options: set[str] = set()
    place = 0
    while place < len(found):
        one = found[place]
        if place + 1 < len(found) and found[place + 1].text == "=":
            place += 3  # an option of CYPHER, as in runtime=slotted
            continue
        if one.word not in {"cypher", "explain", "profile"} and not one.text.isdecimal():
            break
        options.add(one.word)
        place += 1
    return options, place


def _read_name(found: list[CypherToken], place: int) -> tuple[str, str]:
    """Return the dotted name that begins at a token, and the text of the token after it."""
    name = found[place].text
    place += 1
    while place + 1 < len(found) and found[place].text == "." and found[place + 1].is_name:
        name += f".{found[place + 1].text}"
        place += 2
    return name, found[place].text if place < len(found) else ""


def _operators(plan: PlanOperator | None) -> Iterable[PlanOperator]:
    """Yield the operators of a plan."""
    waiting = [plan] if plan else []
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.get("children", ())
