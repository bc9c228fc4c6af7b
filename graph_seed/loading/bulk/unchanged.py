"""What the graph holds just as a file has it: told by a hash of the lines, which are not read.

The hash stands on the source since those very lines were loaded; whatever changes what the graph
holds of the source takes it away.
"""

from collections.abc import Sequence

import neo4j
import orjson

from graph_seed.loading.bulk.check_lines import as_written
from graph_seed.syntax.sections import RawSection
from schema import rules
from schema.names import AS_WRITTEN, ID
from schema.vocabulary import Vocabulary


def is_empty(session: neo4j.Session, vocabulary: Vocabulary) -> bool:
    """Whether the graph holds no source."""
    source = vocabulary.by_kind[rules.SOURCE].label
    return session.run(f"CYPHER 5 MATCH (s:{source}) RETURN 1 LIMIT 1").single() is None


def unchanged(
    session: neo4j.Session, vocabulary: Vocabulary, sections: Sequence[RawSection]
) -> dict[int, int]:
    """The sections that the graph holds, by position, each with its nodes and relationships."""
    named = [(index, name) for index, one in enumerate(sections) if (name := _source_of(one))]
    source = vocabulary.by_kind[rules.SOURCE].label
    rows = session.run(
        f"CYPHER 5 UNWIND $named AS row MATCH (s:{source} {{{ID}: row[1]}}) "
        f"WHERE s.{AS_WRITTEN} IS NOT NULL RETURN row[0], s.{AS_WRITTEN}[0], s.{AS_WRITTEN}[1]",
        named=named,
    )
    return {
        index: elements
        for index, held, elements in rows.values()
        if held == as_written(vocabulary, sections[index])
    }


def _source_of(section: RawSection) -> str | None:
    """The id of the source that the first line names, if it names one."""
    try:
        found = orjson.loads(section.raw.partition(b"\n")[0])["source"]["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None
