"""Tests of the addresses of questions: every shipped one, its formats, its page, its errors."""

import csv
import io
from collections.abc import AsyncIterator

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
    return {one.name: one.example for one in question.own_parameters if one.example}


@pytest.fixture(scope="module")
async def client(article: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(settings)) as one:
        yield one


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
