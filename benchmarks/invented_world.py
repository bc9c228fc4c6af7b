"""Who and what the invented graph speaks of: actors, issues, agreements, and how often each is met.

How often follows Zipf's law, as names in news do: the n-th is met 1/n times as often as the first.
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
"""Entities that one directory lists."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ids in the order of how often they are met."""

    ids: Sequence[str]
    weights: Sequence[float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", list(accumulate(1 / n for n in self._ranks())))

    def _ranks(self) -> range:
        return range(1, len(self.ids) + 1)

    def some(self, random: Random, count: int) -> list[str]:
        """So many of them, each once, unless there are fewer."""
        found: dict[str, None] = {}
        while len(found) < min(count, len(self.ids)):
            found[self.ids[bisect(self.weights, random.random() * self.weights[-1])]] = None
        return list(found)

    def one(self, random: Random) -> str:
        """One of them."""
        return self.some(random, 1)[0]


@dataclass(frozen=True, slots=True)
class World:
    """The ids of all entities of a graph with so many statements; names by id."""

    actors: Ranked
    organizations: Ranked
    countries: Ranked
    issues: Ranked
    agreements: Ranked
    names: dict[str, str]


def make_world(statements: int, random: Random) -> World:
    """A world in which so many statements are made."""
    names: dict[str, str] = {}

    def entities(kind: str, count: int, name: str) -> list[str]:
        made = []
        for number in range(1, count + 1):
            words = _name(random) if not name else name.format(_word(random), _issue(random))
            made.append(f"{kind}:invented-{number}")
            names[made[-1]] = words
        return made

    # What people work for is listed before them: a load takes what is there already.
    organizations = entities("organization", max(6, statements * 2 // 100), "{0} Institute")
    groups = entities("group", max(3, statements // 100), "delegates of {0}")
    countries = entities("country", 20, "Republic of {0}")
    issues = entities("issue", max(40, statements // 50), "{1} of {0}")
    agreements = entities("agreement", max(2, statements // 1000), "Treaty of {0}")
    people = entities("person", max(12, statements * 7 // 100), "")
    actors = [*people, *organizations, *groups, *countries]
    random.shuffle(actors)
    return World(
        Ranked(actors),
        Ranked(organizations),
        Ranked(countries),
        Ranked(issues),
        Ranked(agreements),
        names,
    )


def directories(world: World, random: Random) -> Iterator[Plain]:
    """The sources that list all entities, and whom each person works for."""
    ids = list(world.names)
    for number, first in enumerate(range(0, len(ids), PER_SOURCE), 1):
        text = SourceText()
        for one in ids[first : first + PER_SOURCE]:
            _listed(text, world, one, random)
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


def _listed(text: SourceText, world: World, one: str, random: Random) -> None:
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
    employers = world.organizations.some(random, random.choice((1, 1, 2)))
    if random.random() < 0.3:
        employers.append(world.countries.one(random))
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
