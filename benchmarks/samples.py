"""Draw random variables for each operation from the graph, enough to defeat caches of answers.

Issues and actors are drawn from those with about a hundred statements. So answers have the same
size on graphs of all sizes, and only the cost of finding them differs.
"""

from collections.abc import Iterator, Sequence
from random import Random

import neo4j

from schema.domain import DOMAIN
from schema.storage import FULL_TEXT
from service.query.filters import OrderKey
from service.query.ordering import write_cursor
from service.query.snippets import lucene, lucene_words, names_per_word, query_words

Variables = dict[str, object]
MOST = 200
"""The most sets of variables of one operation, unless more are asked for."""
ISSUE_DEGREES = (60, 600)
"""The least and most statements of a drawn issue; the least has to fill the longest page."""
ACTOR_DEGREES = (20, 200)
SEARCH_PAGE = 10
_SEARCHED = f"""\
CALL db.index.fulltext.queryNodes('{FULL_TEXT}', $lucene) YIELD node
WHERE node:Statement RETURN node.id LIMIT $most"""
_DEGREE = """\
MATCH (n:{label}) WITH n, COUNT {{ (n)<-[:{type}]-(:Statement) }} AS degree
WHERE $least <= degree <= $most RETURN n.id ORDER BY n.id"""


class Samples:
    """Variables drawn from one graph, the same for the same graph and seed."""

    def __init__(
        self, driver: neo4j.Driver, database: str, seed: int = 1, most: int = MOST
    ) -> None:
        """Draw from a graph, at most ``most`` sets for an operation."""
        self._most = most
        self._driver = driver
        self._database = database
        self._seed = seed
        self._issues = self._of_degree("Issue", "ABOUT", ISSUE_DEGREES)
        self._actors = self._of_degree("Actor", "SAID_BY", ACTOR_DEGREES)
        self._organizations = self._values(
            "MATCH (n:Organization) WHERE 2 <= COUNT { (n)<-[:AFFILIATED_WITH]-() } <= 20 "
            "RETURN n.id ORDER BY n.id"
        )

    def of(self, operation: str) -> list[Variables]:
        """Return the sets of variables of an operation, independent of those of others."""
        self._random = Random(f"{self._seed}/{operation}")
        return list(getattr(self, f"_{operation.replace('-', '_')}")())

    def _values(self, text: str, **parameters: object) -> list[object]:
        with self._driver.session(database=self._database) as session:
            return session.run(text, parameters).value()

    def _of_degree(self, label: str, kind: str, degrees: tuple[int, int]) -> list[object]:
        """Return ids of nodes with a number of statements, or of any if the graph is too small."""
        text = _DEGREE.format(label=label, type=kind)
        least, most = degrees
        return self._values(text, least=least, most=most) or self._values(text, least=1, most=most)

    def _draw(self, given: Sequence[object]) -> list[object]:
        return self._random.sample(given, min(self._most, len(given)))

    def _point(self) -> Iterator[Variables]:
        for one in self._draw(self._values("MATCH (n:Statement) RETURN n.id ORDER BY n.id")):
            yield {"id": one}

    def _actor_latest(self) -> Iterator[Variables]:
        for one in self._draw(self._actors):
            yield {"actor": one}

    def _issue_deep(self) -> Iterator[Variables]:
        for one in self._draw(self._issues):
            yield {"issue": one}

    _group_by = _issue_deep

    def _list_by_dates(self) -> Iterator[Variables]:
        for one in self._draw(self._issues):
            year = self._random.randint(2031, 2033)
            yield {
                "issue": one,
                "within": str(year),
                "from": f"{year}-01-01",
                "to": f"{year}-12-31",
            }

    def _search(self) -> Iterator[Variables]:
        """Yield a word and as short a beginning of another as still finds a page of statements."""
        for said in self._draw(self._values("MATCH (n:Statement) RETURN n.text ORDER BY n.id")):
            words = str(said).rstrip(".").split()
            for end in range(len(words[-1]), 0, -1):
                text = f"{words[3]} {words[-1][:end]}"
                searched = lucene(query_words(text))
                if len(self._values(_SEARCHED, lucene=searched, most=SEARCH_PAGE)) == SEARCH_PAGE:
                    break
            words = lucene_words(query_words(text))
            named = names_per_word(len(words))
            yield {"text": text, "lucene": searched, "words": words, "named": named}

    def _issue_counts(self) -> Iterator[Variables]:
        every = self._values("MATCH (n:Issue) RETURN n.id ORDER BY n.id")
        for _ in range(self._most):
            yield {"issues": self._random.sample(every, 25)}

    def _participants(self) -> Iterator[Variables]:
        for one in self._draw(self._values("MATCH (n:Event) RETURN n.id ORDER BY n.id")):
            yield {"event": one}

    def _several_roots(self) -> Iterator[Variables]:
        for one in self._draw(self._issues):
            yield {
                "issue": one,
                "actor": self._random.choice(self._actors),
                "organization": self._random.choice(self._organizations),
            }

    def _three_links(self) -> Iterator[Variables]:
        for one in self._draw(self._organizations):
            yield {"organization": one}

    def _page_middle(self) -> Iterator[Variables]:
        said_on = DOMAIN.nodes["Statement"].properties["saidOn"]
        order = (OrderKey((), said_on, descending=True),)
        with self._driver.session(database=self._database) as session:
            found = session.run(
                "MATCH (s:Statement) RETURN s.saidOnEarliest AS day, s.id AS id "
                "ORDER BY day DESC, id"
            ).values()
        middle = range(len(found) // 4, len(found) * 3 // 4)
        for place in self._random.sample(middle, min(self._most, len(middle))):
            day, one = found[place]
            yield {
                "after": write_cursor(order, (day, one)),
                "place": place + 1,
                "day": day.iso_format(),
                "id": one,
            }

    def _as_of(self) -> Iterator[Variables]:
        moments = self._values("MATCH (l:Load) RETURN toString(l.at) ORDER BY l.at")
        for one in self._draw(self._issues):
            moment = self._random.choice(moments[len(moments) // 2 :])
            yield {"issue": one, "known": moment}
