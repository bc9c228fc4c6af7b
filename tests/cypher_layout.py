"""Lay out Cypher for a reader: a line for each subquery, indented by its depth."""

import re

_SPLIT = re.compile(r"(COLLECT \{|EXISTS \{|COUNT \{|\bRETURN\b|\bWHERE\b|\bWITH\b|\}|')")


def lay_out(text: str) -> str:
    """Return Cypher with line breaks and indentation; only white space differs."""
    lines: list[str] = [""]
    depth = 0
    quoted = False

    def line(indent: int) -> None:
        if lines[-1].strip():
            lines.append("  " * indent)
        else:
            lines[-1] = "  " * indent

    for part in _SPLIT.split(text):
        if part == "'":
            quoted = not quoted
            lines[-1] += part
        elif quoted:
            lines[-1] += part
        elif part.endswith(" {") and _SPLIT.fullmatch(part):
            lines[-1] += part
            depth += 1
            line(depth)
        elif part == "}":
            depth -= 1
            line(depth)
            lines[-1] += part
        elif part in {"RETURN", "WITH"}:
            line(depth)
            lines[-1] += part
        else:
            lines[-1] += part if lines[-1].strip() else part.lstrip()
    return "\n".join(one.rstrip() for one in lines if one.strip()) + "\n"


def without_whitespace(text: str) -> str:
    """Return a text without white space, for comparisons."""
    return re.sub(r"\s+", "", text)
