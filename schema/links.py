"""Relationship types and paths seen from either end: the links that a reader follows."""

import re
from collections.abc import Iterable
from typing import get_args

from schema.declare import Cardinality, Pair, Path, Rel
from schema.model import DeclarationError, Ends, Link, NodeType, RelationshipType
from schema.properties import doc_of
from schema.vocabulary import Vocabulary


def pairs_of(cls: type[Rel]) -> tuple[Pair, ...]:
    """Return the pairs of a relationship type; raises DeclarationError if it has none."""
    pairs = (cls.pair,) if hasattr(cls, "pair") else cls.pairs
    if not pairs:
        raise DeclarationError(f"{cls.__name__} joins nothing; give it pair = Pair(…).")
    return pairs


def ends_of(cls: type, pair: Pair, nodes: dict[str, NodeType]) -> Iterable[Ends]:
    """Each type of start with each type of end that a pair names."""
    if pair.cardinality not in get_args(Cardinality):
        known = ", ".join(get_args(Cardinality))
        raise DeclarationError(
            f"{cls.__name__} has the cardinality {pair.cardinality!r}; use one of {known}."
        )
    for name in (pair.forward, pair.back.replace("{starts}", "starts")):
        if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name):
            raise DeclarationError(
                f"{cls.__name__}: the link {name!r} is not written as a field is; use camelCase."
            )
    for page in (pair.page, pair.back_page):
        if page is not None and page < 1:
            raise DeclarationError(f"{cls.__name__}: a page of {page} is none; take 1 or more.")
    starts = pair.start if isinstance(pair.start, tuple) else (pair.start,)
    stops = pair.end if isinstance(pair.end, tuple) else (pair.end,)
    for one in (*starts, *stops):
        if nodes.get(one.__name__) is None:
            raise DeclarationError(
                f"{cls.__name__} joins {one.__name__}, which is not declared; declare it as a node."
            )
    for start in (nodes[one.__name__] for one in starts):
        for end in (nodes[one.__name__] for one in stops):
            yield Ends(
                start,
                end,
                pair.cardinality,
                pair.forward,
                pair.back.replace("{starts}", start.plural),
                pair.page,
                pair.back_page,
                pair.doc or doc_of(cls),
                _back_doc(pair, start),
            )


def links_of(relationship: RelationshipType) -> Iterable[Link]:
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
            doc=first.doc if outgoing else first.back_doc,
            relationship=relationship,
            page=first.page if outgoing else first.back_page,
        )


def _back_doc(pair: Pair, start: NodeType) -> str:
    words = re.sub(r"[A-Z]", lambda found: f" {found[0].lower()}", start.plural)
    given = pair.back_doc.replace("{starts}", words)
    return given or f"The {words} whose `{pair.forward}` leads here."


def path_links(cls: type[Path], vocabulary: Vocabulary) -> Iterable[Link]:
    """The two links of a path, whose steps have to be links of the vocabulary."""
    nodes = dict(vocabulary.nodes)
    if not hasattr(cls, "pair"):
        raise DeclarationError(f"{cls.__name__} joins nothing; give it pair = Pair(…).")
    (ends,) = ends_of(cls, cls.pair, nodes)
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
        doc=ends.doc,
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
        doc=ends.back_doc,
        steps=tuple(steps),
        page=ends.back_page,
        cardinality=ends.cardinality,
        relationship=None,
    )


def add_link(links: dict[str, dict[str, Link]], link: Link) -> None:
    """Add a link to those of its owner, which may have no other of its name."""
    own = links[link.owner.label]
    if link.name in own:
        raise DeclarationError(
            f"{link.owner.label}.{link.name} is the name of two links ({own[link.name].doc!r} and "
            f"{link.doc!r}); rename one of them."
        )
    own[link.name] = link
