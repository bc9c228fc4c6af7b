"""The first so many of all of a type that held at a version.

What stands as it was is read as the present is, from its indexes; what was changed since, or is
over, from its copies: two lists of so many each, of which one is made. To read both as one takes
as long as reading all of the type.
"""

from service.query.conditions import beyond, order_clause
from service.query.emitter import Emitter
from service.query.known import VERSION, Known
from service.query.lists import Connection
from service.query.ordered import Keys, first_ones
from service.query.starts import Start


def by_own_values(one: Connection) -> bool:
    """Whether a list is ordered by values of its nodes alone."""
    return not any(key.links or key.counted for key in one.order)


def first_known(emitter: Emitter, reader: Known, one: Connection) -> tuple[str, str]:
    """A variable, and what finds the first so many for it, in their order."""
    of = one.of or emitter.vocabulary.root
    node, live = emitter.fresh("n"), emitter.fresh("n")
    reader.standing.add(live)

    def keys(variable: str) -> Keys:
        return [(reader.prop(variable, key.prop.order_by), key) for key in one.order]

    standing = Start(live, "", reader.all_standing(live, of), one.condition, all_of=True)
    found = first_ones(emitter, standing, one, keys(live)).text()
    backward, cursor = one.page.backward, one.page.cursor
    after = beyond(emitter, keys(node), node, cursor, backward=backward) if cursor else ""
    over = Start(node, "", reader.all_over(node, of), one.condition).where(emitter, after)
    kept = ", ".join(reader.kept(node))
    order = order_clause(emitter, keys(node), node, backward=backward)
    first = f"WITH {kept} {order} LIMIT {emitter.parameter(one.limit)}"
    as_kept = ", ".join(f"{live} AS {name}" for name in reader.kept(node))
    return node, (
        f"CALL ({VERSION}) {{ {found} RETURN {as_kept} "
        f"UNION ALL {over} {first} RETURN {kept} }} {first}"
    )
