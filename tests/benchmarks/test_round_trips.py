"""Tests that the relay counts how often a driver waits for the database."""

import gc

import neo4j
import pytest

from benchmarks.round_trips import start_relay
from service.managed.connection import ConnectionInfo
from tests.conftest import DATABASE


def test_each_wait_is_counted(connection: ConnectionInfo) -> None:
    auth = (connection.user, connection.password.get_secret_value())
    with (
        start_relay(connection.uri) as (counting, uri),
        neo4j.GraphDatabase.driver(uri, auth=auth) as driver,
    ):
        driver.verify_connectivity()
        before = counting.trips
        with driver.session(database=DATABASE) as session:
            session.run("RETURN 1").consume()
        assert counting.trips - before == 1
        with driver.session(database=DATABASE) as session:
            for _ in range(3):
                session.run("RETURN 1").consume()
        assert counting.trips - before == 4


def test_a_relay_that_ends_leaves_nothing_open(connection: ConnectionInfo) -> None:
    auth = (connection.user, connection.password.get_secret_value())
    with start_relay(connection.uri) as (_, uri):
        driver = neo4j.GraphDatabase.driver(uri, auth=auth)
        driver.verify_connectivity()
    driver.close()
    gc.collect()  # what is left open warns here, and a warning is an error


def test_an_encrypted_connection_is_refused() -> None:
    with pytest.raises(ValueError, match="unencrypted"), start_relay("neo4j+s://localhost"):
        pass
