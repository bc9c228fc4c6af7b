"""Generate the JSON Schema of a facts file, by which editors complete and check it.

It is computed from the vocabulary and says less than ``parley check``: what one record alone shows.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from graph_seed.checking.record_schema import RecordSchema, record_schema, recorded_types
from graph_seed.syntax.tree import ENTITIES, FACTS, SOURCE, USES
from graph_seed.values import Amount
from graph_seed.values.value_types import value_type
from schema import rules
from schema.declare import Enumeration
from schema.model import Link, NodeType, Property
from schema.names import ID, lower_first
from schema.vocabulary import Vocabulary

Schema = Mapping[str, object]
KEY = r"[^\s:/]+"
_PLAIN = ["string", "number", "boolean"]
"""Types of a plain value: what reads it takes every one as it is spelled."""


def facts_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of a facts file in YAML; ``$defs.line`` is that of a line of JSON Lines."""
    recorded = recorded_types(vocabulary)
    definitions: dict[str, Schema] = {}
    for words in vocabulary.enumerations:
        definitions[lower_first(words.__name__)] = _enumeration(words)
    definitions |= {"find": _find(), "at": _at(), "source": _source(vocabulary)}
    definitions |= {"uses": _uses(recorded)}
    for node in recorded:
        definitions[str(node.kind)] = _record(vocabulary, node)
    entities = [node for node in recorded if node.is_entity]
    facts = [node for node in recorded if node.is_fact]
    parts = {
        SOURCE: _ref(SOURCE),
        USES: _ref(USES),
        ENTITIES: _list("Who and what the source names.", entities),
        FACTS: _list("What the source says is so.", facts),
    }
    definitions["line"] = {
        "description": "A line of JSON Lines: the source first, what it uses, then its records.",
        "oneOf": [
            _object({SOURCE: parts[SOURCE]}, [SOURCE]),
            _object({USES: parts[USES]}, [USES]),
            *(_ref(str(node.kind)) for node in recorded),
        ],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts file",
        "description": "What one source says, in our own words, with the passages that say so.",
        **_object(parts, [SOURCE]),
        "$defs": definitions,
    }


def generated(vocabulary: Vocabulary) -> str:
    """Return the schema as the text of its file."""
    return json.dumps(facts_schema(vocabulary), indent=2, ensure_ascii=False) + "\n"


def _ref(name: str, description: str | None = None) -> Schema:
    found = {"$ref": f"#/$defs/{name}"}
    return found if description is None else {"description": description, **found}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _list(description: str, nodes: Iterable[NodeType]) -> Schema:
    items = {"oneOf": [_ref(str(node.kind)) for node in nodes]}
    return {"description": description, "type": ["array", "null"], "items": items}


def _one_or_list(one: Schema) -> Schema:
    """Return the schema of a list that may be written as its one value."""
    return {"anyOf": [one, {"type": "array", "items": one}]}


# --- values --------------------------------------------------------------------------------------


def _enumeration(words: type[Enumeration]) -> Schema:
    listed = [f"- `{word.value}`: {word.doc}" for word in words]
    doc = f"{words.__doc__}\n\n" + "\n".join(listed)
    return {"description": doc, "enum": [word.value for word in words]}


def _value(prop: Property) -> Schema:
    if prop.enumeration:
        # The reference stands in an allOf so that both descriptions show.
        name = lower_first(prop.enumeration.__name__)
        one: Schema = {"allOf": [_ref(name)]}
    else:
        one = {**value_type(prop).json_schema, **_limits(prop)}
    return {"description": prop.doc, **(_one_or_list(one) if prop.many else one)}


def _limits(prop: Property) -> Schema:
    """Return the constraints of a property's declaration."""
    if prop.pattern is not None:
        return {"type": "string", "pattern": f"^(?:{prop.pattern.regex})$"}
    if prop.minimum is not None:
        # A pattern is for numbers in quotes.
        return {"minimum": prop.minimum, "pattern": r"^\+?[0-9]+$"}
    return {}


def _reference(vocabulary: Vocabulary, link: Link) -> Schema:
    kinds = [str(node.kind) for node in vocabulary.concrete_of(*link.targets)]
    named = {"type": "string", "pattern": f"^(?:(?:{'|'.join(kinds)}):)?{KEY}(?:/{KEY})?$"}
    written = [prop for prop in link.properties.values() if not prop.derived]
    inner = {prop.name: _value(prop) for prop in written}
    required = [prop.name for prop in written if prop.required]
    whole = _object({ID: named, **inner}, [ID, *required])
    one = whole if required else {"anyOf": [named, whole]}
    doc = f"{link.doc} The id or key of: {', '.join(kinds)}."
    many = {"type": "array", "items": one, **({"maxItems": 1} if link.one else {})}
    return {"description": doc, "anyOf": [one, many]}


# --- records -------------------------------------------------------------------------------------


def _record(vocabulary: Vocabulary, node: NodeType) -> Schema:
    known = record_schema(vocabulary, node)
    kind = str(node.kind)
    properties: dict[str, object] = {
        kind: {
            "description": f"The key of a record of this kind. {node.doc}",
            "type": ["string", "null"],
            "pattern": f"^(?:{KEY})?$",
        }
    }
    properties |= _fields(vocabulary, known)
    properties |= {
        rules.LIKE: {
            "description": f"The key of another {kind} whose values and links hold here too.",
            "type": "string",
        },
        rules.FIND: {
            "description": "The words of the text that say so; `parley cite` makes offsets of it.",
            **_one_or_list(_ref("find")),
        },
        rules.AT: {"description": "The passages that say so.", **_one_or_list(_ref("at"))},
    }
    found = _object(properties, [kind])
    cites = [{"required": [rules.FIND]}, {"required": [rules.AT]}]
    return {"title": node.label, "description": node.doc, **found, "anyOf": cites}


def _fields(vocabulary: Vocabulary, known: RecordSchema) -> dict[str, object]:
    """Short forms first: they are what is typed most."""
    whole = {name: _value(prop) for name, prop in known.properties.items()}
    whole |= {name: _reference(vocabulary, link) for name, link in known.links.items()}

    def as_(name: str) -> Schema:
        return {"$ref": f"#/$defs/{known.node.kind}/properties/{name}"}

    fields: dict[str, object] = {}
    for name, stands in known.node.short.items():
        each = (stands,) if isinstance(stands, str) else stands
        said = " ".join(f"Stands for `{one}:`. {whole[one]['description']}" for one in each)
        if isinstance(stands, str):
            fields[name] = {"description": said, **as_(stands)}
        else:
            one = {"anyOf": [as_(part) for part in stands]}
            many = {"type": "array", "items": one, "maxItems": len(stands)}
            fields[name] = {"description": said, "anyOf": [one, many]}
    if known.node.verb:
        verb = known.node.verb
        for word, doc in known.verbs.items():
            said = f"{doc} Stands for `{verb.enumeration}: {word}` and `{verb.into}:`."
            fields[word] = {"description": said, **as_(verb.into)}
    if known.amount:
        parts = ", ".join(f"`{name}`" for name in Amount.__dataclass_fields__)
        fields[rules.AMOUNT] = {
            "description": "The number and its unit: `-53.1 billion USD`, `50 %`, "
            "`> 1 trillion USD a year`, `2..2.5 %`, `vague: a handful of deals`. "
            f"Stands for {parts}.",
            "type": "string",
        }
    return {**fields, **whole}


def _source(vocabulary: Vocabulary) -> Schema:
    node = vocabulary.by_kind[rules.SOURCE]
    known = record_schema(vocabulary, node).properties
    identity = {"description": "Its id.", "type": "string", "pattern": f"^{node.kind}:{KEY}$"}
    properties: dict[str, Schema] = {ID: identity}
    properties |= {name: _value(prop) for name, prop in known.items()}
    cited = {rules.SHA256, rules.LENGTH, rules.SENTENCES}
    for name in cited:
        written = f"{known[name].doc} Written by `parley cite`."
        properties[name] = {**properties[name], "description": written}
    needed = [name for name, prop in known.items() if prop.required and name not in cited]
    found = _object(properties, [ID, *needed])
    return {"title": node.label, "description": node.doc, **found}


def _uses(recorded: Sequence[NodeType]) -> Schema:
    kinds = "|".join(str(node.kind) for node in recorded)
    one = {"type": "string", "pattern": f"^(?:{kinds}):{KEY}(?:/{KEY})?$"}
    return {"description": "Ids that other files define.", **_one_or_list(one)}


# --- citations -----------------------------------------------------------------------------------


def _find() -> Schema:
    docs = {
        "from": "The words that the passage begins by.",
        "to": "The words that it ends by, the first after its beginning.",
        "after": "It begins after these words.",
        "before": "It ends before these words.",
    }
    words = {"type": _PLAIN}
    parts = {name: {"description": doc, **words} for name, doc in docs.items()}
    return {"anyOf": [words, _object(parts, ["from"])]}


def _at() -> Schema:
    number = {"type": ["integer", "string"]}
    offsets = (rules.START, rules.END, rules.START_UTF16, rules.END_UTF16)
    properties: dict[str, Schema] = dict.fromkeys(offsets, number)
    properties[rules.SHA256] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    properties[rules.LOCATOR] = {"type": "string"}
    said = _object(properties, [*offsets, rules.SHA256])
    return {"description": "A passage, written by `parley cite`.", **said}
