"""Write built facts as JSON Lines."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from graph_seed.records import Facts, Record


def write_json_lines(path: Path, given: Iterable[Facts]) -> Path:
    """Write sources to a file of JSON Lines."""
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for f in given for one in to_json_lines(f)))
    return path


def to_json_lines(given: Facts) -> Iterator[dict[str, Any]]:
    """Yield the lines of one source."""
    yield {"source": {"id": given.source.id, **given.source.values}}
    if given.uses:
        yield {"uses": list(given.uses)}
    for one in given.records:
        yield to_json_line(one, len(TWO_SENTENCES))


TWO_SENTENCES = (0, 38)
"""The offsets at which the sentences of every built source begin."""


def to_json_line(given: Record, sentences: int) -> dict[str, Any]:
    """Return the line of a record that cites the first of a number of sentences."""
    kind, _, key = given.id.partition(":")
    links = {
        name: [{"id": to.id, **to.properties} for to in ends] for name, ends in given.links.items()
    }
    at = [
        {
            "start": one.start,
            "end": one.end,
            "startUtf16": one.start_utf16,
            "endUtf16": one.end_utf16,
            "sha256": one.sha256,
            "locator": f"sentence {one.first_sentence} of {sentences}",
        }
        for one in given.evidence
    ]
    return {kind: key.rpartition("/")[2], **given.values, **links, "at": at}
