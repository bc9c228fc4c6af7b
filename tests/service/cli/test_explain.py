"""Tests of the command ``explain``: the cost of an operation, without running it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import neo4j
import pytest

from service.settings import Settings

Explain = Callable[..., subprocess.CompletedProcess[str]]
QUERY = """query ($n: Int!) {
  people(first: 100) { nodes { name statements(first: $n) { nodes { id } } } }
}"""


def run(data: Path, *given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", "explain", *given],
        env=os.environ | {"PARLEY_DATA_DIR": str(data)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_cost_is_bounded_by_the_graph(article: neo4j.Driver, settings: Settings) -> None:
    done = run(settings.data_dir, QUERY, "--variables", '{"n": 50}', "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["costByPages"] == 100 + 100 * 50
    people, statements = found["fields"]
    (counted,) = article.execute_query("MATCH (n:Person) RETURN count(n)").records[0]
    assert people == {"field": "people", "size": 100, "nodes": counted}
    assert (statements["field"], statements["size"]) == ("people.statements", 50)
    assert counted < found["cost"] == counted + statements["nodes"] < 500
    (query,) = found["queries"]
    assert query.startswith("CYPHER 5 RETURN")


def test_without_a_database_pages_alone_decide(tmp_path: Path) -> None:
    path = tmp_path / "question.graphql"
    path.write_text(QUERY, encoding="utf-8")
    done = run(tmp_path, f"@{path}", "--variables", '{"n": 50}', "--cypher")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:4] == [
        "field\tsize\tnodes at most",
        "people\t100\t100",
        "people.statements\t50\t5000",
        "cost 5,100 of 50,000 (5,100 by the pages alone), 1 Cypher query",
    ]
    assert lines[4].startswith("CYPHER 5 RETURN")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((QUERY.replace("nodes { id }", "nodes { speakers { nodes { id } } }"),
          "--variables", '{"n": 100}'), "error QUERY_TOO_COMPLEX: The answer"),
        (("{ persons { nodes { id } } }",), "error GRAPHQL_VALIDATION_FAILED: "),
        (("{ people { ",), "error GRAPHQL_PARSE_FAILED: "),
        ((QUERY, "--variables", '{"n": 101}'), "error BAD_USER_INPUT: first is 101"),
        ((QUERY, "--variables", '{"n": "x"}'), "error BAD_USER_INPUT: "),
    ],
)  # fmt: skip
def test_what_would_be_refused_is_refused(
    tmp_path: Path, given: tuple[str, ...], said: str
) -> None:
    done = run(tmp_path, *given)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert len(done.stderr.strip().splitlines()) == 1
