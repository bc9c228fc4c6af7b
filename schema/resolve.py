"""From classes to the vocabulary: each declaration is read, checked and resolved.

A wrong declaration fails here, on import, with a message that names it and says what to do.
"""

import inspect
from collections.abc import Iterable
from types import ModuleType

from schema.declare import Node, NodeClass, Path, Rel, Word
from schema.links import add_link, ends_of, links_of, path_links
from schema.names import camel, lower_first, screaming
from schema.properties import doc_of, properties_of
from schema.terms import DeclarationError, Link, NodeType, Property, RelationshipType
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
    relationships = {
        screaming(c.__name__): _relationship(c, nodes) for c in classes if issubclass(c, Rel)
    }
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
    parent = cls.__mro__[1]
    ancestors: tuple[NodeType, ...] = ()
    if cls is not Node:
        if parent.__name__ not in nodes:
            raise DeclarationError(
                f"{cls.__name__} builds on {parent.__name__}, which is not declared before it."
            )
        above = nodes[parent.__name__]
        ancestors = (above, *above.ancestors)
    options = cls.options
    label = cls.__name__
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
    )


def _relationship(cls: type[Rel], nodes: dict[str, NodeType]) -> RelationshipType:
    if not cls.pairs:
        raise DeclarationError(f"{cls.__name__} joins nothing; give it pairs = (Pair(…),).")
    describes = nodes[cls.describes.__name__] if cls.describes else None
    properties = {prop.name: prop for prop in properties_of(cls)}
    if describes:
        below = (node for node in nodes.values() if node.is_a(describes))
        properties |= {p.name: _nullable(p) for node in below for p in node.own}
    return RelationshipType(
        type=screaming(cls.__name__),
        doc=doc_of(cls),
        ends=tuple(ends for pair in cls.pairs for ends in ends_of(cls, pair, nodes)),
        properties=properties,
        symmetric=cls.symmetric,
        acyclic=cls.acyclic,
        hidden=cls.hidden,
        describes=describes,
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
