"""From classes to the vocabulary: each declaration is read, checked and resolved.

A wrong declaration fails here, on import, with a message that names it and says what to do.
"""

import inspect
import re
from collections.abc import Iterable
from types import ModuleType

from schema.declare import Held, Node, NodeClass, Path, Rel, Word
from schema.links import add_link, ends_of, links_of, pairs_of, path_links
from schema.model import DeclarationError, Link, NodeType, Property, RelationshipType
from schema.names import camel, lower_first, screaming
from schema.properties import doc_of, properties_of
from schema.vocabulary import Vocabulary

Declaration = type[Node] | type[Rel] | type[Path] | type[Word]


def declarations(*modules: ModuleType) -> list[Declaration]:
    """The classes that these modules declare, in their order."""
    return [
        found
        for module in modules
        for found in vars(module).values()
        if inspect.isclass(found)
        and found.__module__ == module.__name__
        and issubclass(found, Node | Rel | Path | Word)
    ]


def vocabulary(classes: Iterable[Declaration]) -> Vocabulary:
    """The vocabulary that these classes declare.

    Raises DeclarationError for the first declaration that cannot be resolved; ``schema.lint`` holds
    what can only be seen over all of them.
    """
    classes = list(classes)
    nodes: dict[str, NodeType] = {}
    declared: list[NodeClass] = [Node, *(c for c in classes if issubclass(c, Node))]
    for cls in declared:
        if cls.__name__ in nodes:
            raise DeclarationError(f"{cls.__name__} is declared twice; rename one of them.")
        nodes[cls.__name__] = _node(cls, nodes)
    relationships: dict[str, RelationshipType] = {}
    for rel in (c for c in classes if issubclass(c, Rel)):
        made = _relationship(rel, nodes)
        if made.type in relationships:
            raise DeclarationError(f"{made.type} is declared twice; rename one of the classes.")
        relationships[made.type] = made
    links: dict[str, dict[str, Link]] = {label: {} for label in nodes}
    for relationship in relationships.values():
        if not relationship.hidden:
            for link in links_of(relationship):
                add_link(links, link)
    built = Vocabulary(
        nodes=nodes,
        relationships=relationships,
        own_links=links,
        enumerations=tuple(c for c in classes if issubclass(c, Word)),
    )
    for path in (c for c in classes if issubclass(c, Path)):
        for link in path_links(path, built):
            add_link(links, link)
    return Vocabulary(nodes, relationships, links, built.enumerations)


def _node(cls: NodeClass, nodes: dict[str, NodeType]) -> NodeType:
    parent = cls.__bases__[0]
    ancestors: tuple[NodeType, ...] = ()
    label = cls.__name__
    _well_written(cls)
    if cls is not Node:
        if len(cls.__bases__) > 1:
            raise DeclarationError(f"{label} builds on several types; a type has one parent.")
        if parent.__name__ not in nodes:
            raise DeclarationError(
                f"{label} builds on {parent.__name__}, which is not declared before it."
            )
        above = nodes[parent.__name__]
        ancestors = (above, *above.ancestors)
    options = cls.options
    if options.kind is not None and not re.fullmatch(r"[a-z][a-z0-9-]*", options.kind):
        raise DeclarationError(
            f"{label}: kind {options.kind!r} begins ids; write small letters, digits and hyphens."
        )
    short = {
        key: camel(to) if isinstance(to, str) else tuple(camel(one) for one in to)
        for key, to in options.short.items()
    }
    return NodeType(
        label=label,
        doc=doc_of(cls),
        kind=options.kind,
        plural=camel(options.plural) if options.plural else lower_first(label) + "s",
        ancestors=ancestors,
        own=properties_of(cls),
        caption=options.caption,
        proper=options.proper,
        computed=options.computed,
        short=short,
        verb=options.verb,
        held=_held(options.held),
    )


def _held(held: Held | None) -> Held | None:
    return Held(camel(held.start), camel(held.end) if held.end else None) if held else None


def _well_written(cls: type) -> None:
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", cls.__name__):
        raise DeclarationError(f"{cls.__name__} is not written in CamelCase; rename it.")


def _relationship(cls: type[Rel], nodes: dict[str, NodeType]) -> RelationshipType:
    _well_written(cls)
    described = cls.describes.__name__ if cls.describes else None
    if described is not None and described not in nodes:
        raise DeclarationError(f"{cls.__name__} describes {described}, which is not declared.")
    describes = nodes[described] if described else None
    properties = {prop.name: prop for prop in properties_of(cls)}
    if describes:
        below = (node for node in nodes.values() if node.is_a(describes))
        properties |= {p.name: _nullable(p) for node in below for p in node.own}
    return RelationshipType(
        type=screaming(cls.__name__),
        doc=doc_of(cls),
        ends=tuple(ends for pair in pairs_of(cls) for ends in ends_of(cls, pair, nodes)),
        properties=properties,
        symmetric=cls.symmetric,
        acyclic=cls.acyclic,
        searched=cls.searched,
        hidden=cls.hidden,
        describes=describes,
        held=_held(cls.held),
    )


def _nullable(prop: Property) -> Property:
    """The property as a description in one source gives it: never required, nothing derived."""
    return Property(
        prop.name,
        prop.scalar,
        required=False,
        many=prop.many,
        doc=prop.doc,
        enumeration=prop.enumeration,
    )
