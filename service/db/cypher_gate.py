"""Decide whether Cypher from a person only reads the graph.

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
"""Procedures that read the graph or its schema and nothing else."""
BEHIND_VARIABLES = frozenset(
    {
        *("and", "as", "asc", "ascending", "call", "contains", "create", "delete", "desc"),
        *("descending", "detach", "else", "end", "ends", "filter", "finish", "foreach", "in", "is"),
        *("let", "limit", "load", "match", "merge", "next", "offset", "optional", "or", "order"),
        *("remove", "return", "set", "skip", "starts", "then", "union", "unwind", "use", "when"),
        *("where", "with", "xor", "yield"),
    }
)
"""Words that may follow a variable which is named ``show`` or ``call``."""
COMMANDS = frozenset(
    {
        *("alter", "create", "deallocate", "deny", "drop", "dryrun", "enable", "grant"),
        *("reallocate", "rename", "revoke", "start", "stop"),
    }
)
"""Words that a query which writes or administers begins with."""
SHOWN = frozenset({"constraint", "constraints", "index", "indexes"})
"""What SHOW may show: how the graph is built."""
SORTS = frozenset({"all", "fulltext", "lookup", "point", "range", "text", "vector"})
"""Words that may stand between SHOW and what it shows."""
READING = "r"
REFUSED_OPERATORS = re.compile(
    r"LoadCSV|Show(?!Indexes|Constraints)|Terminate|Transaction(Apply|Foreach)"
)
"""Operators that a query of type ``r`` may have and that do not read the graph."""
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
class Token:
    """A token of Cypher; ``word`` is its folded text where it may be a keyword, else empty."""

    text: str
    word: str = ""
    is_name: bool = False


class Plan(TypedDict, total=False):
    """An operator of a plan, as the driver returns it."""

    operatorType: str
    args: Mapping[str, object]
    children: list["Plan"]


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query without comments and spaces."""
    found: list[Token] = []
    for match in TOKEN.finditer(text):
        kind, part = match.lastgroup, match[match.lastgroup or 0]
        if kind == "word":
            found.append(Token(part, part.casefold(), is_name=True))
        elif kind == "quoted":
            found.append(Token(part.replace("``", "`"), is_name=True))
        elif kind != "passed":
            found.append(Token(part))
    return found


def refuse_commands(text: str) -> None:
    """Raise NotARead if a query's text holds a command that does not read the graph."""
    for reading in readings(text):
        found = tokens(reading)
        for problem in (*_refused_beginning(found), *commands(found)):
            raise NotARead(problem)


def refuse_operators(query_type: str | None, plan: Plan | None) -> None:
    """Raise NotARead if a query's plan does anything but read the graph."""
    for operator in _operators(plan):
        name = str(operator.get("operatorType", "")).partition("@")[0]
        details = str(operator.get("args", {}).get("Details", ""))
        if name == "ProcedureCall" and (called := details.partition("(")[0]) not in PROCEDURES:
            raise NotARead(_procedure(called))
        for problem in commands(tokens(details)):
            raise NotARead(problem)
        if REFUSED_OPERATORS.match(name):
            raise NotARead(WRITES)
    if query_type != READING:
        raise NotARead(WRITES)


LOAD_CSV = "LOAD CSV reads files and other hosts; `parley cypher` reads the graph alone."
PLANS = "`parley cypher` shows no plans; leave EXPLAIN and PROFILE out."
SHOW = (
    "SHOW shows indexes and constraints alone; `CALL db.labels()` and the like show what the graph "
    "holds."
)
SYSTEM = "The database `system` holds accounts; `parley cypher` reads the graph alone."
TERMINATE = "TERMINATE ends the queries of others; `parley cypher` reads the graph alone."
WRITES = "This query does not only read the graph; `parley cypher` has READ access."


def _procedure(name: str) -> str:
    listed = ", ".join(sorted(PROCEDURES))
    return f"The procedure {name} is refused; these may be called: {listed}."


def readings(text: str) -> set[str]:
    r"""Return the texts that Neo4j may take a query for.

    Depending on its version it replaces ``\u0041`` everywhere before anything else, only where
    the backslash is not escaped, or not at all.
    """
    everywhere = ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    unescaped = ESCAPE_IN_TEXT.sub(lambda found: found[1] + chr(int(found[2], 16)), text)
    return {text, everywhere, unescaped}


def commands(found: list[Token]) -> Iterator[str]:
    """Yield what is wrong with each command that does not read the graph, wherever it stands."""
    for place, (one, following) in enumerate(pairwise([*found, Token("")])):
        if one.word == "load" and following.word == "csv":
            yield LOAD_CSV
        elif one.word == "terminate" and following.word in {"transaction", "transactions"}:
            yield TERMINATE
        elif one.word == "show" and following.is_name and following.word not in BEHIND_VARIABLES:
            if not _shows_schema(found, place):
                yield SHOW
        elif one.word == "use" and following.is_name and following.text.casefold() == "system":
            yield SYSTEM
        elif one.word == "call" and following.is_name:
            name, behind = _name(found, place + 1)
            is_call = "." in name or (behind == "(" and following.word not in BEHIND_VARIABLES)
            if is_call and name not in PROCEDURES:
                yield _procedure(name)


def _refused_beginning(found: list[Token]) -> Iterator[str]:
    """Yield what is wrong with the words that a query begins with."""
    options, place = _beginning(found)
    clause = found[place].word if place < len(found) else ""
    if options & {"explain", "profile"}:
        yield PLANS
    if clause == "show" and not _shows_schema(found, place):
        yield SHOW
    if clause == "terminate":
        yield TERMINATE
    if clause in COMMANDS:
        yield WRITES


def _shows_schema(found: list[Token], place: int) -> bool:
    """Return whether the SHOW at a token shows how the graph is built."""
    words = [one.word for one in found[place + 1 : place + 3]]
    return bool(SHOWN.intersection(words[1:] if SORTS.intersection(words[:1]) else words[:1]))


def _beginning(found: list[Token]) -> tuple[set[str], int]:
    """Return the words before a query's first clause, as ``CYPHER 5``, and where that begins."""
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


def _name(found: list[Token], place: int) -> tuple[str, str]:
    """Return the dotted name that begins at a token, and the text of the token behind it."""
    name = found[place].text
    place += 1
    while place + 1 < len(found) and found[place].text == "." and found[place + 1].is_name:
        name += f".{found[place + 1].text}"
        place += 2
    return name, found[place].text if place < len(found) else ""


def _operators(plan: Plan | None) -> Iterable[Plan]:
    """Yield the operators of a plan."""
    waiting = [plan] if plan else []
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.get("children", ())
