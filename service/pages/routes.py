"""Add the pages for browsers to the application."""

from collections.abc import Sequence
from functools import cache

from fastapi import FastAPI, Request, Response, params
from fastapi.responses import RedirectResponse
from graphql import GraphQLSchema

from schema.vocabulary import Vocabulary
from service.errors import NotFound
from service.graphql.run.engine import Engine
from service.http.middleware import answer_error
from service.pages.documentation import documentation
from service.pages.graphiql import answer_file
from service.pages.home import Home
from service.pages.rendering import FOLDER, TYPES, File, file_at, render
from service.questions.document import Question

METHODS = ["GET", "HEAD"]


def add_pages(
    app: FastAPI,
    engine: Engine,
    schema: GraphQLSchema,
    vocabulary: Vocabulary,
    dependencies: Sequence[params.Depends] = (),
    questions: Sequence[Question] = (),
) -> None:
    """Add the pages; ``dependencies`` are solved for the one that shows what the graph holds.

    That one also lists ``questions``, which have addresses of their own.
    """
    home = Home(engine, schema, vocabulary, questions)
    app.add_api_route("/graphiql/examples.json", answer_examples, methods=METHODS)
    app.add_api_route("/graphiql/{name}", answer_file, methods=METHODS)
    app.add_api_route("/", home.respond, methods=METHODS, dependencies=dependencies)
    app.add_api_route("/static/{name}", answer_static, methods=METHODS)
    app.add_api_route("/docs", redirect_to_docs, methods=METHODS)
    app.add_api_route("/docs/{address:path}", answer_document, methods=METHODS)


@cache
def _static_files() -> dict[str, File]:
    return {path.name: file_at(path) for path in (FOLDER / "static").iterdir()}


def answer_static(request: Request, name: str) -> Response:
    """Return the style sheet or the icon."""
    found = _static_files().get(name)
    return found.respond(request) if found else _missing(request)


def redirect_to_docs() -> Response:
    """Redirect to the index of the documentation."""
    return RedirectResponse("docs/", status_code=308)


def answer_document(request: Request, address: str) -> Response:
    """Return a page of the documentation, or a file of it as it is: Markdown, a picture.

    It is no coroutine, so it runs in a thread: a long page takes some tenths of a second at first.
    """
    found = documentation()
    if (page := found.pages.get(address)) is not None:
        return render("document.html", {"root": page.root, "page": page})
    if address in found.files and any(address.endswith(one) for one in TYPES):
        return file_at(found.folder / address).respond(request)
    return _missing(request)


def answer_examples(request: Request) -> Response:
    """Return the operations of the documentation, which GraphiQL lists."""
    return _examples().respond(request)


@cache
def _examples() -> File:
    return File(documentation().examples, TYPES[".json"])


async def answer_not_found(request: Request, error: Exception) -> Response:
    """Return the response to a request for what there is not: a page for a browser, else JSON."""
    if "text/html" in request.headers.get("accept", ""):
        return _missing(request)
    return await answer_error(request, error)


def _missing(request: Request) -> Response:
    root = "../" * (request.url.path.count("/") - 1) or "./"
    return render("missing.html", {"root": root}, NotFound.status)
