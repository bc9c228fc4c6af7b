"""Tests of GraphQL over HTTP: what the 61 audits of the npm package ``graphql-http`` require.

``make conformance`` runs the package itself, which needs Node. The numbers are those of its audits;
the requests are written here. Where the draft of August 2026 recommends another status than an
audit, ``docs/frontend/http.md`` says which one Parley has, and why.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from graphql import ExecutionResult, GraphQLError

from service.http.app import create_app
from service.http.graphql_response import encode_response
from service.settings import Settings
from tests.serving import client_of

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
ASKED = "{ __typename }"
TYPE = "query Type($name: String!) { __type(name: $name) { name } }"
NO_TYPE = {"name": "sometype"}
UNKNOWN = "{ noSuchFieldIsThere }"
NULL_ID = {"query": "query Wrong($id: ID!) { node(id: $id) { id } }", "variables": {"id": None}}
OPTIONAL = ("variables", "extensions", "operationName")
BROKEN = b'{ "no JSON'
WRONG_VALUES: tuple[Any, ...] = ({"an": "object"}, 0, False, ["a list"])
WRONG_MAPS: tuple[Any, ...] = ("a text", 0, False, ["a list"])


@dataclass(frozen=True)
class Audit:
    """A request and what its response has to be."""

    number: str
    body: Any = None
    statuses: range = range(200, 201)
    accept: str | None = None
    content_type: str | None = JSON
    params: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    answers_in: str = ""
    has_data: bool | None = None
    """Whether the response has data; None if that does not matter."""


BAD = range(400, 401)
CLIENT_ERROR = range(400, 500)
ANY_ERROR = range(400, 600)
ANY = range(200, 600)


def parameter(name: str, value: Any) -> dict[str, Any]:
    return {"query": ASKED, name: value}


def both(graphql: str, json_: str, body: Any) -> Iterator[Audit]:
    """Return the audits of an answer, by each media type."""
    yield Audit(graphql, body, accept=GRAPHQL, has_data=True)
    yield Audit(json_, body, accept=JSON, has_data=True)


def make_audits() -> Iterator[Audit]:
    plain = {"query": ASKED}
    # media types
    yield Audit("22EB", plain, accept=GRAPHQL, answers_in=GRAPHQL)
    yield Audit("4655", plain, accept=JSON, answers_in=JSON)
    yield Audit("47DE", plain, accept="*/*", answers_in=JSON)
    yield Audit("80D8", plain, answers_in=JSON)
    yield Audit("82A3", plain)
    letters = {"query": '{ __type(name: "Läufer🏃") { name } }'}
    yield Audit("BF61", letters, content_type="application/json; charset=utf-8")
    yield Audit("78D5", plain)
    # methods
    yield Audit("2C94", plain)
    yield Audit("5A70", method="GET", params=plain)
    mutation = {"query": "mutation { __typename }"}
    yield Audit("9C48", method="GET", params=mutation, accept=GRAPHQL, statuses=CLIENT_ERROR)
    yield Audit("9ABE", plain, content_type=None, statuses=CLIENT_ERROR)
    yield Audit("03D4", plain)
    yield Audit("A5BF", statuses=BAD)
    # parameters
    yield Audit("423L", {"notquery": ASKED}, accept=GRAPHQL, statuses=BAD)
    for at, value in enumerate(WRONG_VALUES):
        yield Audit(f"LKJ{at}", {"query": value}, statuses=BAD)
        yield Audit(f"6C0{at}", parameter("operationName", value), statuses=BAD)
    for at, value in enumerate(WRONG_MAPS):
        yield Audit(f"476{at}", parameter("variables", value), statuses=BAD)
        yield Audit(f"58B{at}", parameter("extensions", value), statuses=BAD)
    yield from both("34A2", "13EE", plain)
    yield from both("8161", "B8B3", {"query": "query A { __typename }", "operationName": "A"})
    for at, name in enumerate(("variables", "operationName", "extensions")):
        yield from both(f"94B{at}", f"022{at}", parameter(name, None))
    yield from both("2EA1", "28B9", {"query": TYPE, "variables": NO_TYPE})
    yield from both("428F", "1B7A", parameter("extensions", {"some": "value"}))
    for number, accept in (("D6D5", GRAPHQL), ("6A70", JSON)):
        given = {"query": TYPE, "variables": json.dumps(NO_TYPE)}
        yield Audit(number, method="GET", params=given, accept=accept, has_data=True)
    # no request
    yield Audit("B6DC", BROKEN, accept=JSON, statuses=ANY)
    yield Audit("BCF8", BROKEN, accept=JSON, statuses=BAD)
    yield Audit("B7N8", BROKEN, accept=GRAPHQL, statuses=BAD)
    yield Audit("8764", {"qeury": ASKED}, statuses=ANY_ERROR)
    yield Audit("3E3A", {"qeury": ASKED}, statuses=BAD)
    # wrong documents and values
    yield Audit("572B", {"query": "{"}, accept=JSON)
    yield Audit("FDE2", {"query": UNKNOWN}, accept=JSON)
    yield Audit("7B9B", NULL_ID, accept=JSON)
    for numbers, document in (("865D 556A D586", "{"), ("51FE 74FF 5E5B", UNKNOWN)):
        failing, status, without_data = numbers.split()
        body = {"query": document}
        yield Audit(failing, body, accept=GRAPHQL, statuses=ANY_ERROR)
        yield Audit(status, body, accept=GRAPHQL, statuses=BAD)
        yield Audit(without_data, body, accept=GRAPHQL, statuses=ANY, has_data=False)
    yield Audit("86EE", NULL_ID, accept=GRAPHQL, statuses=BAD)


AUDITS = tuple(make_audits())


@pytest.fixture(scope="module", params=[True, False], ids=["fast path", "without"])
async def client(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("none"), neo4j_uri=None, fast_path=request.param
    )
    async with client_of(create_app(settings)) as one:
        for name in ("accept", "accept-encoding"):
            one.headers.pop(name)
        yield one


def encode(body: Any) -> bytes | None:
    return json.dumps(body).encode() if isinstance(body, dict) else body


def test_there_are_as_many_as_in_the_package() -> None:
    assert len({one.number for one in AUDITS}) == len(AUDITS) == 61


@pytest.mark.parametrize("audit", AUDITS, ids=lambda one: one.number)
async def test_audit(client: httpx.AsyncClient, audit: Audit) -> None:
    content_type = audit.content_type if audit.method == "POST" else None
    given = {"accept": audit.accept, "content-type": content_type}
    headers = {name: value for name, value in given.items() if value is not None}
    for _ in range(2):  # cold and warm
        response = await client.request(
            audit.method, "/graphql", content=encode(audit.body), params=audit.params,
            headers=headers,
        )  # fmt: skip
        assert response.status_code in audit.statuses, response.text
        assert audit.answers_in in response.headers["content-type"]
        answer = json.loads(response.content)
        if audit.has_data is not None:
            assert ("data" in answer) == audit.has_data == ("errors" not in answer)


# --- beyond the audits ---


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.9, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.999", JSON),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        (f"{JSON};q=0, application/*;q=0.1", GRAPHQL),
        ("application/*", JSON),
        ("*/*;q=0.1", JSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        (f"{GRAPHQL.upper()}; CHARSET=UTF-8", GRAPHQL),
        (f'{GRAPHQL};profile="a,b;c"', GRAPHQL),
        # as urql and Apollo Client send it
        (
            f"{GRAPHQL}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed",
            GRAPHQL,
        ),
        ("multipart/mixed;deferSpec=20220824,application/json", JSON),
        ("text/html", None),
        (f"{JSON};q=0", None),
        ("*/*;q=0", None),
        ("application/xml, text/*", None),
        (f"{JSON};q=high", None),
        ("\xff", None),
    ],
)
async def test_the_accepted_type_of_the_highest_quality_is_answered(
    client: httpx.AsyncClient, accept: str, expected: str | None
) -> None:
    headers = [(b"accept", accept.encode("latin-1")), (b"content-type", b"application/json")]
    for _ in range(2):
        response = await client.post("/graphql", json={"query": ASKED}, headers=headers)
        if expected is None:
            assert_refused(response, 406, "NOT_ACCEPTABLE")
        else:
            assert (response.status_code, response.headers["content-type"]) == (200, expected)


async def test_repeated_accept_headers_are_one_list(client: httpx.AsyncClient) -> None:
    headers = [("accept", f"{JSON};q=0.5"), ("accept", GRAPHQL), ("content-type", JSON)]
    for _ in range(2):
        response = await client.post("/graphql", content=encode({"query": ASKED}), headers=headers)
        assert response.headers["content-type"] == GRAPHQL


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        (JSON, 200),
        ("Application/JSON", 200),
        ("application/json;charset=UTF-8", 200),
        ('application/json ; charset="utf-8"', 200),
        ("application/json; odd=1", 200),
        ("application/json; charset=latin1", 415),
        ("application/json; charset=utf-16", 415),
        ("application/graphql", 415),
        (GRAPHQL, 415),
        ("application/jsonp", 415),
        ("text/json", 415),
        ("text/plain", 415),
        ("text/plain; application/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
async def test_only_json_is_read(client: httpx.AsyncClient, content_type: str, status: int) -> None:
    for _ in range(2):
        response = await client.post(
            "/graphql", content=encode({"query": ASKED}), headers={"content-type": content_type}
        )
        if status == 200:
            assert response.json() == {"data": {"__typename": "Query"}}
        else:
            assert_refused(response, status, "UNSUPPORTED_MEDIA_TYPE")


async def test_two_content_types_are_refused(client: httpx.AsyncClient) -> None:
    for pair in ((JSON, "text/plain"), ("text/plain", JSON), (JSON, JSON)):
        headers = [("content-type", one) for one in pair]
        response = await client.post("/graphql", content=encode({"query": ASKED}), headers=headers)
        assert_refused(response, 415, "UNSUPPORTED_MEDIA_TYPE")


def assert_refused(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == JSON
    (error,) = response.json()["errors"]
    request_id = response.headers["x-request-id"]
    assert error["extensions"] == {"code": code, "requestId": request_id}
    assert "data" not in response.json()


@pytest.mark.parametrize("accept", [JSON, GRAPHQL, None])
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("mutation { __typename }", None),
        ("query A { __typename } mutation B { __typename }", "B"),
        ("mutation B { createPerson { id } }", "B"),
    ],
)
async def test_a_mutation_by_get_is_refused(
    client: httpx.AsyncClient, accept: str | None, query: str, name: str | None
) -> None:
    params = {"query": query} | ({"operationName": name} if name else {})
    headers = {"accept": accept} if accept else {}
    response = await client.get("/graphql", params=params, headers=headers)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_the_word_mutation_in_a_query_is_no_mutation(client: httpx.AsyncClient) -> None:
    for query in ('{ node(id: "mutation") { nope } }', "mutation {", "query mutation { nope }"):
        response = await client.get("/graphql", params={"query": query}, headers={"accept": JSON})
        assert response.status_code == 200
        assert "METHOD_NOT_ALLOWED" not in response.text


async def test_another_method_is_refused_with_those_there_are(client: httpx.AsyncClient) -> None:
    for method in ("PUT", "DELETE", "OPTIONS"):
        response = await client.request(method, "/graphql")
        assert_refused(response, 405, "METHOD_NOT_ALLOWED")
        assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_parameters_of_get(client: httpx.AsyncClient) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    for params, data in (
        ({"query": query, "operationName": "B"}, {"b": "Query"}),
        (
            {"query": ASKED, "variables": "", "extensions": "", "operationName": ""},
            {"__typename": "Query"},
        ),
        ({"query": ASKED, "variables": "null", "other": "x"}, {"__typename": "Query"}),
        ({"query": "{ __typename } # ä😀"}, {"__typename": "Query"}),
    ):
        assert (await client.get("/graphql", params=params)).json() == {"data": data}
    for given in ("query=", "", "variables={}", "query={__typename}&query={a:__typename}"):
        assert_refused(await client.get(f"/graphql?{given}"), 400, "BAD_REQUEST")


async def test_an_operation_that_names_none_is_refused_by_both_types(
    client: httpx.AsyncClient,
) -> None:
    body = {"query": "query A { __typename } query B { __typename }"}
    for accept in (JSON, GRAPHQL):
        for _ in range(2):
            response = await client.post("/graphql", json=body, headers={"accept": accept})
            assert (response.status_code, "data" in response.json()) == (400, False)
            assert response.headers["content-type"] == accept


@pytest.mark.parametrize(
    ("media_type", "status"), [(JSON, 200), (GRAPHQL, 294)], ids=["json", "graphql"]
)
def test_data_with_errors_are_a_partial_success(media_type: str, status: int) -> None:
    for data in ({"people": None}, None):
        result = ExecutionResult(data, [GraphQLError("broken", path=["people"])])
        body, found = encode_response(result, 200, media_type.encode(), 10**6)
        assert found == status
        assert json.loads(body)["data"] == data


async def test_what_the_service_cannot_answer_has_no_data(client: httpx.AsyncClient) -> None:
    body = {"query": "{ people { totalCount } }"}
    for accept in (JSON, GRAPHQL):
        for _ in range(2):
            response = await client.post("/graphql", json=body, headers={"accept": accept})
            assert response.status_code == 503
            assert response.headers["content-type"] == accept
            assert set(response.json()) == {"errors"}


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (["localhost"], 200),
        (["localhost", "localhost"], 400),
        (["localhost", "evil.example"], 400),
        (["evil.example", "localhost"], 400),
        ([], 400),
    ],
)
async def test_one_host_is_named(client: httpx.AsyncClient, hosts: list[str], status: int) -> None:
    sent: list[Any] = []
    scope = {
        "type": "http", "method": "GET", "path": "/healthz", "raw_path": b"/healthz",
        "query_string": b"", "http_version": "1.1", "scheme": "http", "root_path": "",
        "headers": [(b"host", one.encode()) for one in hosts], "server": None, "client": None,
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    await transport.app(scope, receive, send)
    assert sent[0]["status"] == status
