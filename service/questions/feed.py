"""Write rows as a feed (Atom, RFC 4287), with links to further pages (RFC 5005)."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from service.questions.document import Question
from service.questions.table import to_cell, to_text

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
NAMESPACE = uuid.UUID("5b6a0d0c-0f0f-5c55-9d0e-7a3f2c1b9e64")
"""The namespace of the ids of entries and feeds (RFC 9562, section 5.5)."""
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOTHING_YET = "1970-01-01T00:00:00Z"
"""When a feed without entries was updated."""
KINDS = {"ADDED": "Added", "CHANGED": "Changed", "EXPIRED": "Expired"}


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """The absolute addresses that a feed has."""

    itself: str
    page: str
    """That of the question's page."""
    next: str | None
    """That of the next page of the feed."""


def entry_id(of: str) -> str:
    """Return the id of an entry or a feed, made of the id of what it is about."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, of)}"


def versions_of(question: Question, rows: Iterable[object]) -> list[int]:
    """Return the versions of rows, each once."""
    versions = {row[question.version_key] for row in rows if isinstance(row, dict)}
    return sorted(one for one in versions if isinstance(one, int))


def write_feed(
    question: Question,
    rows: Iterable[object],
    times: Mapping[int, str],
    addresses: FeedAddresses,
    links: Mapping[str, str],
) -> bytes:
    """Return a feed with an entry for each row, the latest first.

    ``times`` are those of versions, ``links`` the addresses of nodes by their ids.
    """
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    listed = [row for row in rows if isinstance(row, dict)]
    listed.sort(key=lambda row: row[question.version_key], reverse=True)
    updated = [times[row[question.version_key]] for row in listed]
    _add(feed, "id", entry_id(f"/q/{question.name}?{urlsplit(addresses.itself).query}"))
    _add(feed, "title", question.title)
    _add(feed, "subtitle", question.description)
    _add(feed, "updated", max(updated, default=NOTHING_YET))
    _add(_add(feed, "author"), "name", "Parley")
    _add(feed, "generator", "Parley")
    _link(feed, "self", addresses.itself, MEDIA_TYPE.partition(";")[0])
    _link(feed, "alternate", addresses.page, "text/html")
    if addresses.next:
        _link(feed, "next", addresses.next, MEDIA_TYPE.partition(";")[0])
    for row, moment in zip(listed, updated, strict=True):
        entry = _add(feed, "entry")
        # A reader knows entries by their ids: a node that changed has to have another one.
        _add(entry, "id", entry_id(f"{row['id']}@{row[question.version_key]}"))
        _add(entry, "title", _title(row))
        _add(entry, "updated", moment)
        about = links.get(str(row.get("nodeId", row["id"])))
        if about:
            _link(entry, "alternate", about, "text/html")
        _add(entry, "summary", _summary(question, row))
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _title(row: Mapping[str, object]) -> str:
    """Return the caption of a row; of a change, also what became of what."""
    title = to_text(row["caption"])
    if row.get("link"):
        target = to_text(row.get("targetCaption") or row.get("targetId"))
        title = f"{title} – {row['link']}: {target}"
    kind = KINDS.get(str(row.get("kind")))
    return f"{kind}: {title}" if kind else title


def _summary(question: Question, row: object) -> str:
    """Return the columns of a row that have a value, a line for each."""
    cells = ((one.name, to_cell(row, one)) for one in question.columns if one.name != "caption")
    return "\n".join(f"{name}: {cell}" for name, cell in cells if cell)


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    made = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    if text is not None:
        made.text = NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return made


def _link(parent: ET.Element, relation: str, address: str, media_type: str) -> None:
    found = {"rel": relation, "href": address, "type": media_type}
    ET.SubElement(parent, f"{{{ATOM}}}link", found)
