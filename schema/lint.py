"""Find the mistakes of a vocabulary that show only in the whole: conflicts and lost names.

``schema.build`` finds those of single declarations. Conflicts among the other names that GraphQL
needs are found where these are made (``service.graphql.types.registry``).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from schema import captions
from schema.declare import ValidPeriod
from schema.model import DeclarationError, NodeType, Property
from schema.names import (
    CLOCK,
    DIGEST,
    EXPIRED_IN,
    GATE,
    HISTORY,
    ID,
    LINK_CHANGE,
    RECORDED_IN,
    SEARCH_WORDS,
    SLOTS,
    VALIDITY,
    WAS,
    past,
)
from schema.scalars import EARLIEST, FOLDED
from schema.vocabulary import Vocabulary

RESERVED_FIELDS = {ID, "caption", RECORDED_IN, HISTORY, VALIDITY}
"""Fields that Parley itself gives to nodes."""
RESERVED_COLUMNS = (ID, RECORDED_IN, EXPIRED_IN, DIGEST, SEARCH_WORDS, SLOTS)
"""Properties that Parley itself stores on nodes and relationships."""
OWN_LABELS = (CLOCK, GATE, LINK_CHANGE)
"""Labels of Parley's bookkeeping."""
CAPTION_DEPTH = 4
"""The most captions that one caption may show within one another."""


def lint(vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary; raises DeclarationError with every mistake, one a line."""
    mistakes = [
        *_check_signatures(vocabulary),
        *_check_fields(vocabulary),
        *_check_type_names(vocabulary),
        *_check_columns(vocabulary),
        *_check_kinds(vocabulary),
        *_check_cardinalities(vocabulary),
        *_check_symmetric(vocabulary),
        *_check_enumerations(vocabulary),
        *(
            mistake
            for one in vocabulary.relationships.values()
            for mistake in _check_valid_period(one.type, one.valid_period, one.properties)
        ),
        *(m for node in vocabulary.nodes.values() for m in _check_node(vocabulary, node)),
    ]
    if mistakes:
        raise DeclarationError("\n".join(mistakes))
    return vocabulary


def _check_signatures(vocabulary: Vocabulary) -> Iterable[str]:
    """Yield a message for each name of properties that differ in type or nullability."""
    seen: dict[str, tuple[str, Property]] = {}
    owners = [(n.label, n.own) for n in vocabulary.nodes.values()] + [
        (r.type, tuple(r.properties.values()))
        for r in vocabulary.relationships.values()
        if not r.describes
    ]
    for owner, properties in owners:
        for prop in properties:
            first, other = seen.setdefault(prop.name, (owner, prop))
            if _signature(prop) != _signature(other):
                yield (
                    f"{owner}.{prop.name} and {first}.{prop.name} differ in type or nullability; "
                    "one name has one meaning: rename one of them or make them alike."
                )


def _signature(prop: Property) -> tuple[str, bool, bool]:
    kind = prop.enumeration.__name__ if prop.enumeration else prop.scalar.name
    return kind, prop.many, prop.required


def _find_repeated(names: Iterable[str]) -> list[str]:
    return [name for name, number in Counter(names).items() if number > 1]


def _check_fields(vocabulary: Vocabulary) -> Iterable[str]:
    """Yield a message for each name of two fields of one type, or of two root fields."""
    for node in vocabulary.nodes.values():
        named = [
            *node.properties,
            *(one.name for one in node.computed),
            *vocabulary.links(node),
        ]
        for name in _find_repeated(named):
            yield f"{node.label}.{name} is declared more than once; rename one of them."
        subtypes = () if node.concrete else vocabulary.concrete_of(node)
        for name in {one.field for one in subtypes} & set(named):
            yield f"{node.label}.{name} is the name of a type below it too; rename it."
        for name in sorted(set(named) & RESERVED_FIELDS):
            yield f"{node.label}.{name}: every node has a field of this name; rename it."
    fields = [name for node in vocabulary.nodes.values() for name in (node.field, node.plural)]
    for name in _find_repeated(fields):
        yield f"{name} is the name of two root fields; give one type another plural."


def _check_type_names(vocabulary: Vocabulary) -> Iterable[str]:
    """Yield a message for each name of two types, or of a type and something of Parley's own."""
    nodes = list(vocabulary.nodes)
    for name in _find_repeated([*nodes, *(one.__name__ for one in vocabulary.enumerations)]):
        yield f"{name} is both a node type and an enumeration; rename one of them."
    for label in _find_repeated([*nodes, *(past(label) for label in nodes), *OWN_LABELS]):
        yield f"{label} is a label that Parley makes itself; rename the node type."
    types = vocabulary.relationships.values()
    for name in _find_repeated([*(one.type for one in types), *(one.past for one in types), WAS]):
        yield f"{name} is a relationship type that Parley makes itself; rename the class."


def _check_columns(vocabulary: Vocabulary) -> Iterable[str]:
    """Yield a message for each column that two properties would be stored in."""
    owners: list[tuple[str, Iterable[Property]]] = [
        (node.label, node.properties.values()) for node in vocabulary.nodes.values()
    ]
    owners += [(r.type, r.properties.values()) for r in vocabulary.relationships.values()]
    for owner, properties in owners:
        makers = defaultdict(list, {name: ["a property of Parley's"] for name in RESERVED_COLUMNS})
        for prop in properties:
            for name in prop.columns:
                makers[name].append(prop.name)
        for name, several in makers.items():
            if len(several) > 1:
                both = " and ".join(several)
                yield f"{owner}: {both} would both be stored as {name}; rename one of them."


def _check_kinds(vocabulary: Vocabulary) -> Iterable[str]:
    """Yield a message for each kind of two types, and each type that wrongly has one or none."""
    kinds = [node.kind for node in vocabulary.concrete]
    for kind in {one for one in kinds if kinds.count(one) > 1}:
        yield f"kind {kind!r} begins the ids of two types; give one of them another kind."
    for node in vocabulary.nodes.values():
        below = vocabulary.children(node)
        if not (node.concrete or below or node is vocabulary.root):
            yield f'{node.label} has no kind and nothing builds on it; give it one: kind="…".'
        if node.concrete and below:
            yield f"{node.label} has a kind and {below[0].label} builds on it; take one away."


def _check_cardinalities(vocabulary: Vocabulary) -> Iterable[str]:
    for relationship in vocabulary.relationships.values():
        seen: dict[tuple[str, str], str] = {}
        for ends in relationship.ends:
            first = seen.setdefault((ends.start.label, ends.forward), ends.cardinality)
            if first != ends.cardinality:
                yield (
                    f"{relationship.type}: {ends.start.label}.{ends.forward} has cardinalities "
                    f"{first} and {ends.cardinality}; one link has one."
                )


def _check_symmetric(vocabulary: Vocabulary) -> Iterable[str]:
    for relationship in vocabulary.relationships.values():
        for ends in relationship.ends if relationship.symmetric else ():
            if ends.start is not ends.end or ends.forward != ends.back:
                yield (
                    f"{relationship.type} is symmetric, so it joins nodes of one type and has one "
                    f"name, not {ends.forward} and {ends.back}."
                )


def _check_enumerations(vocabulary: Vocabulary) -> Iterable[str]:
    for enumeration in vocabulary.enumerations:
        where = enumeration.__name__
        if not (enumeration.__doc__ or "").strip():
            yield f"{where} has no docstring; say in one what it lists."
        for name, word in enumeration.__members__.items():
            if name != word.name:
                yield f"{where}.{name} is spelt as {word.name} is; give it a spelling of its own."
            if not word.doc.strip():
                yield f"{where}.{name} has no description; add one."
            if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", name):
                yield f"{where}.{name} is not written in SCREAMING_SNAKE_CASE; rename it."
            if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", str(word.value)):
                yield f"{where}.{name}: {word.value!r} is not spelt in small letters and hyphens."


def _check_node(vocabulary: Vocabulary, node: NodeType) -> Iterable[str]:
    """Yield a message for each name in a node type's declaration that leads nowhere."""
    properties, links = node.properties, vocabulary.links(node)
    lists = _text_lists(vocabulary)
    for prop in node.own:
        for other in prop.folded_with:
            if other not in lists:
                yield f"{node.label}.{prop.name} is folded with {other}, which is no list of str."
        yield from _check_measure(vocabulary, node, prop)
        if prop.inherited_from and prop.inherited_from[0] not in links:
            first = prop.inherited_from[0]
            yield f"{node.label}.{prop.name} is inherited along {first}, which is no link."
    for key, to in node.short.items():
        for name in (to,) if isinstance(to, str) else to:
            if name not in properties and name not in links:
                yield f"{node.label}: short form {key!r} stands for {name}, which it does not have."
    if node.verb:
        enumerations = {p.name for p in properties.values() if p.enumeration}
        if node.verb.enumeration not in enumerations:
            yield f"{node.label}: the verb's {node.verb.enumeration} is no enumeration of it."
        if node.verb.into not in properties and node.verb.into not in links:
            yield f"{node.label}: the verb's {node.verb.into} is neither property nor link of it."
    yield from _check_valid_period(node.label, node.valid_period, properties)
    for computed in node.computed:
        for name in set(computed.needs) - set(properties):
            yield f"{node.label}.{computed.name} needs {name}, which it does not have."
    if node.concrete:
        yield from _check_caption(vocabulary, node)


def _text_lists(vocabulary: Vocabulary) -> set[str]:
    own = (prop for node in vocabulary.nodes.values() for prop in node.own)
    return {prop.name for prop in own if prop.many and prop.scalar.derives(FOLDED)}


def _check_measure(vocabulary: Vocabulary, node: NodeType, prop: Property) -> Iterable[str]:
    """Yield a message for each name in the declaration of an amount that leads nowhere."""
    if prop.measure is None:
        return
    owner, properties = f"{node.label}.{prop.name}", node.properties
    exclusions = prop.measure.exclusions
    for name in (prop.measure.unit, prop.measure.per, *(one.status for one in exclusions)):
        if name not in properties:
            yield f"{owner} is measured by {name}, which it does not have."
    for one in exclusions:
        if type(one.inclusion) not in vocabulary.enumerations:
            kind = type(one.inclusion).__name__
            yield f"{owner}: {kind} is not declared; declare it as an Enumeration."
        status = properties.get(one.status)
        for value in one.values if status else ():
            if status and not isinstance(value, status.enumeration or ()):
                yield f"{owner} leaves out {value.name}, which is no word of {one.status}."


def _check_valid_period(
    owner: str, period: ValidPeriod | None, properties: Mapping[str, Property]
) -> Iterable[str]:
    for name in filter(None, (period.start, period.end) if period else ()):
        if name not in properties or not properties[name].scalar.derives(EARLIEST):
            yield f"{owner} is valid by {name}, which is no Edtf property of it."


def _check_caption(vocabulary: Vocabulary, node: NodeType) -> Iterable[str]:
    if not node.caption:
        yield f'{node.label} has no caption; give its class one: caption="{{name}}".'
        return
    try:
        placeholders = list(captions.placeholders_of(node.caption))
        conditions = captions.conditions_of(node.caption)
    except captions.TemplateError as error:
        yield f"{node.label}: caption: {error}."
        return
    for name in conditions:
        if name not in node.properties:
            yield f"{node.label}: caption asks for {name}, which it does not have."
    for one in placeholders:
        yield from _check_caption_path(vocabulary, node, node, one.path, (node.label,))


def _check_caption_path(
    vocabulary: Vocabulary,
    owner: NodeType,
    at: NodeType,
    path: tuple[str, ...],
    through: tuple[str, ...],
) -> Iterable[str]:
    """Yield a message if the rest of a path in ``owner``'s caption leads nowhere from ``at``.

    ``through`` are the labels of the types whose captions led here.
    """
    head, *rest = path
    written = f"{owner.label}: caption place {'.'.join(path)}"
    own = {*at.properties, ID, *(c.name for c in at.computed)}
    link = vocabulary.links(at).get(head)
    if head == "caption" and at is not owner:
        for concrete in vocabulary.concrete_of(at):
            for one in captions.placeholders_of(concrete.caption or ""):
                if len(through) > CAPTION_DEPTH:
                    yield f"{written}: captions ask for each other in a circle."
                    return
                yield from _check_caption_path(
                    vocabulary, concrete, concrete, one.path, (*through, at.label)
                )
    elif head in own:
        if rest not in ([], ["words"], ["month"]):
            yield f"{written}: {head} is a property; only .words or .month may follow."
    elif link is None:
        yield f"{written}: {at.label} has neither property nor link {head}."
    elif not rest:
        yield f"{written}: say what of {head} to show, as in {{{head}.name}}."
    else:
        for target in link.targets:
            yield from _check_caption_path(vocabulary, owner, target, tuple(rest), through)
