"""Everything for which a load of large files would be refused because of what the graph holds.

It is found before anything is written. What the graph holds only by the word of the files' own
sources does not count: the load replaces it.
"""

from collections.abc import Iterator

from graph_seed.bulk.graph_cycles import cycles_with_graph
from graph_seed.bulk.graph_names import oversized_names
from graph_seed.bulk.graph_use import note_dropped, still_needed
from graph_seed.bulk.ids import Ids
from graph_seed.circles import CIRCLE, circle_in_words
from graph_seed.limits import TOO_LONG
from graph_seed.problems import Problem, listed
from graph_seed.store import Store
from schema.vocabulary import Vocabulary


def problems_with_graph(store: Store, vocabulary: Vocabulary, ids: Ids) -> Iterator[Problem]:
    """Yield what of the files does not go together with what the graph holds of other sources."""
    merged = store.has_merged()
    yield from problems_of_links(store, vocabulary, ids, merged=merged)
    yield from problems_of_names(vocabulary, ids, store, merged=merged)


def problems_of_links(
    store: Store, vocabulary: Vocabulary, ids: Ids, *, merged: bool
) -> Iterator[Problem]:
    """Yield cycles of links, and what is still used though no source defines it any more."""
    for way in cycles_with_graph(store, vocabulary, ids, merged=merged):
        from_files = [index for index, step in enumerate(way) if step.place.file]
        first = max(from_files, key=lambda index: way[index].place.line)
        circle = circle_in_words([*way[first:], *way[:first]])
        message = f"together with what is loaded, {way[0].link} leads in a circle: {circle}"
        yield Problem(way[first].place, CIRCLE, message)
    note_dropped(store, vocabulary, ids, merged=merged)
    for name, place, needing in still_needed(store, vocabulary, ids):
        message = (
            f"{name} was defined here and is not any more, but other sources still need it: "
            f"{listed(needing)}; keep it, or load the files that use it together with this one"
        )
        yield Problem(place, "IN_USE", message)
    for name, place in ids.used_though_dropped():
        message = f"{name} is used here, and the source that defined it does not any more"
        yield Problem(place, "UNKNOWN_ID", message)


def problems_of_names(
    vocabulary: Vocabulary, ids: Ids, store: Store | None, *, merged: bool = False
) -> Iterator[Problem]:
    """Yield entities whose names are too long together; those of the graph with a ``store``."""
    for entity, place, too_long in oversized_names(vocabulary, ids, store, merged=merged):
        yield Problem(place, TOO_LONG, f"{entity}, as all sources together have it: {too_long}")
