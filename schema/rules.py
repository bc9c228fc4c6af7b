"""What follows from what a facts file says: values left out, and values derived.

Each rule is a plain function over the values and links of one record, by their names; the loader
applies them and knows no names itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schema.enumerations import Attribution, Comparator, FigureStatus, ItemKind, Mode, Voice
from schema.scalars import Value

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may look at: the record, and what its links name.

    ``links`` are ids by the link's name; ``of`` gives the record of an id if the same file has it;
    ``published`` is the last day on which the source can have been published, as ISO text.
    """

    values: Values
    links: Mapping[str, Sequence[str]]
    of: Callable[[str], "Known | None"]
    kind: str
    published: str | None = None
    anonymous: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)


def statement(known: Known) -> Values:
    """How it is rendered and attributed, unless the file says so."""
    speakers = known.links.get("speakers", ())
    if not speakers:
        return {"mode": Mode.NARRATION.value, "attribution": Attribution.NARRATOR.value}
    mode = Mode.MIXED if known.values.get("quote") else Mode.INDIRECT
    people = [known.of(one) for one in speakers]
    if any(one is not None and one.anonymous for one in people):
        attribution = Attribution.ANONYMOUS
    elif any(not one.startswith("person:") for one in speakers):
        attribution = Attribution.COLLECTIVE
    else:
        attribution = Attribution.NAMED
    return {"mode": mode.value, "attribution": attribution.value}


def figure(_: Known) -> Values:
    """A figure is observed unless the file says otherwise."""
    return {"figureStatus": FigureStatus.OBSERVED.value}


def agenda_item(_: Known) -> Values:
    """An item is a topic unless the file says otherwise."""
    return {"itemKind": ItemKind.TOPIC.value}


def position(known: Known) -> Values:
    """Whose word it is, and by when it was held."""
    derived: dict[str, Value] = {"voice": Voice.SOURCE.value}
    reported = [known.of(one) for one in known.links.get("reportedIn", ())]
    speakers = [s for one in reported if one is not None for s in one.links.get("speakers", ())]
    if speakers:
        own = set(speakers) & set(known.links.get("holder", ()))
        derived["voice"] = (Voice.OWN if own else Voice.THIRD_PARTY).value
    if not known.values.get("heldOn") and known.published:
        derived["notAfter"] = known.published
    return derived


def amount_mistakes(values: Values) -> list[tuple[str, str]]:
    """What of a figure's number does not go together: a property, and what is wrong with it."""
    comparator = values.get("comparator")
    given = {name for name in ("value", "lower", "upper") if values.get(name) is not None}
    bounds = {"lower", "upper"}
    needs = {
        Comparator.RANGE.value: bounds,
        Comparator.APPROX_RANGE.value: bounds,
        Comparator.VAGUE.value: set(),
    }
    wanted = given if comparator is None else needs.get(str(comparator), {"value"})
    mistakes = [
        (name, f"a number that is {comparator!r} needs {name}") for name in sorted(wanted - given)
    ]
    mistakes += [
        (name, f"a number that is {comparator!r} has no {name}") for name in sorted(given - wanted)
    ]
    if not mistakes and bounds <= wanted:
        lower, upper = (float(str(values[name])) for name in ("lower", "upper"))
        if lower > upper:
            mistakes.append(("lower", "the lower bound is greater than the upper one"))
    scale = values.get("scale")
    if scale not in {None, 0, *SCALE_WORDS}:
        known = ", ".join(f"{power} ({word})" for power, word in SCALE_WORDS.items())
        message = f"scale {scale} is no power of ten that a number is printed in: {known}"
        mistakes.append(("scale", f"{message}; leave it out where the number is printed in full"))
    return mistakes


SCALE_WORDS: Mapping[int, str] = {
    2: "hundred",
    3: "thousand",
    5: "lakh",
    6: "million",
    7: "crore",
    9: "billion",
    12: "trillion",
    15: "quadrillion",
    18: "quintillion",
}
"""The powers of ten that a number can be printed in, with their words."""
MISTAKES: Mapping[str, Callable[[Values], list[tuple[str, str]]]] = {"TradeFigure": amount_mistakes}
"""What values of one record do not go together, by label."""
EARLIER: Mapping[str, Mapping[str, str]] = {"Event": {"follows": "date"}}
"""By label, links that lead to what was before, with the date that says so."""
DEFAULTS: Mapping[str, Callable[[Known], Values]] = {
    "Statement": statement,
    "TradeFigure": figure,
    "AgendaItem": agenda_item,
}
"""Values that a record has unless its file gives others, by label."""
DERIVED: Mapping[str, Callable[[Known], Values]] = {"Position": position}
"""Values that a record always has by what it and others say, by label."""
AMOUNT = "is"
"""The short form of a figure's number and unit."""
AMOUNT_OF = "TradeFigure"
LIKE = "like"
FIND, AT = "find", "at"
START, END, START_UTF16, END_UTF16 = "start", "end", "startUtf16", "endUtf16"
LOCATOR = "locator"
QUOTE = "quote"
ANONYMOUS = "anonymous"
PUBLISHED = "publishedOn"
SHA256, LENGTH, SENTENCES = "sha256", "length", "sentences"
NAME = "name"
ALIASES = "aliases"
PREVIOUS_NAMES = "previousNames"
TITLE = "title"
UNIT, PER = "unit", "per"
SOURCE = "source"
PASSAGE = "passage"
STATEMENT = "statement"
COUNTRY = "country"
LOAD = "load"
SUPERSEDES = "supersedes"
SUPERSESSION = "supersession"
SUPERSEDED_ON = "supersededOn"
STANDING = "standing"
FORMER_STANDING = "statementStatus"
"""What the standing of statements was called; a migration takes it away."""
SAID_ON: Mapping[str, tuple[str, ...]] = {
    "Statement": ("saidOn",),
    "Position": ("reportedIn.saidOn", "heldOn"),
    "TradeFigure": ("statements.saidOn", "positions.heldOn"),
}
"""Paths to the date on which a fact was said, by label. The first that leads to a date within the
fact's own source counts; where none does, the fact was said when its source was published."""
FULL_TEXT, EXACT = "fullText", "exact"
QUOTE_WORDS = 6
