"""Edit the text of a facts file where its fields are, in block YAML, flow YAML and JSON."""

import os
import re
import shutil
import tempfile
from pathlib import Path

from graph_seed.syntax.tree import SyntaxNode
from graph_seed.text import Span
from schema import rules


class Edits:
    """Collects edits of one file's text; all else stays byte for byte."""

    def __init__(self, raw: str, *, json: bool) -> None:
        self.raw = raw
        self._json = json
        self._newline = "\r\n" if "\r\n" in raw else "\n"
        self._edits: list[tuple[int, int, str]] = []

    def __bool__(self) -> bool:
        return bool(self._edits)

    def result(self) -> str:
        """Return the file's text with all edits applied."""
        parts: list[str] = []
        at = 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            parts += [self.raw[at:start], new]
            at = end
        return "".join([*parts, self.raw[at:]])

    def replace(self, written: SyntaxNode, new: str) -> None:
        """Put another value in the place of one."""
        if self.raw[slice(*written.span)] != new:
            self._edits.append((*written.span, new))

    # --- how things are written ---

    def text(self, plain: str) -> str:
        """Return a word as a value or a key."""
        return f'"{plain}"' if self._json else plain

    def citation(self, found: Span) -> str:
        """Return a passage as one line."""
        said = (
            (rules.START, str(found.start)),
            (rules.END, str(found.end)),
            (rules.START_UTF16, str(found.start_utf16)),
            (rules.END_UTF16, str(found.end_utf16)),
            (rules.SHA256, self.text(found.sha256)),
            (rules.LOCATOR, self.text(found.locator)),
        )
        return "{" + ", ".join(f"{self.text(name)}: {value}" for name, value in said) + "}"

    def _is_flow(self, mapping: SyntaxNode) -> bool:
        return self.raw[mapping.span[0]] == "{"

    def _format_passages(self, mapping: SyntaxNode, name: str, cited: list[str]) -> str:
        """Return passages as a value: one by itself, several as a flow or block sequence."""
        if len(cited) == 1:
            return cited[0]
        if self._is_flow(mapping):
            return f"[{', '.join(cited)}]"
        indent = self._newline + " " * mapping.keys[name].column
        return f"[{indent}  " + f",{indent}  ".join(cited) + f"{indent}]"

    # --- fields ---

    def set_fields(self, mapping: SyntaxNode, given: dict[str, str]) -> None:
        """Give some fields of a mapping their values; those that are new stand last."""
        added: list[str] = []
        for name, value in given.items():
            if name in mapping.fields:
                self.replace(mapping.fields[name], value)
            else:
                added.append(f"{self.text(name)}: {value}")
        if not added:
            return
        last = max(self._end(one) for one in mapping.fields.values() if not one.elsewhere)
        if self._is_flow(mapping):
            self._edits.append((last, last, ", " + ", ".join(added)))
            return
        column = next(iter(mapping.keys.values())).column
        indent = self._newline + " " * (column - 1)
        line = self._line_end(last)
        self._edits.append((line, line, "".join(indent + one for one in added)))

    def cite(self, mapping: SyntaxNode, name: str, cited: list[str]) -> None:
        """Put what is cited in the place of a field, ``find`` or ``at``."""
        start, end = mapping.starts[name], self._end(mapping.fields[name])
        value = self._format_passages(mapping, name, cited)
        comments = [] if self._json else comments_in(self.raw[start:end])
        if comments:
            indent = self._newline + " " * (mapping.keys[name].column + 1)
            value = indent.join([*comments, value])
        self._edits.append((start, end, f"{self.text(rules.AT)}: {value}"))

    def remove(self, mapping: SyntaxNode, name: str) -> None:
        """Take a field out; a comment beside it stays."""
        start, end = mapping.starts[name], self._end(mapping.fields[name])
        if self._is_flow(mapping):
            self._edits.append((self.raw.rindex(",", 0, start), end, ""))
            return
        rest = self.raw[end : self._line_end(end)]
        if rest.strip():
            self._edits.append((start, end + len(rest) - len(rest.lstrip()), ""))
            return
        line, over = self.raw.rfind("\n", 0, start) + 1, self.raw.find("\n", end) + 1
        self._edits.append((line, over or len(self.raw), ""))

    def set_key(self, mapping: SyntaxNode, kind: str, key: str) -> None:
        """Write a record's key beside its kind."""
        value = mapping.fields[kind]
        if value.span[0] < value.span[1]:
            self.replace(value, self.text(key))
            return
        self._edits.append((*value.span, f" {key}"))

    def _end(self, value: SyntaxNode) -> int:
        """Return the end of a value, without line breaks and comments after a block value."""
        start, end = value.span
        if not isinstance(value.value, str) and self.raw[start] not in "[{":
            inner = value.items if isinstance(value.value, list) else value.fields.values()
            return max((self._end(one) for one in inner if not one.elsewhere), default=end)
        return start + len(self.raw[start:end].rstrip())

    def _line_end(self, position: int) -> int:
        end = self.raw.find("\n", position)
        end = len(self.raw) if end < 0 else end
        return end - 1 if self.raw.startswith("\r\n", end - 1) else end


_QUOTED = r"""(?<=[:\-\[{,\s])(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*')"""
_QUOTED_OR_COMMENT = re.compile(rf"{_QUOTED}|(?<=\s)(?P<comment>\#[^\r\n]*)")


def comments_in(raw: str) -> list[str]:
    """Return the comments within the text of a YAML field, in order."""
    found = [match["comment"] for match in _QUOTED_OR_COMMENT.finditer(raw)]
    return [one.rstrip() for one in found if one]


def replace_file(path: Path, content: bytes) -> None:
    """Write beside and rename; a link stays a link, and the file keeps its mode."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, beside)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
