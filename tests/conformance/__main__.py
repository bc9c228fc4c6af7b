"""Serve without a database, and run each audit; exit with 1 if one is not met."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from service.settings import Settings
from tests.serving import serve_in_thread

HERE = Path(__file__).parent


def main() -> None:
    """Print what each audit that is not met found, and how many are met."""
    with (
        TemporaryDirectory() as folder,
        serve_in_thread(Settings(data_dir=Path(folder), neo4j_uri=None)) as port,
    ):
        done = subprocess.run(
            ["node", "audit.mjs", f"http://127.0.0.1:{port}/graphql"],
            cwd=HERE, check=True, capture_output=True, text=True,
        )  # fmt: skip
    results = [json.loads(line) for line in done.stdout.splitlines()]
    missed = [one for one in results if one["status"] != "ok"]
    for one in missed:
        sys.stdout.write(f"{one['id']} {one['name']}: {one['reason']}\n")
    sys.stdout.write(f"graphql-http: {len(results) - len(missed)} of {len(results)} audits\n")
    sys.exit(1 if missed or not results else 0)


if __name__ == "__main__":
    main()
