"""Fixtures for tests of what the service says about its requests."""

from collections.abc import AsyncIterator

import httpx
import neo4j
import pytest
import strawberry

from service import logs
from service.http.app import create_app
from service.log_writer import LogWriter
from service.settings import Settings
from tests.serving import client_of


class ImmediateWriter(LogWriter):
    """A writer without a thread, so that a test finds what was logged before."""

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


@pytest.fixture
def immediate_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "writer", ImmediateWriter())


@pytest.fixture
async def client(
    settings: Settings, article: neo4j.Driver, one_schema: strawberry.Schema, immediate_log: None
) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service that has the bundled facts."""
    app = create_app(settings.model_copy(update={"request_log": True}))
    async with app.router.lifespan_context(app), client_of(app) as found:
        yield found
