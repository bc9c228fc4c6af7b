"""The node types: sources and passages, entities, facts, loads. To add one, add a class here."""

import datetime as dt
from typing import Annotated

from schema import enumerations as words
from schema.declare import (
    ATTACHED,
    DERIVED,
    INDEXED,
    SEARCHED,
    AtLeast,
    Computed,
    FoldedWith,
    Held,
    Inherited,
    LeftOut,
    Measured,
    Node,
    Verb,
)
from schema.patterns import COUNTRY_CODE, LANGUAGE_TAG, SHA256, WEB_ADDRESS
from schema.scalars import Decimal, Edtf, Long, Token

SUPERSEDED = "[?standing=corrected (corrected)][?standing=retracted (retracted)]"
"""Ends the caption of every fact: a claim that no longer stands says so."""
AMOUNT = Measured(
    unit="unit",
    per="per",
    left_out=(
        LeftOut(words.Inclusion.HYPOTHETICAL, "figure_status", (words.FigureStatus.HYPOTHETICAL,)),
        LeftOut(
            words.Inclusion.SUPERSEDED,
            "standing",
            (words.Standing.CORRECTED, words.Standing.RETRACTED),
        ),
    ),
)
"""The number of a figure: added and compared only within one unit and one ``per``."""


class Source(Node, kind="source", caption="{title|{type}}[, {publisher}][, {publishedOn.month}]"):
    """What somebody published: an article, a report, a transcript."""

    type: Annotated[str, "What sort of source it is: news article, press release, report."]
    title: Annotated[str | None, "Its title.", SEARCHED]
    publisher: Annotated[str | None, "Who published it."]
    author: Annotated[str | None, "Who wrote it."]
    url: Annotated[Token | None, "Where it is published.", WEB_ADDRESS]
    published_on: Annotated[Edtf | None, "When it was published.", INDEXED]
    language: Annotated[Token | None, "The language of its text, as a BCP 47 tag.", LANGUAGE_TAG]
    sha256: Annotated[Token, "SHA-256 of its text: UTF-8, LF, no byte order mark.", SHA256]
    length: Annotated[int, "Length of its text in Unicode code points.", AtLeast(0)]
    sentences: Annotated[
        list[int], "Where each sentence of its text begins, in code points.", AtLeast(0)
    ]
    full_text: Annotated[Token | None, "Its text, where an operator attached it.", ATTACHED]


class Passage(Node, kind="passage", caption="{locator}, {source.caption}"):
    """A stretch of a source's text, from ``start`` to ``end`` exclusive."""

    start: Annotated[int, "Where it begins, in Unicode code points.", INDEXED]
    end: Annotated[int, "Where it ends (exclusive), in Unicode code points."]
    start_utf16: Annotated[int, "Where it begins, in UTF-16 code units, as JavaScript counts."]
    end_utf16: Annotated[int, "Where it ends (exclusive), in UTF-16 code units."]
    sha256: Annotated[Token, "SHA-256 of its text in UTF-8."]
    first_sentence: Annotated[int, "The sentence it begins in, counted from 1."]
    last_sentence: Annotated[int, "The sentence it ends in, counted from 1."]
    locator: Annotated[Token, "Where to look without the text: `sentence 31 of 45`."]
    exact: Annotated[Token | None, "Its text, where an operator attached the source's.", ATTACHED]


class Entity(Node, plural="entities"):
    """Something that sources speak of and that keeps its identity across them."""

    name: Annotated[
        str, "The name most used.", SEARCHED, INDEXED, FoldedWith("aliases", "previousNames")
    ]
    aliases: Annotated[list[str] | None, "Other names it goes by.", SEARCHED]


class Actor(Entity):
    """Who can speak, hold a position or an office, or take part."""

    previous_names: Annotated[list[str] | None, "Names it went by before.", SEARCHED]
    classification: Annotated[str | None, "What sort of actor it is: government agency, law firm."]
    iso2: Annotated[Token | None, "A country's code in ISO 3166-1 alpha-2.", COUNTRY_CODE]
    anonymous: Annotated[bool | None, "Whether the source withholds the name."]
    size: Annotated[Long | None, "How many the group is, where the source says so.", AtLeast(1)]


class Person(Actor, kind="person", plural="people", caption="{name}"):
    """A human being."""


class Organization(Actor, kind="organization", caption="{name}"):
    """A body with a name of its own: an agency, a firm, an institute, an alliance."""


class Country(Actor, kind="country", plural="countries", caption="{name}"):
    """A country, which here stands for its government too."""


class Group(Actor, kind="group", caption="{name}", proper=False):
    """People or bodies taken together, named or not: lawmakers, two officials, observers."""


class Agreement(Entity, kind="agreement", caption="{name}", held=Held("signed_on", "ended_on")):
    """What parties sign: a treaty, a pact."""

    signed_on: Annotated[Edtf | None, "When it was signed."]
    ended_on: Annotated[Edtf | None, "When it ended."]


class Issue(Entity, kind="issue", caption="{name}", proper=False):
    """What is negotiated or argued about."""


class Event(Entity, kind="event", caption="{name}[ ({date.words})]", held=Held("date")):
    """What happens at a time: a round of talks, a meeting, a call, a summit."""

    event_type: Annotated[str, "What sort of event it is: negotiation round, earnings call."]
    date: Annotated[Edtf | None, "When it is or was.", INDEXED]
    event_status: Annotated[words.EventStatus | None, "Where it stands at the source's time."]
    ordinal: Annotated[
        int | None, "Which one of its series it is: 5 for the fifth round.", AtLeast(0)
    ]
    place: Annotated[str | None, "Where it is or was."]
    originally_scheduled: Annotated[Edtf | None, "When it was first to be."]


class Fact(Node):
    """Something that a source says is so; it belongs to that source."""

    standing: Annotated[words.Standing, "Whether it still stands, by the sources' word.", DERIVED]


class Statement(
    Fact,
    kind="statement",
    caption="{speakers.name|Narration}: {text}" + SUPERSEDED,
    short={"by": "speakers", "on": "saidAt", "says": "text", "states": "figures"},
    verb=Verb("speechAct", into="text"),
    held=Held("said_on"),
):
    """What somebody said, or what the source itself says, retold in our words."""

    text: Annotated[str, "What is said, in our words.", SEARCHED]
    mode: Annotated[words.Mode, "How the source renders it."]
    attribution: Annotated[words.Attribution, "How the source names who says it."]
    speech_act: Annotated[words.SpeechAct | None, "What is done by saying it.", INDEXED]
    quote: Annotated[str | None, "A phrase of at most six words, as printed.", SEARCHED]
    capacity: Annotated[str | None, "In which capacity the speaker speaks."]
    said_on: Annotated[Edtf | None, "When it was said.", INDEXED, Inherited("saidAt.date")]
    medium: Annotated[str | None, "Through what it was said: interview, earnings call, report."]
    place: Annotated[str | None, "Where it was said.", Inherited("saidAt.place")]


class TradeFigure(
    Fact,
    kind="figure",
    plural="trade_figures",
    caption="{measure}: {words}[, {period.words}]" + SUPERSEDED,
    short={"of": ("reporter", "partner")},
    held=Held("period", "period"),
    computed=(
        Computed(
            "words",
            ("comparator", "unit", "value", "lower", "upper", "scale", "per"),
            "The number as a reader would say it: `more than 1 trillion USD a year`.",
            searched=True,
        ),
    ),
):
    """A number, or the lack of one, that a source gives for something measured, set or foreseen."""

    measure: Annotated[str, "What is measured: goods balance, content requirement.", SEARCHED]
    unit: Annotated[Token, "Its unit: a currency (ISO 4217), `percent`, or a word.", INDEXED]
    comparator: Annotated[words.Comparator, "How the number is to be read."]
    figure_status: Annotated[words.FigureStatus, "What the figure claims to be."]
    value: Annotated[
        Decimal | None,
        "The number in base units; 2 percent is 2.",
        INDEXED,
        AMOUNT,
    ]
    lower: Annotated[Decimal | None, "The lower bound of a range.", AMOUNT]
    upper: Annotated[Decimal | None, "The upper bound of a range.", AMOUNT]
    scale: Annotated[int | None, "The power of ten it was printed in: 9 for billions."]
    period: Annotated[Edtf | None, "The time it covers.", INDEXED]
    per: Annotated[Token | None, "Per which time it counts: `year`."]
    horizon: Annotated[str | None, "Over which time it would come about."]
    flow: Annotated[words.Flow | None, "Which way goods or services go."]
    product: Annotated[str | None, "What goods or services it counts.", SEARCHED]


class Position(
    Fact,
    kind="position",
    caption="{holder.name} {stance}: {target.caption}[?voice=third-party, say {reporters.name}]"
    "[ – {content}]" + SUPERSEDED,
    short={"by": "holder"},
    verb=Verb("stance", into="target"),
    held=Held("held_on"),
):
    """What an actor wants of an issue, an agreement, another actor or an event."""

    stance: Annotated[words.Stance, "What the holder wants of it.", INDEXED]
    content: Annotated[str | None, "What exactly, in our words.", SEARCHED]
    held_on: Annotated[Edtf | None, "When it was held.", INDEXED, Inherited("reportedIn.saidOn")]
    voice: Annotated[words.Voice | None, "Whose word it is.", DERIVED, INDEXED]
    not_after: Annotated[
        dt.date | None, "The last day it can be from, where it has no date.", DERIVED
    ]


class Affiliation(
    Fact,
    kind="affiliation",
    caption="{holder.name}: {role}, {affiliatedWith.name}[ ({affiliationStatus})]" + SUPERSEDED,
    short={"by": "holder", "with": "affiliatedWith"},
    held=Held("valid_from", "valid_to"),
):
    """A role that an actor has with another, or a party's part in an agreement."""

    role: Annotated[str, "The role: chief executive officer, member, party.", SEARCHED]
    affiliation_status: Annotated[words.AffiliationStatus | None, "Whether it is held."]
    department: Annotated[str | None, "Where within the other: a practice, a programme."]
    valid_from: Annotated[Edtf | None, "Since when."]
    valid_to: Annotated[Edtf | None, "Until when."]


class AgendaItem(
    Fact,
    kind="agenda",
    plural="agenda_items",
    caption="{about.caption|{statusText}}[ ({agendaStatus})], {partOf.name}" + SUPERSEDED,
):
    """A chapter or a topic of talks, and how far it has come."""

    item_kind: Annotated[words.ItemKind, "What it is."]
    agenda_status: Annotated[words.AgendaStatus, "How far it has come.", INDEXED]
    status_text: Annotated[str | None, "How far it has come, in our words."]


class Load(Node, kind="load", caption="version {version}: {loadKind}[ of {sourceId}]"):
    """One change of the graph: what was written, when, by whom."""

    version: Annotated[int, "The version of the graph it made."]
    at: Annotated[dt.datetime, "When.", INDEXED]
    load_kind: Annotated[words.LoadKind, "What it did."]
    source_id: Annotated[Token | None, "The source it loaded or unloaded, if it was one."]
    by: Annotated[str | None, "Who did it."]
    note: Annotated[str | None, "Why."]
    part: Annotated[Token | None, "Which part it is of a load in several: `3 of 12`."]
    counts: Annotated[Token | None, "What it recorded, changed and expired, as JSON."]
    facts_file: Annotated[Token | None, "The facts file as it was loaded, up to 1 MB."]
