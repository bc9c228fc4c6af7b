"""Try Apollo Client, urql and Relay with the settings that the documentation gives.

The files of ``docs/frontend/clients.md`` and the tests in ``clients/`` are put into one folder.
There the generators make types of the service's schema, ``tsc --strict`` compiles everything, and
Node runs the tests. They ask the examples of the documentation, too.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import orjson
from graphql import NameNode, OperationDefinitionNode, parse, print_ast

from service.generate import ROOT
from tests.pages import Block, blocks

HERE = Path(__file__).parent
SOURCES = HERE / "clients"
BUILD = HERE / "build"
"""Where the project is built: beside `node_modules`, in which its files find their packages."""
PAGES = ROOT / "docs/frontend"
FETCHED = ("schema.graphql", "src/client-settings.json")
OPERATIONS = "types.ts"
"""The only one of the sources that the code generator reads: others have Relay's directives."""
TESTS = ("src/apollo.test.ts", "src/urql.test.ts", "src/relay.test.ts")


def try_clients(address: str) -> bool:
    """Build the project against a service and run its tests; return whether all pass."""
    shutil.rmtree(BUILD, ignore_errors=True)
    (BUILD / "src").mkdir(parents=True)
    write_documented_files(address)
    examples = read_examples()
    (BUILD / "examples.json").write_bytes(orjson.dumps(examples))
    shutil.copy(SOURCES / OPERATIONS, BUILD / "src")
    if not run("graphql-codegen", "--silent"):
        return False
    for path in SOURCES.glob("*.ts"):
        shutil.copy(path, BUILD / "src")
    write_relay_documents([str(one["query"]) for one in examples])
    return (
        run("relay-compiler", "--output", "quiet-with-errors")
        and run("gql.tada", "generate-output")
        and run("tsc", "--project", ".", "--types", "node")
        and run("tsx", "--test", *TESTS, PARLEY_URL=f"{address}/graphql")
    )


def write_documented_files(address: str) -> None:
    """Write the files of the page on clients, and those that it fetches from the service."""
    for block in blocks(PAGES / "clients.md"):
        if block.name and block.language in {"ts", "json"}:
            text = block.text.replace("http://127.0.0.1:8000", address)
            (BUILD / block.name).write_text(text, "utf-8")
    for path in FETCHED:
        content = httpx.get(f"{address}/{Path(path).name}").raise_for_status().content
        (BUILD / path).write_bytes(content)


def read_examples() -> list[dict[str, object]]:
    """Return the operations of the pages for frontend developers that are answered with data."""
    found: list[dict[str, object]] = []
    for path in sorted(PAGES.glob("*.md")):
        rest = blocks(path)
        while rest:
            block = rest.pop(0)
            if block.language != "graphql":
                continue
            variables = orjson.loads(rest.pop(0).text) if is_named(rest, "variables") else {}
            if not is_named(rest, "errors"):
                example = {"place": block.place, "query": block.text, "variables": variables}
                found.append({**example, "data": orjson.loads(rest.pop(0).text)})
    return found


def is_named(rest: list[Block], name: str) -> bool:
    """Return whether the next block has a name."""
    return bool(rest) and rest[0].name == name


def write_relay_documents(queries: list[str]) -> None:
    """Write operations for the Relay compiler; it wants names that begin with their module's."""
    written = []
    for number, query in enumerate(queries):
        name = NameNode(value=f"documents{number}Query")
        parts = [
            replace(one, name=name) if isinstance(one, OperationDefinitionNode) else one
            for one in parse(query).definitions
        ]
        written.append("  graphql`\n" + "\n".join(map(print_ast, parts)) + "\n`,\n")
    text = 'import { graphql } from "relay-runtime";\n\nexport const documents = () => [\n'
    (BUILD / "src/documents.ts").write_text(f"{text}{''.join(written)}];\n", "utf-8")


def run(command: str, *arguments: str, **environment: str) -> bool:
    """Run a command of the packages in the project; print its output if it fails."""
    done = subprocess.run(
        [HERE / "node_modules/.bin" / command, *arguments],
        cwd=BUILD, env=os.environ | environment, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    passed = re.search(r"^. pass (\d+)$", done.stdout, re.M)
    result = f"{passed[1]} tests passed" if passed else "done"
    sys.stdout.write(f"{command}: {result}\n" if done.returncode == 0 else done.stdout)
    return done.returncode == 0
