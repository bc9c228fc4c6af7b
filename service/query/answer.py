"""Types of the rows that the database returns, and of the values of responses."""

from collections.abc import Sequence

Row = Sequence["Row"]
"""What a query gives back: lists within lists. What a list ends in is known by the plan alone."""
Answer = dict[str, object]
"""An object of the answer: its fields by their keys, in the order asked."""
Path = tuple[str | int, ...]
"""Where in the answer something stands."""
