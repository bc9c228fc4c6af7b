"""Serve the bundled facts, run each audit, try each client; exit with 1 if something is not met."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import neo4j

import graph_seed
from service.managed.connection import find_running
from service.managed.owner import Owner
from service.settings import Settings
from tests.conformance.clients import try_clients
from tests.conftest import DATABASE, FACTS, JAVA_OPTIONS
from tests.serving import serve_in_thread

HERE = Path(__file__).parent


@contextmanager
def serve_bundled_facts() -> Iterator[str]:
    """Serve the bundled facts from a database of their own; yield the service's address."""
    os.environ[JAVA_OPTIONS] = "-XX:TieredStopAtLevel=1"  # it lives for seconds: compile less
    with TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder), neo4j_uri=None, port=0, request_log=False, slow_seconds=60
        )
        with Owner(settings):
            found = find_running(settings)
            assert found is not None
            auth = (found.user, found.password.get_secret_value())
            with neo4j.GraphDatabase.driver(
                found.uri, auth=auth, notifications_min_severity="OFF"
            ) as driver:
                graph_seed.ensure_schema(driver, DATABASE)
                graph_seed.load_files(driver, sorted(FACTS.glob("*.yaml")), database=DATABASE)
            with serve_in_thread(settings) as port:
                yield f"http://127.0.0.1:{port}"


def run_audits(address: str) -> bool:
    """Print what each audit that is not met found, and how many are met; return whether all are."""
    done = subprocess.run(
        ["node", "audit.mjs", f"{address}/graphql"],
        cwd=HERE, check=True, capture_output=True, text=True,
    )  # fmt: skip
    results = [json.loads(line) for line in done.stdout.splitlines()]
    missed = [one for one in results if one["status"] != "ok"]
    for one in missed:
        sys.stdout.write(f"{one['id']} {one['name']}: {one['reason']}\n")
    sys.stdout.write(f"graphql-http: {len(results) - len(missed)} of {len(results)} audits\n")
    return bool(results) and not missed


def main() -> None:
    """Run the audits, then the clients."""
    with serve_bundled_facts() as address:
        met = run_audits(address)
        met = try_clients(address) and met
    sys.exit(not met)


if __name__ == "__main__":
    main()
