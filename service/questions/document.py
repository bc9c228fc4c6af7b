"""Read a document that has an address: its header, its parameters, its rows and columns.

The header is the comment at the top, a line for each key:

- ``title:``, ``description:``
- ``rows:``, the keys to the list whose items are the rows; without it the first list
- ``columns:``, columns by name, with ``as`` another name; without it all
- ``$name:``, what a parameter is, with ``Example:`` and a value
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graphql import (
    ArgumentNode,
    DefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_input_type,
    is_leaf_type,
    is_list_type,
    parse_value,
    print_ast,
    type_from_ast,
    value_from_ast_untyped,
    visit,
)

from schema.names import ID, RECORDED_IN
from service.graphql.outcome import OperationRejected
from service.graphql.plan.limits import Limits
from service.graphql.plan.parse import parse_document
from service.graphql.types import names
from service.http.graphql_request import PARAMETERS
from service.questions.columns import ORDER_BY, PAGE_INFO, Column, Keys, Selected, Selections

TIME_DOCS = {
    names.VERSION: "The version of the graph to read; the latest if it is empty.",
    names.SYSTEM_TIME: "The moment by which the graph had recorded what is read.",
    names.VALID_TIME: "The day or period for which facts are read.",
}
RESERVED = frozenset({*TIME_DOCS, *PARAMETERS, "format"})
"""Names of parameters that are not those of a document's variables."""
KEY = re.compile(r"#\s*(\$?\w+):\s*(.*)")
HEADINGS = {"title", "description", "rows", "columns"}
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CHANGE = "GraphChange"
VERSION_ORDER = f"[{{ {RECORDED_IN}: {names.DESC} }}]"


@dataclass(frozen=True, slots=True)
class QuestionParameter:
    """A parameter of a question: a variable of its document."""

    name: str
    type: GraphQLInputType
    is_required: bool
    default: object = None
    doc: str = ""
    example: str = ""

    @property
    def is_list(self) -> bool:
        """Return whether it may be given several times."""
        return is_list_type(get_nullable_type(self.type))

    @property
    def type_name(self) -> str:
        """Return the name of the type of its values."""
        return get_named_type(self.type).name


@dataclass(frozen=True, slots=True)
class Paging:
    """How the next page of rows is asked for."""

    variable: str
    """The variable that takes the cursor."""
    has_more: Keys
    cursor: Keys
    backward: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A document with an address."""

    name: str
    title: str
    description: str
    text: str
    """The document, as its file has it."""
    feed: str | None
    """The document that is asked for a feed: its rows are in the order of versions, the latest
    first. None if it has no feed."""
    parameters: Mapping[str, QuestionParameter]
    rows: Keys
    columns: tuple[Column, ...]
    paging: Paging | None
    version_key: str
    """The key of a row's version, which dates the entry of a feed."""

    @property
    def formats(self) -> tuple[str, ...]:
        """Return the formats that it has."""
        return ("json", "csv", "atom") if self.feed else ("json", "csv")


def read_question(schema: GraphQLSchema, name: str, text: str, limits: Limits) -> Question:
    """Return a question, given the text of its document; raises ValueError with all problems."""
    if not NAME.fullmatch(name):
        raise ValueError("its name has to be of small letters, digits and hyphens")
    header = _read_header(text)
    try:
        document = parse_document(schema, text, limits)
    except OperationRejected as rejected:
        raise ValueError("; ".join(one.message for one in rejected.errors)) from rejected
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        raise ValueError("has to have one operation, a query")
    (operation,) = operations
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    problems = [] if "title" in header else ["its header has no title"]
    if any(one.name.value == names.AS_OF for one in operation.directives or ()):
        problems.append(f"has @{names.AS_OF}; its address takes the times")
    parameters, wrong = _read_parameters(schema, operation, header)
    problems += wrong
    selections = Selections(schema, operation, fragments)
    path: list[Selected] = []
    columns: tuple[Column, ...] = ()
    try:
        path = selections.find_rows(header.get("rows"))
        columns = _choose_columns(selections.find_columns(path[-1]), header.get("columns"))
    except ValueError as error:
        problems.append(str(error))
    if problems:
        raise ValueError("; ".join(problems))
    version, feed = _find_feed(selections, path, document.definitions)
    return Question(
        name,
        header["title"],
        header.get("description", ""),
        text,
        feed,
        parameters,
        tuple(one.key for one in path),
        columns,
        _find_paging(selections, path),
        version,
    )


def _find_feed(
    selections: Selections, path: list[Selected], definitions: Sequence[DefinitionNode]
) -> tuple[str, str | None]:
    """Return the key of the version of a row, and the document of a feed; None if it has none.

    An entry needs an id, a caption and a version, and its list an order of versions: that of
    changes has it.
    """
    rows = path[-1]
    of_changes = rows.of.name == CHANGE
    selected = {one.name: one.key for one in selections.below(rows).values()}
    version = selected.get(names.VERSION if of_changes else RECORDED_IN)
    if version is None or not {ID, "caption"} <= set(selected.values()):
        return "", None
    connection = path[-2] if len(path) > 1 else rows
    if not of_changes:
        if not connection.takes_order:
            return "", None
        definitions = [visit(one, _OrderOfVersions(connection.node)) for one in definitions]
    return version, "\n\n".join(map(print_ast, definitions))


class _OrderOfVersions(Visitor):
    """Gives a list the order of versions, the latest first."""

    def __init__(self, target: FieldNode) -> None:
        super().__init__()
        self._target = target

    def enter_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        """Return the field with another order, if it is that of the list."""
        if node is not self._target:
            return None
        order = ArgumentNode(name=NameNode(value=ORDER_BY), value=parse_value(VERSION_ORDER))
        others = (one for one in node.arguments or () if one.name.value != ORDER_BY)
        return replace(node, arguments=(*others, order))


def _read_header(text: str) -> dict[str, str]:
    """Return the values of a header by their keys; raises ValueError for a line without one."""
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        match = KEY.match(line)
        words = line.removeprefix("#").strip()
        if match and (match[1] in HEADINGS or match[1].startswith("$")):
            key = match[1]
            found[key] = match[2].strip()
        elif words and not key:
            raise ValueError(f"its header begins with {words[:40]!r}; begin with title:")
        elif words:
            found[key] = f"{found[key]} {words}".strip()
    return found


def _read_parameters(
    schema: GraphQLSchema, operation: OperationDefinitionNode, header: Mapping[str, str]
) -> tuple[dict[str, QuestionParameter], list[str]]:
    found: dict[str, QuestionParameter] = {}
    problems: list[str] = []
    for one in operation.variable_definitions or ():
        name = one.variable.name.value
        of = type_from_ast(schema, one.type)
        if name in RESERVED:
            problems.append(f"${name} is the name of a parameter of every question; rename it")
        if not is_input_type(of) or not is_leaf_type(get_named_type(of)):
            problems.append(f"${name} is an input object; a parameter is a text, number or word")
            continue
        default = value_from_ast_untyped(one.default_value) if one.default_value else None
        is_required = isinstance(of, GraphQLNonNull) and one.default_value is None
        doc, _, example = header.get(f"${name}", "").partition("Example:")
        default = None if default is Undefined else default
        found[name] = QuestionParameter(
            name, of, is_required, default, doc.strip(), example.strip()
        )
        if is_required and not example.strip():
            problems.append(f"${name} has to be given, so its line in the header needs an Example:")
    strange = [key for key in header if key.startswith("$") and key[1:] not in found]
    problems += [f"{key} is in the header, and no variable" for key in strange]
    return found, problems


def _choose_columns(found: list[Column], named: str | None) -> tuple[Column, ...]:
    """Return the columns that a header names, or all; raises ValueError."""
    if named:
        by_name = {one.name: one for one in found}
        pairs = [re.split(r"\s+as\s+", one.strip(), maxsplit=1) for one in named.split(",")]
        absent = [pair[0] for pair in pairs if pair[0] not in by_name]
        if absent:
            known = ", ".join(by_name)
            raise ValueError(f"columns: nothing is selected as {', '.join(absent)}, but: {known}")
        found = [Column(pair[-1], by_name[pair[0]].keys) for pair in pairs]
    seen = [one.name for one in found]
    twice = sorted({one for one in seen if seen.count(one) > 1})
    if twice:
        raise ValueError(f"has two columns {', '.join(twice)}; give one an alias")
    return tuple(found)


def _find_paging(selections: Selections, path: list[Selected]) -> Paging | None:
    """Return how to ask for more rows, if the document has a variable and selects what it needs."""
    if len(path) < 2:
        return None
    connection = path[-2]
    inside = selections.below(connection).values()
    info = next((one for one in inside if one.of.name == PAGE_INFO), None)
    keys = {one.name: one.key for one in selections.below(info).values()} if info else {}
    before = tuple(one.key for one in path[:-1])
    for argument, more, cursor in (
        ("after", "hasNextPage", "endCursor"),
        ("before", "hasPreviousPage", "startCursor"),
    ):
        variable = connection.arguments.get(argument)
        if info and variable and more in keys and cursor in keys:
            here = (*before, info.key)
            return Paging(
                variable, (*here, keys[more]), (*here, keys[cursor]), argument == "before"
            )
    return None
