"""Fixtures for tests of the service."""

from functools import cache

import pytest
import strawberry

from schema.domain import DOMAIN
from service.graphql.types.schema import make_schema
from service.http import app as app_module

SCHEMA = cache(lambda: make_schema(DOMAIN))


@pytest.fixture
def one_schema(monkeypatch: pytest.MonkeyPatch) -> strawberry.Schema:
    """Make the schema once: it takes a second, and is the same for all tests."""
    monkeypatch.setattr(app_module, "make_schema", lambda *_: SCHEMA())
    return SCHEMA()
