"""Tests of documents that clients name: trusted ones, and Apollo's automatic persisted queries."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.errors import BadUserInput
from service.http.app import create_app
from service.http.documents import AUTOMATIC_BYTES, Documents, hash_of, read_documents
from service.settings import Settings
from tests.serving import client_of

pytestmark = pytest.mark.usefixtures("one_schema")
NAMES = "query Names { __typename }"
KINDS = "query Kinds { a: __typename }"
OTHER = "{ __typename }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    (made / "names.graphql").write_text(NAMES, encoding="utf-8")
    (made / "relay.json").write_text(json.dumps({"kinds": KINDS}), encoding="utf-8")
    return made


def client_with(**settings: Any) -> httpx.AsyncClient:
    return client_of(create_app(Settings(**settings)))


@pytest.fixture(params=[True, False], ids=["fast", "slow"])
async def client(
    request: pytest.FixtureRequest, folder: Path, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    async with client_with(data_dir=tmp_path, documents=folder, fast_path=request.param) as one:
        yield one


async def post(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await client.post("/graphql", json=body)


def code(response: httpx.Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    return response.status_code, error["extensions"]["code"]


def persisted(text: str) -> dict[str, Any]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"persistedQuery": {"version": 1, "sha256Hash": digest}}


async def test_a_trusted_document_is_named_by_its_name_or_hash(client: httpx.AsyncClient) -> None:
    for _ in range(2):  # cold and warm
        for name, data in (
            ("names", {"__typename": "Query"}), ("kinds", {"a": "Query"}),
            (f"sha256:{hash_of(KINDS)}", {"a": "Query"}),
        ):  # fmt: skip
            assert (await post(client, documentId=name)).json() == {"data": data}
            response = await client.get("/graphql", params={"documentId": name})
            assert response.json() == {"data": data}
    assert code(await post(client, documentId="none")) == (404, "DOCUMENT_NOT_FOUND")
    assert code(await post(client, documentId="names", query=NAMES)) == (400, "BAD_REQUEST")
    assert code(await post(client, documentId=3)) == (400, "BAD_REQUEST")


async def test_automatic_persisted_queries_are_found_once_they_were_sent(
    client: httpx.AsyncClient,
) -> None:
    asked = persisted(OTHER)
    assert code(await post(client, extensions=asked)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    unknown = await post(client, extensions=asked)
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    answer = {"data": {"__typename": "Query"}}
    assert (await post(client, query=OTHER, extensions=asked)).json() == answer
    for _ in range(2):
        assert (await post(client, extensions=asked)).json() == answer
        given = {"extensions": json.dumps(asked)}
        assert (await client.get("/graphql", params=given)).json() == answer
    assert (await post(client, extensions=persisted(NAMES))).json() == answer, "trusted ones too"


@pytest.mark.parametrize(
    "extension",
    [{}, {"sha256Hash": 3}, {"sha256Hash": "aa"}, {"sha256Hash": "A" * 64}, [], "x", True],
)
async def test_a_hash_that_is_none_is_refused(client: httpx.AsyncClient, extension: Any) -> None:
    for query in ({}, {"query": OTHER}):
        response = await post(client, extensions={"persistedQuery": extension}, **query)
        assert code(response) == (400, "BAD_REQUEST")


async def test_a_hash_of_another_document_is_refused(client: httpx.AsyncClient) -> None:
    wrong = await post(client, query=OTHER, extensions=persisted(NAMES))
    assert code(wrong) == (400, "BAD_REQUEST")


async def test_a_service_may_answer_its_own_documents_only(folder: Path, tmp_path: Path) -> None:
    own = {"data_dir": tmp_path, "documents": folder, "trusted_documents_only": True}
    async with client_with(**own) as client:
        answer = {"data": {"__typename": "Query"}}
        for body in ({"documentId": "names"}, {"query": NAMES}, {"extensions": persisted(NAMES)}):
            assert (await post(client, **body)).json() == answer
        assert code(await post(client, query=OTHER)) == (403, "DOCUMENT_NOT_TRUSTED")
        asked = persisted(OTHER)
        unsupported = (200, "PERSISTED_QUERY_NOT_SUPPORTED")
        assert code(await post(client, extensions=asked)) == unsupported
        assert code(await post(client, query=OTHER, extensions=asked))[1] == "DOCUMENT_NOT_TRUSTED"
        assert code(await post(client, extensions=asked)) == unsupported, "it is not kept"


def test_automatic_persisted_queries_are_bounded() -> None:
    documents = Documents()
    for number in range(100):
        text = f"{{ a{number} }}".ljust(AUTOMATIC_BYTES // 10)
        documents.find(text, None, persisted(text))
    assert documents._automatic.weight <= AUTOMATIC_BYTES
    assert documents.find(None, None, persisted(text)) == text


def test_documents_are_read_from_files_and_manifests(folder: Path) -> None:
    apollo = {"operations": [{"id": "x1", "name": "Other", "body": OTHER}]}
    (folder / "apollo.json").write_text(json.dumps(apollo), encoding="utf-8")
    (folder / "README.md").write_text("notes", encoding="utf-8")
    assert read_documents(folder) == {"names": NAMES, "kinds": KINDS, "x1": OTHER}
    assert read_documents(None) == {}


def test_all_wrong_files_are_reported_at_once(folder: Path) -> None:
    (folder / "a.json").write_text("{", encoding="utf-8")
    (folder / "b.json").write_text("[1]", encoding="utf-8")
    (folder / "c.json").write_text('{"x": 1}', encoding="utf-8")
    (folder / "d.graphql").write_bytes(b"\xff")
    with pytest.raises(BadUserInput) as refused:
        read_documents(folder)
    for name in ("a.json: is not JSON (line 1)", "b.json: is no manifest", "c.json", "d.graphql"):
        assert name in str(refused.value)


def test_up_says_what_is_wrong_with_the_documents_first(tmp_path: Path) -> None:
    environment = {
        "PARLEY_DATA_DIR": str(tmp_path / "data"), "PARLEY_DOCUMENTS": str(tmp_path / "none"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "service", "up", "--port", "0"],
        env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("error BAD_USER_INPUT: PARLEY_DOCUMENTS: there is no folder")
    assert not (tmp_path / "data").exists()
