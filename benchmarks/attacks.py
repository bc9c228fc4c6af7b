"""Measure how long a bystander waits while one request tries to stop the service for all others.

``python -m benchmarks.attacks`` writes ``benchmarks/attacks.md``: each attack is sent several times
to a service over the bundled facts, and the median counts.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import neo4j

import graph_seed
from benchmarks.bystander import Bystander, Service, serve_process
from benchmarks.machine import current_commit, describe_machine
from service.managed.connection import find_running
from service.managed.owner import Owner
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Attack:
    """A request at a size; ``answered`` if data are as good as a refusal."""

    name: str
    body: Callable[[int], bytes]
    size: int
    answered: bool = False
    headers: Callable[[int], Mapping[str, str]] = lambda _: {}


def ask(text: str, **variables: object) -> bytes:
    """Return the body of a request."""
    return json.dumps({"query": text, "variables": variables}).encode()


def repeat(text: str, times: int) -> str:
    """Return a text repeated, with the number in place of ``#``."""
    return " ".join(text.replace("#", str(number)) for number in range(times))


def introspection(times: int) -> str:
    """Return introspection of the arguments of all fields, several times."""
    fields = repeat("a#: types { fields { args { type { name } } } }", times)
    return f"{{ __schema {{{fields}}} }}"


def nested_pages(levels: int) -> str:
    """Return pages within pages: of sources, passages, sources again, and so on."""
    inner = "id"
    for _ in range(levels):
        inner = f"id source {{ passages(first: 100) {{ nodes {{ {inner} }} }} }}"
    return f"{{ sources {{ nodes {{ passages(first: 100) {{ nodes {{ {inner} }} }} }} }} }}"


def people(fields: str) -> str:
    """Return a list of people with these fields."""
    return f"{{ people(first: 100) {{ nodes {{ {fields} }} }} }}"


def fragments(number: int) -> str:
    """Return fragments that all select the same fields, spread side by side."""
    made = repeat("fragment f# on Person { id name }", number)
    return f"{{ people {{ nodes {{ {repeat('...f#', number)} }} }} }} {made}"


def doubling(levels: int) -> str:
    """Return fragments that each spread the next one twice."""
    made = " ".join(
        f"fragment f{i} on Person {{ a: statements {{ nodes {{ speakers {{ nodes {{ person "
        f"{{ ...f{i + 1} ...f{i + 1} }} }} }} }} }} }}"
        for i in range(levels)
    )
    return f"{{ people {{ nodes {{ ...f0 }} }} }} {made} fragment f{levels} on Person {{ id }}"


def filtered(words: str) -> str:
    """Return a list of people with a filter."""
    return f"{{ people(where: {words}) {{ totalCount }} }}"


SEARCH = "query ($t: String!) { search(text: $t) { hits { node { id } } } }"
BY_NAME = "query ($t: String!) { people(where: {name: {contains: $t}}) { totalCount } }"
BY_OR = "query ($or: [PersonWhere!]) { people(where: {or: $or}) { totalCount } }"
BY_IDS = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
SORTED = "statements(first: 100, orderBy: [{text: ASC}]) { nodes { id text } }"
BY_DATE = "query ($d: EDTF!) { statements(where: {saidOn: {within: $d}}) { totalCount } }"

ATTACKS = [
    Attack("arguments", lambda n: ask("{a(" + "b:1 " * n + ")}"), 240_000),
    Attack("introspection, wide", lambda n: ask(introspection(n)), 120),
    Attack(
        "introspection, many roots",
        lambda n: ask(
            "{" + repeat("a#: __schema { types { fields { args { type { name } } } } }", n) + "}"
        ),
        49,
    ),
    Attack(
        "introspection, deep",
        lambda n: ask(
            "{ __schema { types {" + "fields { type {" * n + "name" + "} }" * n + "} } }"
        ),
        4,
    ),
    Attack("nested pages", lambda n: ask(nested_pages(n)), 2, answered=True),
    Attack("nested pages, deeper", lambda n: ask(nested_pages(n)), 3, answered=True),
    Attack("tokens", lambda n: ask("{" + "a " * n + "}"), 490_000),
    Attack("merged fields", lambda n: ask(people("a:name a:id " * n)), 2400),
    Attack("merged fields, equal", lambda n: ask(people("name " * n)), 4900),
    Attack("merged fragments", lambda n: ask(fragments(n)), 800),
    Attack("doubling fragments", lambda n: ask(doubling(n)), 60),
    Attack(
        "aliases",
        lambda n: ask(people(repeat("a#: name", n))),
        4900,
        answered=True,
    ),
    Attack(
        "aliases, allowed",
        lambda n: ask(people(repeat("a#: name", n))),
        1000,
        answered=True,
    ),
    Attack(
        "aliases of links",
        lambda n: ask(people(repeat("a#: statements { nodes { id } }", n))),
        290,
        answered=True,
    ),
    Attack(
        "aliases of root fields",
        lambda n: ask("{" + repeat(f"a#: {SORTED}", n) + "}"),
        50,
        answered=True,
    ),
    Attack(
        "list in the document",
        lambda n: ask(filtered("{id: {in: [" + '"x" ' * n + "]}}")),
        60_000,
    ),
    Attack(
        "list in variables",
        lambda n: ask(BY_IDS, ids=["person:x"] * n),
        60_000,
    ),
    Attack(
        "or in variables",
        lambda n: ask(BY_OR, **{"or": [{"name": {"eq": f"x{i}"}} for i in range(n)]}),
        20_000,
    ),
    Attack(
        "nested or in variables",
        lambda n: ask(BY_OR, **{"or": [{"or": [{"name": {"eq": "x"}}] * 100}] * (n // 100)}),
        20_000,
    ),
    Attack("dates", lambda n: ask(BY_DATE, d="[" + "2017," * (n - 1) + "2017]"), 100_000),
    Attack(
        "dates, allowed",
        lambda n: ask(BY_DATE, d="[" + "2017," * (n - 1) + "2017]"),
        399,
        answered=True,
    ),
    Attack("search words", lambda n: ask(SEARCH, t="word " * n), 180_000),
    Attack("search words, allowed", lambda n: ask(SEARCH, t="word " * n), 400, answered=True),
    Attack(
        "search words, different",
        lambda n: ask(SEARCH, t=repeat("w#", n)),
        400,
        answered=True,
    ),
    Attack("folded text", lambda n: ask(BY_NAME, t="\ufdfa" * n), 100_000),
    Attack("folded text, allowed", lambda n: ask(BY_NAME, t="\ufdfa" * n), 2000, answered=True),
    Attack("directives", lambda n: ask("{__typename" + " @a" * n + "}"), 40_000),
    Attack(
        "operations",
        lambda n: ask(repeat("query a# { __typename }", n)),
        10_000,
    ),
    Attack(
        "variables",
        lambda n: ask("query (" + repeat("$a#: Int", n) + ") { __typename }"),
        20_000,
    ),
    Attack(
        "unknown types",
        lambda n: ask(repeat("fragment f# on Persn# { id }", n)),
        900,
    ),
    Attack("unknown fields", lambda n: ask("{" + repeat("persn#", n) + "}"), 50),
    Attack("brackets", lambda n: b'{"query": ' + b"[" * n, 900_000),
    Attack("braces", lambda n: ask("{a" * n), 5000),
    Attack("comment", lambda n: ask("{ __typename } #" + "x" * n), 900_000),
    Attack("comments", lambda n: ask("{ __typename }" + "#\n" * n), 300_000),
    Attack("text", lambda n: ask(filtered('{name: {eq: "' + "x" * n + '"}}')), 900_000),
    Attack(
        "block text", lambda n: ask(filtered('{name: {eq: """' + "\n x" * n + '"""}}')), 150_000
    ),
    Attack("name", lambda n: ask("{" + "x" * n + "}"), 900_000),
    Attack("number", lambda n: ask("{ people(first: " + "9" * n + ") { totalCount } }"), 900_000),
    Attack(
        "number in JSON",
        lambda n: b'{"query": "{__typename}", "variables": {"a": ' + b"9" * n + b"}}",
        900_000,
    ),
    Attack("large body", lambda n: ask("{ __typename }" + " " * n), 20_000_000),
    Attack(
        "operation name",
        lambda n: json.dumps({"query": "{ __typename }", "operationName": "x" * n}).encode(),
        900_000,
    ),
    Attack(
        "header", lambda _: ask("{ __typename }"), 1_000_000, headers=lambda n: {"x-long": "y" * n}
    ),
]

REPORT = Path(__file__).parent / "attacks.md"
FACTS = Path(graph_seed.__file__).parent / "facts"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to an attack, its time, and the longest wait of the bystander, in seconds."""

    answer: str
    seconds: float
    worst: float


def send(service: Service, attack: Attack) -> Outcome:
    """Send an attack beside a bystander."""
    body = attack.body(attack.size)
    headers = {"content-type": "application/json", **attack.headers(attack.size)}
    with Bystander(service) as bystander, httpx.Client(timeout=60) as client:
        began = time.perf_counter()
        response = client.post(f"{service.url}/graphql", content=body, headers=headers)
        seconds = time.perf_counter() - began
    errors = response.json().get("errors", [])
    codes = sorted({error["extensions"]["code"] for error in errors}) or ["data"]
    return Outcome(f"{response.status_code} {', '.join(codes)}", seconds, bystander.worst)


def measure(service: Service, runs: int) -> list[str]:
    """Return a row of the table for each attack."""
    rows: list[str] = []
    for attack in ATTACKS:
        found = [send(service, attack) for _ in range(runs)]
        seconds = median(one.seconds for one in found)
        worst = median(one.worst for one in found)
        answers = " or ".join(sorted({one.answer for one in found}))
        size = len(attack.body(attack.size))
        rows.append(
            f"| {attack.name} | {size:,} | {answers} | {seconds * 1000:.0f} | {worst * 1000:.0f} |"
        )
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Measure all attacks and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="times that each attack is sent")
    runs: int = parser.parse_args().runs
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), neo4j_uri=None)
        with Owner(settings):
            to = find_running(settings)
            if to is None:
                raise SystemExit("the database did not start")
            auth = (to.user, to.password.get_secret_value())
            with neo4j.GraphDatabase.driver(to.uri, auth=auth) as driver:
                graph_seed.load_files(driver, sorted(FACTS.glob("*.yaml")), database=to.database)
                machine = describe_machine(driver, to.database)
            with serve_process(to) as service:
                rows = measure(service, runs)
    machine = {**machine, "commit": current_commit(), "runs": str(runs)}
    lines = [
        "# Attacks", "", "Written by `python -m benchmarks.attacks`; do not edit.", "",
        "| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in machine.items()), "",
        "A bystander asks for one field every 50 ms. Times are medians, in milliseconds.", "",
        "| attack | bytes | answer | answered in | bystander waited at most |",
        "|---|---|---|---|---|", *rows, "",
    ]  # fmt: skip
    REPORT.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
