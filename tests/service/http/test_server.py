"""Tests of serving: an address in use, and workers whose parent ended."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from benchmarks.graph import environment_of
from service.errors import AddressRefused, NotOpen
from service.http.server import bind_socket, require_open
from service.managed.connection import ConnectionInfo
from tests.service.managed.test_owner import wait_until


def test_an_address_that_cannot_be_had_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressRefused, match=f"Port {port}"):
            bind_socket("127.0.0.1", port)
    with bind_socket("127.0.0.1", 0) as made:
        assert made.getsockname()[1] > 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_leave(host: str) -> None:
    require_open(host, is_open=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "parley.example"])  # noqa: S104
def test_other_machines_reach_only_what_is_open(host: str) -> None:
    require_open(host, is_open=True)
    with pytest.raises(NotOpen, match="PARLEY_OPEN=1"):
        require_open(host, is_open=False)


def test_up_for_other_machines_sets_nothing_up_unless_it_is_open(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service", "up", "--port", "0"],
        env=os.environ | {"PARLEY_DATA_DIR": str(tmp_path / "data"), "PARLEY_HOST": "0.0.0.0"},  # noqa: S104
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("error NOT_OPEN: Other machines can reach 0.0.0.0")
    assert not (tmp_path / "data").exists()


def test_up_on_a_port_in_use_sets_nothing_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "service", "up", "--port", port],
            env=os.environ | {"PARLEY_DATA_DIR": str(tmp_path / "data")},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"error ADDRESS_REFUSED: Port {port} of 127.0.0.1 is not available"
    )
    assert not (tmp_path / "data").exists()


def test_workers_end_with_their_parent(connection: ConnectionInfo) -> None:
    parent = psutil.Popen(
        [sys.executable, "-m", "service", "up", "--port", "0", "--workers", "2", "--no-facts"],
        env=os.environ | environment_of(connection), stdout=subprocess.PIPE,
    )  # fmt: skip

    def workers() -> list[psutil.Process]:
        return [one for one in parent.children() if "spawn_main" in " ".join(one.cmdline())]

    try:
        wait_until("two workers", lambda: len(workers()) == 2)
        wait_until("they listen", lambda: any(w.net_connections() for w in workers()))
        both = workers()
    finally:
        parent.kill()
        parent.communicate()
    wait_until("they are gone", lambda: not any(one.is_running() for one in both))
