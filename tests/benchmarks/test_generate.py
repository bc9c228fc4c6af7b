"""Tests that the invented graph is valid, deterministic and follows Zipf's law."""

from collections import Counter
from pathlib import Path

import orjson

from benchmarks.generate import generate_records
from graph_seed.checking.check import check
from graph_seed.loading.load import check_records
from schema.domain import DOMAIN

STATEMENTS = 200


def test_it_is_valid_without_a_warning() -> None:
    checked = check_records(generate_records(STATEMENTS), DOMAIN)
    assert checked.problems == []
    found = Counter(record.type.label for facts in checked.facts for record in facts.records)
    assert found["Statement"] == STATEMENTS
    assert {"Person", "Organization", "Country", "Group", "Agreement", "Issue", "Event"} <= {*found}
    assert min(found[one] for one in ("TradeFigure", "Position", "Affiliation")) > 0


def test_a_file_of_it_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "invented.jsonl"
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in generate_records(30)))
    assert check([path], for_load=True).problems == []


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    assert list(generate_records(50, seed=3)) == list(generate_records(50, seed=3))
    assert list(generate_records(50, seed=3)) != list(generate_records(50, seed=4))


def test_everything_says_that_it_is_invented() -> None:
    sources = [one["source"] for one in generate_records(50) if "source" in one]
    assert sources
    for source in sources:
        assert isinstance(source, dict)
        assert "nvented" in source["title"]
        assert "invented" in source["id"]


def test_few_issues_are_met_very_often() -> None:
    met = Counter(
        issue
        for record in generate_records(2_000)
        if "statement" in record and isinstance(record["about"], list)
        for issue in record["about"]
        if issue.startswith("issue:")
    )
    (_, first), (_, second), *_ = met.most_common()
    assert first > 1.5 * second
    assert first > 10 * sorted(met.values())[len(met) // 2]
