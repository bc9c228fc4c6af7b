"""What can only be seen over the whole vocabulary: one meaning for one name, no clashes."""

import re
from collections.abc import Iterable, Mapping

from schema import captions
from schema.declare import Held
from schema.model import DeclarationError, NodeType, Property
from schema.name_conflicts import clashes
from schema.names import ID
from schema.scalars import EARLIEST, FOLDED
from schema.vocabulary import Vocabulary


def lint(vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary unchanged, or DeclarationError with every mistake, one a line."""
    mistakes = [
        *_one_type_for_one_name(vocabulary),
        *clashes(vocabulary),
        *_kinds(vocabulary),
        *_cardinalities(vocabulary),
        *_symmetric(vocabulary),
        *_docs(vocabulary),
        *_held_relationships(vocabulary),
        *(m for node in vocabulary.nodes.values() for m in _node(vocabulary, node)),
    ]
    if mistakes:
        raise DeclarationError("\n".join(mistakes))
    return vocabulary


def _signature(prop: Property) -> tuple[str, bool, bool]:
    kind = prop.enumeration.__name__ if prop.enumeration else prop.scalar.name
    return kind, prop.many, prop.required


def _one_type_for_one_name(vocabulary: Vocabulary) -> Iterable[str]:
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


def _kinds(vocabulary: Vocabulary) -> Iterable[str]:
    kinds = [node.kind for node in vocabulary.concrete]
    for kind in {one for one in kinds if kinds.count(one) > 1}:
        yield f"kind {kind!r} begins the ids of two types; give one of them another kind."
    for node in vocabulary.nodes.values():
        below = vocabulary.children(node)
        if not (node.concrete or below or node is vocabulary.root):
            yield f'{node.label} has no kind and nothing builds on it; give it one: kind="…".'
        if node.concrete and below:
            yield f"{node.label} has a kind and {below[0].label} builds on it; take one away."


def _cardinalities(vocabulary: Vocabulary) -> Iterable[str]:
    for relationship in vocabulary.relationships.values():
        seen: dict[tuple[str, str], str] = {}
        for ends in relationship.ends:
            first = seen.setdefault((ends.start.label, ends.forward), ends.cardinality)
            if first != ends.cardinality:
                yield (
                    f"{relationship.type}: {ends.start.label}.{ends.forward} has cardinalities "
                    f"{first} and {ends.cardinality}; one link has one."
                )


def _symmetric(vocabulary: Vocabulary) -> Iterable[str]:
    for relationship in vocabulary.relationships.values():
        for ends in relationship.ends if relationship.symmetric else ():
            if ends.start is not ends.end or ends.forward != ends.back:
                yield (
                    f"{relationship.type} is symmetric, so it joins nodes of one type and has one "
                    f"name, not {ends.forward} and {ends.back}."
                )


def _docs(vocabulary: Vocabulary) -> Iterable[str]:
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


def _node(vocabulary: Vocabulary, node: NodeType) -> Iterable[str]:
    properties, links = node.properties, vocabulary.links(node)
    for prop in node.own:
        for other in prop.folded_with:
            if other not in _lists(vocabulary):
                yield f"{node.label}.{prop.name} is folded with {other}, which is no list of str."
        yield from _measured(vocabulary, node, prop)
        if prop.inherited and prop.inherited[0] not in links:
            yield f"{node.label}.{prop.name} is inherited along {prop.inherited[0]}, no link."
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
    yield from _held(node.label, node.held, properties)
    for computed in node.computed:
        for name in set(computed.needs) - set(properties):
            yield f"{node.label}.{computed.name} needs {name}, which it does not have."
    if node.concrete:
        yield from _caption(vocabulary, node)


def _measured(vocabulary: Vocabulary, node: NodeType, prop: Property) -> Iterable[str]:
    """Give what is wrong with the properties that say in what, and whether, an amount counts."""
    if prop.measured is None:
        return
    owner, properties, left_out = (
        f"{node.label}.{prop.name}",
        node.properties,
        prop.measured.left_out,
    )
    for name in (prop.measured.unit, prop.measured.per, *(one.status for one in left_out)):
        if name not in properties:
            yield f"{owner} is measured by {name}, which it does not have."
    for one in left_out:
        if type(one.inclusion) not in vocabulary.enumerations:
            yield f"{owner}: {type(one.inclusion).__name__} is not declared; declare it as a Word."
        status = properties.get(one.status)
        for word in one.words if status else ():
            if status and not isinstance(word, status.enumeration or ()):
                yield f"{owner} leaves out {word.name}, which is no word of {one.status}."


def _held_relationships(vocabulary: Vocabulary) -> Iterable[str]:
    for one in vocabulary.relationships.values():
        yield from _held(one.type, one.held, one.properties)


def _held(owner: str, held: Held | None, properties: Mapping[str, Property]) -> Iterable[str]:
    for name in filter(None, (held.start, held.end) if held else ()):
        if name not in properties or not properties[name].scalar.derives(EARLIEST):
            yield f"{owner} is held by {name}, which is no Edtf property of it."


def _lists(vocabulary: Vocabulary) -> set[str]:
    own = (prop for node in vocabulary.nodes.values() for prop in node.own)
    return {prop.name for prop in own if prop.many and prop.scalar.derives(FOLDED)}


def _caption(vocabulary: Vocabulary, node: NodeType) -> Iterable[str]:
    if not node.caption:
        yield f'{node.label} has no caption; give its class one: caption="{{name}}".'
        return
    try:
        places = list(captions.places(node.caption))
        conditions = captions.conditions(node.caption)
    except captions.TemplateError as error:
        yield f"{node.label}: caption: {error}."
        return
    for name in conditions:
        if name not in node.properties:
            yield f"{node.label}: caption asks for {name}, which it does not have."
    for place in places:
        yield from _place(vocabulary, node, node, place.path, (node.label,))


def _place(
    vocabulary: Vocabulary,
    owner: NodeType,
    at: NodeType,
    path: tuple[str, ...],
    through: tuple[str, ...],
) -> Iterable[str]:
    """What is wrong with a path of ``owner``'s caption that has come to ``at``."""
    head, *rest = path
    written = f"{owner.label}: caption place {'.'.join(path)}"
    own = {*at.properties, ID, *(c.name for c in at.computed)}
    link = vocabulary.links(at).get(head)
    if head == "caption" and at is not owner:
        for concrete in vocabulary.concrete_of(at):
            for place in captions.places(concrete.caption or ""):
                if len(through) > 4:
                    yield f"{written}: captions ask for each other in a circle."
                    return
                yield from _place(vocabulary, concrete, concrete, place.path, (*through, at.label))
    elif head in own:
        if rest not in ([], ["words"], ["month"]):
            yield f"{written}: {head} is a property; only .words or .month may follow."
    elif link is None:
        yield f"{written}: {at.label} has neither property nor link {head}."
    elif not rest:
        yield f"{written}: say what of {head} to show, as in {{{head}.name}}."
    else:
        for target in link.targets:
            yield from _place(vocabulary, owner, target, tuple(rest), through)
