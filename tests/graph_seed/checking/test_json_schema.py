"""The JSON Schema takes what the check takes, and underlines what one record shows to be wrong."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from graph_seed.checking.json_schema import generated
from schema.domain import DOMAIN
from tests.test_one_edit import ONE_MORE

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads(generated(DOMAIN))
FILES = [
    *sorted((ROOT / "graph_seed/facts").glob("*.yaml")),
    *sorted((ROOT / "tests/facts").glob("*.yaml")),
]


def valid(data: object, schema: dict[str, Any] | None = None) -> bool:
    return jsonschema.Draft202012Validator(schema or SCHEMA).is_valid(data)


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def as_text(value: Any) -> Any:
    """Dates as an editor that knows no dates reads them."""
    if isinstance(value, dict):
        return {key: as_text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_text(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def test_it_is_a_schema_and_current() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    committed = (ROOT / "schema/generated/facts.schema.json").read_text("utf-8")
    assert committed == generated(DOMAIN), "run `make generate`"
    assert json.loads(committed) == SCHEMA


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_facts_files_are_valid(path: Path) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    data = as_text(loaded(path.read_text("utf-8")))
    assert [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(data)] == []


def test_lines_are_valid_too() -> None:
    line = {"$defs": SCHEMA["$defs"], **SCHEMA["$defs"]["line"]}
    data = as_text(loaded((ROOT / "tests/facts/river-talks.yaml").read_text("utf-8")))
    assert valid({"source": data["source"]}, line)
    assert valid({"uses": ["country:us"]}, line)
    assert all(valid(one, line) for one in [*data["entities"], *data["facts"]])
    assert not valid({"persn": "ada", "find": "Ada"}, line)


SOURCE = "source: {id: source:made, type: x}\n"


@pytest.mark.parametrize(
    "body",
    [
        "entities:\n- persn: ada\n  find: x\n",
        "entities:\n- person: ada\n",
        "entities:\n- person: ada\n  nmae: A\n  find: x\n",
        "entities:\n- event: e\n  eventStatus: hold\n  find: x\n",
        "entities:\n- event: e\n  ordinal: second\n  find: x\n",
        "entities:\n- event: e\n  eventType: c\n  ordinal: -1\n  find: x\n",
        "entities:\n- event: e\n  eventType: c\n  ordinal: '-1'\n  find: x\n",
        "entities:\n- group: g\n  size: -3\n  find: x\n",
        "entities:\n- country: c\n  iso2: zzzzz\n  find: x\n",
        "entities:\n- event: e\n  partOf: [a, b]\n  find: x\n",
        "entities:\n- event: e\n  partOf: person:a\n  find: x\n",
        "entities:\n- event: e\n  participants: [{id: a, rôle: x}]\n  find: x\n",
        "entities:\n- person: ada\n  find: {form: x}\n",
        "entities:\n- person: ada\n  at: {start: 1}\n",
        "entities:\n- statement: s\n  says: x\n  find: x\n",
        "facts:\n- statement: s\n  supersedes: t\n  find: x\n",
        "facts:\n- position: p\n  voice: own\n  find: x\n",
        "uses: [nobody]\n",
        "uzes: []\n",
    ],
)
def test_mistakes_are_underlined(body: str) -> None:
    good = "entities:\n- person: ada\n  find: Ada\nfacts:\n- statement: s\n  warns: x\n  find: y\n"
    assert valid(loaded(SOURCE + good))
    assert not valid(loaded(SOURCE + body))


def test_a_type_more_is_in_it_and_everything_is_described() -> None:
    assert "vote" in json.loads(generated(ONE_MORE))["$defs"]
    for name, definition in SCHEMA["$defs"].items():
        assert definition.get("description") or name == "find", name
        for field, said in definition.get("properties", {}).items():
            assert said.get("description") or name == "at", (name, field)
    assert "The actors who make" in SCHEMA["$defs"]["statement"]["properties"]["by"]["description"]
