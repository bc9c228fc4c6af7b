"""The error of a value that cannot be parsed."""

from collections.abc import Sequence


class ValueProblem(ValueError):
    """A value is not what it should be.

    The message says what is wrong and gives the nearest right spelling, or an example of one.
    """


def quote_text(text: str, most: int = 60) -> str:
    """Return a text in quotation marks, cut where it is long: messages stay short."""
    return repr(text if len(text) <= most else f"{text[: most - 3]}...")


class UnreadableAmount(ValueProblem):
    """An amount, or a part of one, that cannot be read as it stands.

    ``rewrites`` are pairs of words as written and what could stand in their place. The reader
    of amounts reads the text again with each rewrite and proposes what came out, so that a
    proposal never holds another amount than was written. The message itself holds no number.
    """

    def __init__(
        self,
        message: str,
        *rewrites: tuple[str, str],
        lead: str = "; write ",
        joined: str = " or ",
    ) -> None:
        super().__init__(message)
        self.rewrites: Sequence[tuple[str, str]] = rewrites
        self.lead = lead
        self.joined = joined
        """What stands between the proposals: one of them is meant, or all of them are."""
