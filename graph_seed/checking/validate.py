"""Validate records before they are written, wherever they came from.

Neo4j's Community edition enforces uniqueness only. Required values, types, the kinds of links' ends
and all other rules are enforced here, by one set of rules: a check of files validates each record
that it has parsed, a load all records, also those that a program made itself.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import regex

from graph_seed.checking.record_schema import is_written, record_schema
from graph_seed.problems import Problem
from graph_seed.records import Facts, Record
from graph_seed.state.elements import Values
from graph_seed.state.index_limits import oversized_values
from graph_seed.values import one_form, parse_edtf
from graph_seed.values.problem import ValueProblem, quote_text
from graph_seed.values.value_types import value_type
from schema import rules
from schema.model import NodeType, Property
from schema.names import EVIDENCE
from schema.vocabulary import Vocabulary

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Control characters, but for tabs and line breaks; and halves of characters."""
_INVISIBLE = regex.compile(r"[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*")
"""White space, format characters, fillers; U+2800 is the Braille cell without dots."""


def is_invisible(text: str) -> bool:
    """Return whether nothing of a text would be seen."""
    if text.isascii():
        return not text.strip()
    return _INVISIBLE.fullmatch(text) is not None


def find_control_character(text: str) -> str | None:
    """Return the first character of a text that no text may hold, as ``U+0000``, or None."""
    if text.isprintable():
        return None
    found = _CONTROL.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def check_value(prop: Property, value: str | int | bool) -> None:
    """Raise ValueProblem where a value is not what its property's declaration asks for."""
    if prop.pattern is not None and not _compile(prop.pattern.regex).fullmatch(str(value)):
        raise ValueProblem(f"{quote_text(str(value))} is not valid; write {prop.pattern.advice}")
    if prop.minimum is not None and isinstance(value, int) and value < prop.minimum:
        raise ValueProblem(f"{value} is too small; the least is {prop.minimum}")


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def find_date_contradictions(node_type: NodeType, values: Values) -> Iterator[tuple[str, str]]:
    """Find ends that lie before their beginnings: a property, and what is wrong with it."""
    period = node_type.valid_period
    if period is None or period.end is None or period.end == period.start:
        return
    start, end = values.get(period.start), values.get(period.end)
    if isinstance(start, str) and isinstance(end, str) and ends_before(end, start):
        yield period.end, f"{period.end} {end} is before {period.start} {start}"


def ends_before(one: str, other: str) -> bool:
    """Return whether a date is over, by its last possible day, before another can begin."""
    latest, earliest = parse_edtf(one).latest, parse_edtf(other).earliest
    return latest is not None and earliest is not None and latest < earliest


_Report = Callable[[str, str], None]
"""Takes the code and the message of a problem."""


class Violation(NamedTuple):
    """A rule that a record breaks; ``name`` is the property or link that breaks it, if one does."""

    code: str
    message: str
    name: str = ""


def validate_records(vocabulary: Vocabulary, given: Sequence[Facts]) -> list[Problem]:
    """Return everything that is wrong with the records of some sources."""
    found: list[Problem] = []
    sources: set[str] = set()
    for facts in given:
        seen: set[str] = set()
        records = {record.id: record for record in facts.records}
        for record in (facts.source, *facts.records):

            def report(code: str, message: str, record: Record = record) -> None:
                found.append(Problem(record.place, code, f"{record.id}: {message}"))

            if record.id in seen or (record is facts.source and record.id in sources):
                report("DUPLICATE", "this id is there twice")
            seen.add(record.id)
            _validate_id(vocabulary, facts, record, report)
            unreadable = _validate_values(record, report)
            if record is not facts.source:
                _validate_links(vocabulary, record, report)
            broken = violations(vocabulary, record, records, record.id, unreadable)
            found.extend(Problem(record.place, one.code, one.message) for one in broken)
        sources.add(facts.source.id)
    return found


# --- the rules for a record whose values can be read ---------------------------------------------


def violations(
    vocabulary: Vocabulary,
    record: Record,
    records: Mapping[str, Record],
    subject: str,
    unreadable: Collection[str] = (),
) -> Iterator[Violation]:
    """Yield the rules that a record breaks.

    ``records`` are those of the same source by their ids, and ``subject`` names the record in
    messages. ``unreadable`` are properties and links that were given and cannot be read: they are
    not missing, and no rule looks at what other values they go together with.
    """
    known = record_schema(vocabulary, record.type)
    for prop in known.properties.values():
        if prop.required and prop.name not in record.values and prop.name not in unreadable:
            yield Violation("MISSING", f"{subject} needs {prop.name}: {prop.doc}")
    if known.properties.keys().isdisjoint(unreadable):
        yield from _contradictions(record, records, subject)
    for too_long in oversized_values(record.type, record.id, record.values):
        yield Violation("TOO_LONG", f"{subject}: {too_long}", too_long.names[0])
    if not record.type.is_recorded:
        return  # a source: it has no links, and cites nothing
    for name, link in known.links.items():
        if link.required and not record.links.get(name) and name not in unreadable:
            yield Violation("MISSING", f"{subject} needs {name}: {link.doc}")
        if link.one and len(record.links.get(name, ())) > 1:
            yield Violation("TOO_MANY", f"{name} has one value at most", name)
    if not record.evidence and EVIDENCE not in unreadable:
        message = f"{subject} cites nothing; say by {rules.FIND}: which words say so"
        yield Violation("NO_EVIDENCE", message)


def _contradictions(
    record: Record, records: Mapping[str, Record], subject: str
) -> Iterator[Violation]:
    """Yield values that do not go together."""
    label = record.type.label
    mistakes = rules.MISTAKES.get(label)
    found = list(mistakes(record.values)) if mistakes else []
    found += find_date_contradictions(record.type, record.values)
    for link, prop in rules.EARLIER.get(label, {}).items():
        date = record.values.get(prop)
        for reference in record.links.get(link, ()):
            other = records.get(reference.id)
            before = other.values.get(prop) if other else None
            if isinstance(date, str) and isinstance(before, str) and ends_before(date, before):
                found.append((link, f"{prop} {date} is before {prop} {before} of what it {link}"))
    for name, message in found:
        yield Violation("VALUES", f"{subject}: {message}", name)


# --- what only a program's records can get wrong --------------------------------------------------


def _validate_id(vocabulary: Vocabulary, facts: Facts, record: Record, report: _Report) -> None:
    kind, _, key = record.id.partition(":")
    if find_control_character(record.id):
        report("WRONG_ID", "an id holds no control characters")
    if vocabulary.by_kind.get(kind) is not record.type or not key:
        report("WRONG_ID", f"an id of a {record.type.label} begins with {record.type.kind}:")
    if one_form(record.id) != record.id:
        report("WRONG_ID", "an id is in Unicode's form NFC")
    if record is facts.source:
        return
    if record.source != facts.source.id:
        report("WRONG_SOURCE", f"it is among the records of {facts.source.id}")
    # An id that holds its source keeps one source's facts out of another's hands.
    own = f"{facts.source.id.partition(':')[2]}/"
    if not record.type.is_entity and not key.startswith(own):
        report("WRONG_ID", f"a fact's id holds its source: {kind}:{own}…")


def _validate_values(record: Record, report: _Report) -> set[str]:
    """Report values that are not of their property's type; return the names of those properties."""
    declared = record.type.properties
    unreadable: set[str] = set()
    for name, value in record.values.items():
        prop = declared.get(name)
        if prop is None or prop.attached:
            report("UNKNOWN_PROPERTY", f"{record.type.label} has no {name!r}")
        elif not _validate_value(prop, value, report):
            unreadable.add(name)
    return unreadable


def _validate_value(prop: Property, value: object, report: _Report) -> bool:
    """Report what is wrong with a value; return whether it can be read."""
    if prop.many != isinstance(value, list):
        report("VALUE", f"{prop.name} is {'a list' if prop.many else 'one value'}")
        return False
    can_be_read = True
    for one in value if isinstance(value, list) else [value]:
        try:
            good = _has_type(prop, one)
            if good and isinstance(one, str | int):
                check_value(prop, one)
        except ValueProblem as error:
            report(value_type(prop).code, f"{prop.name}: {error}")
            can_be_read = False
            continue
        if not good:
            report(
                "VALUE",
                f"{prop.name}: {quote_text(str(one))} is not of the type {prop.scalar.name}",
            )
            can_be_read = False
    return can_be_read


def _has_type(prop: Property, value: object) -> bool:
    """Return whether a value has its property's type; raises ValueProblem for unreadable text."""
    if prop.enumeration:
        return isinstance(value, str) and value in {word.value for word in prop.enumeration}
    if isinstance(value, str) and (find_control_character(value) or is_invisible(value)):
        return False
    return value_type(prop).accepts(value)


def _validate_links(vocabulary: Vocabulary, record: Record, report: _Report) -> None:
    links = vocabulary.links(record.type)
    for name, references in record.links.items():
        link = links.get(name)
        if link is None or not is_written(link):
            report("UNKNOWN_PROPERTY", f"{record.type.label} has no link {name!r} to write")
            continue
        allowed = vocabulary.concrete_of(*link.targets)
        for reference in references:
            if vocabulary.type_of_id(reference.id) not in allowed:
                report("WRONG_KIND", f"{name} cannot lead to {reference.id}")
            for prop in link.properties.values():
                if prop.required and prop.name not in reference.properties:
                    report("MISSING", f"{name} needs {prop.name}: {prop.doc}")
            for key, value in reference.properties.items():
                if key not in link.properties:
                    report("UNKNOWN_PROPERTY", f"{name} has no {key!r}")
                elif link.properties[key].derived:
                    report("NOT_WRITTEN", f"{key} of {name} is computed; leave it out")
                else:
                    _validate_value(link.properties[key], value, report)
