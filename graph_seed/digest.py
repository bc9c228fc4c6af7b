"""The hash of a record, by which a load sees that it is unchanged."""

import hashlib
from operator import itemgetter

import orjson

from graph_seed.records import Record


def digest_of(record: Record) -> int:
    """A signed 64-bit hash of all that a record says; spelling, order and layout do not count.

    What is carried over, inherited and derived counts too: a record changes with what it follows.
    """
    links = {
        name: sorted(([one.id, dict(one.properties)] for one in ends), key=itemgetter(0))
        for name, ends in record.links.items()
    }
    cited = sorted((one.start, one.end, one.sha256) for one in record.evidence)
    said = [record.type.label, record.id, record.values, links, cited]
    raw = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), signed=True)
