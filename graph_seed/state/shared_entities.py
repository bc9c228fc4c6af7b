"""Find entities that several sources define, with the description of each source.

An entity's id is its kind and key: two sources that choose the same key describe one entity. Only a
reader can decide whether both mean the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from graph_seed.problems import Problem
from graph_seed.records import Facts, Place
from schema import rules
from schema.model import NodeType

CODE = "SHARED"
MOST_VALUES = 4
"""Values, beside its names, that are shown of what a source says of an entity."""
MOST_OF_LIST = 5
LONGEST = 60
"""Characters of one value that are shown."""


SaidBySource = dict[str, tuple[NodeType, Mapping[str, object]]]
"""Descriptions of one entity: its type and values, by the source's id."""


@dataclass(frozen=True, slots=True)
class SharedEntity:
    """An entity that several sources define: what each says, by the source's id."""

    id: str
    said: Mapping[str, Mapping[str, object]]

    def __str__(self) -> str:
        each = "; ".join(f"{source}: {_in_words(said)}" for source, said in self.said.items())
        return f"{self.id} is one entity of {len(self.said)} sources: {each}"


def shown_values(node_type: NodeType, values: Mapping[str, object]) -> dict[str, object]:
    """Return an entity's names and the first few of its other values, long ones shortened."""
    names = names_of(node_type)
    shown = {name: _shorten(values[name]) for name in names if name in values}
    most = len(shown) + MOST_VALUES
    if len(values) > len(shown):
        for name in node_type.properties:
            if name in values and name not in names and len(shown) < most:
                shown[name] = _shorten(values[name])
    return shown


@cache
def names_of(node_type: NodeType) -> tuple[str, ...]:
    """Return the properties that hold the names by which an entity is found."""
    return tuple(
        name
        for prop in node_type.properties.values()
        if prop.folded_with
        for name in (prop.name, *prop.folded_with)
    )


def shared_entities(defined: Mapping[str, SaidBySource]) -> dict[str, SharedEntity]:
    """Return the entities that several sources define, by id."""
    return {
        entity: SharedEntity(entity, {one: shown_values(*said[one]) for one in sorted(said)})
        for entity, said in defined.items()
        if len(said) > 1
    }


def shared_problem(shared: SharedEntity, place: Place, *, strict: bool) -> Problem:
    """Return a note about a shared entity, or an error if ``strict``."""
    advice = "choose another key if one of them means another"
    if strict:
        message = f"{shared}; {advice}, or leave out --strict-shared if all mean the same"
        return Problem(place, CODE, message)
    return Problem(place, CODE, f"{shared}; {advice}", "note")


def definitions_by_entity(given: Iterable[Facts]) -> dict[str, SaidBySource]:
    """Group the records that define entities by the entity's id and by their source."""
    found: dict[str, SaidBySource] = {}
    for facts in given:
        for record in facts.entities:
            found.setdefault(record.id, {})[facts.source.id] = (record.type, record.values)
    return found


def _shorten(value: object) -> object:
    if isinstance(value, list):
        return [_shorten(one) for one in value[:MOST_OF_LIST]]
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _in_words(said: Mapping[str, object]) -> str:
    parts = []
    for name, value in said.items():
        listed = value if isinstance(value, list) else [value]
        parts.append(f"{name} {', '.join(repr(one) for one in listed)}")
    return ", ".join(parts) or f"no {rules.NAME}"
