"""Check facts against a graph, without loading them."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import neo4j

from graph_seed.checking.check import Elsewhere
from graph_seed.checking.cycles import Step, acyclic_links
from graph_seed.graph.repository import Repository
from graph_seed.loading.bulk.check_lines import CheckedSource
from graph_seed.loading.bulk.graph_conflicts import find_link_conflicts
from graph_seed.loading.bulk.id_index import IdIndex
from graph_seed.problems import Problem
from graph_seed.records import Facts
from graph_seed.state.desired_state import published_day
from schema.vocabulary import Vocabulary


def check_against(
    driver: neo4j.Driver, database: str, vocabulary: Vocabulary, given: Sequence[Facts]
) -> Elsewhere:
    """Compare facts with what a graph holds of other sources; nothing is written.

    A problem is what is used and nowhere defined, a cycle of links with what the graph holds, and
    what other sources still use though these no longer define it.
    """
    sources = [facts.source.id for facts in given]
    entities = {r.id: r for facts in given for r in facts.entities}
    uses = {name: place for facts in given for name, place in facts.uses.items()}
    defined = {record.id for facts in given for record in facts.records}
    with (
        driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session,
        session.begin_transaction() as transaction,
    ):
        store = Repository(transaction, vocabulary)
        resolve = store.merged_ids({*entities, *uses})
        said = store.descriptions({resolve.get(one, one) for one in entities}, but=sources)
        there = store.node_types({resolve.get(one, one) for one in uses})
        with closing(_ids_of(vocabulary, given)) as ids:
            links = list(find_link_conflicts(store, vocabulary, ids, merged=store.has_merged()))
    found = Elsewhere(problems=links)
    for name, place in uses.items():
        if name not in defined and resolve.get(name, name) not in there:
            message = f"{name} is neither in these files nor in the graph; load it first"
            found.problems.append(Problem(place, "UNKNOWN_ID", message))
    for name in entities:
        for one in said[resolve.get(name, name)]:
            found.said.setdefault(name, {})[one.source] = (one.type, one.values)
    return found


def _ids_of(vocabulary: Vocabulary, given: Sequence[Facts]) -> IdIndex:
    """Return which ids facts define and use, and where they lead."""
    ids = IdIndex()
    for facts in given:
        defined = [facts.source.id, *(record.id for record in facts.records)]
        day = published_day(facts)
        published = str(day) if day else None
        ids.first(CheckedSource(facts.source.place, defined, {}, 0, b"", published))
        ids.add(defined, facts.uses)
        ids.add_steps(_steps(vocabulary, facts))
    return ids


def _steps(vocabulary: Vocabulary, facts: Facts) -> Iterator[Step]:
    links = acyclic_links(vocabulary)
    for record in facts.records:
        for name in links.keys() & record.links.keys():
            for to in record.links[name]:
                if links[name].joins(record.id, to.id):
                    yield Step(name, record.id, to.id, record.place, facts.source.id)
