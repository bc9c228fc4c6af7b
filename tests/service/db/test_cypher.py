"""Tests of people's Cypher: only reads are run, and abandoned queries are terminated."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import neo4j
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.db.cypher_gate import (
    PROCEDURES,
    find_commands,
    refuse_commands,
    tokenize,
    unescaped_variants,
)
from service.db.cypher_read import _redact, read_cypher, to_json
from service.errors import BadUserInput, NotARead, Timeout
from service.managed.owner import Owner
from service.settings import Settings
from tests.conftest import DATABASE
from tests.service.managed.test_owner import interruptible, wait_until

__all__ = ["interruptible"]
NOWHERE = Settings(neo4j_uri="bolt://127.0.0.1:9", connection_timeout=1)
LONG = "UNWIND range(1, 10000000000) AS i RETURN count(i)"
REFUSED = [
    'TERMINATE TRANSACTIONS "x"', 'terminate transaction "x"', '  /* a */ TERMINATE // b\n TRANSACTION "x"',
    'SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t',
    'SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t YIELD message RETURN message',
    "SHOW TRANSACTIONS", "SHOW SETTINGS", "SHOW SETTING 'x'", "SHOW USERS", "SHOW CURRENT USER",
    "SHOW ALL FUNCTIONS", "SHOW DEFAULT DATABASE", "CYPHER 5 SHOW USERS", "CYPHER 25 runtime = slotted show users",
    "USE neo4j SHOW TRANSACTIONS", "USE neo4j TERMINATE TRANSACTIONS 'x'",
    'CALL dbms.killConnection("bolt-9")', "CALL dbms.killConnections(['bolt-9'])", "CALL dbms.listConfig()",
    'CALL dbms . /* a */ killConnection("bolt-9")', 'CALL `dbms`.`killConnection`("bolt-9")', "CALL `dbms.killConnection`('b')",
    "CALL db.prepareForReplanning()", "CALL db.prepareForReplanning", "CALL db.clearQueryCaches()", "CALL db.awaitIndexes(60)",
    "CALL db.checkpoint()", "CALL apoc.load.json('x')", "CALL `in`.b()", "OPTIONAL CALL dbms.components() YIELD name RETURN name",
    "CALL db.labels() YIELD label CALL dbms.components() YIELD name RETURN name", "CALL foo()", "CALL tx.setMetaData({a: 1})",
    "UNWIND [1] AS i CALL (i) { CALL dbms.components() YIELD name RETURN name } RETURN name",
    "RETURN [x IN [1] | COLLECT { CALL dbms.components() YIELD name RETURN name }]",
    "RETURN reduce(a = 0, x IN [1] | a + COUNT { LOAD CSV FROM 'http://127.0.0.1/x' AS l RETURN l })",
    "RETURN COLLECT { SHOW TRANSACTIONS YIELD transactionId RETURN transactionId }",
    "LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l", 'load\tcsv with headers from "http://127.0.0.1/x" AS l RETURN l',
    "LOAD\u00a0CSV FROM 'x' AS l RETURN l", "RETURN 1 // a\rLOAD CSV FROM 'x' AS l RETURN l", "RETURN '\\\\' LOAD CSV FROM 'x' AS l",
    "\\u004cOAD CSV FROM 'x' AS l RETURN l", "RETURN 'a\\u0027 + COUNT { LOAD CSV FROM \"x\" AS l RETURN l } //'",
    "RETURN \"a\\\\u0022 LOAD CSV FROM 'x'", "RETURN 1 //\\u000aLOAD CSV FROM 'x' AS l RETURN l",
    "GRANT ROLE reader TO neo4j", "DENY READ {*} ON GRAPH neo4j TO reader", "revoke ROLE reader FROM neo4j", "RENAME USER neo4j TO me",
    "ENABLE SERVER 'x'", "DEALLOCATE DATABASES FROM SERVER 'x'", "REALLOCATE DATABASES", "DRYRUN REALLOCATE DATABASES", "START DATABASE x",
    "CYPHER 5 STOP DATABASE neo4j", "/* a */ CREATE USER x SET PASSWORD 'abcdefgh'", "ALTER DATABASE neo4j SET ACCESS READ ONLY",
    "DROP USER x", "CREATE ALIAS x FOR DATABASE neo4j", "USE system MATCH (n) RETURN n", "USE `System` RETURN 1",
    "RETURN COUNT { USE system MATCH (n) RETURN n }",
    "EXPLAIN RETURN 1", "PROFILE MATCH (n) RETURN n", "cypher 5 profile RETURN 1",
]  # fmt: skip
READ = [
    "RETURN 'SHOW TRANSACTIONS'", 'RETURN "it\'s LOAD CSV // \\" TERMINATE TRANSACTIONS"', "RETURN 1 AS `LOAD CSV`",
    "RETURN 1 // SHOW USERS", "RETURN /* CALL dbms.components() */ 1", "WITH 1 AS show RETURN show AS terminate",
    "WITH 1 AS load, 2 AS csv RETURN load, csv", "WITH {call: 1} AS call RETURN call.call", "WITH 1 AS call WHERE call IN ([1]) RETURN call",
    "WITH 2 AS call RETURN call ORDER BY call", "RETURN {show: 1, load: 2}.show", "MATCH (n:Show|Call) RETURN n.load",
    "WITH 1 AS call, [1] AS list RETURN [call IN list | call]", "RETURN CASE 1 WHEN 1 THEN 2 END",
    "CALL db.labels()", "CALL db.labels() YIELD label RETURN label", "CALL `db`.`labels`() YIELD label RETURN label",
    "UNWIND [1] AS i CALL (i) { RETURN i AS j } RETURN j", "RETURN COLLECT { MATCH (n) RETURN n.id LIMIT 1 }",
    "RETURN [x IN [1] | COLLECT { CALL db.labels() YIELD label RETURN label }]", "CYPHER 5 RETURN 1", "CYPHER 25 runtime=slotted RETURN 1",
    "CYPHER 5 CALL db.schema.visualization()", "MATCH p = (a)-[r]->(b) RETURN p LIMIT 1", "USE neo4j RETURN 1",
    "SHOW INDEXES", "show fulltext index", "SHOW RANGE INDEXES YIELD name WHERE name STARTS WITH 'parley' RETURN name", "SHOW CONSTRAINTS",
    "WITH 1 AS grant, 2 AS system RETURN grant, system", "RETURN 'GRANT', 'USE system'", "USE `neo4j` RETURN 1",
    "RETURN 'C:\\\\users' AS path", "RETURN 1;", "WITH 1 AS show WHERE show IS NOT NULL RETURN show", "RETURN 'é日本' AS ñ, 1.5e3, 0x1F",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_not_read_the_graph_is_refused_before_it_is_sent(text: str) -> None:
    with pytest.raises(NotARead):
        read_cypher(NOWHERE, text, {})


@pytest.mark.parametrize("text", READ)
def test_what_reads_the_graph_is_run(settings: Settings, owner: Owner, text: str) -> None:
    refuse_commands(text)
    assert read_cypher(settings, text, {}).columns


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (n:X) RETURN n", "MATCH (n) SET n.x = 1", "MERGE (n:X)", "CREATE INDEX FOR (n:X) ON (n.y)",
        "CREATE USER x SET PASSWORD 'abcdefgh'", "DROP DATABASE neo4j", "STOP DATABASE neo4j",
        "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS", "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
        "UNWIND [1, 2] AS i CALL (i) { RETURN i AS j } IN 2 CONCURRENT TRANSACTIONS RETURN j",
    ],
)  # fmt: skip
def test_what_the_plan_shows_is_refused(settings: Settings, owner: Owner, text: str) -> None:
    with pytest.raises(BadUserInput):
        read_cypher(settings, text, {})


GAPS = st.sampled_from(
    [
        " ",
        "\t",
        "\n",
        "\r\n",
        "/* RETURN 'x */",
        '// "\n',
        "/**/",
        "\u00a0",
        "\u2003",
        " /* a\n */ ",
    ]
)
COMMANDS = st.sampled_from(
    [
        ["TERMINATE", "TRANSACTIONS", "'x'"], ["SHOW", "TRANSACTIONS"], ["SHOW", "USERS"],
        ["LOAD", "CSV", "FROM", "'x'", "AS", "l"], ["CALL", "dbms", ".", "killConnection", "(", "'b'", ")"],
        ["CALL", "db", ".", "prepareForReplanning", "(", ")"], ["OPTIONAL", "CALL", "a", ".", "b", "(", ")"],
    ]
)  # fmt: skip
AROUND = st.sampled_from(
    ["{}", "RETURN COLLECT {{ {} RETURN 1 }}", "RETURN 'a' + \"b\" {}", "MATCH (`a``'`) {}", "RETURN 1 AS a//\r{}"]
)  # fmt: skip


def disguise(word: str, draw: st.DataObject) -> str:
    """Return a word with letters in another case, some of them escaped."""
    signs = []
    for sign in word if "'" not in word and "." not in word else "":
        shown = sign.lower() if draw.draw(st.booleans()) else sign
        signs.append(f"\\u{ord(shown):04x}" if draw.draw(st.integers(0, 5)) == 5 else shown)
    return "".join(signs) or word


@given(COMMANDS, AROUND, st.data())
def test_no_disguise_lets_a_command_pass(
    words: list[str], around: str, data: st.DataObject
) -> None:
    written = "".join(disguise(word, data) + data.draw(GAPS) for word in words)
    with pytest.raises(NotARead):
        refuse_commands(around.format(written))


@given(COMMANDS, st.sampled_from(["'", '"', "`", "//", "/*"]), st.data())
def test_a_command_within_a_text_a_name_or_a_comment_is_none(
    words: list[str], mark: str, data: st.DataObject
) -> None:
    written = " ".join(words).replace("'", "")
    end = {"//": "\n", "/*": "*/"}.get(mark, mark)
    value = "1 " if end != mark else ""
    refuse_commands(f"RETURN {value}{mark}{written}{end}")


def test_the_procedures_are_documented() -> None:
    text = (Path(__file__).parents[3] / "docs/researcher/notebook.md").read_text("utf-8")
    assert [one for one in PROCEDURES if one.rpartition(".")[2] not in text] == []


@contextmanager
def bystander(driver: neo4j.Driver) -> Iterator[tuple[str, str]]:
    """Keep a transaction open, and check that it survives the test."""
    with driver.session(database=DATABASE) as session, session.begin_transaction() as other:
        other.run("RETURN 1").consume()
        row = driver.execute_query(
            "SHOW TRANSACTIONS YIELD transactionId AS id, connectionId AS at, currentQueryId AS q "
            "WHERE q IS NULL OR q = '' RETURN id, at"
        ).records[0]
        yield row["id"], row["at"]
        assert other.run("RETURN 2 AS n").single(strict=True)["n"] == 2


def test_nobody_ends_the_transaction_of_another(settings: Settings, driver: neo4j.Driver) -> None:
    with bystander(driver) as (transaction, at):
        for text in (
            f"TERMINATE TRANSACTIONS '{transaction}'",
            "SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t YIELD message RETURN message",
            f"CALL dbms.killConnection('{at}')",
            f"RETURN COLLECT {{ CALL dbms.killConnections(['{at}']) YIELD message RETURN message }}",
        ):  # fmt: skip
            with pytest.raises(NotARead):
                read_cypher(settings, text, {})


def test_strings_comments_and_names_hide_no_command_and_are_none() -> None:
    for text in READ:
        assert all(
            not list(find_commands(tokenize(reading))) for reading in unescaped_variants(text)
        ), text


def running_queries(driver: neo4j.Driver) -> list[str]:
    rows = driver.execute_query("SHOW TRANSACTIONS YIELD currentQuery AS q RETURN q").records
    return [row["q"] for row in rows if "SHOW TRANSACTIONS" not in row["q"]]


def test_a_query_ends_at_its_deadline(settings: Settings, driver: neo4j.Driver) -> None:
    started = time.monotonic()
    with pytest.raises(Timeout, match="PARLEY_DEADLINE"):
        read_cypher(settings.model_copy(update={"deadline": 2.0}), LONG, {})
    assert time.monotonic() - started < 2 + 8
    wait_until("the query is gone", lambda: LONG not in running_queries(driver), 2 + 3)


def parley(settings: Settings, *given: str, **options: str) -> psutil.Popen:
    return psutil.Popen(
        [sys.executable, "-m", "service", "cypher", *given],
        env=os.environ | {"PARLEY_DATA_DIR": str(settings.data_dir)} | options,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_a_query(settings: Settings, driver: neo4j.Driver) -> None:
    process = parley(settings, LONG)
    wait_until("the query runs", lambda: LONG in running_queries(driver))
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 130
    assert b"Traceback" not in said
    wait_until("the query is gone", lambda: LONG not in running_queries(driver), 5)


def test_a_database_that_dies_is_told_in_one_line(
    settings: Settings, owner: Owner, driver: neo4j.Driver
) -> None:
    process = parley(settings, LONG)
    wait_until("the query runs", lambda: LONG in running_queries(driver))
    first = owner.pid
    assert first is not None
    psutil.Process(first).kill()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.decode().startswith("error SERVICE_UNAVAILABLE: ")
    assert len(said.decode().strip().splitlines()) == 1

    def answers() -> bool:
        try:
            return running_queries(driver) == []
        except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
            return False

    wait_until("the database answers again", answers)


def test_what_the_graph_does_not_have_is_told(settings: Settings, owner: Owner) -> None:
    text = "MATCH (n:Statment)-[:SAIDBY]->(m)\nWHERE n.txt = 1 RETURN n"
    warnings = read_cypher(settings, text, {}).warnings
    assert len(warnings) == 3
    assert any(one.startswith("1:10: ") and "`Statment`" in one for one in warnings)
    assert any("`SAIDBY`" in one for one in warnings)
    assert any(one.startswith("2:9: ") and "`txt`" in one for one in warnings)
    assert read_cypher(settings, "RETURN 1 AS n", {}).warnings == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RETURN 1\nRETRUN 2", "line 2, column 1)"),
        ("RETURN 1/0", "by zero"),
        ("RETURN $n", "Expected parameter"),
        ("CALL db.index.fulltext.queryNodes('none', 'x')", "no such fulltext schema index: none"),
        ("RETURN date('http://127.0.0.1/x')", "http://127.0.0.1/x"),
    ],
)
def test_an_error_is_about_the_query(
    settings: Settings, owner: Owner, text: str, said: str
) -> None:
    with pytest.raises(BadUserInput) as caught:
        read_cypher(settings, text, {})
    assert said in str(caught.value)
    assert "EXPLAIN" not in str(caught.value)
    assert "java." not in str(caught.value)


def test_parameters_that_are_no_values_are_told(settings: Settings, owner: Owner) -> None:
    with pytest.raises(BadUserInput, match="64 bits"):
        read_cypher(settings, "RETURN $n", {"n": 2**70})
    with pytest.raises(BadUserInput, match="UTF-8"):
        read_cypher(settings, "RETURN '\udcff'", {})


def test_addresses_settings_and_classes_are_hidden_where_the_query_has_them_not() -> None:
    said = (
        "Cannot load http://127.0.0.1:80/x from 10.0.0.1:7687 or localhost:1, see "
        "dbms.security.allow_csv_import_from_file_urls; java.lang.IllegalState: n.name of p.q"
    )
    assert _redact(said, "") == "Cannot load … from … or …, see …; …: n.name of p.q"
    assert _redact(said, said) == said


def test_every_value_has_a_plain_form(settings: Settings, owner: Owner) -> None:
    text = """RETURN 0.0/0.0 AS a, 1/0.0 AS b, -1/0.0 AS c, point({x: 1, y: 2}) AS d, date('2031-05-12') AS e,
        duration('P1D') AS f, [1, {g: null}] AS g, 9223372036854775807 AS h, $bytes AS i"""  # fmt: skip
    (row,) = read_cypher(settings, text, {"bytes": b"\x00\xff"}).rows
    assert [to_json(one) for one in row] == [
        "NaN", "Infinity", "-Infinity", {"srid": 7203, "coordinates": [1.0, 2.0]}, "2031-05-12",
        "P1D", [1, {"g": None}], 9223372036854775807, "00ff",
    ]  # fmt: skip


def test_a_path_is_its_nodes_and_relationships(settings: Settings, empty: neo4j.Driver) -> None:
    empty.execute_query("CREATE (:X {id: 'a'})-[:Y {n: 1}]->(:X {id: 'b'})", database_=DATABASE)
    (row,) = read_cypher(settings, "MATCH p = (:X)-->() RETURN p", {}).rows
    assert to_json(row[0]) == [{"id": "a"}, {"n": 1}, {"id": "b"}]
