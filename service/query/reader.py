"""How the graph is read: every property, label and step of a query is written here.

What holds now lies under plain names, so reading the present is plain. Reading a past version
changes what these functions write, and nothing else.
"""

from collections.abc import Callable

from schema.names import ID, NODE
from schema.terms import Ends, Link, NodeType
from schema.vocabulary import Vocabulary


def prop(variable: str, name: str) -> str:
    """A property as it is stored."""
    return f"{variable}.{name}"


def all_of(variable: str, node: NodeType) -> str:
    """A pattern of every node of a type."""
    return f"({variable}:{node.label})"


def by_id(variable: str, parameter: str, node: NodeType) -> str:
    """A pattern of the node of a type with an id, found by the one index over all ids."""
    label = "" if node.label == NODE else f"&{node.label}"
    return f"({variable}:{NODE}{label} {{{ID}: {parameter}}})"


def is_a(variable: str, nodes: tuple[NodeType, ...]) -> str:
    """Whether a node is of one of these types."""
    return f"{variable}:{'|'.join(node.label for node in nodes)}"


def step(
    vocabulary: Vocabulary,
    start: str,
    link: Link,
    end: str,
    relationship: str,
    fresh: Callable[[str], str],
) -> str:
    """A pattern that leads along a link from one variable to another.

    The end's label is written only where the relationship type alone could lead elsewhere: a step
    without it costs less.
    """
    if link.steps:
        chain = list(link.steps) if link.outgoing else list(reversed(link.steps))
        stops = [fresh("m") for _ in chain[1:]] + [end]
        text = f"({start})"
        for one, stop in zip(chain, stops, strict=True):
            label = _label(vocabulary, one) if stop == end else ""
            text += _arrow(one, "", forward=one.outgoing == link.outgoing) + f"({stop}{label})"
        return text
    arrow = _arrow(link, relationship, forward=link.outgoing)
    return f"({start}){arrow}({end}{_label(vocabulary, link)})"


def _arrow(link: Link, variable: str, *, forward: bool) -> str:
    if link.relationship is None:
        raise ValueError(f"{link!r} is read along other links; they cannot be nested")
    body = f"[{variable}:{link.relationship.type}]"
    if link.symmetric:
        return f"-{body}-"
    return f"-{body}->" if forward else f"<-{body}-"


def _label(vocabulary: Vocabulary, link: Link) -> str:
    if link.relationship is None or link.symmetric:
        return ""
    reached = {
        far(ends, link) for ends in link.relationship.ends if _shares(vocabulary, ends, link)
    }
    if reached <= set(link.targets):
        return ""
    return f":{'|'.join(target.label for target in link.targets)}"


def far(ends: Ends, link: Link) -> NodeType:
    """The end that a link leads to."""
    return ends.end if link.outgoing else ends.start


def _shares(vocabulary: Vocabulary, ends: Ends, link: Link) -> bool:
    """Whether a node with this link may have relationships of these ends, in the same direction."""
    near = ends.start if link.outgoing else ends.end
    return bool({*vocabulary.concrete_of(near)} & {*vocabulary.concrete_of(link.owner)})
