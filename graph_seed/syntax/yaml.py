"""Parse YAML 1.2 into syntax nodes: composed, never constructed, so no scalar changes its type."""

import re
from collections.abc import Iterator
from itertools import count

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner, ScannerError

from graph_seed.problems import Report
from graph_seed.records import Place
from graph_seed.syntax.tree import DEEPEST, SyntaxNode, whole_characters

MOST_COPIES = 10_000
"""Values that the aliases of one document may repeat: a few lines could else stand for millions."""
NOTHING = {"", "~", "null", "Null", "NULL"}
MOST_LEFT_OUT = 20
"""Records of one file that are left out because they are no YAML; the others are checked."""
_RECORD_DEPTH = 3
"""A document, a list and a record: up to there, a null may be a key that is left out."""
_PART = re.compile(r"^(?:(?:entities|facts) *:|---)", re.MULTILINE)
_COLON = re.compile(r"\s*:")
_RECORD = re.compile(r"^( *)- ", re.MULTILINE)


# --- scanner: YAML 1.2 where ruamel.yaml follows YAML 1.1 -----------------------------------------
# ruamel.yaml takes no tab between tokens, takes U+0085, U+2028 and U+2029 for line breaks as YAML
# 1.1 did, and needs time with the square of the depth.

MOST_NESTED = 100
"""Lists and mappings within each other that are scanned; fewer are allowed, and told by place."""
_BREAKS = "\x85\u2028\u2029"
_BLANK = " \t"
_LINE_END = "\n\r\0"


class LineBreakStandIns:
    """Stands characters that YAML 1.2 does not break lines at in for those that ruamel does.

    Every character stays one character, so that offsets hold.
    """

    def __init__(self, text: str) -> None:
        free = (chr(code) for code in count(0x10FFFD, -1) if chr(code) not in text)
        used: Iterator[tuple[str, str]] = ((one, next(free)) for one in _BREAKS if one in text)
        pairs = dict(used)
        self._put = {ord(old): new for old, new in pairs.items()}
        self._put_back = {ord(new): old for old, new in pairs.items()}

    def put(self, text: str) -> str:
        """Return the text that is scanned."""
        return text.translate(self._put) if self._put else text

    def put_back(self, scanned: str) -> str:
        """Return a scanned text as it was written."""
        return scanned.translate(self._put_back) if self._put else scanned


class TabScanner(Scanner):
    """A scanner that takes tabs where YAML takes them: between tokens, never as indentation."""

    def scan_to_next_token(self) -> None:
        """Skip white space, comments and line breaks."""
        while True:
            super().scan_to_next_token()
            if self.reader.peek() != "\t" or not self._is_separation():
                return
            self._skip_blanks()

    def scan_plain_spaces(self, indent: int, start_mark: object) -> object:
        """Return the white space within an unquoted text: tabs are part of it."""
        length = 0
        while self.reader.peek(length) in _BLANK:
            length += 1
        blanks = self.reader.prefix(length)
        if "\t" not in blanks:
            return super().scan_plain_spaces(indent, start_mark)
        self.reader.forward(length)
        if self.reader.peek() in _LINE_END:
            return super().scan_plain_spaces(indent, start_mark)
        return [blanks]

    def scan_block_scalar(self, style: str, rt: bool | None = False) -> object:
        """Return a text that begins with ``|`` or ``>``; tabs may follow on that line."""
        buffer, at = self.reader.buffer, self.reader.pointer
        ends = min(buffer.find(one, at) for one in _LINE_END if one in buffer[at:])
        header = buffer[at:ends].replace("\t", " ")
        self.reader.buffer = buffer[:at] + header + buffer[ends:]
        return super().scan_block_scalar(style, rt)

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: object) -> object:
        """Return a stretch of a quoted text; an escape beyond Unicode is an error with a place."""
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError):
            mark = self.reader.get_mark()
            raise ScannerError(None, start_mark, "escape beyond Unicode", mark) from None

    def fetch_flow_collection_start(self, token: type, to_push: str) -> None:
        """Begin a list or a mapping in brackets."""
        self._hold_depth(len(self.flow_context))
        super().fetch_flow_collection_start(token, to_push)

    def add_indent(self, column: int) -> bool:
        """Begin a list or a mapping by indentation."""
        self._hold_depth(len(self.indents))
        return super().add_indent(column)

    def _hold_depth(self, depth: int) -> None:
        if depth > MOST_NESTED:
            raise ScannerError(None, None, "nested too deeply", self.reader.get_mark())

    def _skip_blanks(self) -> None:
        while self.reader.peek() in _BLANK:
            self.reader.forward()

    def _is_separation(self) -> bool:
        """Return whether a tab is not indentation: not first on its line, or alone on it."""
        buffer, at = self.reader.buffer, self.reader.pointer
        begins = max(buffer.rfind(one, 0, at) for one in "\n\r") + 1
        if buffer[begins:at].strip(_BLANK + "\ufeff"):
            return True
        while buffer[at] in _BLANK:
            at += 1
        return buffer[at] in f"{_LINE_END}#"


# --- parser ---------------------------------------------------------------------------------------


def parse_documents(name: str, text: str, report: Report) -> Iterator[SyntaxNode]:
    """Yield each document of a YAML text that is not empty.

    A record that is no YAML is told and left out, so that what is wrong with the others is told.
    """
    nodes: list[Node] = []
    stand_ins = LineBreakStandIns(text)
    readable = stand_ins.put(text)
    for _ in range(MOST_LEFT_OUT):
        nodes.clear()
        wrong = _compose(name, readable, nodes, report)
        without = _without_record(readable, wrong) if wrong is not None else None
        if without is None:
            break
        readable = without
    for node in nodes:
        if not _is_nothing(node):
            yield _Document(name, text, stand_ins, report).written(node, ())


def _compose(name: str, text: str, nodes: list[Node], report: Report) -> int | None:
    """Read the documents of a text into ``nodes``; the offset of what is no YAML, if any."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = TabScanner
    try:
        for node in yaml.compose_all(text):
            if node is not None:
                nodes.append(node)  # noqa: PERF401 - those before a mistake are kept
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1)
        # What was left open is noticed later, at the end of the text even.
        begun = error.context_mark or mark
        since = f", in what begins at line {begun.line + 1}" if begun and begun != mark else ""
        why = _why(f"{error.context or ''} {error.problem or ''}")
        report(place, "YAML", f"this is not YAML{since}: {why}")
        return begun.index if begun else None
    except ReaderError as error:
        before = text[: error.position]
        column = error.position - before.rfind("\n")
        place = Place(name, before.count("\n") + 1, column)
        report(place, "YAML", f"YAML cannot hold U+{_code(error):04X} as it is")
    except (YAMLError, RecursionError):
        report(Place(name, 1), "YAML", "this is not YAML, or is nested too deeply")
    return None


def _is_nothing(node: Node) -> bool:
    """Return whether a document is empty, but for comments."""
    return isinstance(node, ScalarNode) and node.style is None and node.value in NOTHING


def _without_record(text: str, at: int) -> str | None:
    """Return the text with the record at an offset blanked out, or None if there is none.

    Every other character keeps its place.
    """
    parts = [*_PART.finditer(text), None]
    after = next(n for n, part in enumerate(parts) if part is None or part.start() > at)
    part, following = parts[after - 1] if after else None, parts[after]
    if part is None:
        return None
    stop = following.start() if following else len(text)
    first = _RECORD.search(text, part.end(), stop)
    starts = [
        one.start()
        for one in _RECORD.finditer(text, part.end(), stop)
        if first is not None and len(one[1]) <= len(first[1])
    ]
    begun = [start for start in starts if start <= at]
    if not begun:
        return None
    ends = [start for start in starts if start > at]
    end = ends[0] if ends else stop
    return text[: begun[-1]] + re.sub(r"[^\r\n]", " ", text[begun[-1] : end]) + text[end:]


def _code(error: ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)


_WHY = {
    "nested too deeply": f"it is nested too deeply; {DEEPEST} lists and mappings may stand within "
    "each other",
    "mapping values": "a colon stands where none may; put a text that holds a colon and a space "
    "into quotes, and indent alike what belongs together",
    "unexpected ':'": "a colon is within an unquoted text; put the text into quotes",
    "'\\t'": "a tab begins this line; indent with spaces",
    "'@'": "an unquoted text begins with @; put it into quotes",
    "'`'": "an unquoted text begins with `; put it into quotes",
    "'%'": "an unquoted text begins with %; put it into quotes",
    "anchor": "put a text that begins with & into quotes",
    "alias": "put a text that begins with * into quotes",
    "block scalar": "behind | or > stands nothing but + or - and a number; the text follows on "
    "lines of one indentation",
    "end of stream": "quotation marks are opened here and never closed",
    "document separator": "quotation marks are opened here and not closed before the next `---`",
    "escape": "a backslash begins no escape that YAML knows; write two, or use single quotes",
    "',' or ']'": "a list in [ ] lacks a comma or its end",
    "',' or '}": "a mapping in { } lacks a comma or its end",
    "expected ':'": "a key needs a colon and a space behind it, as in `name: Ada`",
    "stream end": "the file ends within a list, a mapping or a text that is not closed",
    "sequence entries": "an entry of a list begins on a line of its own, as in `- person: ada`",
    "mapping keys": "put a text that begins with a question mark into quotes",
    "block end": "this does not go on what stands before it; indent it alike, and let nothing "
    "follow closed quotation marks or brackets",
    "directive": "put a text that begins with % into quotes",
    "tag": "put a text that begins with ! into quotes",
}
"""What is told of mistakes, by words in what ruamel says of them."""


def _why(said: str) -> str:
    found = (why for words, why in _WHY.items() if words in said)
    return next(found, "what stands here cannot be read; put a text with signs of YAML into quotes")


class _Document:
    """Reads the nodes of one document."""

    def __init__(self, name: str, text: str, stand_ins: LineBreakStandIns, report: Report) -> None:
        self._name = name
        self._text = text
        self._stand_ins = stand_ins
        self._report = report
        self._seen: set[int] = set()
        self._copies = 0

    def written(self, node: Node, above: tuple[int, ...]) -> SyntaxNode:
        """Convert a node; ``above`` are the nodes that contain it."""
        start, end = node.start_mark, node.end_mark
        place = Place(self._name, start.line + 1, start.column + 1)
        written = SyntaxNode("", place, span=(start.index, end.index))
        written.elsewhere = id(node) in self._seen
        self._seen.add(id(node))
        if id(node) in above or len(above) > DEEPEST:
            self._report(place, "YAML", "an alias stands within itself, or this is nested too deep")
            return written
        self._copies += written.elsewhere
        if self._copies > MOST_COPIES:
            if self._copies == MOST_COPIES + 1:
                self._report(place, "YAML", f"aliases repeat more than {MOST_COPIES} values")
            return written
        within = (*above, id(node))
        if isinstance(node, ScalarNode):
            written.value = self._scalar(node, place)
        elif isinstance(node, SequenceNode):
            items = [self.written(one, within) for one in node.value]
            written.value = [one for one in items if one.value is not None]
        elif isinstance(node, MappingNode):
            written.value = self._mapping(node, written, within)
        return written

    def _scalar(self, node: ScalarNode, place: Place) -> str | None:
        """Return the text of a scalar, or None for an explicit null."""
        text = self._as_written(node, place)
        if node.style is None and text in NOTHING:
            return None if text else ""
        return text

    def _as_written(self, node: ScalarNode, place: Place) -> str:
        return whole_characters(self._stand_ins.put_back(node.value), place, self._report)

    def _mapping(
        self, node: MappingNode, written: SyntaxNode, within: tuple[int, ...]
    ) -> dict[str, SyntaxNode]:
        fields: dict[str, SyntaxNode] = {}
        keys: dict[str, Place] = {}
        starts: dict[str, int] = {}
        written.keys, written.starts = keys, starts
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            place = Place(self._name, mark.line + 1, mark.column + 1)
            key = self._as_written(key_node, place) if isinstance(key_node, ScalarNode) else ""
            if not key:
                self._report(place, "YAML", "a key has to be a word")
            elif key == "<<":
                self._report(
                    place, "YAML", "merge keys are not used here; `like:` carries values over"
                )
            else:
                value = self.written(value_node, within)
                if key in fields and None not in (value.value, fields[key].value):
                    self._report(place, "KEY_TWICE", f"{key!r} is given twice here")
                    continue
                if value.value is None and (key in fields or len(within) > _RECORD_DEPTH):
                    continue
                keys[key] = place
                starts[key] = mark.index
                fields[key] = value
                if value.span[0] == value.span[1]:
                    # Nothing stands nowhere: its mark is that of what comes next.
                    key_end = key_node.end_mark.index
                    colon = found.end() if (found := _COLON.match(self._text, key_end)) else key_end
                    value.place, value.span = place, (colon, colon)
        return fields
