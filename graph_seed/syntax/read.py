"""Reading facts files: an iterator over what is written, whichever way."""

from collections.abc import Container, Iterable, Iterator
from io import BufferedReader, BytesIO
from pathlib import Path

from graph_seed.problems import Problem, Report, nearest
from graph_seed.records import Place, RecordPlace
from graph_seed.syntax.archives import PACKED, ArchiveError, unpack
from graph_seed.syntax.json_lines import parse_line, parse_line_quickly
from graph_seed.syntax.tree import (
    ENTITIES,
    FACTS,
    SOURCE,
    USES,
    RawRecord,
    SourceSection,
    SyntaxNode,
    drop_nulls,
    record,
    sections,
)
from graph_seed.syntax.yaml import parse_documents
from graph_seed.values.problem import quote_text

BOM = "\ufeff"
BLANK = BOM + " \t\r\n"
LINES = {".jsonl", ".ndjson"}
"""What the names of JSON Lines end in, before what packed them; all else is YAML."""


def is_lines(path: Path) -> bool:
    """Return whether a file is JSON Lines by its name, compressed or not."""
    name = path.stem if path.suffix.lower() in PACKED else path.name
    return Path(name).suffix.lower() in LINES


def read_entries(
    path: Path, report: Report, raw: bytes | None = None, kinds: Container[str] = ()
) -> Iterator[RawRecord]:
    """Yield the content of a facts file in order: a source, what it uses, its records, the next.

    Problems are told to ``say`` as they are met. JSON Lines are read line by line and nothing is
    kept; a YAML document is held whole. ``raw`` stands for what is in the file. ``kinds`` are the
    kinds of records: a JSON object has no order, so a kind may stand anywhere in it.
    """
    try:
        if is_lines(path):
            yield from _from_lines(path, report, raw, kinds)
        else:
            yield from _from_yaml(path, report, path.read_bytes() if raw is None else raw, kinds)
    except OSError as error:
        report(Place(str(path), 1), "NO_FILE", why_unreadable(error))


def why_unreadable(error: OSError) -> str:
    """Return why a file cannot be read, in words for its user."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return f"this file cannot be read: {error.strerror or 'the system gives no reason'}"


def read(
    path: Path, raw: bytes | None = None, kinds: Container[str] = ()
) -> tuple[list[SourceSection], list[Problem]]:
    """Return the sections of a facts file, and the problems of reading it."""
    problems: list[Problem] = []

    def report(place: Place, code: str, message: str) -> None:
        problems.append(Problem(place, code, message))

    if raw is None and not is_lines(path):
        try:
            raw = path.read_bytes()
        except OSError as error:
            report(Place(str(path), 1), "NO_FILE", why_unreadable(error))
            return [], problems
    found = sections(list(read_entries(path, report, raw, kinds)))
    if raw is not None and not is_lines(path):
        for section in found:
            section.text = raw.decode("utf-8", errors="replace").removeprefix(BOM)
    return found, problems


def _decode(raw: bytes, place: Place, report: Report) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start)
        column = error.start - raw.rfind(b"\n", 0, error.start)
        where = Place(place.file, place.line + line, column)
        packed = raw.startswith(_PACKED)
        message = _IS_PACKED if packed else f"byte 0x{raw[error.start]:02x} is not UTF-8; {_SAVE}"
        report(where, "NOT_UTF8", message)
        return None


_SAVE = "save the file as UTF-8"
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"BZh", b"\xfd7zXZ\x00")
"""How files begin that gzip, zstd, zip, bzip2 and xz made."""
_IS_PACKED = "this file is packed; unpack it, or name JSON Lines in it .jsonl.gz or .jsonl.zst"

# --- YAML ----------------------------------------------------------------------------------------


def _from_yaml(
    path: Path, report: Report, raw: bytes, kinds: Container[str]
) -> Iterator[RawRecord]:
    name = str(path)
    text = _decode(raw, Place(name, 1), report)
    if text is None:
        return
    empty = True

    def say_and_note(place: Place, code: str, message: str) -> None:
        nonlocal empty
        empty = False
        report(place, code, message)

    for document in parse_documents(name, text, say_and_note):
        empty = False
        yield from _parts(document, report, kinds)
    if empty:
        report(Place(name, 1), "NO_SOURCE", f"the file is empty; {_BEGINS}")


_BEGINS = "a facts file begins with its source: `source: {id: source:…, type: …}`"


def _parts(document: SyntaxNode, report: Report, kinds: Container[str]) -> Iterator[RawRecord]:
    fields = document.fields
    known = [SOURCE, USES, ENTITIES, FACTS]
    for key in fields:
        if key not in known:
            advice = nearest(key, known) or f"; it has {', '.join(known)}"
            if key.removesuffix("s") in kinds:
                advice = f"; records stand under {ENTITIES}: or {FACTS}:"
            message = f"{quote_text(key)} is not a part of a facts file{advice}"
            report(document.keys[key], "UNKNOWN_PART", message)
    source = fields.get(SOURCE)
    if source is None or not source.fields:
        place = source.place if source else document.place
        report(place, "NO_SOURCE", _BEGINS)
        source = SyntaxNode({}, place)
    drop_nulls(source)
    yield RawRecord(SOURCE, SOURCE, "", source)
    if USES in fields and fields[USES].value:
        yield RawRecord(USES, USES, "", fields[USES])
    for part in (ENTITIES, FACTS):
        if part in fields and fields[part].value:
            for item in fields[part].items:
                # People put the kind first; only programs may write it anywhere.
                first = next(iter(item.fields), "")
                entry = record(item, part, report, {first} if first in kinds else ())
                if entry is not None:
                    yield entry


# --- JSON Lines ----------------------------------------------------------------------------------


def read_lines(
    path: Path, raw: bytes, kinds: Container[str], *, first: int, quick: bool
) -> tuple[list[SourceSection], list[Problem]]:
    """Return the sections of some lines of a file, whose first line has the number ``first``.

    ``quick`` gives all of a line the line's own place; read again without it where something is
    wrong.
    """
    problems: list[Problem] = []

    def report(place: Place, code: str, message: str) -> None:
        problems.append(Problem(place, code, message))

    lines = _of_lines(str(path), BytesIO(raw), report, kinds, first=first, quick=quick)
    return sections(list(lines)), problems


def _from_lines(
    path: Path, report: Report, raw: bytes | None, kinds: Container[str]
) -> Iterator[RawRecord]:
    if raw is not None:
        yield from _of_lines(str(path), BytesIO(raw), report, kinds)
        return
    with path.open("rb") as file:
        yield from _of_lines(str(path), _unpacked_lines(path, file, report), report, kinds)


def _unpacked_lines(path: Path, file: BufferedReader, report: Report) -> Iterator[bytes]:
    number = 1
    try:
        for line in unpack(path, file):
            yield line
            number += 1
    except ArchiveError as error:
        report(Place(str(path), number), "ARCHIVE", str(error))


def _of_lines(
    name: str,
    lines: Iterable[bytes],
    report: Report,
    kinds: Container[str],
    *,
    first: int = 1,
    quick: bool = False,
) -> Iterator[RawRecord]:
    written = _written_lines(name, lines, report, first=first, quick=quick)
    yield from make_entries(written, Place(name, 1), report, kinds)


def _written_lines(
    name: str, lines: Iterable[bytes], report: Report, *, first: int, quick: bool
) -> Iterator[SyntaxNode]:
    offset = 0
    for number, raw in enumerate(lines, start=first):
        place = Place(name, number)
        text = _decode(raw, place, report) or ""
        mark = text.startswith(BOM)
        line = parse_line_quickly(text[mark:], place) if quick else None
        if line is None and text.strip(BLANK):
            line = parse_line(text[mark:], place, offset + mark, report)
        offset += len(text)
        if line is not None:
            yield line


def make_entries(
    lines: Iterable[SyntaxNode], start: Place, report: Report, kinds: Container[str]
) -> Iterator[RawRecord]:
    """Give the entries that lines of JSON Lines hold, or records of a program alike.

    ``start`` is where it is told that there are none.
    """
    begun = False
    for line in lines:
        if not begun and _first(line) != SOURCE:
            report(line.place, "NO_SOURCE", _FIRST)
            yield RawRecord(SOURCE, SOURCE, "", SyntaxNode({}, line.place))
        begun = True
        entry = _of_line(line, report, kinds)
        if entry is None:
            continue
        if entry.part == SOURCE and not entry.written.fields:
            report(entry.written.place, "NO_SOURCE", _FIRST)
        yield entry
    if not begun:
        nothing = "there are no records" if isinstance(start, RecordPlace) else "the file is empty"
        report(start, "NO_SOURCE", f"{nothing}; {_FIRST}")


_FIRST = 'the first line names the source: {"source": {"id": "source:…", "type": "…"}}'


def _of_line(line: SyntaxNode, report: Report, kinds: Container[str]) -> RawRecord | None:
    first = _first(line)
    if first not in {SOURCE, USES}:
        return record(line, "", report, kinds)
    drop_nulls(line, first)
    for key in list(line.fields)[1:]:
        message = f"{key!r} is not a part of a line that begins with {first!r}"
        report(line.keys[key], "UNKNOWN_PART", message)
    return RawRecord(first, first, "", line.fields[first])


def _first(line: SyntaxNode) -> str:
    """Return the first key of a line whose value is not null."""
    given = (key for key, value in line.fields.items() if value.value is not None)
    return next(given, next(iter(line.fields), ""))
