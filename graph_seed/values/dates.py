"""Parse days and moments in ISO 8601."""

from datetime import date, datetime

from graph_seed.values.edtf_hints import nearest_days
from graph_seed.values.problem import ValueProblem, quoted


def parse_date(text: str) -> date:
    """Read a day, ``2031-05-07``; raises ValueProblem."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueProblem(f"{quoted(text)} is no day, as 2031-05-07 is{_advice(text)}") from None


def parse_datetime(text: str) -> datetime:
    """Read a moment, ``2031-05-07T09:30:00Z``; raises ValueProblem."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        wrong = f"{quoted(text)} is no moment, as 2031-05-07T09:30:00Z is{_advice(text)}"
        raise ValueProblem(wrong) from None


def _advice(text: str) -> str:
    days = nearest_days(text)
    return f"; write {' or '.join(days)}" if days else ""
