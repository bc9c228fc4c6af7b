"""Add the addresses of questions: ``/q/{name}`` is a page, ``/q/{name}.csv`` a table."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request, Response, params
from fastapi.responses import RedirectResponse

from service.errors import NotFound, ParleyError
from service.graphql.options import VERSION, Options
from service.graphql.outcome import OK
from service.http.answer_cache import AnswerCache, make_answer_etag, make_key
from service.http.conditional import has_current, make_etag
from service.http.disconnect import EndOnDisconnect
from service.http.error_body import format_errors
from service.http.graphql_request import Headers, parse_times
from service.http.graphql_response import encode_json
from service.observe.record import note_kept
from service.pages.home import NODE
from service.pages.rendering import graphiql_link, render
from service.questions.answer import Answered, Asked, Asker, status_of
from service.questions.document import TIME_DOCS, Question
from service.questions.feed import MEDIA_TYPE as ATOM
from service.questions.feed import FeedAddresses, versions_of, write_feed
from service.questions.parameters import read_parameters, to_variables
from service.questions.table import MEDIA_TYPE as CSV
from service.questions.table import to_cell, write_csv

METHODS = ["GET", "HEAD"]
PATH = "/q/"
MEDIA_TYPES = {"json": "application/json", "csv": CSV, "atom": ATOM}
FORMAT_NAMES = {"json": "JSON", "csv": "CSV", "atom": "Atom"}
LOADS = """\
query Loads($versions: [Int!]!) {
  loads(where: { version: { in: $versions } }, first: 100) { nodes { version at } }
}
"""
CACHE_CONTROL = "no-cache"
"""A cache may store an answer, and asks by its ETag whether it is still right."""
SAMPLE = 10
"""The most rows that the page of a question shows."""
Given = Mapping[str, Sequence[str]]


def add_questions(
    app: FastAPI,
    questions: Mapping[str, Question],
    asker: Asker,
    answers: AnswerCache,
    most_rows: int,
    dependencies: Sequence[params.Depends] = (),
) -> None:
    """Add the addresses of questions; ``dependencies`` are solved for each of them."""
    found = QuestionRoutes(questions, asker, answers, most_rows)
    app.add_api_route("/q", redirect_to_list, methods=METHODS)
    app.add_api_route(PATH, found.respond_list, methods=METHODS, dependencies=dependencies)
    path = f"{PATH}{{address}}"
    app.add_api_route(path, found.respond, methods=METHODS, dependencies=dependencies)


def redirect_to_list() -> Response:
    """Redirect to the list of questions."""
    return RedirectResponse("q/", status_code=308)


@dataclass(frozen=True, slots=True)
class QuestionRoutes:
    """Answers questions by their addresses."""

    questions: Mapping[str, Question]
    asker: Asker
    answers: AnswerCache
    most_rows: int

    def respond_list(self) -> Response:
        """Return the page that lists all questions."""
        return render("questions.html", {"root": "../", "questions": self.questions.values()})

    async def respond(self, request: Request, address: str) -> Response:
        """Return the page of a question, or its answer in a format.

        Raises NotFound for an unknown question or format, BadUserInput for a wrong parameter.
        """
        name, dot, form = address.partition(".")
        question = self.questions.get(name)
        if question is None:
            raise NotFound(f"There is no question {name[:100]!r}; {PATH} lists all.")
        given = read_parameters(request.scope["query_string"])
        async with EndOnDisconnect(request.receive):
            if not dot:
                return await self._page(request, question, given)
            if form not in question.formats:
                known = ", ".join(f"{PATH}{name}.{one}" for one in question.formats)
                raise NotFound(f"This question has no format {form[:20]!r}; it has: {known}")
            return await self._answer(request, question, form, given)

    # --- answers ---

    async def _answer(
        self, request: Request, question: Question, form: str, given: Given
    ) -> Response:
        asked = _read(request, question, given)
        base = str(request.base_url) if form == "atom" else ""
        parts = encode_json([form, base, question.name, asked.variables, asked.options.times])
        key = make_key(b"/q/", parts)
        commit = await self.answers.read_commit()
        etag = make_answer_etag(key, commit) if commit else None
        if etag and has_current(request, etag):
            note_kept(None)
            return Response(status_code=304, headers={"etag": etag, "cache-control": CACHE_CONTROL})
        kept = self.answers.answers.get(key)
        if kept is not None and commit and kept.commit == commit:
            note_kept(kept.operation_name)
            return _respond(kept.body, form, {"etag": etag or ""}, kept.headers)
        answered = await self._ask(question, form, asked)
        if not answered.is_whole:
            body = encode_json({"errors": format_errors(answered.result.errors or ())})
            return Response(body, status_of(answered), media_type="application/json")
        body = await self._write(request, question, form, given, answered)
        link = self._link_header(question, form, given, answered)
        name = f'inline; filename="{question.name}.{form}"'
        headers = [
            (b"link", link.encode()),
            (b"parley-version", str(answered.version).encode()),
            (b"content-disposition", name.encode()),
        ]
        self.answers.put(key, answered.result, body, commit, headers)
        etag = etag or make_etag(body)
        if has_current(request, etag):
            return Response(status_code=304, headers={"etag": etag, "cache-control": CACHE_CONTROL})
        return _respond(body, form, {"etag": etag}, headers)

    async def _ask(self, question: Question, form: str, asked: Asked) -> Answered:
        if form == "csv":
            return await self.asker.ask_all(question, asked, self.most_rows)
        document = question.feed if form == "atom" else None
        return await self.asker.ask_page(question, asked, document)

    async def _write(
        self, request: Request, question: Question, form: str, given: Given, answered: Answered
    ) -> bytes:
        """Return the body of an answer."""
        if form == "csv":
            # A table of all pages takes a second to write.
            return await asyncio.to_thread(write_csv, question.columns, answered.rows)
        if form == "json":
            result = answered.result
            return encode_json({"data": result.data, "extensions": result.extensions})
        base = str(request.base_url)
        versions = versions_of(question, answered.rows)
        result, _ = await self.asker.ask(LOADS, {"versions": versions})
        loads = (result.data or {}).get("loads", {}).get("nodes", ())
        times = {one["version"]: one["at"] for one in loads}
        ids = {str(row.get("nodeId", row["id"])) for row in answered.rows if isinstance(row, dict)}
        links = {one: graphiql_link(base, NODE, {"id": one}) for one in ids}
        here = f"{base.rstrip('/')}{PATH}{question.name}"
        addresses = FeedAddresses(
            f"{here}.atom{_query(given)}",
            f"{here}{_query(given)}",
            self._next(question, given, answered, f"{here}.atom"),
        )
        return write_feed(question, answered.rows, times, addresses, links)

    def _link_header(self, question: Question, form: str, given: Given, answered: Answered) -> str:
        """Return the links to the other formats, the page, the answer at its version, the next."""
        here = f"{PATH}{question.name}"
        links = [
            f'<{here}.{one}{_query(given)}>; rel="alternate"; type="{MEDIA_TYPES[one]}"'.replace(
                "; charset=utf-8", ""
            ).replace("; header=present", "")
            for one in question.formats
            if one != form
        ]
        links.append(f'<{here}{_query(given)}>; rel="describedby"; type="text/html"')
        then = {key: values for key, values in given.items() if key != "systemTime"}
        then |= {"version": [str(answered.version)]}
        links.append(f'<{here}.{form}{_query(then)}>; rel="bookmark"')
        more = self._next(question, given, answered, f"{here}.{form}")
        return ", ".join([*links, f'<{more}>; rel="next"'] if more else links)

    def _next(
        self, question: Question, given: Given, answered: Answered, address: str
    ) -> str | None:
        if question.paging is None or answered.cursor is None:
            return None
        return address + _query({**given, question.paging.variable: [answered.cursor]})

    # --- pages ---

    async def _page(self, request: Request, question: Question, given: Given) -> Response:
        """Return the page of a question, with the first rows of its answer.

        Without parameters, the examples are asked.
        """
        shown = given or {
            one.name: [one.example]
            for one in question.parameters.values()
            if one.is_required and one.example
        }
        values: dict[str, object] = {
            "root": "../",
            "question": question,
            "names": FORMAT_NAMES,
            "times": TIME_DOCS,
            "given": {name: ", ".join(one) for name, one in shown.items()},
            "query": _query(shown),
            "variables": None,
            "problems": [],
            "rows": None,
            "version": None,
            "more": False,
        }
        status = OK
        try:
            asked = _read(request, question, shown)
        except ParleyError as error:
            values["problems"], status = [str(error)], error.status
        else:
            answered = await self.asker.ask_page(question, asked)
            status = status_of(answered)
            values["variables"] = asked.variables
            if answered.is_whole:
                values["version"] = answered.version
                values["more"] = len(answered.rows) > SAMPLE
                values["rows"] = [
                    [to_cell(row, column) for column in question.columns]
                    for row in answered.rows[:SAMPLE]
                ]
            else:
                values["problems"] = [one.message for one in answered.result.errors or ()]
        return render("question.html", values, status)


def _query(given: Given) -> str:
    """Return parameters as the query string of an address; none are nothing."""
    pairs = [(name, value) for name, values in given.items() for value in values]
    return f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""


def _read(request: Request, question: Question, given: Given) -> Asked:
    """Return what a request asks; raises BadUserInput, BadRequest and AsOfConflict."""
    variables = to_variables(question, given)
    return Asked(variables, Options(parse_times(request.scope), frozenset({VERSION})))


def _respond(body: bytes, form: str, validators: Mapping[str, str], headers: Headers) -> Response:
    own = {**validators, "cache-control": CACHE_CONTROL, "x-content-type-options": "nosniff"}
    found = Response(body, OK, own, MEDIA_TYPES[form])
    found.headers.raw.extend(headers)
    return found
