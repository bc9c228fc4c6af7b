"""What is raised for a value that cannot be read."""


class ValueProblem(ValueError):
    """A value is not what it should be.

    The message says what is wrong and gives the nearest right spelling, or an example of one.
    """


def quoted(text: str, most: int = 60) -> str:
    """Return a text in quotation marks, cut where it is long: messages stay short."""
    return repr(text if len(text) <= most else f"{text[: most - 3]}...")
