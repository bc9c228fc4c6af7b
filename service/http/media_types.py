"""Read media types and choose among them by quality (RFC 9110, sections 8.3 and 12.5)."""

import re
from collections.abc import Iterator, Sequence

from graph_seed.values.short_cache import cache_short

JSON = b"application/json"
GRAPHQL_RESPONSE = b"application/graphql-response+json"
UTF_8 = frozenset({b"utf-8", b"utf8"})
_QUALITY = re.compile(rb"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)")
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')
MOST_CHOICES, LONGEST_CHOICE = 500, 300
"""The most choices that are remembered, and the most bytes of a header whose choice is: clients
send a few different headers."""


def parse_media_type(value: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Return a media type and its parameters; names and types are in lower case."""
    # A quoted text may hold the separator; none of the parameters that matter does.
    first, *rest = _QUOTED.sub(lambda found: found[0].replace(b";", b" "), value).split(b";")
    pairs = (one.partition(b"=") for one in rest)
    given = {name.strip().lower(): text.strip().strip(b'"') for name, _, text in pairs}
    return first.strip().lower(), given


def parse_qualities(value: bytes) -> Iterator[tuple[bytes, float]]:
    """Return each item of a list, in lower case, with its quality; a malformed one counts as 0."""
    for item in _QUOTED.sub(b'""', value).split(b","):
        name, parameters = parse_media_type(item)
        if name:
            quality = parameters.get(b"q", b"1")
            yield name, float(quality) if _QUALITY.fullmatch(quality) else 0.0


def choose_response_type(accept: bytes | None) -> bytes | None:
    """Return the media type of a GraphQL response, or None if no possible one is accepted.

    The type with the greater quality is chosen. If both have the same, it is JSON unless GraphQL's
    own type is named: clients that accept anything have always been sent JSON.
    """
    return JSON if accept is None else _choose_accepted(accept)


@cache_short(MOST_CHOICES, LONGEST_CHOICE)
def _choose_accepted(accept: bytes) -> bytes | None:
    if not accept.strip():
        return JSON
    qualities: dict[bytes, float] = {}
    for name, quality in parse_qualities(accept):
        qualities[name] = max(quality, qualities.get(name, 0.0))
    fallback = qualities.get(b"application/*", qualities.get(b"*/*", 0.0))
    json = qualities.get(JSON, fallback)
    graphql = qualities.get(GRAPHQL_RESPONSE, fallback)
    if max(json, graphql) <= 0:
        return None
    if graphql > json or (graphql == json and GRAPHQL_RESPONSE in qualities):
        return GRAPHQL_RESPONSE
    return JSON


def is_json(content_type: bytes) -> bool:
    """Return whether a body of this type is JSON in UTF-8."""
    if content_type == JSON:
        return True
    name, parameters = parse_media_type(content_type)
    return name == JSON and parameters.get(b"charset", b"utf-8").lower() in UTF_8


def find_header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    """Return the value of a header, its repetitions joined as one list; None without one."""
    found = [value for given, value in headers if given == name]
    if len(found) > 1:
        return b", ".join(found)
    return found[0] if found else None
