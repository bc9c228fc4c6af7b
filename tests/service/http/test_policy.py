"""Tests that cached and new operations obey the same policy."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Header, HTTPException, Response
from fastapi.dependencies.utils import get_parameterless_sub_dependant
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from service.composition import make_engine
from service.db.database import Database
from service.http import app as app_module
from service.http.answer_middleware import AnswerCacheMiddleware
from service.http.app import GRAPHQL, create_app
from service.http.compression import CompressionMiddleware
from service.http.middleware import JsonErrorMiddleware, RequestPolicy
from service.http.observe import ObserverMiddleware
from service.http.rate_limit import RateLimiter
from service.http.router import DirectRoute, Router
from service.pages.graphiql import GraphiQLMiddleware
from service.settings import Settings
from tests.service.conftest import SCHEMA
from tests.serving import client_of

pytestmark = pytest.mark.usefixtures("one_schema")
ASKED = {"query": "{ __typename }"}
TOKEN = {"authorization": "secret"}


def check_token(response: Response, authorization: Annotated[str | None, Header()] = None) -> None:
    if authorization != TOKEN["authorization"]:
        raise HTTPException(401, "Give a token.", {"www-authenticate": "Bearer"})
    response.headers["x-checked"] = "yes"


class CheckToken:
    """A middleware that does the same."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope.get("headers", ())).get(b"authorization")
        if scope["type"] == "http" and given != TOKEN["authorization"].encode():
            await JSONResponse({}, 401)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def plain(settings: Settings) -> FastAPI:
    return create_app(settings)


def by_parameter(settings: Settings) -> FastAPI:
    return create_app(settings, dependencies=[Depends(check_token)])


def _route(app: FastAPI) -> DirectRoute:
    return next(one for one in app.router.routes if isinstance(one, DirectRoute))


def on_the_route(settings: Settings) -> FastAPI:
    app = create_app(settings)
    found = _route(app)
    added = get_parameterless_sub_dependant(depends=Depends(check_token), path=found.path)
    found.dependant.dependencies.insert(0, added)
    return app


def innermost_middleware(settings: Settings) -> FastAPI:
    app = create_app(settings)
    app.user_middleware.append(Middleware(CheckToken))
    return app


def between_the_middlewares(settings: Settings) -> FastAPI:
    app = create_app(settings)
    app.user_middleware.insert(1, Middleware(CheckToken))
    return app


def outermost_middleware(settings: Settings) -> FastAPI:
    app = create_app(settings)
    app.add_middleware(CheckToken)
    return app


def in_another_application(settings: Settings) -> FastAPI:
    app = FastAPI()
    app.include_router(create_app(settings).router, dependencies=[Depends(check_token)])
    return app


def by_fastapi(settings: Settings) -> FastAPI:
    app = FastAPI()
    engine = make_engine(settings, Database(settings))
    router = Router(SCHEMA(), engine, GRAPHQL)
    app.include_router(router, dependencies=[Depends(check_token)])
    return app


def of_the_application(settings: Settings) -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])
    engine = make_engine(settings, Database(settings))
    Router(SCHEMA(), engine, GRAPHQL).add_to(app)
    return app


WAYS: list[Callable[[Settings], FastAPI]] = [
    by_parameter, on_the_route, innermost_middleware, between_the_middlewares,
    outermost_middleware, in_another_application, by_fastapi, of_the_application,
]  # fmt: skip


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose database does not run: nothing here asks it."""
    return Settings(data_dir=tmp_path_factory.mktemp("none"), neo4j_uri=None)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fast_path", [True, False])
async def test_a_token_is_asked_for_cold_and_warm(
    nowhere: Settings, way: Callable[[Settings], FastAPI], fast_path: bool
) -> None:
    settings = nowhere.model_copy(update={"fast_path": fast_path})
    async with client_of(way(settings)) as client:
        for _ in range(3):
            refused = await client.post(GRAPHQL, json=ASKED)
            assert refused.status_code == 401
            got = await client.get(GRAPHQL, params=ASKED)
            assert got.status_code == 401
            answered = await client.post(GRAPHQL, json=ASKED, headers=TOKEN)
            assert (answered.status_code, answered.json()["data"]["__typename"]) == (200, "Query")


async def test_what_a_dependency_refuses_keeps_its_headers_and_its_words(nowhere: Settings) -> None:
    async with client_of(by_parameter(nowhere)) as client:
        for headers in ({}, TOKEN, {}):
            response = await client.post(GRAPHQL, json=ASKED, headers=headers)
            if headers:
                assert response.headers["x-checked"] == "yes"
                continue
            assert response.headers["www-authenticate"] == "Bearer"
            assert response.json()["errors"][0]["message"] == "Give a token."


async def test_kept_operations_are_found_behind_a_dependency(nowhere: Settings) -> None:
    found: dict[bool, list[bytes]] = {}
    for way in (plain, by_parameter):
        async with client_of(way(nowhere)) as client:
            answers = [
                (await client.post(GRAPHQL, json=ASKED, headers=TOKEN)).content for _ in range(3)
            ]
            kept = (await client.get("/healthz")).json()["kept"]["operations"]
            # Without dependencies, the answer itself is kept: it reads nothing of the graph.
            assert kept["hits"] == (0 if way is plain else 2)
            found[way is plain] = answers
    assert found[True] == found[False]


async def test_without_any_the_short_way_is_taken(
    nowhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(nowhere)

    async def never(*_: Any) -> None:
        raise AssertionError("FastAPI handled a kept operation")

    async with client_of(app) as client:
        assert (await client.post(GRAPHQL, json=ASKED)).status_code == 200
        monkeypatch.setattr(_route(app), "app", never)
        assert (await client.post(GRAPHQL, json=ASKED)).status_code == 200
        app.dependency_overrides[check_token] = never
        assert (await client.post(GRAPHQL, json=ASKED)).status_code == 500


def test_the_application_has_one_place_for_its_policy(tmp_path: Path) -> None:
    """Nothing answers before the policy; only what follows it answers or compresses."""
    app = app_module.create_app(Settings(data_dir=tmp_path, neo4j_uri=None))
    own: list[object] = [
        ObserverMiddleware, JsonErrorMiddleware, RequestPolicy, RateLimiter,
        AnswerCacheMiddleware, CompressionMiddleware, GraphiQLMiddleware,
    ]  # fmt: skip
    assert [one.cls for one in app.user_middleware] == own
