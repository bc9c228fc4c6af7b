"""Tests of golden cases: an operation, its Cypher, its parameters, its answer.

``python -m pytest tests/test_cases.py --write-cases`` writes them again; review the difference.
"""

from pathlib import Path
from typing import Any

import neo4j
import orjson
import pytest
from graphql import parse, validate

from schema.domain import DOMAIN
from service.composition import make_engine
from service.graphql.types.schema import make_schema
from service.settings import Settings
from tests.cypher_layout import lay_out, without_whitespace
from tests.recording import RecordingDatabase

CASES = sorted(path.parent for path in Path(__file__).parent.glob("cases/*/query.graphql"))
SCHEMA = make_schema(DOMAIN)


def as_text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode() + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
async def test_case(
    case: Path, article: neo4j.Driver, settings: Settings, request: pytest.FixtureRequest
) -> None:
    document = (case / "query.graphql").read_text(encoding="utf-8")
    assert validate(SCHEMA._schema, parse(document)) == []
    async with RecordingDatabase(settings) as database:
        engine = make_engine(settings, database)
        result, _ = await engine.execute(SCHEMA._schema, document)
    assert result.errors is None
    assert len(database.asked) == 1, "an operation is one Cypher query"
    (query,) = database.asked
    found = {
        "query.cypher": lay_out(query.text),
        "params.json": as_text(query.parameters),
        "answer.json": as_text(result.data),
    }
    if request.config.getoption("--write-cases"):
        for name, text in found.items():
            (case / name).write_text(text, encoding="utf-8")
    held = {name: (case / name).read_text(encoding="utf-8") for name in found}
    assert without_whitespace(found["query.cypher"]) == without_whitespace(held["query.cypher"])
    assert found["params.json"] == held["params.json"]
    assert found["answer.json"] == held["answer.json"]
