"""Find entities that may be the same, and ids that may have been meant.

Nothing is ever merged or replaced because of one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from rapidfuzz import fuzz, process

from graph_seed.graph.versions import Run
from graph_seed.problems import nearest
from graph_seed.state.desired_state import symmetric_types
from graph_seed.state.elements import GraphNode, RelationshipKey
from graph_seed.values import fold
from graph_seed.values.words import terms_in
from schema import rules
from schema.names import ID
from schema.storage import FULL_TEXT, NAMES, match_id
from schema.vocabulary import Vocabulary

ALIKE = 90.0
MOST = 20
"""Hints that are given; more would not be read."""
EFFORT = 5_000_000
"""Pairs of names that are compared, about a second; hints are no reason to wait longer."""
MOST_NAMES = 200
"""Names of new entities, of one source, that are looked for."""
MOST_WORDS = 8
"""Words of one name that are looked for."""
SHORT = 3
"""Letters of a word that is looked for as it is."""
BEGINNINGS = 500
"""Ids that begin as an unknown one does which are compared with it."""
CANDIDATES = 50
"""Nodes that the index gives for one name, the likest first."""
Named = tuple[str, Sequence[str]]
"""An entity's id and its names."""


def find_hints(
    run: Run,
    vocabulary: Vocabulary,
    created: Mapping[str, Iterable[GraphNode]],
    relationships: Iterable[RelationshipKey],
    expired: Set[str] = frozenset(),
) -> dict[str, list[str]]:
    """Return hints for new entities, by the source that brought them.

    They are compared with what the full-text index finds by their names, and with the entities of
    sources before them in ``created``. ``relationships`` are those of the desired state,
    ``expired`` the ids that the load ends, which a dry run leaves in the graph. Anonymous actors
    are never compared.
    """
    new = {source: _names_by_label(nodes) for source, nodes in created.items()}
    ids = {
        node_id for by_label in new.values() for some in by_label.values() for node_id, _ in some
    }
    if not ids:
        return {}
    different = _different(run, vocabulary, ids, relationships)
    found: dict[str, list[str]] = {}
    before: dict[str, list[Named]] = defaultdict(list)
    for source, by_label in new.items():
        held = _find_similar(run, by_label, ids | expired)
        for label, some in before.items():
            held.setdefault(label, []).extend(some)
        if said := hints(by_label, held, different):
            found[source] = said
        for label, some in by_label.items():
            before[label] += some
    return found


def _names_by_label(nodes: Iterable[GraphNode]) -> dict[str, list[Named]]:
    """Return the names of those nodes that are entities and not anonymous, by label."""
    found: dict[str, list[Named]] = defaultdict(list)
    for node in nodes:
        if node.type.is_entity and not node.properties.get(rules.ANONYMOUS):
            aliases = node.properties.get(rules.ALIASES)
            others = aliases if isinstance(aliases, list) else []
            names = [str(node.properties[rules.NAME]), *others]
            found[node.type.label].append((node.id, names))
    return found


def _different(
    run: Run, vocabulary: Vocabulary, ids: Iterable[str], relationships: Iterable[RelationshipKey]
) -> set[frozenset[str]]:
    """Return the pairs that are said not to be the same, by the graph or by the load."""
    kinds = symmetric_types(vocabulary)
    different = {frozenset((key.start, key.end)) for key in relationships if key.type in kinds}
    if kinds:
        rows = run(
            f"UNWIND $ids AS id {match_id('a', 'id')} "
            f"MATCH (a)-[:{'|'.join(kinds)}]-(b) RETURN a.{ID} AS id, b.{ID} AS b",
            ids=list(ids),
        )
        different |= {frozenset((row["id"], row["b"])) for row in rows}
    return different


def _find_similar(
    run: Run, new: Mapping[str, Sequence[Named]], created: Set[str]
) -> dict[str, list[Named]]:
    """Return entities of the graph whose words are like those of new names, by label.

    The index is asked for each name, so the work does not grow with the graph.
    """
    rows = [
        (label, query)
        for label, entities in new.items()
        for _, names in entities
        for name in names
        if (query := _lucene(name))
    ]
    found = run(
        f"UNWIND $rows AS row CALL db.index.fulltext.queryNodes('{NAMES}', row[1], "
        f"{{limit: {CANDIDATES}}}) YIELD node AS n WITH DISTINCT row[0] AS label, n "
        f"WHERE label IN labels(n) AND NOT n.{ID} IN $created "
        f"AND coalesce(n.{rules.ANONYMOUS}, false) = false "
        f"RETURN label, n.{ID} AS id, [n.{rules.NAME}] + coalesce(n.{rules.ALIASES}, []) AS names",
        rows=rows[:MOST_NAMES],
        created=list(created),
    )
    alike: dict[str, list[Named]] = defaultdict(list)
    for row in found:
        alike[row["label"]].append((row["id"], row["names"]))
    return alike


def _lucene(name: str) -> str:
    """Return a query for any of a name's words, longer ones with a letter or two wrong.

    A word holds letters and digits only: none is an operator, for those are capitals.
    """
    words = dict.fromkeys(terms_in(name))
    return " ".join(
        f'"{word}"' if " " in word else word + _typos(word) for word in [*words][:MOST_WORDS]
    )


def _typos(word: str) -> str:
    if len(word) <= SHORT or not word.isalpha():
        return ""
    return "~1" if len(word) <= 2 * SHORT else "~2"


def suggest_id(run: Run, vocabulary: Vocabulary, node_id: str) -> str:
    """Return the id of the graph that is nearest to an unknown one as advice, or nothing.

    Only ids that begin alike, and those whose words are alike, are looked at: indexes find them.
    """
    node_type = vocabulary.type_of_id(node_id)
    if node_type is None:
        return ""
    own = max(node_id.rfind(":"), node_id.rfind("/")) + 1
    begins = (
        f"MATCH (n:{node_type.label}) WHERE n.{ID} STARTS WITH $begin "
        f"RETURN n.{ID} AS id LIMIT {BEGINNINGS}"
    )
    alike = (
        f"CALL db.index.fulltext.queryNodes('{FULL_TEXT}', $query, {{limit: {CANDIDATES}}}) "
        f"YIELD node AS n WITH n WHERE n:{node_type.label} RETURN n.{ID} AS id"
    )
    query = _lucene(node_id[own:])
    rows = run(begins, begin=node_id[: own + SHORT])
    rows += run(alike, query=query) if query else []
    return nearest(node_id, (row["id"] for row in rows))


def hints(
    new: Mapping[str, Sequence[Named]],
    held: Mapping[str, Sequence[Named]],
    different: set[frozenset[str]],
) -> list[str]:
    """Return a sentence for each new entity that looks like another, by label.

    ``different`` are the pairs that are known not to be the same.
    """
    found: dict[frozenset[str], tuple[float, str]] = {}
    effort = EFFORT
    for label, entities in new.items():
        others = [(other, fold(name)) for other, names in held.get(label, ()) for name in names]
        choices = [name for _, name in others]
        for node_id, names in entities:
            effort -= len(names) * len(choices)
            if effort < 0:
                break
            for name in names:
                close = process.extract(
                    fold(name), choices, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=5
                )
                for _, score, index in close:
                    pair = frozenset((node_id, others[index][0]))
                    if len(pair) == 1 or pair in different or found.get(pair, (0,))[0] >= score:
                        continue
                    alike = f"{node_id} is perhaps the same as {others[index][0]}"
                    text = f"{alike} ({score:.0f} %); if not, say differentFrom"
                    found[pair] = (score, text)
    best = sorted(found.values(), key=lambda one: (-one[0], one[1]))[:MOST]
    return [text for _, text in best]
