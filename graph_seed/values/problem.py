"""What is raised for a value that cannot be read."""


class ValueProblem(ValueError):  # noqa: N818
    """A value is not what it should be.

    The message says what is wrong and gives the nearest right spelling, or an example of one.
    """
