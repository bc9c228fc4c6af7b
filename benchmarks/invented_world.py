"""Invent the entities of the graph: actors, issues, agreements, and how often each is mentioned.

Mentions follow Zipf's law, as names in news do: the n-th is met 1/n times as often as the first.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from benchmarks.source_text import Plain, SourceText

OPENINGS = "bel dar fen gol hul jor kel lim mar nor osk pel quil ros sul tar ul vel wim yst".split()
ENDINGS = "a an da eko en ik ina is lo mond na ora ov rin sa ten tor ulf una vik".split()
THINGS = (
    "toll quota tariff subsidy dredging licence fishery pipeline wheat timber steel patent visa "
    "border harbour ferry dairy copper cable satellite vaccine rail river grain sugar panel audit"
).split()
KINDS = "rules ceiling inspection timetable exemption share dispute fund standard review".split()
ROLES = "minister,chief negotiator,member,chair,adviser,spokesperson,delegate,director".split(",")
STATUSES = "current former acting incoming".split()
PER_SOURCE = 400
"""The number of entities that one directory lists."""


@dataclass(frozen=True, slots=True)
class ZipfSample:
    """Ids that are drawn by Zipf's law, the most frequent first."""

    ids: Sequence[str]
    weights: Sequence[float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", list(accumulate(1 / n for n in self._ranks())))

    def _ranks(self) -> range:
        return range(1, len(self.ids) + 1)

    def draw(self, random: Random, count: int) -> list[str]:
        """Return a number of different ids, or all if there are fewer."""
        found: dict[str, None] = {}
        while len(found) < min(count, len(self.ids)):
            found[self.ids[bisect(self.weights, random.random() * self.weights[-1])]] = None
        return list(found)

    def draw_one(self, random: Random) -> str:
        """Return one id."""
        return self.draw(random, 1)[0]


@dataclass(frozen=True, slots=True)
class World:
    """The entities of an invented graph, with their names by id."""

    actors: ZipfSample
    organizations: ZipfSample
    countries: ZipfSample
    issues: ZipfSample
    agreements: ZipfSample
    names: dict[str, str]


def invent_world(statements: int, random: Random) -> World:
    """Return a world of a size that suits a number of statements."""
    names: dict[str, str] = {}

    def entities(kind: str, count: int, name: str) -> list[str]:
        made = []
        for number in range(1, count + 1):
            words = _name(random) if not name else name.format(_word(random), _issue(random))
            made.append(f"{kind}:invented-{number}")
            names[made[-1]] = words
        return made

    # Employers are listed before people, because a load needs them to exist.
    organizations = entities("organization", max(6, statements * 2 // 100), "{0} Institute")
    groups = entities("group", max(3, statements // 100), "delegates of {0}")
    countries = entities("country", 20, "Republic of {0}")
    issues = entities("issue", max(40, statements // 50), "{1} of {0}")
    agreements = entities("agreement", max(2, statements // 1000), "Treaty of {0}")
    people = entities("person", max(12, statements * 7 // 100), "")
    actors = [*people, *organizations, *groups, *countries]
    random.shuffle(actors)
    return World(
        ZipfSample(actors),
        ZipfSample(organizations),
        ZipfSample(countries),
        ZipfSample(issues),
        ZipfSample(agreements),
        names,
    )


def invent_directories(world: World, random: Random) -> Iterator[Plain]:
    """Yield the records of directories, which list all entities and each person's employers."""
    ids = list(world.names)
    for number, first in enumerate(range(0, len(ids), PER_SOURCE), 1):
        text = SourceText()
        for one in ids[first : first + PER_SOURCE]:
            _add_entity(text, world, one, random)
        yield from text.lines(
            {
                "id": f"source:invented-directory-{number}",
                "type": "directory",
                "title": f"Invented directory {number}",
                "publisher": "The Invented Press",
                "publishedOn": "2030-12-31",
                "language": "en",
            }
        )


def _add_entity(text: SourceText, world: World, one: str, random: Random) -> None:
    kind, _, key = one.partition(":")
    name = world.names[one]
    record: Plain = {kind: key, "name": name}
    if kind == "organization":
        record["classification"] = "invented"
    elif kind == "group":
        record["size"] = random.randint(2, 90)
    elif kind == "agreement":
        record["signedOn"] = f"20{random.randint(10, 29)}"
    text.record(record, text.say(f"There is {name}."))
    if kind != "person":
        return
    employers = world.organizations.draw(random, random.choice((1, 1, 2)))
    if random.random() < 0.3:
        employers.append(world.countries.draw_one(random))
    for employer in employers:
        role = random.choice(ROLES)
        cited = text.say(f"{name} is {role} with {world.names[employer]}.")
        affiliation: Plain = {
            "affiliation": f"{key}-{employer.replace(':', '-')}",
            "by": one,
            "role": role,
            "with": employer,
            "affiliationStatus": random.choice(STATUSES),
            "validFrom": f"20{random.randint(15, 30)}-{random.randint(1, 12):02}",
        }
        text.record(affiliation, cited, [one, employer])


def _word(random: Random) -> str:
    return f"{random.choice(OPENINGS)}{random.choice(ENDINGS)}".capitalize()


def _name(random: Random) -> str:
    return f"{_word(random)} {_word(random)}{random.choice(ENDINGS)}"


def _issue(random: Random) -> str:
    return f"{random.choice(THINGS)} {random.choice(KINDS)}"
