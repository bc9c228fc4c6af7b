"""Find sources that the graph contains exactly as a file has them, by a hash of their lines.

The hash is a property of the source since those lines were loaded; any other load of the source
removes it. Lines that did not change are not parsed.
"""

from collections.abc import Sequence

import neo4j
import orjson

from graph_seed.loading.bulk.check_lines import hash_lines
from graph_seed.syntax.sections import RawSection
from schema import rules
from schema.names import AS_WRITTEN, ID
from schema.vocabulary import Vocabulary


def is_empty(session: neo4j.Session, vocabulary: Vocabulary) -> bool:
    """Return whether the graph contains no source."""
    source = vocabulary.by_kind[rules.SOURCE].label
    return session.run(f"CYPHER 5 MATCH (s:{source}) RETURN 1 LIMIT 1").single() is None


def find_unchanged(
    session: neo4j.Session, vocabulary: Vocabulary, sections: Sequence[RawSection]
) -> dict[int, int]:
    """Return the sections that the graph contains, by position, with their numbers of elements."""
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
        if held == hash_lines(vocabulary, sections[index])
    }


def _source_of(section: RawSection) -> str | None:
    """Return the id of the source in the first line, or None."""
    try:
        found = orjson.loads(section.raw.partition(b"\n")[0])["source"]["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None
