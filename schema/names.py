"""How names are written in the store, and the names of bookkeeping that code has to mention.

What holds now lies under plain names; what was expired lies under names computed here.
"""

import re
from functools import cache

ID = "id"
RECORDED_IN = "recordedIn"
EXPIRED_IN = "expiredIn"
DIGEST = "digest"
"""A 64-bit hash of a record as written, by which a reload passes over what is unchanged."""
AS_WRITTEN = "asWritten"
"""On a source that was loaded from a large file: a hash of its lines, and how many nodes and
relationships they make."""
SLOTS = "slots"
"""On a description: the entity's slots as that source gives them."""

SEARCH_WORDS = "searchWords"
"""The words of a node's searched properties, folded, as the full-text index holds them."""
NAMED = "@"
"""Begins the words among them that are ids of entities by whose names a fact is found."""
VALIDITY = "validity"
"""Whether what a node says held on the day that is asked for."""
HISTORY = "history"
"""The versions of a node."""
EVIDENCE = "evidence"
"""The link from what is said to the passages that say so."""
START = "start"
"""Where a passage begins."""

NODE = "Node"
ENTITY, FACT = "Entity", "Fact"
PAST_NODE = "PastNode"
CLOCK = "Clock"
"""Its lock orders all writes; it holds the version and what vocabulary built the graph."""
GATE = "Gate"
"""Brackets each commit: ``OPENING`` is the version that began to be committed, ``OPEN`` the last
that was. While they differ a reader may see half a load."""
GRAPH = "graph"
"""The id of the one Clock and the one Gate."""
VERSION, LOCK, BUILT_BY = "version", "lock", "vocabulary"
OPENING, OPEN = "opening", "open"
LOADED_AT, COUNTS = "at", "counts"
WAS = "WAS"
"""From a node to a copy of what it was before it was changed."""


@cache
def camel(name: str) -> str:
    """``said_on`` as ``saidOn``."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def lower_first(name: str) -> str:
    """``TradeFigure`` as ``tradeFigure``."""
    return name[:1].lower() + name[1:]


def upper_first(name: str) -> str:
    """``tradeFigure`` as ``TradeFigure``."""
    return name[:1].upper() + name[1:]


def screaming(name: str) -> str:
    """``SaidBy`` as ``SAID_BY``, ``under-way`` as ``UNDER_WAY``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[- ]", "_", name).upper()


def past(label: str) -> str:
    """The label of a node that is over: ``PastStatement`` for ``Statement``."""
    return f"Past{label}"


def was(relationship_type: str) -> str:
    """The type of a relationship that is over: ``WAS_SAID_BY`` for ``SAID_BY``."""
    return f"WAS_{relationship_type}"
