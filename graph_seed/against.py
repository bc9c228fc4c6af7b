"""Checking facts against a graph, without loading them."""

from collections.abc import Sequence

import neo4j

from graph_seed.check import Elsewhere
from graph_seed.problems import Problem
from graph_seed.records import Facts
from graph_seed.store import Store
from graph_seed.wanted import entities_of
from schema.vocabulary import Vocabulary


def check_against(
    driver: neo4j.Driver, database: str, vocabulary: Vocabulary, given: Sequence[Facts]
) -> Elsewhere:
    """Compare facts with what a graph holds of other sources; nothing is written.

    A problem is what is used and nowhere defined.
    """
    sources = [facts.source.id for facts in given]
    entities = {r.id: r for facts in given for r in entities_of(vocabulary, facts)}
    uses = {name: place for facts in given for name, place in facts.uses.items()}
    defined = {record.id for facts in given for record in facts.records}
    with (
        driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session,
        session.begin_transaction() as transaction,
    ):
        store = Store(transaction, vocabulary)
        resolve = store.merged_into({*entities, *uses})
        said = store.descriptions({resolve.get(one, one) for one in entities}, but=sources)
        there = store.labels({resolve.get(one, one) for one in uses})
    found = Elsewhere()
    for name, place in uses.items():
        if name not in defined and resolve.get(name, name) not in there:
            message = f"{name} is neither in these files nor in the graph; load it first"
            found.problems.append(Problem(place, "UNKNOWN_ID", message))
    for name in entities:
        for one in said[resolve.get(name, name)]:
            found.said.setdefault(name, {})[one.source] = (one.type, one.values)
    return found
