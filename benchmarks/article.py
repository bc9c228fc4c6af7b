"""Invent one article: an event with statements, figures and positions."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from benchmarks.invented_world import KINDS, THINGS, World
from benchmarks.source_text import Plain, SourceText

FIRST_DAY = date(2031, 1, 1)
DAYS = 1400
"""The days over which all articles are spread."""
ACTS = "states demands proposes accepts rejects warns criticizes praises asks promises".split()
STANCES = "demands proposes supports opposes criticizes warns".split()
PARTS = "host party mediator observer".split()
VERBS = "delay widen abolish double freeze audit phase-in suspend publish halve extend open".split()
REASONS = "harvest election winter drought strike summit deadline census flood ballot".split()
UNITS = ("million EUR", "billion USD", "%", "thousand tonnes")
MEASURES = "trade balance,quota,tariff rate,payment,traffic".split(",")


def invent_article(
    world: World, number: int, of: int, statements: int, seed: int
) -> Iterator[Plain]:
    """Yield the records of one article, always the same for the same arguments."""
    random = Random(f"{seed}/{number}")
    day = FIRST_DAY + timedelta(days=DAYS * number // of)
    text = SourceText()
    event = _event(text, world, number, day, random)
    for count in range(1, statements + 1):
        _statement(text, world, event, count, day, random)
    yield from text.lines(
        {
            "id": f"source:invented-article-{number}",
            "type": "invented article",
            "title": f"Invented article {number}",
            "publisher": "The Invented Press",
            "publishedOn": str(day),
            "language": "en",
        }
    )


def _event(text: SourceText, world: World, number: int, day: date, random: Random) -> str:
    actors = world.actors.draw(random, random.randint(3, 8))
    issue = world.issues.draw_one(random)
    key = f"invented-round-{number}"
    cited = text.say(f"Round {number} on {world.names[issue]} was held on {day}.")
    record: Plain = {
        "event": key,
        "name": f"Invented round {number}",
        "eventType": "negotiation round",
        "eventStatus": "held",
        "date": str(day),
        "ordinal": number,
        "about": [issue],
        "participants": [{"id": a, "participantRole": random.choice(PARTS)} for a in actors],
    }
    text.record(record, cited, [issue, *actors])
    return f"event:{key}"


def _statement(
    text: SourceText, world: World, event: str, count: int, day: date, random: Random
) -> None:
    speakers = world.actors.draw(random, random.choice((0, *[1] * 17, 2, 2)))
    issues = world.issues.draw(random, random.choice((1, 1, 2, 3)))
    about = [*issues, *(world.agreements.draw(random, 1) if random.random() < 0.2 else ())]
    said = _claim(random)
    said_on = day - timedelta(days=random.randint(0, 20))
    record: Plain = {
        "statement": f"claim-{count}",
        "speechAct": random.choice(ACTS),
        "text": said,
        "about": about,
        "saidOn": str(said_on) if random.random() < 0.9 else f"{said_on:%Y-%m}",
    }
    if speakers:
        record["by"] = speakers
    if random.random() < 0.6:
        record["on"] = event
    if random.random() < 0.1:
        record["quote"] = " ".join(said.split()[1:4])
    names = " and ".join(world.names[one] for one in speakers) or "Nobody in particular"
    start, end = text.say(f"{names} said: {said} It is {_amount(random)} now.")
    claim = (start, end)
    if random.random() < 0.2:
        cited = text.say(f"The {count}th count gives {_amount(random)}.")
        record["states"] = [f"count-{count}"]
        sides = world.countries.draw(random, 2)
        text.record(_figure(count, sides, issues[0], day, random), cited, sides)
    text.record(record, claim, [*speakers, *about])
    if speakers and random.random() < 0.25:
        position: Plain = {
            "position": f"stance-{count}",
            "by": speakers[0],
            "stance": random.choice(STANCES),
            "target": issues[0],
            "reportedIn": f"claim-{count}",
            "heldOn": str(said_on),
        }
        text.record(position, claim, [speakers[0], issues[0]])


def _figure(count: int, sides: list[str], issue: str, day: date, random: Random) -> Plain:
    return {
        "figure": f"count-{count}",
        "is": _amount(random),
        "of": sides,
        "measure": random.choice(MEASURES),
        "figureStatus": random.choice(("observed", "estimate", "forecast", "proposed")),
        "period": str(day.year - 1),
        "about": [issue],
    }


def _claim(random: Random) -> str:
    """Return a claim in a few words, which together are rare."""
    things = random.sample(THINGS, 2)
    return (
        f"To {random.choice(VERBS)} the {things[0]} {random.choice(KINDS)} would "
        f"{random.choice(VERBS)} every {things[1]} {random.choice(KINDS)} "
        f"before the {random.choice(REASONS)} of {random.randint(1, 9999)}."
    )


def _amount(random: Random) -> str:
    return f"{random.randint(1, 999) / 10} {random.choice(UNITS)}"
