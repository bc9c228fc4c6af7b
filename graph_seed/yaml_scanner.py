"""A YAML 1.2 scanner: ruamel's, mended where it refuses what YAML allows, and bounded in depth.

ruamel.yaml takes no tab between tokens, takes U+0085, U+2028 and U+2029 for line breaks as YAML 1.1
did, and needs time with the square of the depth.
"""

from collections.abc import Iterator
from itertools import count

from ruamel.yaml.scanner import Scanner, ScannerError

MOST_NESTED = 100
"""Lists and mappings within each other that are scanned; fewer are allowed, and told by place."""
_BREAKS = "\x85\u2028\u2029"
_BLANK = " \t"
_LINE_END = "\n\r\0"


class StandIns:
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
        """Whether something else stands on the line of this tab: before it, or nothing behind."""
        buffer, at = self.reader.buffer, self.reader.pointer
        begins = max(buffer.rfind(one, 0, at) for one in "\n\r") + 1
        if buffer[begins:at].strip(_BLANK + "\ufeff"):
            return True
        while buffer[at] in _BLANK:
            at += 1
        return buffer[at] in f"{_LINE_END}#"
