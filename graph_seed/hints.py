"""Hints that two entities may be the same; nothing is ever merged because of one."""

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from graph_seed.values import fold

ALIKE = 90.0
MOST = 20


def hints(
    new: Iterable[tuple[str, str, Sequence[str]]],
    held: Mapping[str, Sequence[tuple[str, Sequence[str]]]],
    different: set[frozenset[str]],
) -> list[str]:
    """A sentence for each pair that looks alike.

    ``new`` holds label, id and names; ``held`` ids and names by label; ``different`` the pairs that
    are known not to be the same.
    """
    found: dict[frozenset[str], str] = {}
    for label, node_id, names in new:
        others = [(other, fold(n)) for other, ns in held.get(label, ()) for n in ns]
        choices = [name for _, name in others]
        for name in names:
            close = process.extract(
                fold(name), choices, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=5
            )
            for _, score, index in close:
                other = others[index][0]
                pair = frozenset((node_id, other))
                if other != node_id and pair not in different and pair not in found:
                    found[pair] = (
                        f"{node_id} is perhaps the same as {other} ({score:.0f} %); "
                        "if not, say differentFrom"
                    )
    return sorted(found.values())[:MOST]
