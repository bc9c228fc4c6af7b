"""Tests that a client may send only so many requests in a time."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.http.app import create_app
from service.http.rate_limit import identify_client
from service.settings import Settings
from tests.serving import client_of

ASKED = {"query": "{ __typename }"}


async def test_requests_beyond_the_limit_are_refused_until_later(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, rate_limit="3/hour"))
    async with client_of(app, host="203.0.113.7") as client:
        for left in (2, 1, 0):
            response = await client.post("/graphql", json=ASKED)
            assert response.json() == {"data": {"__typename": "Query"}}
            assert response.headers["ratelimit-policy"] == '"requests";q=3;w=3600'
            assert response.headers["ratelimit"].startswith(f'"requests";r={left};t=')
        refused = await client.post("/graphql", json=ASKED, headers={"origin": "http://localhost"})
        assert refused.status_code == 429
        (error,) = refused.json()["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert refused.headers["access-control-allow-origin"] == "http://localhost"
        assert (await client.get("/healthz")).status_code == 200
    async with client_of(app, host="203.0.113.8") as another:
        assert (await another.post("/graphql", json=ASKED)).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "local"])
async def test_clients_on_this_machine_have_no_limit(tmp_path: Path, host: str) -> None:
    app = create_app(Settings(data_dir=tmp_path, rate_limit="1/hour"))
    async with client_of(app, host=host) as client:
        for _ in range(3):
            response = await client.post("/graphql", json=ASKED)
            assert response.status_code == 200
            assert "ratelimit" not in response.headers


def test_a_subscriber_is_one_client_whatever_address_it_takes() -> None:
    found = {
        identify_client({"client": (host, 1)})
        for host in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "203.0.113.7",
                     "::ffff:203.0.113.7")
    }  # fmt: skip
    assert found == {"2001:db8:1:2::", "2001:db8:1:3::", "203.0.113.7"}


async def test_no_limit_at_all(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, rate_limit="off"))
    async with client_of(app, host="203.0.113.7") as client:
        assert "ratelimit" not in (await client.post("/graphql", json=ASKED)).headers


@pytest.mark.parametrize("given", ["many", "5", "5/fortnight", "-1/minute"])
def test_what_is_no_limit_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="an example: 100/minute"):
        Settings(rate_limit=given)
