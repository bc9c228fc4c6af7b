"""The closed lists of words. To add a word, add a line here, with what it means."""

from schema.declare import Enumeration


class Mode(Enumeration):
    """How a source renders what was said."""

    DIRECT = "direct", "In the speaker's own words, within quotation marks."
    MIXED = "mixed", "Reported, with some of the speaker's own words within quotation marks."
    INDIRECT = "indirect", "Reported in the source's words."
    NARRATION = "narration", "The source speaks for itself; nobody is said to have said it."


class Attribution(Enumeration):
    """How a source names who says it."""

    NAMED = "named", "By name."
    ROLE_ONLY = "role-only", "By office or role, without a name."
    ANONYMOUS = "anonymous", "Without a name, at the speaker's wish or the source's choice."
    COLLECTIVE = "collective", "As a body or a group: a government, countries, observers."
    NARRATOR = "narrator", "The source itself."


class SpeechAct(Enumeration):
    """What is done by saying it."""

    STATES = "states", "Says that something is so."
    DEMANDS = "demands", "Wants something done and insists."
    PROPOSES = "proposes", "Puts something forward to be agreed."
    ACCEPTS = "accepts", "Agrees to what another wants."
    REJECTS = "rejects", "Refuses what another wants."
    WARNS = "warns", "Says what bad thing may follow."
    CRITICIZES = "criticizes", "Finds fault."
    PRAISES = "praises", "Approves of someone or something."
    ASKS = "asks", "Wants to know, or wants something without insisting."
    PROMISES = "promises", "Commits the speaker to something."
    PREDICTS = "predicts", "Says what will happen."
    DECLINES_TO_COMMENT = "declines-to-comment", "Says that nothing will be said."


class Standing(Enumeration):
    """Whether a claim still stands, by the sources' own word."""

    STANDING = "standing", "Neither corrected nor retracted by any source."
    CORRECTED = "corrected", "A source has since corrected it."
    RETRACTED = "retracted", "A source or its speaker has since taken it back."


class Inclusion(Enumeration):
    """Claims that sums, averages and bounds leave out unless you include them."""

    HYPOTHETICAL = "hypothetical", "Figures that would hold if something else happened."
    SUPERSEDED = "superseded", "Claims that a source has since corrected or retracted."


class Stance(Enumeration):
    """What a position's holder wants of its target."""

    DEMANDS = "demands", "Wants it and insists."
    PROPOSES = "proposes", "Has put it forward."
    SUPPORTS = "supports", "Is for it."
    OPPOSES = "opposes", "Is against it."
    CRITICIZES = "criticizes", "Finds fault with it."
    WARNS = "warns", "Says what bad thing may follow from it or for it."


class Voice(Enumeration):
    """Whose word a position is."""

    OWN = "own", "Its holder says so."
    SOURCE = "source", "The source says so of the holder."
    THIRD_PARTY = "third-party", "Somebody else says so of the holder."


class Comparator(Enumeration):
    """How a figure's number is to be read."""

    EQ = "eq", "Exactly, as far as it is printed."
    APPROX = "approx", "About."
    GT = "gt", "More than."
    GE = "ge", "At least."
    LT = "lt", "Less than."
    LE = "le", "At most."
    RANGE = "range", "Between a lower and an upper bound."
    APPROX_RANGE = "approx-range", "About between a lower and an upper bound."
    VAGUE = "vague", "No number is given."


class FigureStatus(Enumeration):
    """What a figure claims to be."""

    OBSERVED = "observed", "Measured or counted."
    ESTIMATE = "estimate", "Reckoned by somebody."
    FORECAST = "forecast", "Expected."
    PROPOSED = "proposed", "Put forward to become a rule."
    IN_FORCE = "in-force", "A rule that is in force."
    HYPOTHETICAL = "hypothetical", "Would hold if something else happened."


class Flow(Enumeration):
    """Which way goods or services go, seen from the reporter."""

    EXPORTS = "exports", "From the reporter to the partner."
    IMPORTS = "imports", "From the partner to the reporter."
    BALANCE = "balance", "Exports less imports; a deficit is negative."
    TOTAL = "total", "Exports and imports together."


class Supersession(Enumeration):
    """Why a newer claim stands in the place of an older one."""

    CORRECTION = "correction", "The older one was wrong."
    RETRACTION = "retraction", "The older one is taken back."


class EventStatus(Enumeration):
    """Where an event stands at the time of its source."""

    PLANNED = "planned", "Still to come."
    UNDER_WAY = "under-way", "Begun and not over."
    HELD = "held", "Over."
    POSTPONED = "postponed", "Put off."
    CANCELLED = "cancelled", "Will not be held."


class AffiliationStatus(Enumeration):
    """Whether a role is held at the time of its source."""

    CURRENT = "current", "Held."
    FORMER = "former", "No longer held."
    INCOMING = "incoming", "Not yet held."
    ACTING = "acting", "Held in place of another."
    WITHDRAWN = "withdrawn", "Left, as a party leaves a treaty."


class AgendaStatus(Enumeration):
    """How far an item of an agenda has come."""

    OPEN = "open", "Not begun."
    IN_PROGRESS = "in-progress", "Being negotiated."
    SUBSTANTIALLY_COMPLETE = "substantially-complete", "Agreed but for details."
    COMPLETE = "complete", "Agreed."
    DEFERRED = "deferred", "Put off until later."
    REJECTED = "rejected", "Refused."


class ItemKind(Enumeration):
    """What an item of an agenda is."""

    CHAPTER = "chapter", "A chapter of the agreement."
    TOPIC = "topic", "A topic of the talks."


class LoadKind(Enumeration):
    """What a load did."""

    LOAD = "load", "A source's facts were recorded or mended."
    UNLOAD = "unload", "A source's facts were expired."
    MERGE = "merge", "Two entities became one."
    PURGE = "purge", "Something was forgotten for good."


class Validity(Enumeration):
    """Whether a node is valid at the valid time that is asked for."""

    VALID = "valid", "It is, by its dates."
    NOT_VALID = "not-valid", "It is not: it begins later, or has ended."
    UNKNOWN = "unknown", "Its dates do not say."
