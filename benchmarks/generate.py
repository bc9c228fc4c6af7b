"""Write an invented graph as facts in JSON Lines, the same for the same size and seed.

``python -m benchmarks.generate --size M --seed 1 > m.jsonl``. It streams: what it holds in memory
grows with the number of entities, not of statements. Nothing in it is of the real world.
"""

import argparse
import sys
from collections.abc import Iterator
from random import Random

import orjson

from benchmarks.article import invent_article
from benchmarks.invented_world import invent_directories, invent_world
from benchmarks.source_text import Plain

SIZES = {"S": 1_000, "M": 50_000, "L": 500_000}
"""The numbers of statements, by the names of sizes."""
ELEMENTS_EACH = 12
"""The approximate number of nodes and relationships that come with one statement."""
PER_ARTICLE = 25


def generate_records(statements: int, seed: int = 1) -> Iterator[Plain]:
    """Yield the records of a graph with a number of statements: directories, then articles."""
    random = Random(seed)
    world = invent_world(statements, random)
    yield from invent_directories(world, random)
    articles = -(-statements // PER_ARTICLE)
    for number in range(1, articles + 1):
        count = min(PER_ARTICLE, statements - (number - 1) * PER_ARTICLE)
        yield from invent_article(world, number, articles, count, seed)


def main() -> None:
    """Write the lines to standard output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--size", choices=SIZES)
    size.add_argument("--statements", type=int)
    size.add_argument("--elements", type=int, help="nodes and relationships, about so many")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    statements = (
        SIZES[given.size]
        if given.size
        else given.statements or max(1, given.elements // ELEMENTS_EACH)
    )
    for record in generate_records(statements, given.seed):
        sys.stdout.buffer.write(orjson.dumps(record) + b"\n")


if __name__ == "__main__":
    main()
