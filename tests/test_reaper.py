"""Tests that a killed test run leaves no process behind."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

from tests.service.managed.test_owner import wait_until

RUN = """
import subprocess, sys, time
from pathlib import Path
from tests.reaper import reaping

folder, sleep = Path(sys.argv[1]), [sys.executable, "-c", "import time; time.sleep(600)"]
with reaping(folder):
    for given, data in (([f"--home-dir={folder}/a/neo4j"], "/"), ([], f"{folder}/b"), ([], "/")):
        started = subprocess.Popen(
            [*sleep, *given],
            env={"PARLEY_DATA_DIR": data}, start_new_session=True, stdout=subprocess.DEVNULL,
        )
        print(started.pid, flush=True)
    time.sleep(600)
"""


def test_a_run_that_is_killed_leaves_no_database_and_no_service(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip
    assert run.stdout
    database, service, other = (psutil.Process(int(run.stdout.readline())) for _ in range(3))
    try:
        run.kill()
        run.communicate(timeout=30)
        wait_until("both are gone", lambda: not database.is_running() and not service.is_running())
        assert other.is_running(), "what is not the run's goes on"
    finally:
        other.kill()
