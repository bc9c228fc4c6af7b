"""Build the vocabulary from declared classes: read, check and resolve each declaration.

A wrong declaration fails here, on import, with a message that names it and says what to do.

1. `find_declarations` collects the classes of modules.
2. `build_vocabulary` makes node types, then relationship types, whose endpoints are node types.
3. Each relationship type gives its links in both directions; derived links, which are read along
   other links, come last.
"""

import inspect
import re
from collections.abc import Iterable
from types import ModuleType
from typing import get_args

from schema.declare import (
    Cardinality,
    DerivedLink,
    Endpoints,
    Enumeration,
    Node,
    NodeClass,
    Relationship,
    ValidPeriod,
)
from schema.model import (
    DeclarationError,
    EndpointTypes,
    Link,
    NodeType,
    Property,
    RelationshipType,
)
from schema.names import camel, lower_first, screaming, to_words
from schema.properties import read_description, read_properties
from schema.vocabulary import Vocabulary

Declaration = type[Node] | type[Relationship] | type[DerivedLink] | type[Enumeration]


def find_declarations(*modules: ModuleType) -> list[Declaration]:
    """Return the classes that modules declare, in their order."""
    return [
        found
        for module in modules
        for found in vars(module).values()
        if inspect.isclass(found)
        and found.__module__ == module.__name__
        and issubclass(found, Node | Relationship | DerivedLink | Enumeration)
    ]


def build_vocabulary(classes: Iterable[Declaration]) -> Vocabulary:
    """Return the vocabulary that classes declare.

    Raises DeclarationError for the first declaration that cannot be resolved. ``schema.lint``
    finds the mistakes that show only in the whole vocabulary.
    """
    classes = list(classes)
    nodes: dict[str, NodeType] = {}
    declared: list[NodeClass] = [Node, *(c for c in classes if issubclass(c, Node))]
    for cls in declared:
        if cls.__name__ in nodes:
            raise DeclarationError(f"{cls.__name__} is declared twice; rename one of them.")
        nodes[cls.__name__] = _make_node_type(cls, nodes)
    relationships: dict[str, RelationshipType] = {}
    for relationship_class in (c for c in classes if issubclass(c, Relationship)):
        made = _make_relationship_type(relationship_class, nodes)
        if made.type in relationships:
            raise DeclarationError(f"{made.type} is declared twice; rename one of the classes.")
        relationships[made.type] = made
    links: dict[str, dict[str, Link]] = {label: {} for label in nodes}
    for relationship in relationships.values():
        if not relationship.hidden:
            for link in _make_links(relationship):
                _add_link(links, link)
    built = Vocabulary(
        nodes=nodes,
        relationships=relationships,
        own_links=links,
        enumerations=tuple(c for c in classes if issubclass(c, Enumeration)),
    )
    for derived in (c for c in classes if issubclass(c, DerivedLink)):
        for link in _make_derived_links(derived, built):
            _add_link(links, link)
    # Made anew: a vocabulary computes its links once.
    return Vocabulary(nodes, relationships, links, built.enumerations)


def _make_node_type(cls: NodeClass, nodes: dict[str, NodeType]) -> NodeType:
    parent = cls.__bases__[0]
    ancestors: tuple[NodeType, ...] = ()
    label = cls.__name__
    _check_class_name(cls)
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
        doc=read_description(cls),
        kind=options.kind,
        plural=camel(options.plural) if options.plural else lower_first(label) + "s",
        ancestors=ancestors,
        own=read_properties(cls),
        caption=options.caption,
        capitalized=options.capitalized,
        computed=options.computed,
        short=short,
        verb=options.verb,
        valid_period=_in_camel_case(options.valid_period),
    )


def _in_camel_case(period: ValidPeriod | None) -> ValidPeriod | None:
    if period is None:
        return None
    return ValidPeriod(camel(period.start), camel(period.end) if period.end else None)


def _check_class_name(cls: type) -> None:
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", cls.__name__):
        raise DeclarationError(f"{cls.__name__} is not written in CamelCase; rename it.")


def _make_relationship_type(
    cls: type[Relationship], nodes: dict[str, NodeType]
) -> RelationshipType:
    _check_class_name(cls)
    described = cls.describes.__name__ if cls.describes else None
    if described is not None and described not in nodes:
        raise DeclarationError(f"{cls.__name__} describes {described}, which is not declared.")
    describes = nodes[described] if described else None
    properties = {prop.name: prop for prop in read_properties(cls)}
    if describes:
        below = (node for node in nodes.values() if node.is_a(describes))
        properties |= {p.name: _as_nullable(p) for node in below for p in node.own}
    declared = cls.endpoints if isinstance(cls.endpoints, tuple) else (cls.endpoints,)
    if not declared:
        raise DeclarationError(f"{cls.__name__} joins nothing; give it endpoints = Endpoints(…).")
    return RelationshipType(
        type=screaming(cls.__name__),
        doc=read_description(cls),
        ends=tuple(ends for one in declared for ends in _resolve_endpoints(cls, one, nodes)),
        properties=properties,
        symmetric=cls.symmetric,
        acyclic=cls.acyclic,
        searched=cls.searched,
        hidden=cls.hidden,
        describes=describes,
        valid_period=_in_camel_case(cls.valid_period),
    )


def _as_nullable(prop: Property) -> Property:
    """Return a property as one source's description of an entity has it: nullable, not indexed."""
    return Property(
        prop.name,
        prop.scalar,
        required=False,
        many=prop.many,
        doc=prop.doc,
        enumeration=prop.enumeration,
    )


def _resolve_endpoints(
    cls: type, declared: Endpoints, nodes: dict[str, NodeType]
) -> Iterable[EndpointTypes]:
    """Yield each type of start with each type of end."""
    if declared.cardinality not in get_args(Cardinality):
        known = ", ".join(get_args(Cardinality))
        raise DeclarationError(
            f"{cls.__name__} has the cardinality {declared.cardinality!r}; use one of {known}."
        )
    for name in (declared.forward, declared.back.replace("{starts}", "starts")):
        if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name):
            raise DeclarationError(
                f"{cls.__name__}: the link {name!r} is not written as a field is; use camelCase."
            )
    for page in (declared.page, declared.back_page):
        if page is not None and page < 1:
            raise DeclarationError(
                f"{cls.__name__}: a page of {page} holds nothing; give 1 or more."
            )
    starts = declared.start if isinstance(declared.start, tuple) else (declared.start,)
    stops = declared.end if isinstance(declared.end, tuple) else (declared.end,)
    for one in (*starts, *stops):
        if nodes.get(one.__name__) is None:
            raise DeclarationError(
                f"{cls.__name__} joins {one.__name__}, which is not declared; declare it as a node."
            )
    for start in (nodes[one.__name__] for one in starts):
        for end in (nodes[one.__name__] for one in stops):
            yield EndpointTypes(
                start,
                end,
                declared.cardinality,
                declared.forward,
                declared.back.replace("{starts}", start.plural),
                declared.page,
                declared.back_page,
                declared.doc or read_description(cls),
                _back_description(declared, start),
            )


def _back_description(declared: Endpoints, start: NodeType) -> str:
    words = to_words(start.plural)
    given = declared.back_doc.replace("{starts}", words)
    return given or f"The {words} whose `{declared.forward}` leads here."


def _make_links(relationship: RelationshipType) -> Iterable[Link]:
    """Yield the links of a relationship type; equal names of one owner are one link."""
    grouped: dict[tuple[str, str, bool], list[EndpointTypes]] = {}
    for ends in relationship.ends:
        grouped.setdefault((ends.start.label, ends.forward, True), []).append(ends)
        if not relationship.symmetric:
            grouped.setdefault((ends.end.label, ends.back, False), []).append(ends)
    for (_, name, outgoing), group in grouped.items():
        first = group[0]
        yield Link(
            name=name,
            owner=first.start if outgoing else first.end,
            targets=tuple(ends.end if outgoing else ends.start for ends in group),
            cardinality=first.cardinality,
            outgoing=outgoing,
            doc=first.doc if outgoing else first.back_doc,
            relationship=relationship,
            page=first.page if outgoing else first.back_page,
        )


def _make_derived_links(cls: type[DerivedLink], vocabulary: Vocabulary) -> Iterable[Link]:
    """Yield a derived link in both directions; its steps have to be links of the vocabulary."""
    if cls.endpoints is None:
        raise DeclarationError(f"{cls.__name__} joins nothing; give it endpoints = Endpoints(…).")
    (ends,) = _resolve_endpoints(cls, cls.endpoints, dict(vocabulary.nodes))
    steps: list[Link] = []
    at = ends.start
    for name in cls.steps:
        link = vocabulary.links(at).get(name)
        if link is None or len(link.targets) != 1:
            raise DeclarationError(f"{cls.__name__}: {at.label} has no link {name} to one type.")
        steps.append(link)
        at = link.targets[0]
    if at is not ends.end:
        raise DeclarationError(f"{cls.__name__} ends at {at.label}, not at {ends.end.label}.")
    for outgoing in (True, False):
        yield Link(
            name=ends.forward if outgoing else ends.back,
            owner=ends.start if outgoing else ends.end,
            targets=(ends.end if outgoing else ends.start,),
            cardinality=ends.cardinality,
            outgoing=outgoing,
            doc=ends.doc if outgoing else ends.back_doc,
            relationship=None,
            steps=tuple(steps),
            page=ends.page if outgoing else ends.back_page,
        )


def _add_link(links: dict[str, dict[str, Link]], link: Link) -> None:
    """Add a link to its owner; raises DeclarationError if the owner has another of its name."""
    own = links[link.owner.label]
    if link.name in own:
        raise DeclarationError(
            f"{link.owner.label}.{link.name} is the name of two links ({own[link.name].doc!r} and "
            f"{link.doc!r}); rename one of them."
        )
    own[link.name] = link
