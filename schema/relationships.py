"""The relationship types, each with its ends and its names in both directions."""

from typing import Annotated, ClassVar

from schema.declare import DERIVED, DerivedLink, Endpoints, NodeClass, Relationship, ValidPeriod
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


class EvidencedBy(Relationship):
    """An entity or fact is evidenced by a passage of its source."""

    endpoints = Endpoints(
        (Entity, Fact),
        Passage,
        "1..n",
        forward="evidence",
        doc="The passages of sources that it rests on.",
        back="supports",
        back_doc="The entities and facts that rest on this passage.",
    )


class PartOf(Relationship):
    """A passage is part of a source; an event or agenda item is part of an event."""

    endpoints = (
        Endpoints(
            Passage,
            Source,
            "1",
            forward="source",
            doc="The source whose text this passage is part of.",
            back="passages",
            back_doc="The cited passages of this source.",
            back_page=1000,
        ),
        Endpoints(
            Event,
            Event,
            "0..1",
            forward="partOf",
            doc="The larger event that this event is part of, such as the talks of a round.",
            back="parts",
            back_doc="The events that are part of this event.",
        ),
        Endpoints(
            AgendaItem,
            Event,
            "1",
            forward="partOf",
            doc="The event whose agenda has this item.",
            back="agenda",
            back_doc="The items on the agenda of this event.",
        ),
    )
    acyclic = True


class DescribedIn(Relationship):
    """An entity is described in a source: the relationship has what that source says of it."""

    endpoints = Endpoints(
        Entity,
        Source,
        "0..n",
        forward="descriptions",
        doc="The sources that describe this entity, each with the properties it gives.",
        back="describes",
        back_doc="The entities that this source describes.",
    )
    describes: ClassVar[NodeClass] = Entity


class SaidBy(Relationship):
    """A statement is said by an actor."""

    endpoints = Endpoints(
        Statement,
        Actor,
        "0..n",
        forward="speakers",
        doc="The actors who make this statement.",
        back="statements",
        back_doc="The statements that this actor makes.",
    )
    searched = True


class SaidAt(Relationship):
    """A statement is said at an event."""

    endpoints = Endpoints(
        Statement,
        Event,
        "0..1",
        forward="saidAt",
        doc="The event at which this statement was made, such as an interview.",
        back="statements",
        back_doc="The statements that were made at this event.",
    )


class About(Relationship):
    """A statement, figure, event or agenda item is about an entity or a figure."""

    endpoints = (
        Endpoints(
            (Statement, TradeFigure, Event, AgendaItem),
            (Issue, Agreement),
            "0..n",
            forward="about",
            doc="The issues, agreements, actors, events and figures that it is about.",
            back="{starts}",
            back_doc="The {starts} about this issue or agreement.",
        ),
        Endpoints(
            (Statement, TradeFigure, Event, AgendaItem),
            (Actor, Event, TradeFigure),
            "0..n",
            forward="about",
            doc="The issues, agreements, actors, events and figures that it is about.",
            back="{starts}About",
            back_doc="The {starts} about this actor, event or figure.",
        ),
    )
    searched = True


class States(Relationship):
    """A statement or position states a figure."""

    endpoints = (
        Endpoints(
            Statement,
            TradeFigure,
            "0..n",
            forward="figures",
            doc="The figures that this statement gives.",
            back="statements",
            back_doc="The statements that give this figure.",
        ),
        Endpoints(
            Position,
            TradeFigure,
            "0..n",
            forward="figures",
            doc="The figures that this position asks for, such as a proposed quota.",
            back="positions",
            back_doc="The positions that ask for this figure.",
        ),
    )


class HeldBy(Relationship):
    """A position is held by an actor."""

    endpoints = Endpoints(
        Position,
        Actor,
        "1",
        forward="holder",
        doc="The actor who holds this position.",
        back="positions",
        back_doc="The positions that this actor holds.",
    )
    searched = True


# Apart from HeldBy: those who are heard most hold thousands of positions, and have few roles.
class AffiliationOf(Relationship):
    """An affiliation is the role of an actor."""

    endpoints = Endpoints(
        Affiliation,
        Actor,
        "1",
        forward="holder",
        doc="The actor who has this role.",
        back="affiliations",
        back_doc="The roles of this actor in others and in agreements.",
    )
    searched = True


class Toward(Relationship):
    """A position is toward an issue, agreement, actor or event."""

    endpoints = Endpoints(
        Position,
        (Issue, Agreement, Actor, Event),
        "1",
        forward="target",
        doc="The issue, agreement, actor or event that this position is on.",
        back="positionsToward",
        back_doc="The positions that actors hold on it.",
    )
    searched = True


class ReportedIn(Relationship):
    """A position is reported in a statement."""

    endpoints = Endpoints(
        Position,
        Statement,
        "0..1",
        forward="reportedIn",
        doc="The statement that reports this position.",
        back="positions",
        back_doc="The positions that this statement reports.",
    )


class ReportedBy(DerivedLink):
    """The speakers of the statement that reports a position."""

    endpoints = Endpoints(
        Position,
        Actor,
        "0..n",
        forward="reporters",
        doc="The actors who say that the holder has this position: the speakers of `reportedIn`.",
        back="positionsReported",
        back_doc="The positions that this actor reports, of itself or of others.",
    )
    steps = ("reportedIn", "speakers")


class AffiliatedWith(Relationship):
    """An affiliation is a role in an actor or in an agreement."""

    endpoints = (
        Endpoints(
            Affiliation,
            Actor,
            "1",
            forward="affiliatedWith",
            doc="The organization, country or agreement in which the role is held.",
            back="members",
            back_doc="The roles that others hold in this actor.",
        ),
        Endpoints(
            Affiliation,
            Agreement,
            "1",
            forward="affiliatedWith",
            doc="The organization, country or agreement in which the role is held.",
            back="parties",
            back_doc="The roles in this agreement, such as those of its parties.",
        ),
    )
    searched = True


class HasParticipant(Relationship):
    """An event has an actor as a participant."""

    endpoints = Endpoints(
        Event,
        Actor,
        "0..n",
        forward="participants",
        doc="The actors who take part in this event.",
        back="participatedIn",
        back_doc="The events in which this actor takes part.",
    )

    participant_role: Annotated[str | None, "The role: `negotiator`, `host`, `speaker`."]


class Reporter(Relationship):
    """A figure is of the trade of a reporter."""

    endpoints = Endpoints(
        TradeFigure,
        Actor,
        "0..1",
        forward="reporter",
        doc="The country or body whose trade this figure is of (the reporter, in SDMX).",
        back="figuresReported",
        back_doc="The figures of the trade of this actor.",
    )
    searched = True


class Partner(Relationship):
    """A figure is of the trade with a partner."""

    endpoints = Endpoints(
        TradeFigure,
        Actor,
        "0..1",
        forward="partner",
        doc="The country or body with which the reporter trades (the counterpart, in SDMX).",
        back="figuresAsPartner",
        back_doc="The figures of the trade of others with this actor.",
    )
    searched = True


class Follows(Relationship):
    """An event follows another in a series."""

    endpoints = Endpoints(
        Event,
        Event,
        "0..n",
        forward="follows",
        doc="The events before this one in a series, such as the round before.",
        back="followedBy",
        back_doc="The events after this one in a series.",
    )
    acyclic = True


class Supersedes(Relationship):
    """A newer fact corrects or retracts an older one."""

    endpoints = Endpoints(
        Fact,
        Fact,
        "0..n",
        forward="supersedes",
        doc="The older facts that this one corrects or retracts.",
        back="supersededBy",
        back_doc="The newer facts that correct or retract this one.",
    )
    acyclic = True
    valid_period = ValidPeriod("superseded_on")

    supersession: Annotated[Supersession, "Whether it corrects or retracts the older fact."]
    superseded_on: Annotated[
        Edtf | None,
        "The date of the newer fact: that of the statement that makes, gives or reports it, else "
        "that of its source.",
        DERIVED,
    ]


class MergedInto(Relationship):
    """An entity was merged into another."""

    endpoints = Endpoints(
        Entity,
        Entity,
        "0..1",
        forward="mergedInto",
        doc="The entity that this one was merged into.",
        back="mergedFrom",
        back_doc="The entities that were merged into this one.",
    )
    hidden = True


class DifferentFrom(Relationship):
    """An entity is different from another that could be taken for it."""

    endpoints = Endpoints(
        Entity,
        Entity,
        "0..n",
        forward="differentFrom",
        doc="Entities that could be taken for this one and are not the same.",
        back="differentFrom",
    )
    symmetric = True
