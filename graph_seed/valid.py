"""What records have to hold before they are written, wherever they came from.

Neo4j's Community edition holds uniqueness only; required values, types and kinds of ends are held
here. Facts files were checked before, with advice; a program's own records were not.
"""

from collections.abc import Callable, Iterable, Sequence

from graph_seed.limits import oversized_values
from graph_seed.problems import Problem
from graph_seed.records import Facts, Record
from graph_seed.sanity import check_value, control_character, date_mistakes, is_invisible
from graph_seed.values import ValueProblem, one_form
from graph_seed.values.problem import quoted
from graph_seed.values.value_types import value_type
from graph_seed.wanted import is_entity
from schema import rules
from schema.names import EVIDENCE
from schema.terms import Link, Property
from schema.vocabulary import Vocabulary

Say = Callable[[str, str], None]


def problems_of(vocabulary: Vocabulary, given: Sequence[Facts]) -> list[Problem]:
    """Everything that is wrong with the records of some sources."""
    found: list[Problem] = []
    sources: set[str] = set()
    for facts in given:
        seen: set[str] = set()
        for record in (facts.source, *facts.records):

            def say(code: str, message: str, record: Record = record) -> None:
                found.append(Problem(record.place, code, f"{record.id}: {message}"))

            if record.id in seen or (record is facts.source and record.id in sources):
                say("DUPLICATE", "this id is there twice")
            seen.add(record.id)
            _identity(vocabulary, facts, record, say)
            _values(record, say)
            if record is not facts.source:
                _links(vocabulary, record, say)
        sources.add(facts.source.id)
    return found


def _identity(vocabulary: Vocabulary, facts: Facts, record: Record, say: Say) -> None:
    kind, _, key = record.id.partition(":")
    if control_character(record.id):
        say("WRONG_ID", "an id holds no control characters")
    if vocabulary.by_kind.get(kind) is not record.type or not key:
        say("WRONG_ID", f"an id of a {record.type.label} begins with {record.type.kind}:")
    if one_form(record.id) != record.id:
        say("WRONG_ID", "an id is in Unicode's form NFC")
    if record is facts.source:
        return
    if record.source != facts.source.id:
        say("WRONG_SOURCE", f"it is among the records of {facts.source.id}")
    # An id that holds its source keeps one source's facts out of another's hands.
    own = f"{facts.source.id.partition(':')[2]}/"
    if not is_entity(vocabulary, record.type) and not key.startswith(own):
        say("WRONG_ID", f"a fact's id holds its source: {kind}:{own}…")


def _values(record: Record, say: Say) -> None:
    declared = record.type.properties
    can_be_read = True
    for name, value in record.values.items():
        prop = declared.get(name)
        if prop is None or prop.attached:
            say("UNKNOWN_PROPERTY", f"{record.type.label} has no {name!r}")
        else:
            can_be_read &= _value(prop, value, say)
    if can_be_read:
        mistakes = rules.MISTAKES.get(record.type.label)
        for _, message in mistakes(record.values) if mistakes else ():
            say("VALUES", message)
        for _, message in date_mistakes(record.type, record.values):
            say("VALUES", message)
        for one in oversized_values(record.type, record.id, record.values):
            say("TOO_LONG", str(one))
    for prop in declared.values():
        if prop.required and not prop.derived and prop.name not in record.values:
            say("MISSING", f"needs {prop.name}: {prop.doc}")


def _value(prop: Property, value: object, say: Say) -> bool:
    """Say what is wrong with a value; return whether it can be read."""
    if prop.many != isinstance(value, list):
        say("VALUE", f"{prop.name} is {'a list' if prop.many else 'one value'}")
        return False
    can_be_read = True
    for one in value if isinstance(value, list) else [value]:
        try:
            good = _is(prop, one)
            if good and isinstance(one, str | int):
                check_value(prop, one)
        except ValueProblem as error:
            say(value_type(prop).code, f"{prop.name}: {error}")
            can_be_read = False
            continue
        if not good:
            say("VALUE", f"{prop.name}: {quoted(str(one))} is no {prop.scalar.name}")
            can_be_read = False
    return can_be_read


def _is(prop: Property, value: object) -> bool:
    """Whether a value is one of a property's; what cannot be read raises ValueError."""
    if prop.enumeration:
        return isinstance(value, str) and value in {word.value for word in prop.enumeration}
    if isinstance(value, str) and (control_character(value) or is_invisible(value)):
        return False
    return value_type(prop).accepts(value)


def _links(vocabulary: Vocabulary, record: Record, say: Say) -> None:
    links = vocabulary.links(record.type)
    for name, references in record.links.items():
        link = links.get(name)
        if link is None or not _written(link):
            say("UNKNOWN_PROPERTY", f"{record.type.label} has no link {name!r} to write")
            continue
        if link.one and len(references) > 1:
            say("TOO_MANY", f"{name} has one value at most")
        allowed = vocabulary.concrete_of(*link.targets)
        for reference in references:
            if vocabulary.type_of_id(reference.id) not in allowed:
                say("WRONG_KIND", f"{name} may not lead to {reference.id}")
            for prop in link.properties.values():
                if prop.required and prop.name not in reference.properties:
                    say("MISSING", f"{name} needs {prop.name}: {prop.doc}")
            for key, value in reference.properties.items():
                if key not in link.properties:
                    say("UNKNOWN_PROPERTY", f"{name} has no {key!r}")
                elif link.properties[key].derived:
                    say("NOT_WRITTEN", f"{key} of {name} is computed; leave it out")
                else:
                    _value(link.properties[key], value, say)
    for link in links.values():
        if link.required and _written(link) and not record.links.get(link.name):
            say("MISSING", f"needs {link.name}: {link.doc}")
    if not record.evidence:
        say("NO_EVIDENCE", "it cites nothing")


def _written(link: Link) -> bool:
    """Whether records say it; evidence and descriptions are made of what else they say."""
    relationship = link.relationship
    return (
        link.outgoing
        and relationship is not None
        and not relationship.describes
        and link.name != EVIDENCE
    )


def in_order_of_use(given: Iterable[Facts]) -> list[Facts]:
    """Return facts with what is used before what uses it, whatever the order they are given in.

    Sources that do not use one another, or each the other, stand in the order of their ids.
    """
    sources = sorted(given, key=lambda one: one.source.id)
    owner = {record.id: one for one in reversed(sources) for record in one.records}
    ordered: dict[str, Facts] = {}
    for first in sources:
        # Depth first with a stack of its own: a chain of uses may be longer than Python's.
        waiting = [(first, iter(first.uses))]
        begun = {first.source.id}
        while waiting:
            one, uses = waiting[-1]
            name = next((name for name in uses if name in owner), None)
            if name is None:
                ordered.setdefault(one.source.id, one)
                waiting.pop()
            elif (used := owner[name]).source.id not in begun | ordered.keys():
                begun.add(used.source.id)
                waiting.append((used, iter(used.uses)))
    return list(ordered.values())
