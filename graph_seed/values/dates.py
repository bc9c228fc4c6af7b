"""Days and moments as ISO 8601 writes them."""

from datetime import date, datetime

from graph_seed.values.problem import ValueProblem, quoted


def parse_date(text: str) -> date:
    """Read a day, ``2031-05-07``; raises ValueProblem."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueProblem(f"{quoted(text)} is no day, as 2031-05-07 is") from None


def parse_datetime(text: str) -> datetime:
    """Read a moment, ``2031-05-07T09:30:00Z``; raises ValueProblem."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueProblem(f"{quoted(text)} is no moment, as 2031-05-07T09:30:00Z is") from None
