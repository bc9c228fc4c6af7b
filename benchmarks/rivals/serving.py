"""What the rivals written in Python share: the driver, and serving as Parley is served."""

import sys

import uvicorn
from neo4j import AsyncDriver, AsyncGraphDatabase
from starlette.types import ASGIApp

from service.settings import Settings


def open_driver(settings: Settings) -> AsyncDriver:
    """A driver for the database that the settings name; it has to be one of one's own."""
    return AsyncGraphDatabase.driver(
        settings.neo4j_uri or "",
        auth=(settings.neo4j_user, settings.neo4j_password.get_secret_value()),
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    )


def serve_on_argument(app: ASGIApp) -> None:
    """Serve on the port that is the command's one argument: uvicorn, one process, loopback."""
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
