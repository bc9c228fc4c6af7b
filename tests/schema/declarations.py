"""Make small declarations for tests, each in one line."""

from types import new_class
from typing import Annotated

from schema.declare import Endpoints, Enumeration, Node, Relationship

Header = str | dict[str, str] | None


def node(
    label: str = "Thing",
    annotations: dict[str, object] | None = None,
    *,
    parents: tuple[type[Node], ...] = (Node,),
    doc: str = "A thing.",
    values: dict[str, object] | None = None,
    **header: Header,
) -> type[Node]:
    """Return a node type; its kind is its label in small letters unless the header has another."""
    options = {"kind": label.lower(), "caption": "{id}", **header}
    body = {"__doc__": doc, "__annotations__": annotations or {}, **(values or {})}
    made = new_class(
        label,
        parents,
        {k: v for k, v in options.items() if v is not None},
        lambda namespace: namespace.update(body, __module__=__name__),
    )
    assert issubclass(made, Node)
    return made


def relationship(
    name: str = "Touches", *endpoints: Endpoints, **values: object
) -> type[Relationship]:
    """Return a relationship type with these endpoints."""
    made = type(
        name,
        (Relationship,),
        {"__doc__": "It does.", "endpoints": endpoints, "__module__": __name__, **values},
    )
    assert issubclass(made, Relationship)
    return made


def enumeration(**members: object) -> type[Enumeration]:
    """Return an enumeration called Colour."""
    made: object = Enumeration("Colour", members)  # type: ignore[arg-type]
    assert isinstance(made, type)
    assert issubclass(made, Enumeration)
    made.__doc__ = "A colour."
    return made


def text(doc: str = "What it says.") -> object:
    """Return the annotation of a text."""
    return Annotated[str, doc]
