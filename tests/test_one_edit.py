"""Tests that adding a node type, a property or a relationship takes one edit.

A copy of the vocabulary with another of each is checked, loaded, filtered, ordered, followed and
introspected; only the declarations below name them.
"""

from pathlib import Path
from typing import Annotated

import neo4j

from graph_seed import check, cite, ensure_schema, load
from schema.build import build_vocabulary
from schema.declare import INDEXED, Endpoints, Relationship
from schema.domain import DECLARATIONS, DOMAIN
from schema.lint import lint
from schema.nodes import Actor, Fact, Issue
from schema.scalars import Edtf
from service.composition import make_engine
from service.db.database import Database
from service.graphql.types.schema import make_schema
from service.settings import Settings
from tests.conftest import DATABASE, clear


class Vote(Fact, kind="vote", caption="{voters.name} on {motion.name}[: {ayes}]"):
    """A vote on an issue."""

    ayes: Annotated[int | None, "How many were for it.", INDEXED]
    voted_on: Annotated[Edtf | None, "When.", INDEXED]


class VotedBy(Relationship):
    """A vote is cast by an actor."""

    endpoints = Endpoints(Vote, Actor, "0..n", forward="voters", back="votes")

    bloc: Annotated[str | None, "With which bloc."]


class VotedOn(Relationship):
    """A vote is about an issue."""

    endpoints = Endpoints(Vote, Issue, "1", forward="motion", back="votes")


ONE_MORE = lint(build_vocabulary([*DECLARATIONS, Vote, VotedBy, VotedOn]))

BODY = """
source: {id: source:votes, type: invented}
entities:
- person: ada
  find: Ada
- person: bo
  find: Bo
- issue: toll
  find: the toll
facts:
- vote: first
  ayes: 3
  votedOn: 2031-05
  voters: [{id: ada, bloc: left}, bo]
  motion: toll
  find: Ada and Bo
- vote: second
  ayes: 5
  voters: ada
  motion: toll
  find: the toll
"""
TEXT = "Invented: Ada and Bo voted on the toll.\n"


async def test_one_edit_is_enough(empty: neo4j.Driver, settings: Settings, tmp_path: Path) -> None:
    assert "Vote" not in DOMAIN.nodes
    path = tmp_path / "votes.yaml"
    path.write_text(BODY, "utf-8")
    unknown = check([path])
    assert "UNKNOWN_KIND" in {p.code for p in unknown.problems}, "the domain does not know votes"
    assert cite(path, TEXT, ONE_MORE).problems == []
    checked = check([path], ONE_MORE, for_load=True)
    assert checked.problems == []
    assert ensure_schema(empty, DATABASE, ONE_MORE), (
        "constraints and indexes of the new type are made"
    )
    (report,) = load(empty, checked.facts, database=DATABASE, vocabulary=ONE_MORE)
    assert report.counts["Vote"]["recorded"] == 2
    assert report.counts["VOTED_BY"]["recorded"] == 3

    schema = make_schema(ONE_MORE)
    async with Database(settings) as database:
        engine = make_engine(settings, database, ONE_MORE)
        result, _ = await engine.execute(
            schema._schema,
            """{
              votes(
                where: {ayes: {gte: 3}, motion: {name: {contains: "TOLL"}}}
                orderBy: [{ayes: DESC}]
              ) {
                nodes { caption ayes votedOn { words } evidence { totalCount } }
              }
              people(where: {votes: {some: {edge: {bloc: {eq: "left"}}}}}) {
                nodes {
                  name
                  votes(orderBy: [{votedOn: ASC}]) { edges { bloc node { motion { name } } } }
                }
              }
              facts { nodes { __typename } }
              __type(name: "VoteWhere") { inputFields { name } }
            }""",
        )
    assert result.errors is None
    data = result.data
    assert data is not None
    assert data["votes"]["nodes"] == [
        {"caption": "Ada on toll: 5", "ayes": 5, "votedOn": None, "evidence": {"totalCount": 1}},
        {"caption": "Ada and Bo on toll: 3", "ayes": 3, "votedOn": {"words": "May 2031"},
         "evidence": {"totalCount": 1}},
    ]  # fmt: skip
    assert data["people"]["nodes"] == [
        {"name": "Ada", "votes": {"edges": [
            {"bloc": "left", "node": {"motion": {"name": "toll"}}},
            {"bloc": None, "node": {"motion": {"name": "toll"}}},
        ]}},
    ]  # fmt: skip
    assert {one["__typename"] for one in data["facts"]["nodes"]} == {"Vote"}
    fields = {one["name"] for one in data["__type"]["inputFields"]}
    assert {"ayes", "votedOn", "voters", "motion", "and", "or", "not"} <= fields
    clear(empty)
    ensure_schema(empty, DATABASE, DOMAIN)
