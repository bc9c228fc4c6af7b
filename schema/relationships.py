"""The relationship types, each with its ends and its names in both directions."""

from typing import Annotated, ClassVar

from schema.declare import DERIVED, Held, NodeClass, Pair, Path, Rel
from schema.enumerations import Supersession
from schema.nodes import (
    Actor,
    Affiliation,
    AgendaItem,
    Agreement,
    Entity,
    Event,
    Fact,
    Issue,
    Passage,
    Position,
    Source,
    Statement,
    TradeFigure,
)
from schema.scalars import Edtf


class EvidencedBy(Rel):
    """The passages that say so."""

    pairs = (Pair((Entity, Fact), Passage, "1..n", forward="evidence", back="supports"),)


class PartOf(Rel):
    """What it belongs to."""

    pairs = (
        Pair(Passage, Source, "1", forward="source", back="passages", back_page=1000),
        Pair(Event, Event, "0..1", forward="partOf", back="parts"),
        Pair(AgendaItem, Event, "1", forward="partOf", back="agenda"),
    )
    acyclic = True


class DescribedIn(Rel):
    """What one source's facts file says of an entity; the entity shows what all of them say."""

    pairs = (Pair(Entity, Source, "0..n", forward="descriptions", back="describes"),)
    describes: ClassVar[NodeClass] = Entity


class SaidBy(Rel):
    """Who says it, in the source's own words or in a report of them."""

    pairs = (Pair(Statement, Actor, "0..n", forward="speakers", back="statements"),)
    searched = True


class SaidAt(Rel):
    """The event at which it was said."""

    pairs = (Pair(Statement, Event, "0..1", forward="saidAt", back="statements"),)


class About(Rel):
    """What it is about."""

    pairs = (
        Pair(
            (Statement, TradeFigure, Event, AgendaItem),
            (Issue, Agreement),
            "0..n",
            forward="about",
            back="{starts}",
        ),
        Pair(
            (Statement, TradeFigure, Event, AgendaItem),
            (Actor, Event, TradeFigure),
            "0..n",
            forward="about",
            back="{starts}About",
        ),
    )
    searched = True


class States(Rel):
    """The figures it gives."""

    pairs = (
        Pair(Statement, TradeFigure, "0..n", forward="figures", back="statements"),
        Pair(Position, TradeFigure, "0..n", forward="figures", back="positions"),
    )


class HeldBy(Rel):
    """Who holds the position."""

    pairs = (Pair(Position, Actor, "1", forward="holder", back="positions"),)
    searched = True


# Apart from HeldBy: those who are heard most hold thousands of positions, and have few roles.
class AffiliationOf(Rel):
    """Whose role it is."""

    pairs = (Pair(Affiliation, Actor, "1", forward="holder", back="affiliations"),)
    searched = True


class Toward(Rel):
    """What the position is on."""

    pairs = (
        Pair(
            Position,
            (Issue, Agreement, Actor, Event),
            "1",
            forward="target",
            back="positionsToward",
        ),
    )
    searched = True


class ReportedIn(Rel):
    """The statement that reports the position."""

    pairs = (Pair(Position, Statement, "0..1", forward="reportedIn", back="positions"),)


class ReportedBy(Path):
    """Who says that the position is held: the speakers of the statement that reports it."""

    pair = Pair(Position, Actor, "0..n", forward="reporters", back="positionsReported")
    steps = ("reportedIn", "speakers")


class AffiliatedWith(Rel):
    """With whom, or to which agreement, the role is held."""

    pairs = (
        Pair(Affiliation, Actor, "1", forward="affiliatedWith", back="members"),
        Pair(Affiliation, Agreement, "1", forward="affiliatedWith", back="parties"),
    )
    searched = True


class HasParticipant(Rel):
    """Who takes part in the event."""

    pairs = (Pair(Event, Actor, "0..n", forward="participants", back="participatedIn"),)

    participant_role: Annotated[str | None, "As what: negotiator, host, speaker."]


class Reporter(Rel):
    """The country or body whose figure it is."""

    pairs = (Pair(TradeFigure, Actor, "0..1", forward="reporter", back="figuresReported"),)
    searched = True


class Partner(Rel):
    """The other side of the trade, seen from the reporter."""

    pairs = (Pair(TradeFigure, Actor, "0..1", forward="partner", back="figuresAsPartner"),)
    searched = True


class Follows(Rel):
    """The event before it in its series."""

    pairs = (Pair(Event, Event, "0..n", forward="follows", back="followedBy"),)
    acyclic = True


class Supersedes(Rel):
    """The older claim that a source corrects or retracts by this one."""

    pairs = (Pair(Fact, Fact, "0..n", forward="supersedes", back="supersededBy"),)
    acyclic = True
    held = Held("superseded_on")

    supersession: Annotated[Supersession, "Why."]
    superseded_on: Annotated[
        Edtf | None,
        "When the newer claim was made: the date of the statement that makes, states or reports "
        "it, else that of its source.",
        DERIVED,
    ]


class MergedInto(Rel):
    """The entity that this one was found to be."""

    pairs = (Pair(Entity, Entity, "0..1", forward="mergedInto", back="mergedFrom"),)
    hidden = True


class DifferentFrom(Rel):
    """Another entity that could be taken for this one and is not."""

    pairs = (Pair(Entity, Entity, "0..n", forward="differentFrom", back="differentFrom"),)
    symmetric = True
