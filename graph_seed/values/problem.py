"""What is raised for a value that cannot be read."""


class ValueProblem(ValueError):
    """A value is not what it should be.

    The message says what is wrong and gives the nearest right spelling, or an example of one.
    """
