"""Helpers of the rivals in Python: open a driver, and serve as Parley is served."""

import sys

import uvicorn
from neo4j import AsyncDriver, AsyncGraphDatabase
from starlette.types import ASGIApp

from service.settings import Settings


def open_driver(settings: Settings) -> AsyncDriver:
    """Return a driver for the database of the settings, which must name its URI."""
    return AsyncGraphDatabase.driver(
        settings.neo4j_uri or "",
        auth=(settings.neo4j_user, settings.neo4j_password.get_secret_value()),
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    )


def serve_on_argument(app: ASGIApp) -> None:
    """Serve on the port of the command's argument: uvicorn, one process, loopback."""
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
