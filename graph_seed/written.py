"""Facts files as written: YAML or JSON Lines, every scalar a string, all with its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from graph_seed.problems import Problem
from graph_seed.records import Place

SOURCE, USES, ENTITIES, FACTS = "source", "uses", "entities", "facts"
DEEPEST = 20


@dataclass(slots=True)
class Written:
    """A value as written: text, a list or a mapping; ``span`` is where it stands in the file."""

    value: "str | list[Written] | dict[str, Written]"
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)
    span: tuple[int, int] = (0, 0)
    plain: bool = True
    """Whether a text stands without quotes."""

    @property
    def text(self) -> str | None:
        """The text, if it is one."""
        return self.value if isinstance(self.value, str) else None

    @property
    def items(self) -> "list[Written]":
        """The values of a list; one value alone is a list of one."""
        return self.value if isinstance(self.value, list) else [self]

    @property
    def fields(self) -> "dict[str, Written]":
        """The fields of a mapping; nothing else has any."""
        return self.value if isinstance(self.value, dict) else {}


@dataclass(slots=True)
class Entry:
    """One record as written: its kind, its key (empty if left out) and its fields."""

    kind: str
    key: str
    written: Written
    section: str = ""


@dataclass(slots=True)
class Section:
    """What a file says of one source: the source itself, what it uses, its entries."""

    source: Written
    uses: list[Written] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    text: str | None = None


def read(path: Path, text: str | None = None) -> tuple[list[Section], list[Problem]]:
    """The sections of a facts file, and what keeps it from being read."""
    problems: list[Problem] = []
    name = str(path)
    if text is None:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return [], [Problem(Place(name, 1), "NO_FILE", "there is no such file")]
        except UnicodeDecodeError as error:
            message = f"the file is not UTF-8 (byte {error.start}); save it as UTF-8"
            return [], [Problem(Place(name, 1), "NOT_UTF8", message)]
    if path.suffix in {".jsonl", ".ndjson"}:
        return list(_from_lines(_json_lines(name, text, problems), problems)), problems
    documents = list(_yaml_documents(name, text, problems))
    sections = [_section(one, problems) for one in documents]
    for section in sections:
        if section is not None:
            section.text = text
    return [one for one in sections if one is not None], problems


# --- YAML ----------------------------------------------------------------------------------------


def _yaml_documents(name: str, text: str, problems: list[Problem]) -> Iterator[Written]:
    yaml = YAML(typ="safe", pure=True)
    try:
        for node in yaml.compose_all(text):
            if node is not None:
                yield _from_node(node, name, problems, frozenset())
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1)
        problems.append(Problem(place, "YAML", f"this is not YAML: {error.problem}"))
    except RecursionError:
        problems.append(Problem(Place(name, 1), "YAML", "the file is nested too deeply"))


def _from_node(node: Node, name: str, problems: list[Problem], above: frozenset[int]) -> Written:
    start, end = node.start_mark, node.end_mark
    place = Place(name, start.line + 1, start.column + 1)
    written = Written("", place, span=(start.index, end.index))
    if id(node) in above or len(above) > DEEPEST:
        problems.append(Problem(place, "YAML", "an alias stands within itself, or too deep"))
        return written
    above = above | {id(node)}
    if isinstance(node, ScalarNode):
        written.value = node.value
        written.plain = node.style is None
    elif isinstance(node, SequenceNode):
        written.value = [_from_node(one, name, problems, above) for one in node.value]
    elif isinstance(node, MappingNode):
        fields: dict[str, Written] = {}
        for key_node, value_node in node.value:
            key_place = Place(name, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            key = key_node.value if isinstance(key_node, ScalarNode) else ""
            if not key:
                problems.append(Problem(key_place, "YAML", "a key has to be a word"))
            elif key in fields:
                problems.append(Problem(key_place, "KEY_TWICE", f"{key!r} is given twice here"))
            else:
                written.keys[key] = key_place
                fields[key] = _from_node(value_node, name, problems, above)
        written.value = fields
    return written


def _section(document: Written, problems: list[Problem]) -> Section | None:
    fields = document.fields
    known = {SOURCE, USES, ENTITIES, FACTS}
    for key in fields:
        if key not in known:
            message = f"{key!r} is not a part of a facts file; it has {', '.join(sorted(known))}"
            problems.append(Problem(document.keys[key], "UNKNOWN_PART", message))
    if SOURCE not in fields:
        message = "a facts file begins with its source: `source: {id: source:…, type: …}`"
        problems.append(Problem(document.place, "NO_SOURCE", message))
        return None
    section = Section(fields[SOURCE])
    if USES in fields:
        section.uses = fields[USES].items
    for part in (ENTITIES, FACTS):
        if part in fields and fields[part].value != "":
            section.entries += [
                entry
                for item in fields[part].items
                if (entry := _entry(item, part, problems)) is not None
            ]
    return section


def _entry(item: Written, part: str, problems: list[Problem]) -> Entry | None:
    if not item.fields:
        message = "a record is a mapping that begins with its kind, as in `person: ada-moreno`"
        problems.append(Problem(item.place, "NO_RECORD", message))
        return None
    kind = next(iter(item.fields))
    key = item.fields[kind].text
    if key is None:
        message = f"a record begins with its kind and its key, as in `{kind}: some-key`"
        problems.append(Problem(item.fields[kind].place, "NO_KEY", message))
        return None
    return Entry(kind, key, item, part)


# --- JSON Lines ----------------------------------------------------------------------------------


def _json_lines(name: str, text: str, problems: list[Problem]) -> Iterator[Written]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        place = Place(name, number)
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            where = Place(name, number, error.colno)
            problems.append(Problem(where, "JSON", f"this line is not JSON: {error.msg}"))
            continue
        yield _from_json(found, place)


def _from_json(found: Any, place: Place) -> Written:
    if isinstance(found, Mapping):
        fields = {str(k): _from_json(v, place) for k, v in found.items() if v is not None}
        return Written(fields, place, keys=dict.fromkeys(fields, place))
    if isinstance(found, list):
        return Written([_from_json(one, place) for one in found], place)
    if isinstance(found, bool):
        return Written("true" if found else "false", place)
    return Written(str(found), place, plain=not isinstance(found, str))


def _from_lines(lines: Iterable[Written], problems: list[Problem]) -> Iterator[Section]:
    section: Section | None = None
    for line in lines:
        first = next(iter(line.fields), "")
        if first == SOURCE:
            if section is not None:
                yield section
            section = Section(line.fields[SOURCE])
        elif section is None:
            message = 'the first line names the source: {"source": {"id": "source:…", …}}'
            problems.append(Problem(line.place, "NO_SOURCE", message))
            return
        elif first == USES:
            section.uses += line.fields[USES].items
        else:
            entry = _entry(line, "", problems)
            if entry is not None:
                section.entries.append(entry)
    if section is not None:
        yield section
