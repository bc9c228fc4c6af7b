"""The types of aggregates: one for each kind of value, one for each node type."""

from schema import scalars
from schema.scalars import Scalar
from schema.terms import NodeType, Property
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.registry import Argument, FieldOf, Registry

COUNT = FieldOf("count", "int", "How many have a value.")
DISTINCT = FieldOf("countDistinct", "int", "How many different values there are.")
SUM_DOC = "Their sum; none where there are no values."
AVG_DOC = "Their average."
UNIT = FieldOf("unit", "str | None", "The unit of all of them; none where units or `per` differ.")
PER = FieldOf("per", "str | None", "Per which time all of them count; none where that differs.")
INCLUDE = "include"
INCLUDE_DOC = "What to include that is left out otherwise."


def _bounds(of: str, least: str, most: str) -> tuple[FieldOf, ...]:
    return (FieldOf("min", f"{of} | None", least), FieldOf("max", f"{of} | None", most))


def _fields(scalar: Scalar | None) -> tuple[FieldOf, ...]:
    """What is told of values of a kind; None stands for words of an enumeration."""
    least, most = "The least.", "The greatest."
    if scalar in {scalars.INT, scalars.LONG}:
        of = "int" if scalar is scalars.INT else scalars.LONG.name
        sums = FieldOf("sum", f"{scalars.LONG.name} | None", SUM_DOC)
        return (*_bounds(of, least, most), sums, FieldOf("avg", "float | None", AVG_DOC))
    if scalar is scalars.DECIMAL:
        of, apart = scalars.DECIMAL.name, " None where units or `per` differ."
        return (
            *_bounds(of, least + apart, most + apart),
            FieldOf("sum", f"{of} | None", SUM_DOC + apart),
            FieldOf("avg", f"{of} | None", f"{AVG_DOC} To 15 digits.{apart}"),
            UNIT,
            PER,
        )
    if scalar is scalars.EDTF:
        first, last = "The first day that one of them can be.", "The last day that one can be."
        return _bounds(scalars.DATE.name, first, last)
    if scalar in {scalars.DATE, scalars.DATE_TIME} and scalar is not None:
        return _bounds(scalar.name, "The first.", "The last.")
    return ()


def kind_of(prop: Property) -> Scalar | None:
    """The kind of its values, where more is told of them than of words and texts."""
    plain = {scalars.TEXT, scalars.TOKEN, scalars.BOOLEAN}
    return None if prop.enumeration or prop.scalar in plain else prop.scalar


def property_aggregate_name(prop: Property) -> str:
    """Return the name of the type of a property's aggregates: ``DecimalAggregate``."""
    return _type_name(kind_of(prop))


def _type_name(scalar: Scalar | None) -> str:
    stem = {scalars.EDTF: "Edtf"}.get(scalar, scalar.name) if scalar else "Value"
    return f"{stem}Aggregate"


def aggregated(node: NodeType) -> list[Property]:
    """The properties of a type that aggregates tell of."""
    return [prop for prop in names.filterable(node) if not prop.many]


def told(prop: Property) -> list[str]:
    """The names of what is told of a property's values."""
    return [one.name for one in (COUNT, DISTINCT, *_fields(kind_of(prop)))]


def add_aggregates(registry: Registry, vocabulary: Vocabulary) -> None:
    """Add the types of aggregates: one for each kind of value, one for each node type."""
    for node in vocabulary.nodes.values():
        fields = [FieldOf("count", "int", "How many the list has.")]
        for prop in aggregated(node):
            kind = kind_of(prop)
            if _type_name(kind) not in registry:
                doc = "What values say together."
                registry.add("type", _type_name(kind), [COUNT, DISTINCT, *_fields(kind)], doc)
            fields.append(FieldOf(prop.name, _type_name(kind), prop.doc, _arguments(prop)))
        doc = f"What {node.plural} say together."
        registry.add("type", names.aggregate_name(node), fields, doc)


def _arguments(prop: Property) -> tuple[Argument, ...]:
    """Return the argument that includes what aggregates of a property leave out, if they do."""
    left_out = prop.measured.left_out if prop.measured else ()
    kinds = dict.fromkeys(type(one.inclusion).__name__ for one in left_out)
    return tuple(Argument(INCLUDE, f"list[{kind}] | None", INCLUDE_DOC) for kind in kinds)
