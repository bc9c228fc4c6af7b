"""Read the annotated properties of declared classes."""

import inspect
import re
from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, ClassVar, Union, get_args, get_origin, get_type_hints

from schema.declare import (
    ATTACHED,
    DERIVED,
    INDEXED,
    SEARCHED,
    Enumeration,
    FoldedWith,
    InheritedFrom,
    Marker,
    Measure,
    Minimum,
    Pattern,
)
from schema.model import DeclarationError, Property
from schema.names import camel
from schema.scalars import BY_PYTHON, FOLDED, TEXT


def read_description(cls: type) -> str:
    """Return the docstring of a class; raises DeclarationError if it has none."""
    if not (cls.__doc__ or "").strip():
        raise DeclarationError(f"{cls.__name__} has no docstring; say in one what it means.")
    return inspect.cleandoc(cls.__doc__ or "")


def read_properties(cls: type) -> tuple[Property, ...]:
    """Return the properties that a class itself declares, in their order.

    Raises DeclarationError for a property that is not declared as it has to be.
    """
    try:
        hints = get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise DeclarationError(f"{cls.__name__}: {error}; import it or mend its name.") from error
    for name, value in vars(cls).items():
        if get_origin(value) is Annotated:
            raise DeclarationError(f"{cls.__name__}.{name} is assigned; write {name}: …")
    own = inspect.get_annotations(cls)
    return tuple(
        _read_property(cls, name, hints[name])
        for name in own
        if not name.startswith("_") and get_origin(hints[name]) is not ClassVar
    )


def _read_property(cls: type, name: str, hint: object) -> Property:
    where = f"{cls.__name__}.{name}"
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise DeclarationError(f"{where} is not written in snake_case; rename it.")
    annotation, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    docs = [extra for extra in extras if isinstance(extra, str)]
    if len(docs) != 1 or not docs[0].strip():
        raise DeclarationError(f'{where} needs one description: Annotated[type, "what it says"].')
    python, required = _optional(annotation, where)
    many = get_origin(python) is list
    if many:
        (python,) = get_args(python)
    of = python if inspect.isclass(python) else object
    enumeration = of if issubclass(of, Enumeration) else None
    scalar = TEXT if enumeration else BY_PYTHON.get(of)
    if scalar is None:
        known = ", ".join(sorted(one.__name__ for one in BY_PYTHON))
        raise DeclarationError(
            f"{where} has type {python!r}; use one of {known} or an Enumeration."
        )
    if many and (enumeration or not scalar.in_lists):
        raise DeclarationError(
            f"{where} is a list of {of.__name__}; a list holds str, Token or int. Where there "
            "can be several of these, make them nodes with a relationship to it."
        )
    marks = {extra for extra in extras if isinstance(extra, Marker)}
    text = scalar.derives(FOLDED) and not enumeration
    if SEARCHED in marks and not text:
        raise DeclarationError(f"{where} is SEARCHED, but only str is searched; take it away.")
    if INDEXED in marks and many:
        raise DeclarationError(f"{where} is INDEXED, but filters on a list use no index.")
    folded_with = [one for extra in extras if isinstance(extra, FoldedWith) for one in extra.names]
    if folded_with and (many or not text):
        raise DeclarationError(f"{where} is FoldedWith others, but only one str has a folded form.")
    pattern = next((extra for extra in extras if isinstance(extra, Pattern)), None)
    if pattern and (enumeration or not scalar.is_text):
        raise DeclarationError(f"{where} has a Pattern, which only a text can match; take it away.")
    least = [extra.number for extra in extras if isinstance(extra, Minimum)]
    if least and not scalar.bits:
        raise DeclarationError(f"{where} is Minimum a number, but no whole number; take it away.")
    inherited_from = [extra.path for extra in extras if isinstance(extra, InheritedFrom)]
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
        inherited_from=tuple(inherited_from[0].split(".")) if inherited_from else (),
        pattern=pattern,
        minimum=least[0] if least else None,
        measure=next(
            (_in_camel_case(extra) for extra in extras if isinstance(extra, Measure)), None
        ),
    )


def _in_camel_case(given: Measure) -> Measure:
    exclusions = tuple(replace(one, status=camel(one.status)) for one in given.exclusions)
    return Measure(camel(given.unit), camel(given.per), exclusions)


def _optional(annotation: object, where: str) -> tuple[object, bool]:
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation, True
    rest = [one for one in get_args(annotation) if one is not NoneType]
    if len(rest) != 1:
        raise DeclarationError(f"{where} has several types; a property has one, or one and None.")
    return rest[0], False
