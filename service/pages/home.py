"""The page at ``/``: what is loaded, and what a search finds, asked of the engine in GraphQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from graphql import ExecutionResult, GraphQLSchema
from markupsafe import Markup

from schema.names import to_words
from schema.vocabulary import Vocabulary
from service.errors import (
    DatabaseRefused,
    MigrationNeeded,
    ParleyError,
    QueryTooComplex,
    ServiceUnavailable,
)
from service.graphql.outcome import CODE, OK
from service.graphql.run.engine import Engine
from service.pages.documentation import documentation
from service.pages.rendering import render
from service.questions.document import Question

SOURCES = 50
"""The most sources that the page lists."""
HITS = 20
SEARCH = """\
query Search($text: String!, $first: Int!) {
  search(text: $text, first: $first) {
    hits {
      property
      snippet
      node { __typename id caption }
      passage { locator source { caption } }
    }
    counts { type count }
  }
}
"""
NODE = """\
query Node($id: ID!) {
  node(id: $id) {
    __typename
    id
    caption
    ... on Fact { standing evidence { nodes { locator source { caption } } } }
    history(first: 3) { load { version at } changes { name old new } }
  }
}
"""
"""The operation that opens a hit in GraphiQL."""
ADVICE = {
    ServiceUnavailable.code: "Start the database with `parley db start`, or look at the "
    "terminal of `parley up`.",
    DatabaseRefused.code: "Check PARLEY_NEO4J_USER, PARLEY_NEO4J_PASSWORD and "
    "PARLEY_NEO4J_DATABASE, then restart the service.",
    MigrationNeeded.code: "Run `parley up --yes` to migrate the graph.",
    QueryTooComplex.code: "Search for fewer words.",
}
OTHER_ADVICE = "Wait a moment."
"""What the page advises, by the code of an error."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of nodes, as the page counts them."""

    doc: str
    field: str
    plural: str

    def words(self, count: object = None) -> str:
        """Return the name of the type in words, in the plural unless ``count`` is one."""
        return to_words(self.field if count == 1 else self.plural)

    @property
    def query(self) -> str:
        """Return an operation that lists nodes of the type."""
        listed = f"{self.plural}(first: 10)"
        return f"{{\n  {listed} {{\n    totalCount\n    nodes {{ id caption }}\n  }}\n}}\n"

    def count(self, data: Mapping[str, object]) -> object:
        """Return the number of its nodes, which an answer holds."""
        counted = data[self._alias]
        return counted["totalCount"] if isinstance(counted, dict) else 0

    @property
    def selection(self) -> str:
        """Return the selection that counts its nodes."""
        return f"{self._alias}: {self.plural} {{ totalCount }}"

    @property
    def _alias(self) -> str:
        return f"{self.plural}Counted"


@dataclass(frozen=True, slots=True)
class Home:
    """The page, made by an engine."""

    engine: Engine
    schema: GraphQLSchema
    vocabulary: Vocabulary
    addressed: Sequence[Question] = ()
    """The questions that have an address of their own."""

    async def respond(self, request: Request) -> Response:
        """Return the page, with hits if the request has a text to search for.

        If the database cannot answer, the page says so, and has the status of the error.
        """
        text = request.query_params.get("search", "").strip()
        nodes = self.vocabulary.concrete
        kinds = [Kind(node.doc, node.field, node.plural) for node in nodes]
        values: dict[str, object] = {
            "root": "./",
            "text": text,
            "kind_of": {node.label: kind for node, kind in zip(nodes, kinds, strict=True)},
            "search": None,
            "search_query": SEARCH,
            "node_query": NODE,
            "kinds": kinds,
            "loaded": None,
            "problem": None,
            "advice": None,
            "questions": documentation().questions,
            "addressed": self.addressed,
        }
        loaded, status = await self._ask(_contents_document(kinds))
        values |= _contents(loaded) if _is_answered(loaded) else _problem(loaded)
        if text and _is_answered(loaded):
            found, status = await self._ask(SEARCH, {"text": text, "first": HITS})
            values |= _hits(found) if _is_answered(found) else _problem(found)
            loaded = found
        if status == OK and not _is_answered(loaded):
            status = ParleyError.status
        return render("home.html", values, status)

    async def _ask(
        self, text: str, variables: Mapping[str, object] | None = None
    ) -> tuple[ExecutionResult, int]:
        """Return the result of an operation."""
        return await self.engine.ask(self.schema, text, variables)


def _contents_document(kinds: list[Kind]) -> str:
    """Return the operation that asks what is loaded, in exactly one version."""
    counted = "\n  ".join(kind.selection for kind in kinds)
    return f"""\
query Contents @asOf {{
  sources(first: {SOURCES}, orderBy: [{{ id: ASC }}]) {{
    totalCount
    nodes {{ id caption publisher url language publishedOn {{ words }} }}
  }}
  loads(first: 1, orderBy: [{{ version: DESC }}]) {{ nodes {{ at sourceId }} }}
  {counted}
}}
"""


def _is_answered(result: ExecutionResult) -> bool:
    return result.data is not None and not result.errors


def _contents(result: ExecutionResult) -> dict[str, object]:
    """Return what the page says about the graph."""
    data = result.data or {}
    loads = data["loads"]["nodes"]
    loaded = {
        "version": (result.extensions or {}).get("version"),
        "at": _moment(loads[0]["at"]) if loads else None,
        "sources": data["sources"]["nodes"],
        "source_count": data["sources"]["totalCount"],
        "data": data,
    }
    return {"loaded": loaded}


def _hits(result: ExecutionResult) -> dict[str, object]:
    """Return what a search found; snippets are HTML with no other tag than ``<mark>``."""
    found = (result.data or {})["search"]
    hits = [{**hit, "snippet": Markup(hit["snippet"])} for hit in found["hits"]]  # noqa: S704
    return {"search": {**found, "hits": hits}}


def _problem(result: ExecutionResult) -> dict[str, object]:
    """Return why there is no answer, and what to do."""
    error = (result.errors or [])[0]
    code = (error.extensions or {}).get(CODE)
    problem = {"code": code, "message": error.message}
    return {"problem": problem, "advice": ADVICE.get(str(code), OTHER_ADVICE)}


def _moment(written: str) -> dict[str, str]:
    """Return a moment for the page, in words and for programs."""
    at = datetime.fromisoformat(written)
    return {"machine": written, "words": f"{at.day} {at:%B %Y, %H:%M} UTC"}
