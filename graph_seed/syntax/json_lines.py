"""Parse JSON Lines, one line at a time; numbers keep their spelling."""

import json
import re

from graph_seed.problems import Report
from graph_seed.records import Place
from graph_seed.syntax.tree import DEEPEST, SyntaxNode, whole_characters

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null", re.ASCII)
_decoder = json.JSONDecoder()


def parse_line(text: str, place: Place, offset: int, report: Report) -> SyntaxNode | None:
    """Parse a line, or return None if it is not JSON; ``offset`` is where it begins."""
    line = _Line(text, place, offset, report)
    try:
        written, end = line.value(0, 0)
        if (more := line.space(end)) != len(text):
            raise _NotJson("there is more behind its end", more)
    except _NotJson as problem:
        report(line.at(problem.position), "JSON", f"this line is not JSON: {problem}")
        return None
    return written


def parse_line_quickly(text: str, place: Place) -> SyntaxNode | None:
    """Parse a line with the line's place for all values; None for lines that need places.

    That is whatever is wrong or unusual: a key given twice, nothing for a value, escaped halves of
    characters, deep nesting.
    """
    if "\\u" in text or text.count("{") + text.count("[") > DEEPEST:
        return None
    try:
        return _tree(_quick.decode(text), place)
    except ValueError:
        return None


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(pairs)
    return found


def _no_number(text: str) -> object:
    raise ValueError(text)


_quick = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=_no_number
)


def _tree(value: object, place: Place) -> SyntaxNode:
    if isinstance(value, str):
        return SyntaxNode(value, place)
    if isinstance(value, dict):
        fields = {key: _tree(one, place) for key, one in value.items()}
        return SyntaxNode(fields, place, keys=dict.fromkeys(fields, place))
    if isinstance(value, list):
        return SyntaxNode([_tree(one, place) for one in value], place)
    if isinstance(value, bool):
        return SyntaxNode(str(value).lower(), place)
    raise ValueError(value)


_WHY = {
    "Unterminated": "unterminated string; a text ends with a quotation mark",
    "control character": "a line break or another control character is within a text; escape it",
    "escape": "a backslash begins no escape that JSON knows; write two",
}
"""What is told of texts that are not JSON, by words in what the decoder says of them."""


def _why(said: str) -> str:
    return next((why for words, why in _WHY.items() if words in said), "this is no text")


class _NotJson(ValueError):
    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class _Line:
    """Reads the values of one line."""

    def __init__(self, text: str, place: Place, offset: int, report: Report) -> None:
        self._text = text
        self._place = place
        self._offset = offset
        self._report = report

    def at(self, position: int) -> Place:
        """Return the place of a position in the line."""
        return Place(self._place.file, self._place.line, position + 1)

    def space(self, position: int) -> int:
        """Return the position behind white space."""
        found = _SPACE.match(self._text, position)
        return found.end() if found else position

    def value(self, position: int, depth: int) -> tuple[SyntaxNode, int]:
        """Parse the value at a position or behind its white space; return it and its end."""
        start = self.space(position)
        opening = self._text[start : start + 1]
        written = SyntaxNode("", self.at(start))
        if depth > DEEPEST:
            raise _NotJson("it is nested too deeply", start)
        if opening == '"':
            written.value, end = self._string(start)
        elif opening == "[":
            written.value, end = self._list(start, depth)
        elif opening == "{":
            written.value, end = self._mapping(written, start, depth)
        else:
            found = _SCALAR.match(self._text, start)
            if not found:
                raise _NotJson("a value is missing", start)
            end = found.end()
            written.value = None if found[0] == "null" else found[0]
        written.span = (self._offset + start, self._offset + end)
        return written, end

    def _string(self, start: int) -> tuple[str, int]:
        try:
            text, end = _decoder.raw_decode(self._text, start)
        except json.JSONDecodeError as error:
            raise _NotJson(_why(error.msg), error.pos) from None
        return whole_characters(text, self.at(start), self._report), end

    def _list(self, start: int, depth: int) -> tuple[list[SyntaxNode], int]:
        found: list[SyntaxNode] = []
        at = self.space(start + 1)
        if self._text[at : at + 1] == "]":
            return found, at + 1
        while True:
            written, end = self.value(at, depth + 1)
            if written.value is not None:
                found.append(written)
            at, over = self._next(end, "]")
            if over:
                return found, at

    def _mapping(
        self, written: SyntaxNode, start: int, depth: int
    ) -> tuple[dict[str, SyntaxNode], int]:
        fields: dict[str, SyntaxNode] = {}
        keys: dict[str, Place] = {}
        starts: dict[str, int] = {}
        written.keys, written.starts = keys, starts
        at = self.space(start + 1)
        if self._text[at : at + 1] == "}":
            return fields, at + 1
        while True:
            at = self.space(at)
            if self._text[at : at + 1] != '"':
                raise _NotJson("a key in quotation marks is missing", at)
            key, end = self._string(at)
            colon = self.space(end)
            if self._text[colon : colon + 1] != ":":
                raise _NotJson("a colon is missing", colon)
            value, end = self.value(colon + 1, depth + 1)
            if key in keys and None not in (value.value, fields[key].value):
                self._report(self.at(at), "KEY_TWICE", f"{key!r} is given twice here")
            elif value.value is not None or not (depth or key in keys):
                keys[key] = self.at(at)
                starts[key] = self._offset + at
                fields[key] = value
            at, over = self._next(end, "}")
            if over:
                return fields, at

    def _next(self, end: int, closing: str) -> tuple[int, bool]:
        """Behind a comma, or behind the closing bracket; whether it was that."""
        at = self.space(end)
        mark = self._text[at : at + 1]
        if mark not in {",", closing} or not mark:
            raise _NotJson(f"a comma or {closing} is missing", at)
        return at + 1, mark == closing
