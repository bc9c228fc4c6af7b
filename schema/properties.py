"""Reading the annotated properties of declared classes."""

import inspect
import re
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from schema.declare import ATTACHED, DERIVED, INDEXED, SEARCHED, FoldedWith, Inherited, Marker, Word
from schema.names import camel
from schema.scalars import BY_PYTHON, TEXT
from schema.terms import DeclarationError, Property


def doc_of(cls: type) -> str:
    """The docstring of a declaration, which is its description everywhere."""
    if not cls.__doc__:
        raise DeclarationError(f"{cls.__name__} has no docstring; say in one what it means.")
    return inspect.cleandoc(cls.__doc__)


def properties_of(cls: type) -> tuple[Property, ...]:
    """The properties that a class declares itself, in their order."""
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
