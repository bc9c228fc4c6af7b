"""Tests that no single request stops the service for the others.

The service is a process of its own, over the bundled facts. While an attack is sent, a bystander
asks for one field every 50 ms. ``python -m benchmarks.attacks``
measures the same on a quiet machine.
"""

from collections.abc import Iterator

import httpx
import neo4j
import pytest

from benchmarks.attacks import ATTACKS, Attack
from benchmarks.bystander import Bystander, Service, serve_process
from service.managed.connection import ConnectionInfo

MOST_SECONDS = 1.0
"""The longest that the bystander may wait: generous, as the machine that runs the tests is busy."""
TRIES = 3
"""What else the machine does makes it wait now and then; an attack that can, every time."""


@pytest.fixture(scope="module")
def service(article: neo4j.Driver, connection: ConnectionInfo) -> Iterator[Service]:
    with serve_process(connection) as one:
        yield one


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.name)
def test_an_attack_keeps_nobody_waiting(service: Service, attack: Attack) -> None:
    headers = {"content-type": "application/json", **attack.headers(attack.size)}
    waits: list[float] = []
    while not waits or (min(waits) > MOST_SECONDS and len(waits) < TRIES):
        with Bystander(service) as bystander, httpx.Client(timeout=30) as client:
            response = client.post(
                f"{service.url}/graphql", content=attack.body(attack.size), headers=headers
            )
        waits.append(bystander.worst)
    answer = response.json()
    if "errors" not in answer:
        assert attack.answered, "it has to be refused"
    for error in answer.get("errors", ()):
        assert error["extensions"]["code"] not in {"INTERNAL", "TIMEOUT"}
    assert len(response.content) < 1_000_000
    assert min(waits) < MOST_SECONDS
