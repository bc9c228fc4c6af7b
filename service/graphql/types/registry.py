"""Make Strawberry types from specifications: the adapter to Strawberry.

Types refer to each other before they exist, so annotations are texts, resolved in a namespace with
all types of the schema.
"""

import enum
import itertools
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal

import strawberry
from graphql import DirectiveLocation
from strawberry.annotation import StrawberryAnnotation
from strawberry.directive import StrawberryDirective, StrawberryDirectiveResolver
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.scalar import ScalarDefinition
from strawberry.types.union import StrawberryUnion

from schema.declare import Enumeration
from schema.model import DeclarationError

_COUNTER = itertools.count()
_KEYWORDS = {"and", "in", "is", "not", "or", "from"}

TypeKind = Literal["type", "interface", "input", "one_of"]


@dataclass(frozen=True, slots=True)
class ArgumentSpec:
    """The specification of an argument; without a ``doc`` its name and type say all."""

    name: str
    annotation: str
    doc: str | None = None


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """The specification of a field of an object, an interface or an input."""

    name: str
    annotation: str
    doc: str | None = None
    arguments: Sequence[ArgumentSpec] = field(default_factory=tuple)


class Registry:
    """A registry of the types of one schema, by name."""

    def __init__(self, deprecations: Mapping[str, str]) -> None:
        """Take the reasons of deprecated elements by their schema coordinates."""
        self._deprecations = dict(deprecations)
        self._module = ModuleType(f"parley_graphql_{next(_COUNTER)}")
        # Strawberry resolves annotations in the module that a class says it is of.
        sys.modules[self._module.__name__] = self._module
        self._namespace: dict[str, Any] = self._module.__dict__
        self._namespace["ID"] = strawberry.ID
        self._scalars: dict[object, ScalarDefinition] = {}
        self._types: list[Any] = []
        self._directives: list[StrawberryDirective[None]] = []

    def __contains__(self, name: str) -> bool:
        return name in self._namespace

    def scalar(self, name: str, python: type, definition: ScalarDefinition) -> None:
        """Add a scalar, whose annotation is its name."""
        self._name(name)
        self._namespace[name] = python
        self._scalars[python] = definition

    def enumeration(self, name: str, words: Iterable[tuple[str, str]], doc: str) -> None:
        """Add an enumeration of values, each with its description."""
        members = {
            one: strawberry.enum_value(
                one, deprecation_reason=self._take_reason(f"{name}.{one}"), description=about
            )
            for one, about in words
        }
        self._name(name)
        made = enum.Enum(name, members)  # type: ignore[misc]
        self._namespace[name] = strawberry.enum(made, name=name, description=doc)

    def union(self, name: str, members: Sequence[str], doc: str) -> None:
        """Add a union of object types."""
        self._name(name)
        annotations = tuple(self._annotation(one) for one in members)
        self._namespace[name] = StrawberryUnion(name, annotations, description=doc)

    def add(
        self,
        kind: TypeKind,
        name: str,
        fields: Iterable[FieldSpec],
        doc: str,
        bases: Sequence[str] = (),
    ) -> None:
        """Add an object, an interface or an input."""
        self._name(name)
        made: dict[str, StrawberryField] = {}
        for one in fields:
            if made.setdefault(_attribute(one.name), field := self._field(name, one)) is not field:
                raise DeclarationError(
                    f"{name}.{one.name} would be two fields of GraphQL's; rename the declaration."
                )
        annotations = {attribute: one.type_annotation for attribute, one in made.items()}
        cls = type(
            name,
            tuple(self._namespace[base] for base in bases),
            {
                **made,
                "__annotations__": dict.fromkeys(made, str),
                "__module__": self._module.__name__,
            },
        )
        decorated: Any
        match kind:
            case "type":
                decorated = strawberry.type(cls, name=name, description=doc)
            case "interface":
                decorated = strawberry.interface(cls, name=name, description=doc)
            case "input":
                decorated = strawberry.input(cls, name=name, description=doc)
            case "one_of":
                decorated = strawberry.input(cls, name=name, description=doc, one_of=True)
        for one in decorated.__strawberry_definition__.fields:
            # A dataclass resolved the annotation before its types existed; restore it.
            if one.python_name in annotations:
                one.type_annotation = annotations[one.python_name]
        self._namespace[name] = decorated
        if kind == "type" and bases:
            self._types.append(decorated)

    def directive(self, name: str, arguments: Sequence[ArgumentSpec], doc: str) -> None:
        """Add a directive of queries."""
        made = StrawberryDirective[None](
            python_name=name,
            graphql_name=name,
            resolver=StrawberryDirectiveResolver(lambda: None),
            locations=[DirectiveLocation.QUERY],
            description=doc,
        )
        made.arguments = [self._argument(f"@{name}", one) for one in arguments]
        self._directives.append(made)

    def schema(self) -> strawberry.Schema:
        """Return the schema whose query type is the type called Query.

        Raises DeclarationError if something is deprecated that the schema does not have.
        """
        if self._deprecations:
            raise DeclarationError(
                f"{', '.join(self._deprecations)}: deprecated, but not in the schema."
            )
        return strawberry.Schema(
            query=self._namespace["Query"],
            types=self._types,
            directives=self._directives,
            config=StrawberryConfig(auto_camel_case=False, scalar_map=self._scalars),
        )

    def _name(self, name: str) -> None:
        if name in self._namespace:
            raise DeclarationError(
                f"{name} would be two types of GraphQL's; rename the declaration that is called so."
            )

    def _annotation(self, text: str) -> StrawberryAnnotation:
        return StrawberryAnnotation(text, namespace=self._namespace)

    def _take_reason(self, coordinate: str) -> str | None:
        """Return why an element is deprecated, or None."""
        return self._deprecations.pop(coordinate, None)

    def _field(self, owner: str, one: FieldSpec) -> StrawberryField:
        coordinate = f"{owner}.{one.name}"
        made = StrawberryField(
            python_name=_attribute(one.name),
            graphql_name=one.name,
            type_annotation=self._annotation(one.annotation),
            description=one.doc,
            deprecation_reason=self._take_reason(coordinate),
        )
        made.arguments = [self._argument(coordinate, argument) for argument in one.arguments]
        return made

    def _argument(self, owner: str, one: ArgumentSpec) -> StrawberryArgument:
        return StrawberryArgument(
            one.name,
            one.name,
            self._annotation(one.annotation),
            description=one.doc,
            deprecation_reason=self._take_reason(f"{owner}({one.name}:)"),
        )


def _attribute(name: str) -> str:
    return f"{name}_" if name in _KEYWORDS else name


def enum_values(enumeration: type[Enumeration]) -> list[tuple[str, str]]:
    """Return the values of an enumeration by their GraphQL names, each with its description."""
    return [(word.name, word.doc) for word in enumeration]
