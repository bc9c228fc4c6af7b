"""Names in the store: conversions of case, and the labels and properties of bookkeeping.

Current nodes and relationships have their declared labels and types; expired ones have the names
that ``past`` and ``was`` return.
"""

import re
from functools import cache

ID = "id"
RECORDED_IN = "recordedIn"
EXPIRED_IN = "expiredIn"
DIGEST = "digest"
"""A 64-bit hash of a record as written, by which a reload skips unchanged records."""
AS_WRITTEN = "asWritten"
"""On a source that was loaded from a large file: a hash of its lines, and the number of nodes and
relationships made of them."""
SLOTS = "slots"
"""On a description: the entity's relationships as that source gives them."""

SEARCH_WORDS = "searchWords"
"""The folded words of a node's searched properties, for the full-text index."""
NAMED = "@"
"""Begins the words that are ids of entities, by whose names a search finds a fact."""
VALIDITY = "validity"
"""Whether a node is valid at the time of ``@asOf(validTime:)``."""
HISTORY = "history"
"""The field with the versions of a node."""
EVIDENCE = "evidence"
"""The link from a node to the passages that support it."""
START = "start"
"""The offset at which a passage begins."""

NODE = "Node"
ENTITY, FACT = "Entity", "Fact"
PAST_NODE = "PastNode"
CLOCK = "Clock"
"""The label of the version counter. Its lock orders all writes; it holds the version, and the
fingerprint of the vocabulary that built the graph."""
GATE = "Gate"
"""The label of the commit marker, a seqlock: a load sets ``OPENING`` to its version before it
commits and ``OPEN`` after. A reader that finds them different may have read half a load.

``COMMIT`` is the random id of the last commit, also of one that makes no version (attached texts,
a migration). It is missing while a commit is in progress: as long as it stands, nothing changes."""
GRAPH = "graph"
"""The id of the one Clock and of the one Gate."""
VERSION, LOCK, BUILT_BY = "version", "lock", "vocabulary"
OPENING, OPEN, COMMIT, PENDING = "opening", "open", "commit", "pending"
LOADED_AT, COUNTS = "at", "counts"
LINK_CHANGE = "LinkChange"
"""The label of the mark that links from a node changed in a version. It has the ``VERSION`` and the
``ID`` of the node. Only nodes that the version did not record or expire have one."""
WAS = "WAS"
"""The type of the relationship from a node to a copy of its former version."""


@cache
def camel(name: str) -> str:
    """Return a name in camel case: ``said_on`` becomes ``saidOn``."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def lower_first(name: str) -> str:
    """Return a name with a small first letter: ``TradeFigure`` becomes ``tradeFigure``."""
    return name[:1].lower() + name[1:]


def upper_first(name: str) -> str:
    """Return a name with a capital first letter: ``tradeFigure`` becomes ``TradeFigure``."""
    return name[:1].upper() + name[1:]


def screaming(name: str) -> str:
    """Return a name in capitals: ``SaidBy`` becomes ``SAID_BY``, ``under-way`` ``UNDER_WAY``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[- ]", "_", name).upper()


def to_words(name: str) -> str:
    """Return a name in words: ``tradeFigures`` becomes ``trade figures``."""
    return re.sub("[A-Z]", lambda found: f" {found[0].lower()}", name)


def past(label: str) -> str:
    """Return the label of expired nodes: ``PastStatement`` for ``Statement``."""
    return f"Past{label}"


def was(relationship_type: str) -> str:
    """Return the type of expired relationships: ``WAS_SAID_BY`` for ``SAID_BY``."""
    return f"WAS_{relationship_type}"
