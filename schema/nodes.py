"""The node types: sources and passages, entities, facts, loads. To add one, add a class here."""

import datetime as dt
from typing import Annotated

from schema import enumerations as words
from schema.declare import (
    ATTACHED,
    DERIVED,
    INDEXED,
    SEARCHED,
    ComputedField,
    Exclusion,
    FoldedWith,
    InheritedFrom,
    Measure,
    Minimum,
    Node,
    ValidPeriod,
    Verb,
)
from schema.scalars import (
    COUNTRY_CODE,
    LANGUAGE_TAG,
    SHA256,
    WEB_ADDRESS,
    Decimal,
    Edtf,
    Long,
    Token,
)

SUPERSEDED = "[?standing=corrected (corrected)][?standing=retracted (retracted)]"
"""Ends the caption of every fact: says whether it was corrected or retracted."""
AMOUNT = Measure(
    unit="unit",
    per="per",
    exclusions=(
        Exclusion(
            words.Inclusion.HYPOTHETICAL, "figure_status", (words.FigureStatus.HYPOTHETICAL,)
        ),
        Exclusion(
            words.Inclusion.SUPERSEDED,
            "standing",
            (words.Standing.CORRECTED, words.Standing.RETRACTED),
        ),
    ),
)
"""The number of a figure, which is added and compared only within one unit and one ``per``."""


class Source(Node, kind="source", caption="{title|{type}}[, {publisher}][, {publishedOn.month}]"):
    """What somebody published: an article, a report, a transcript."""

    type: Annotated[str, "The kind of publication: `news article`, `press release`, `report`."]
    title: Annotated[str | None, "The title, as published.", SEARCHED]
    publisher: Annotated[str | None, "The publisher, such as a newspaper or a ministry."]
    author: Annotated[str | None, "The author, as the source names them."]
    url: Annotated[Token | None, "The web address at which it was published.", WEB_ADDRESS]
    published_on: Annotated[Edtf | None, "The date of publication.", INDEXED]
    language: Annotated[
        Token | None, "The language of its text, as a BCP 47 tag: `en`, `pt-BR`.", LANGUAGE_TAG
    ]
    sha256: Annotated[
        Token,
        "The SHA-256 hash of its text in UTF-8, with LF line ends and no byte order mark.",
        SHA256,
    ]
    length: Annotated[int, "The length of its text in Unicode code points.", Minimum(0)]
    sentences: Annotated[
        list[int],
        "The offset at which each sentence of its text begins, in Unicode code points.",
        Minimum(0),
    ]
    full_text: Annotated[
        Token | None, "Its full text, if an operator has attached it; else null.", ATTACHED
    ]


class Passage(Node, kind="passage", caption="{locator}, {source.caption}"):
    """A part of a source's text, from `start` up to but not including `end`."""

    start: Annotated[int, "The offset at which it begins, in Unicode code points.", INDEXED]
    end: Annotated[int, "The offset behind its last character, in Unicode code points."]
    start_utf16: Annotated[
        int, "The offset at which it begins, in UTF-16 code units, as JavaScript counts."
    ]
    end_utf16: Annotated[int, "The offset behind its last character, in UTF-16 code units."]
    sha256: Annotated[Token, "The SHA-256 hash of its text in UTF-8."]
    first_sentence: Annotated[int, "The number of the sentence in which it begins, from 1."]
    last_sentence: Annotated[int, "The number of the sentence in which it ends, from 1."]
    locator: Annotated[
        Token, "The place for a reader who has the source but not the offsets: `sentence 31 of 45`."
    ]
    exact: Annotated[
        Token | None,
        "Its exact text, if an operator has attached the text of the source; else null.",
        ATTACHED,
    ]


class Entity(Node, plural="entities"):
    """A person, organization, issue, event or other thing that several sources can write about."""

    name: Annotated[
        str,
        "The name that is used most.",
        SEARCHED,
        INDEXED,
        FoldedWith("aliases", "previousNames"),
    ]
    aliases: Annotated[list[str] | None, "Other names, such as abbreviations: `NAFTA`.", SEARCHED]


class Actor(Entity):
    """A person or body that can speak, hold a position or an office, or take part in an event."""

    previous_names: Annotated[list[str] | None, "Names that it had before.", SEARCHED]
    classification: Annotated[str | None, "The kind of actor: `government agency`, `law firm`."]
    iso2: Annotated[Token | None, "The ISO 3166-1 alpha-2 code of a country: `MX`.", COUNTRY_CODE]
    anonymous: Annotated[bool | None, "Whether the source does not give the name."]
    size: Annotated[
        Long | None, "The number of members of a group, if the source gives it.", Minimum(1)
    ]


class Person(Actor, kind="person", plural="people", caption="{name}"):
    """A person, living or dead."""


class Organization(Actor, kind="organization", caption="{name}"):
    """An agency, company, institute, alliance or other body with a name of its own."""


class Country(Actor, kind="country", plural="countries", caption="{name}"):
    """A country; statements and positions of its government are linked to it too."""


class Group(Actor, kind="group", caption="{name}", capitalized=False):
    """Several people or bodies together, named or not: `lawmakers`, `two officials`."""


class Agreement(
    Entity, kind="agreement", caption="{name}", valid_period=ValidPeriod("signed_on", "ended_on")
):
    """A treaty, pact or other text that parties sign."""

    signed_on: Annotated[Edtf | None, "The date on which it was signed."]
    ended_on: Annotated[Edtf | None, "The date on which it ended."]


class Issue(Entity, kind="issue", caption="{name}", capitalized=False):
    """A subject that is negotiated or argued about, such as rules of origin."""


class Event(
    Entity, kind="event", caption="{name}[ ({date.words})]", valid_period=ValidPeriod("date")
):
    """Something that happens at a time: a round of talks, a meeting, a call, a summit."""

    event_type: Annotated[str, "The kind of event: `negotiation round`, `earnings call`."]
    date: Annotated[Edtf | None, "The date on which it takes place or took place.", INDEXED]
    event_status: Annotated[words.EventStatus | None, "Its status when the source was published."]
    ordinal: Annotated[int | None, "Its number in a series: 5 for the fifth round.", Minimum(0)]
    place: Annotated[str | None, "The place, such as a city."]
    originally_scheduled: Annotated[Edtf | None, "The date for which it was first planned."]


class Fact(Node):
    """A statement, figure, position, affiliation or agenda item that one source reports."""

    standing: Annotated[
        words.Standing, "Whether a source has since corrected or retracted it.", DERIVED
    ]


class Statement(
    Fact,
    kind="statement",
    caption="{speakers.name|Narration}: {text}" + SUPERSEDED,
    short={"by": "speakers", "on": "saidAt", "says": "text", "states": "figures"},
    verb=Verb("speechAct", into="text"),
    valid_period=ValidPeriod("said_on"),
):
    """Something that somebody said, or that the source says itself, in the editors' words."""

    text: Annotated[str, "The content, in the editors' words.", SEARCHED]
    mode: Annotated[words.Mode, "Whether the source quotes it, reports it, or says it itself."]
    attribution: Annotated[words.Attribution, "How the source identifies the speaker."]
    speech_act: Annotated[
        words.SpeechAct | None,
        "What the speaker does by saying it: demand, propose, warn.",
        INDEXED,
    ]
    quote: Annotated[str | None, "A phrase of at most six words, exactly as printed.", SEARCHED]
    capacity: Annotated[str | None, "The capacity in which the speaker speaks: `chief negotiator`."]
    said_on: Annotated[
        Edtf | None, "The date on which it was said.", INDEXED, InheritedFrom("saidAt.date")
    ]
    medium: Annotated[
        str | None, "The medium in which it was said: `interview`, `earnings call`, `report`."
    ]
    place: Annotated[str | None, "The place where it was said.", InheritedFrom("saidAt.place")]


class TradeFigure(
    Fact,
    kind="figure",
    plural="trade_figures",
    caption="{measure}: {words}[, {period.words}]" + SUPERSEDED,
    short={"of": ("reporter", "partner")},
    valid_period=ValidPeriod("period", "period"),
    computed=(
        ComputedField(
            "words",
            ("comparator", "unit", "value", "lower", "upper", "scale", "per"),
            "The amount in words: `more than 1 trillion USD a year`.",
            searched=True,
        ),
    ),
):
    """An amount that a source gives: measured, estimated, forecast, proposed or in force."""

    measure: Annotated[str, "What is measured: `goods balance`, `content requirement`.", SEARCHED]
    unit: Annotated[
        Token, "The unit: an ISO 4217 currency, `percent`, or a word such as `jobs`.", INDEXED
    ]
    comparator: Annotated[
        words.Comparator, "Whether the amount is exact, about, at least, a range, or vague."
    ]
    figure_status: Annotated[
        words.FigureStatus, "Whether it is observed, an estimate, a forecast, a proposal or a rule."
    ]
    value: Annotated[
        Decimal | None,
        "The amount in base units: 1.2 billion USD is 1200000000, 2 percent is 2.",
        INDEXED,
        AMOUNT,
    ]
    lower: Annotated[Decimal | None, "The lower bound of a range.", AMOUNT]
    upper: Annotated[Decimal | None, "The upper bound of a range.", AMOUNT]
    scale: Annotated[int | None, "The power of ten in which it was printed: 9 for billions."]
    period: Annotated[Edtf | None, "The period that it covers: `2016`, `2017-01/2017-09`.", INDEXED]
    per: Annotated[Token | None, "What it counts per: `year`, `kg`."]
    horizon: Annotated[str | None, "The time over which it is expected to come about: `10 years`."]
    flow: Annotated[words.Flow | None, "The direction of trade, seen from the reporter."]
    product: Annotated[
        str | None, "The goods or services that it counts: `cars`, `dairy`.", SEARCHED
    ]


class Position(
    Fact,
    kind="position",
    caption="{holder.name} {stance}: {target.caption}[?voice=third-party, say {reporters.name}]"
    "[ – {content}]" + SUPERSEDED,
    short={"by": "holder"},
    verb=Verb("stance", into="target"),
    valid_period=ValidPeriod("held_on"),
):
    """What an actor wants of an issue, agreement, actor or event: support, oppose, demand."""

    stance: Annotated[words.Stance, "The holder's attitude to the target.", INDEXED]
    content: Annotated[
        str | None, "What exactly the holder wants, in the editors' words.", SEARCHED
    ]
    held_on: Annotated[
        Edtf | None, "The date on which it was held.", INDEXED, InheritedFrom("reportedIn.saidOn")
    ]
    voice: Annotated[
        words.Voice | None, "Who says that the holder has this position.", DERIVED, INDEXED
    ]
    not_after: Annotated[
        dt.date | None, "The last day on which it can have been held, if it has no date.", DERIVED
    ]


class Affiliation(
    Fact,
    kind="affiliation",
    caption="{holder.name}: {role}, {affiliatedWith.name}[ ({affiliationStatus})]" + SUPERSEDED,
    short={"by": "holder", "with": "affiliatedWith"},
    valid_period=ValidPeriod("valid_from", "valid_to"),
):
    """A role of an actor in another, or of a party in an agreement."""

    role: Annotated[str, "The role: `chief executive officer`, `member`, `party`.", SEARCHED]
    affiliation_status: Annotated[
        words.AffiliationStatus | None, "Whether it is held, was held, or will be."
    ]
    department: Annotated[
        str | None, "The part of the other in which it is held: a practice, a programme."
    ]
    valid_from: Annotated[Edtf | None, "The date from which it is held."]
    valid_to: Annotated[Edtf | None, "The date until which it is held."]


class AgendaItem(
    Fact,
    kind="agenda",
    plural="agenda_items",
    caption="{about.caption|{statusText}}[ ({agendaStatus})], {partOf.name}" + SUPERSEDED,
):
    """A chapter or topic of talks, with its progress."""

    item_kind: Annotated[words.ItemKind, "Whether it is a chapter or a topic."]
    agenda_status: Annotated[words.AgendaStatus, "The progress of its negotiation.", INDEXED]
    status_text: Annotated[str | None, "The progress of its negotiation, in the editors' words."]


class Load(Node, kind="load", caption="version {version}: {loadKind}[ of {sourceId}]"):
    """A change of the graph: the load or unload of a source, with its time and author."""

    version: Annotated[int, "The version of the graph that it made."]
    at: Annotated[dt.datetime, "The time of the change.", INDEXED]
    load_kind: Annotated[words.LoadKind, "The kind of change."]
    source_id: Annotated[
        Token | None, "The id of the source that was loaded or unloaded, if it was one."
    ]
    by: Annotated[str | None, "The name of the person or program that made the change."]
    note: Annotated[str | None, "A note on the reason."]
    part: Annotated[Token | None, "The part of a load that was made in several: `3 of 12`."]
    counts: Annotated[Token | None, "The numbers of records added, changed and expired, as JSON."]
    facts_file: Annotated[Token | None, "The facts file that was loaded, if it has at most 1 MB."]
