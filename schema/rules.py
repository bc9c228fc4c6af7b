"""The rules of Parley's domain: defaults, derived values, checks of values, and names in code.

A rule is a function of the values and links of one record. The loader applies the rules of a
record's label, and knows none of them itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from schema.enumerations import Attribution, Comparator, FigureStatus, ItemKind, Mode, Voice
from schema.scalars import PropertyValue

RecordValues = Mapping[str, PropertyValue]


@dataclass(frozen=True, slots=True)
class RecordContext:
    """A record as a rule sees it, with the records that it links to.

    ``links`` are ids by the name of the link; ``of`` returns the record with an id if the same
    file has it. ``published`` is the last day on which the source can have been published, as ISO
    text.
    """

    values: RecordValues
    links: Mapping[str, Sequence[str]]
    of: Callable[[str], "RecordContext | None"]
    published: str | None = None
    anonymous: bool = False


def statement_defaults(record: RecordContext) -> RecordValues:
    """Return the mode and the attribution of a statement, judged by its speakers and its quote."""
    speakers = record.links.get("speakers", ())
    if not speakers:
        return {"mode": Mode.NARRATION.value, "attribution": Attribution.NARRATOR.value}
    mode = Mode.MIXED if record.values.get("quote") else Mode.INDIRECT
    people = [record.of(one) for one in speakers]
    if any(one is not None and one.anonymous for one in people):
        attribution = Attribution.ANONYMOUS
    elif any(not one.startswith("person:") for one in speakers):
        attribution = Attribution.COLLECTIVE
    else:
        attribution = Attribution.NAMED
    return {"mode": mode.value, "attribution": attribution.value}


def figure_defaults(_: RecordContext) -> RecordValues:
    """Return the status of a figure: observed."""
    return {"figureStatus": FigureStatus.OBSERVED.value}


def agenda_item_defaults(_: RecordContext) -> RecordValues:
    """Return the kind of an agenda item: a topic."""
    return {"itemKind": ItemKind.TOPIC.value}


def derive_position(record: RecordContext) -> RecordValues:
    """Return whose word a position is, and the day after which it cannot have been held."""
    derived: dict[str, PropertyValue] = {"voice": Voice.SOURCE.value}
    reported = [record.of(one) for one in record.links.get("reportedIn", ())]
    speakers = [s for one in reported if one is not None for s in one.links.get("speakers", ())]
    if speakers:
        own = set(speakers) & set(record.links.get("holder", ()))
        derived["voice"] = (Voice.OWN if own else Voice.THIRD_PARTY).value
    if not record.values.get("heldOn") and record.published:
        derived["notAfter"] = record.published
    return derived


def find_amount_mistakes(values: RecordValues) -> list[tuple[str, str]]:
    """Return the properties of a figure's number that contradict each other, with what is wrong."""
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
"""The words of the powers of ten in which a number can be printed."""
MISTAKES: Mapping[str, Callable[[RecordValues], list[tuple[str, str]]]] = {
    "TradeFigure": find_amount_mistakes
}
"""Checks of the values of one record, by label; each returns properties and what is wrong."""
EARLIER: Mapping[str, Mapping[str, str]] = {"Event": {"follows": "date"}}
"""By label, the links that lead to something earlier, each with the date that is compared."""
DEFAULTS: Mapping[str, Callable[[RecordContext], RecordValues]] = {
    "Statement": statement_defaults,
    "TradeFigure": figure_defaults,
    "AgendaItem": agenda_item_defaults,
}
"""Rules for values that a record has unless its file gives others, by label."""
DERIVED: Mapping[str, Callable[[RecordContext], RecordValues]] = {"Position": derive_position}
"""Rules for values that follow from a record and its links, by label; they override the file."""
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
"""The former name of ``standing`` on statements; a migration removes it."""
SAID_ON: Mapping[str, tuple[str, ...]] = {
    "Statement": ("saidOn",),
    "Position": ("reportedIn.saidOn", "heldOn"),
    "TradeFigure": ("statements.saidOn", "positions.heldOn"),
}
"""By label, the paths to the date on which a fact was said. The first path that leads to a date in
the fact's own source counts; without one, it is the date of the source's publication."""
FULL_TEXT, EXACT = "fullText", "exact"
QUOTE_WORDS = 6
