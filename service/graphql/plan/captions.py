"""Plan captions and computed fields: the properties and links that they need."""

from collections.abc import Iterable, Sequence

from graph_seed.state.elements import COMPUTE
from schema import captions
from schema.model import NodeType, Property
from schema.names import ID, RECORDED_IN
from schema.vocabulary import Vocabulary
from service.graphql.types.inputs import EVERY_NODE
from service.graphql.types.scalars import graphql_type
from service.query.captions import SHOWN
from service.query.emitter import Field, TypeName
from service.query.nodes import (
    Branch,
    Caption,
    NamesOfLinked,
    Selection,
    SelectionByType,
    SelectionOfType,
    ToOne,
)
from service.query.values import ComputedValue, DateValue, Value

Tree = dict[str, "Tree"]
"""The names that a template follows from a node, and the names from there."""


def plan_caption(vocabulary: Vocabulary, key: str, node: NodeType) -> Caption:
    """Return the caption of a node, with the fields that its template needs."""
    template = captions.parse_template(node.caption or "")
    tree: Tree = {name: {} for name in captions.conditions_of(node.caption or "")}
    for place in captions.placeholders_of(node.caption or ""):
        at = tree
        for name in place.path:
            at = at.setdefault(name, {})
    return Caption(key, template, _fields(vocabulary, tree, node))


def _fields(vocabulary: Vocabulary, tree: Tree, node: NodeType) -> tuple[TypeName | Field, ...]:
    fields: list[TypeName | Field] = []
    for name, below in tree.items():
        prop = find_property(node, name)
        link = vocabulary.links(node).get(name)
        if prop is not None and graphql_type(prop).is_object and below:
            fields.append(DateValue(name, prop, tuple((one, one) for one in below)))
        elif prop is not None:
            fields.append(Value(name, prop, raw=True))
        elif name == "caption":
            fields.append(plan_caption(vocabulary, name, node))
        elif link is not None:
            branches = merge_branches(
                Branch((target,), _fields(vocabulary, below, target))
                for target in vocabulary.concrete_of(*link.targets)
            )
            selection = make_selection(branches)
            fields.append(
                ToOne(name, link, selection)
                if link.one
                else NamesOfLinked(name, link, selection, SHOWN + 1)
            )
        else:
            fields.append(plan_computed(name, node, name))
    return tuple(fields)


def plan_computed(key: str, node: NodeType, name: str) -> ComputedValue:
    """Return the field of a computed property of a type."""
    declared = next(one for one in node.computed if one.name == name)
    needs = tuple(node.properties[need] for need in declared.needs)
    return ComputedValue(key, needs, COMPUTE[name])


def merge_branches(branches: Iterable[Branch]) -> list[Branch]:
    """Return branches, with those of equal fields merged into one."""
    made: list[Branch] = []
    for branch in branches:
        for index, other in enumerate(made):
            if other.fields == branch.fields:
                made[index] = Branch((*other.types, *branch.types), other.fields)
                break
        else:
            made.append(branch)
    return made


def make_selection(branches: Sequence[Branch]) -> Selection:
    """Return what is read of a node of one of the branches' types.

    The node's type is read only where there are several branches, or where it is selected.
    """
    if len(branches) != 1 or any(isinstance(one, TypeName) for one in branches[0].fields):
        return SelectionByType(tuple(branches))
    (only,) = branches
    return SelectionOfType(only.types[0], only.fields)


def find_property(node: NodeType, name: str) -> Property | None:
    """Return a property of a type by its name, or None; every node has an id and a version."""
    if name in {ID, RECORDED_IN}:
        return next(prop for prop in EVERY_NODE if prop.name == name)
    return node.properties.get(name)
