"""Sources loaded together are one state: the order in which they are given does not matter."""

import os
import random
from collections.abc import Callable, Sequence
from itertools import permutations

import neo4j
import pytest

from graph_seed import LoadError, ensure_schema, load
from graph_seed.loading.transaction import sort_by_use
from graph_seed.records import Facts, Reference
from schema.domain import DOMAIN
from tests.builders import facts, record, statement
from tests.conftest import DATABASE, clear
from tests.graph_seed.loading.test_history import Snapshot, expected, present, same
from tests.graph_seed.loading.test_load import rows
from tests.random_facts import FactsGenerator

PAIRS = int(os.environ.get("PARLEY_TEST_PAIRS", "2"))
DRAWS = 3


def outcome(
    driver: neo4j.Driver, before: Sequence[Sequence[Facts]], given: Sequence[Facts]
) -> Snapshot | tuple[str, list[str]]:
    """What the graph is after a load of sources together, or why that is refused.

    A dry run has to tell the same and write nothing.
    """
    clear(driver)
    ensure_schema(driver, DATABASE)
    try:
        for some in before:
            load(driver, some, database=DATABASE)
    except LoadError as error:
        return error.code, error.ids
    held = present(driver)
    try:
        load(driver, given, database=DATABASE, dry_run=True)
    except LoadError as error:
        with pytest.raises(LoadError) as caught:
            load(driver, given, database=DATABASE)
        assert (caught.value.code, caught.value.ids) == (error.code, error.ids)
        same(present(driver), held)
        return error.code, error.ids
    same(present(driver), held)
    load(driver, given, database=DATABASE)
    return present(driver)


def says(key: str, issue: str) -> Facts:
    about = statement(f"statement:{key}/s", {"about": [issue]})
    return facts(key, about, uses=[issue])


States = tuple[list[Facts], list[Facts]]
"""Sources before, and after."""


def renamed() -> States:
    """A shared issue is renamed in the file that defines it and in those that use it."""
    before = [facts("b", record("issue:old")), says("a", "issue:old"), says("c", "issue:old")]
    return before, [facts("b", record("issue:new")), says("a", "issue:new"), says("c", "issue:new")]


def moved() -> States:
    """An entity moves from one file to another, and a third uses it."""
    before = [facts("b", record("issue:i")), facts("a", record("issue:other"))]
    after = [facts("b", record("issue:third")), facts("a", record("issue:i"))]
    return [*before, says("c", "issue:i")], [*after, says("c", "issue:i")]


def each_other() -> States:
    """Each uses what the other brings."""

    def one(key: str, own: str, other: str) -> Facts:
        about = statement(f"statement:{key}/s", {"about": [other]})
        return facts(key, record(own), about, uses=[other])

    return [], [one("a", "issue:a", "issue:b"), one("b", "issue:b", "issue:a")]


def chain() -> States:
    """Each of a chain is renamed, and the last takes the first one's old id."""

    def one(key: str, own: str, other: str) -> Facts:
        part = (
            record(f"issue:{own}"),
            statement(f"statement:{key}/s", {"about": [f"issue:{other}"]}),
        )
        return facts(key, *part, uses=[f"issue:{other}"])

    before = [facts("a", record("issue:x")), one("b", "y", "x"), one("c", "z", "y")]
    return before, [facts("a", record("issue:p")), one("b", "q", "p"), one("c", "x", "q")]


@pytest.mark.parametrize("make", [renamed, moved, each_other, chain])
def test_what_holds_only_together_is_loaded_in_any_order(
    driver: neo4j.Driver, make: Callable[[], States]
) -> None:
    before, after = make()
    for given in permutations(after):
        found = outcome(driver, [[one] for one in before], given)
        assert isinstance(found, Snapshot), found
        same(found, expected({one.source.id: one for one in after}))


@pytest.mark.parametrize("turned", [False, True])
def test_what_one_drops_and_another_still_uses_is_refused(
    driver: neo4j.Driver, turned: bool
) -> None:
    before = [facts("b", record("issue:old")), says("a", "issue:old")]
    after = [facts("b", record("issue:new")), says("a", "issue:old")]
    found = outcome(driver, [before], after[::-1] if turned else after)
    assert found == ("IN_USE", ["statement:a/s"])


def test_a_rename_together_is_one_version_that_keeps_the_past(empty: neo4j.Driver) -> None:
    before, after = renamed()
    for one in before:
        load(empty, one, database=DATABASE)
    reports = load(empty, after, database=DATABASE, by="the desk")
    assert [(one.source, one.version, one.made_version) for one in reports] == [
        ("source:b", 4, True), ("source:a", 4, True), ("source:c", 4, True),
    ]  # fmt: skip
    recorded = {one.source: one.counts["Statement" if one.source != "source:b" else "Issue"]
                for one in reports}  # fmt: skip
    assert recorded["source:b"] == {"recorded": 1, "expired": 1}
    assert recorded["source:a"]["changed"] == 1, "what a fact names is searched with it"
    assert reports[1].counts["ABOUT"] == {"recorded": 1, "expired": 1}
    told = rows(empty, "MATCH (l:Load {version: 4}) RETURN l.sourceId, l.by, l.loadKind")
    assert told == [[None, "the desk", "load"]]
    past = rows(empty, "MATCH (s)-[r:WAS_ABOUT]->(i:PastIssue) RETURN s.id, i.id, r.expiredIn "
                "ORDER BY s.id")  # fmt: skip
    assert past == [
        ["statement:a/s", "issue:old", 4],
        ["statement:c/s", "issue:old", 4],
    ]


def test_sources_that_do_not_need_one_another_make_a_version_each(empty: neo4j.Driver) -> None:
    given = [facts(key, record(f"issue:{key}")) for key in "cab"]
    reports = load(empty, given, database=DATABASE)
    assert [(one.source, one.version) for one in reports] == [
        ("source:a", 1), ("source:b", 2), ("source:c", 3),
    ]  # fmt: skip


def test_a_chain_of_uses_longer_than_the_stack_is_ordered() -> None:
    given = [
        facts(f"s-{n:04}", record(f"issue:i-{n}"), uses=[f"issue:i-{n + 1}"] if n < 2999 else [])
        for n in range(3000)
    ]
    ordered = sort_by_use(given)
    assert [one.source.id for one in ordered] == [f"source:s-{n:04}" for n in reversed(range(3000))]


@pytest.mark.parametrize("seed", range(PAIRS))
def test_random_pairs_end_alike_in_both_orders(driver: neo4j.Driver, seed: int) -> None:
    chance = random.Random(seed)
    generator = FactsGenerator(DOMAIN, chance, entities=2, facts=1, stray=0.3)
    before: list[list[Facts]] = []
    for _ in range(DRAWS):
        given = [generator.source(key) for key in ("one", "two")]
        found = outcome(driver, before, given)
        turned = outcome(driver, before, given[::-1])
        if not isinstance(found, Snapshot) or not isinstance(turned, Snapshot):
            assert found == turned
            continue
        same(found, turned)
        same(found, expected({one.source.id: one for one in given}))
        one_by_one = outcome(driver, [*before, given[:1]], given[1:])
        if isinstance(one_by_one, Snapshot):
            same(found, one_by_one)
        before = [given]


def test_a_chain_of_thousands_of_sources_is_put_in_turn() -> None:
    """Each source uses what the next one defines."""
    count = 3_000
    chain: list[Facts] = []
    for number in range(count):
        event = record(f"event:e{number}", eventType="call")
        uses = [f"event:e{number + 1}"] if number + 1 < count else []
        if uses:
            event.links["follows"] = [Reference(uses[0])]
        chain.append(facts(f"s{number}", event, uses=uses))
    turn = sort_by_use(chain)
    assert [one.source.id for one in turn] == [one.source.id for one in reversed(chain)]
