"""Add values that follow from others: defaults, inherited and derived values."""

from collections.abc import Mapping, Sequence

from graph_seed.records import Record
from graph_seed.values import parse_edtf
from schema import rules


def apply_defaults(records: Sequence[Record], source: Record) -> None:
    """Fill in what is left out: defaults, what is inherited along links, what is derived."""
    by_id = {record.id: record for record in records}
    published = source.values.get(rules.PUBLISHED)
    latest = parse_edtf(published).latest if isinstance(published, str) else None
    last = latest.isoformat() if latest else None

    def context_of(node_id: str) -> rules.RecordContext | None:
        record = by_id.get(node_id)
        if record is None:
            return None
        links = {name: [one.id for one in to] for name, to in record.links.items()}
        anonymous = record.values.get(rules.ANONYMOUS) is True
        return rules.RecordContext(record.values, links, context_of, last, anonymous=anonymous)

    for record in records:
        rule = rules.DEFAULTS.get(record.type.label)
        this = context_of(record.id)
        if rule is not None and this is not None:
            for name, value in rule(this).items():
                record.values.setdefault(name, value)
    for record in records:
        _inherit(record, by_id, ())
    for record in records:
        rule = rules.DERIVED.get(record.type.label)
        this = context_of(record.id)
        if rule is not None and this is not None:
            record.values |= rule(this)


def _inherit(record: Record, by_id: Mapping[str, Record], seen: tuple[str, ...]) -> None:
    """Take values along links where none is given: ``saidOn`` from ``saidAt.date``."""
    if record.id in seen:
        return
    for prop in record.type.properties.values():
        if not prop.inherited_from or prop.name in record.values:
            continue
        link, name = prop.inherited_from
        for reference in record.links.get(link, ()):
            other = by_id.get(reference.id)
            if other is not None:
                _inherit(other, by_id, (*seen, record.id))
                if name in other.values:
                    record.values[prop.name] = other.values[name]
