"""Tests that the answers of all rivals are normalized to one form."""

from benchmarks.answers import normalize


def test_a_peers_lists_are_as_parleys_connections() -> None:
    ours = {
        "issue": {
            "name": "tolls",
            "statements": {"nodes": [{"id": "a", "saidOn": {"edtf": "2031"}, "by": {"nodes": []}}]},
        }
    }
    theirs = {
        "issues": [{"name": "tolls", "statements": [{"id": "a", "saidOn": "2031", "by": []}]}]
    }
    assert normalize("parley", "issue-deep", ours) == normalize("peer", "issue-deep", theirs)


def test_words_links_to_one_counts_and_edges() -> None:
    ours = {"a": {"holder": {"id": 1}, "act": "PHASE_IN", "statements": {"totalCount": 3}}}
    theirs = {
        "a": {
            "holder": [{"id": 1}],
            "act": "phase-in",
            "statements": {"aggregate": {"count": {"nodes": 3}}},
        }
    }
    assert normalize("parley", "x", ours) == normalize("peer", "x", theirs)
    assert normalize("parley", "x", {"edges": [{"role": "host", "node": {"id": 1}}]}) == normalize(
        "peer", "x", {"edges": [{"properties": {"role": "host"}, "node": {"id": 1}}]}
    )


def test_what_differs_still_differs() -> None:
    for other in (
        {"nodes": [{"id": "a"}]},
        {"nodes": [{"id": "b"}, {"id": "a"}]},
        {"totalCount": 2, "nodes": [{"id": "a"}, {"id": "b"}]},
    ):
        assert normalize("parley", "x", {"nodes": [{"id": "a"}, {"id": "b"}]}) != normalize(
            "bare", "x", other
        )


def test_of_equal_hits_at_the_end_any_may_be_left_out() -> None:
    def hits(*found: tuple[float, str]) -> object:
        return {"search": {"hits": [{"score": s, "node": {"id": i}} for s, i in found]}}

    first = normalize("bare", "search", hits((2, "a"), (1, "b")))
    assert first == normalize("peer", "search", hits((2, "a"), (1, "c")))
    assert first != normalize("peer", "search", hits((2, "c"), (1, "b")))
    assert first != normalize("peer", "search", hits((2, "a")))
