"""From classes to the vocabulary: each declaration is read, checked and resolved.

A wrong declaration fails here, on import, with a message that names it and says what to do.
"""

import inspect
import re
from collections.abc import Iterable
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from schema.declare import (
    ATTACHED,
    DERIVED,
    INDEXED,
    SEARCHED,
    FoldedWith,
    Inherited,
    Marker,
    Node,
    NodeClass,
    Pair,
    Path,
    Rel,
    Word,
)
from schema.names import camel, lower_first, screaming
from schema.scalars import BY_PYTHON, TEXT
from schema.vocabulary import (
    DeclarationError,
    Ends,
    Link,
    NodeType,
    Property,
    RelationshipType,
    Vocabulary,
    nullable_copy,
)

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
            for link in _links(relationship):
                _add(links, link)
    built = Vocabulary(
        nodes=nodes,
        relationships=relationships,
        own_links=links,
        enumerations=tuple(c for c in classes if issubclass(c, Word)),
    )
    for path in (c for c in classes if issubclass(c, Path)):
        for link in _path_links(path, built):
            _add(links, link)
    return Vocabulary(nodes, relationships, links, built.enumerations)


def _doc(cls: type) -> str:
    if not cls.__doc__:
        raise DeclarationError(f"{cls.__name__} has no docstring; say in one what it means.")
    return inspect.cleandoc(cls.__doc__)


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
        doc=_doc(cls),
        kind=options.kind,
        plural=camel(options.plural) if options.plural else lower_first(label) + "s",
        ancestors=ancestors,
        own=_properties(cls),
        caption=options.caption,
        computed=options.computed,
        short=short,
        verb=options.verb,
    )


def _properties(cls: type) -> tuple[Property, ...]:
    try:
        hints = get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise DeclarationError(f"{cls.__name__}: {error}; import it or mend its name.") from error
    own = inspect.get_annotations(cls)
    return tuple(
        _property(cls, name, hints[name])
        for name in own
        if not name.startswith("_") and get_origin(hints[name]) is Annotated
    )


def _property(cls: type, name: str, hint: Any) -> Property:
    where = f"{cls.__name__}.{name}"
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise DeclarationError(f"{where} is not written in snake_case; rename it.")
    annotation, *extras = get_args(hint)
    docs = [extra for extra in extras if isinstance(extra, str)]
    if len(docs) != 1:
        raise DeclarationError(f'{where} needs one description: Annotated[type, "what it says"].')
    python, required = _optional(annotation, where)
    many = get_origin(python) is list
    if many:
        (python,) = get_args(python)
    enumeration = python if inspect.isclass(python) and issubclass(python, Word) else None
    scalar = TEXT if enumeration else BY_PYTHON.get(python)
    if scalar is None:
        known = ", ".join(sorted(one.__name__ for one in BY_PYTHON))
        raise DeclarationError(f"{where} has type {python!r}; use one of {known} or a Word.")
    marks = {extra for extra in extras if isinstance(extra, Marker)}
    folded_with = [one for extra in extras if isinstance(extra, FoldedWith) for one in extra.names]
    inherited = [extra.path for extra in extras if isinstance(extra, Inherited)]
    return Property(
        name=camel(name),
        scalar=scalar,
        required=required,
        many=many,
        doc=docs[0],
        enumeration=enumeration,
        searched=SEARCHED in marks,
        indexed=INDEXED in marks,
        derived=DERIVED in marks,
        attached=ATTACHED in marks,
        folded_with=tuple(folded_with),
        inherited=tuple(inherited[0].split(".")) if inherited else (),
    )


def _optional(annotation: Any, where: str) -> tuple[Any, bool]:
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation, True
    rest = [one for one in get_args(annotation) if one is not NoneType]
    if len(rest) != 1:
        raise DeclarationError(f"{where} has several types; a property has one, or one and None.")
    return rest[0], False


def _relationship(cls: type[Rel], nodes: dict[str, NodeType]) -> RelationshipType:
    if not cls.pairs:
        raise DeclarationError(f"{cls.__name__} joins nothing; give it pairs = (Pair(…),).")
    describes = nodes[cls.describes.__name__] if cls.describes else None
    properties = {prop.name: prop for prop in _properties(cls)}
    if describes:
        below = (node for node in nodes.values() if node.is_a(describes))
        properties |= {p.name: nullable_copy(p) for node in below for p in node.own}
    return RelationshipType(
        type=screaming(cls.__name__),
        doc=_doc(cls),
        ends=tuple(ends for pair in cls.pairs for ends in _ends(cls, pair, nodes)),
        properties=properties,
        symmetric=cls.symmetric,
        acyclic=cls.acyclic,
        hidden=cls.hidden,
        describes=describes,
    )


def _ends(cls: type, pair: Pair, nodes: dict[str, NodeType]) -> Iterable[Ends]:
    starts = pair.start if isinstance(pair.start, tuple) else (pair.start,)
    stops = pair.end if isinstance(pair.end, tuple) else (pair.end,)
    for one in (*starts, *stops):
        if nodes.get(one.__name__) is None:
            raise DeclarationError(
                f"{cls.__name__} joins {one.__name__}, which is not declared; declare it as a node."
            )
    for start in (nodes[one.__name__] for one in starts):
        for end in (nodes[one.__name__] for one in stops):
            back = pair.back.replace("{starts}", start.plural)
            yield Ends(start, end, pair.cardinality, pair.forward, back, pair.page, pair.back_page)


def _links(relationship: RelationshipType) -> Iterable[Link]:
    """Each link once: pairs that share an owner and a name are one link to several types."""
    grouped: dict[tuple[str, str, bool], list[Ends]] = {}
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
            doc=relationship.doc if outgoing else _back_doc(relationship, name),
            relationship=relationship,
            page=first.page if outgoing else first.back_page,
        )


def _back_doc(relationship: RelationshipType, name: str) -> str:
    forward = relationship.ends[0].forward
    starts = sorted({ends.start.label for ends in relationship.ends if ends.back == name})
    return f"What has this among its `{forward}` ({', '.join(starts)})."


def _path_links(cls: type[Path], vocabulary: Vocabulary) -> Iterable[Link]:
    nodes = dict(vocabulary.nodes)
    (ends,) = _ends(cls, cls.pair, nodes)
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
    yield Link(
        name=ends.forward,
        owner=ends.start,
        targets=(ends.end,),
        outgoing=True,
        doc=_doc(cls),
        steps=tuple(steps),
        page=ends.page,
        cardinality=ends.cardinality,
        relationship=None,
    )
    yield Link(
        name=ends.back,
        owner=ends.end,
        targets=(ends.start,),
        outgoing=False,
        doc=f"What has this among its `{ends.forward}` ({ends.start.label}).",
        steps=tuple(steps),
        page=ends.back_page,
        cardinality=ends.cardinality,
        relationship=None,
    )


def _add(links: dict[str, dict[str, Link]], link: Link) -> None:
    own = links[link.owner.label]
    if link.name in own:
        raise DeclarationError(
            f"{link.owner.label}.{link.name} is the name of two links ({own[link.name].doc!r} and "
            f"{link.doc!r}); rename one of them."
        )
    own[link.name] = link
