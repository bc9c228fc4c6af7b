"""Tests of the addresses of questions: every shipped one, its formats, its page, its errors."""

import csv
import io
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import neo4j
import pytest

from service.graphql.plan.limits import Limits
from service.http.app import create_app
from service.questions.document import Question
from service.questions.folder import SHIPPED, read_questions
from service.settings import Settings
from tests.querying import SCHEMA
from tests.serving import client_of

QUESTIONS = read_questions(SCHEMA._schema, Limits())


def example(question: Question) -> dict[str, str]:
    """Return the parameters of the example of a question."""
    return {one.name: one.example for one in question.parameters.values() if one.example}


@pytest.fixture(scope="module")
async def client(article: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(settings)) as one:
        yield one


@pytest.mark.parametrize("path", ["/q/none", "/q/none.csv", "/docs/none", "/none/at/all"])
async def test_a_browser_gets_a_page_for_what_is_not_there(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert f'href="{"../" * (path.count("/") - 1) or "./"}docs/"' in page.text


def test_about_ten_questions_are_shipped() -> None:
    assert len(QUESTIONS) >= 10
    assert len(QUESTIONS) == len(list(SHIPPED.glob("*.graphql")))
    assert sum("atom" in one.formats for one in QUESTIONS.values()) >= 5


@pytest.mark.parametrize("name", QUESTIONS)
async def test_each_shipped_question_answers_in_its_formats(
    client: httpx.AsyncClient, name: str
) -> None:
    question = QUESTIONS[name]
    table = await client.get(f"/q/{name}.csv", params=example(question))
    assert table.status_code == 200, table.text
    assert table.headers["content-type"].startswith("text/csv")
    assert "\r\n" in table.text
    head, *rows = csv.reader(io.StringIO(table.text, newline=""))
    assert head == [one.name for one in question.columns]
    assert rows
    assert {len(row) for row in rows} == {len(head)}
    answer = (await client.get(f"/q/{name}.json", params=example(question))).json()
    assert answer["extensions"]["version"] == 2
    assert table.headers["parley-version"] == "2"
    page = await client.get(f"/q/{name}", params=example(question))
    assert page.status_code == 200
    assert "<td>" in page.text
    feed = await client.get(f"/q/{name}.atom", params=example(question))
    assert feed.status_code == (200 if "atom" in question.formats else 404)
    assert (f'href="../q/{name}.atom' in page.text) == ("atom" in question.formats)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("actor-statements.json", "actor is missing; an example: person:linda-hasenfratz"),
        ("actor-statements.csv?actor=", "actor is missing"),
        ("speakers.json?first=many", "first: write a whole number"),
        ("speakers.json?first=1&first=2", "first: give it once"),
        ("speakers.json?colour=red", "'colour' is no parameter; there are: first, after, version"),
        ("speakers.json?version=two", "version is 'two'; give a version, as in 3"),
        ("speakers.json?first=1000", "first is 1000; give a number from 0 to 100"),
        ("speakers.json?after=x", "not a cursor"),
        ("speakers.json?version=99", "has not reached this version"),
        ("speakers.json?validTime=yesterday", "validTime"),
        ("figures.json?flow=SIDEWAYS", "flow"),
        ("changes.atom?since=99", "since is 99"),
    ],
)
async def test_a_wrong_parameter_is_refused_and_named(
    client: httpx.AsyncClient, address: str, message: str
) -> None:
    response = await client.get(f"/q/{address}")
    assert response.status_code == 400, response.text
    (error,) = response.json()["errors"]
    assert message in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    page = await client.get(f"/q/{address.replace('.json', '').replace('.csv', '')}")
    assert page.status_code in {200, 400}


@pytest.mark.parametrize("address", ["nothing.csv", "speakers.xlsx", "speakers.atom", "nothing"])
async def test_an_unknown_question_or_format_is_not_found(
    client: httpx.AsyncClient, address: str
) -> None:
    response = await client.get(f"/q/{address}")
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_an_answer_links_to_its_other_formats_and_to_itself_at_its_version(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/q/issue-news.csv", params={"issue": "issue:dairy", "first": "1"})
    header = response.headers["link"]
    query = "?issue=issue%3Adairy&first=1"
    assert f'</q/issue-news.json{query}>; rel="alternate"; type="application/json"' in header
    assert f'</q/issue-news.atom{query}>; rel="alternate"; type="application/atom+xml"' in header
    assert f'</q/issue-news{query}>; rel="describedby"; type="text/html"' in header
    assert f'</q/issue-news.csv{query}&version=2>; rel="bookmark"' in header
    assert response.headers["content-disposition"] == 'inline; filename="issue-news.csv"'
    then = await client.get(f"/q/issue-news.csv{query}&version=2")
    assert then.content == response.content


async def test_an_answer_as_of_a_time_is_that_of_its_parameters(client: httpx.AsyncClient) -> None:
    before = await client.get("/q/speakers.json?version=1")
    assert before.json() == {
        "data": {"people": {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []}},
        "extensions": {"version": 1, "asOf": {"version": 1}},
    }
    by_header = await client.get("/q/speakers.json", headers={"Parley-Version": "1"})
    assert by_header.json() == before.json()
    conflict = await client.get("/q/speakers.json?version=2", headers={"Parley-Version": "1"})
    assert conflict.json()["errors"][0]["extensions"]["code"] == "AS_OF_CONFLICT"
    table = await client.get("/q/speakers.csv?version=1")
    assert table.text == "id,name,statements\r\n"


async def test_a_graph_of_ones_own_has_etags_of_the_answer(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    plain = settings.model_copy(update={"answer_cache": 0})
    async with client_of(create_app(plain)) as one:
        first = await one.get("/q/speakers.csv")
        known = {"if-none-match": first.headers["etag"]}
        assert (await one.get("/q/speakers.csv", headers=known)).status_code == 304


async def test_the_start_page_and_the_list_lead_to_each_question(
    client: httpx.AsyncClient,
) -> None:
    for address in ("/", "/q/"):
        page = (await client.get(address)).text
        for name, question in QUESTIONS.items():
            assert f"q/{name}" in page
            assert question.title in page
    assert (await client.get("/q")).headers["location"] == "q/"


async def test_a_page_without_parameters_asks_its_example(client: httpx.AsyncClient) -> None:
    page = await client.get("/q/actor-statements")
    assert page.status_code == 200
    assert 'value="person:linda-hasenfratz"' in page.text
    assert "/q/actor-statements.csv?actor=person%3Alinda-hasenfratz" in page.text
    wrong = await client.get("/q/actor-statements?" + urlencode({"actor": "<b>", "first": "x"}))
    assert wrong.status_code == 400
    assert "first: write a whole number" in wrong.text
    assert "&lt;b&gt;" in wrong.text


async def test_a_question_is_a_document_that_clients_name(client: httpx.AsyncClient) -> None:
    body = {"documentId": "speakers", "variables": {"first": 1}}
    answer = (await client.post("/graphql", json=body)).json()
    assert len(answer["data"]["people"]["nodes"]) == 1
