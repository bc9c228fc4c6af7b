"""Generate the bundled countries: a text of our own on ISO 3166-1, and facts that cite it.

A developer's command makes both again (``make generate``), from babel's English names and
pycountry's list of codes; serving needs neither list.
"""

from functools import cache
from pathlib import Path

from graph_seed.text import sentence_starts, span, text_sha256
from schema import rules

BUNDLED = Path(__file__).parents[1] / "facts" / "countries.txt"
SOURCE = "source:iso-3166"
HEAD = """\
# Made by `make generate`; do not edit. Every country of ISO 3166-1, cited from countries.txt.
"""


@cache
def bundled_ids() -> frozenset[str]:
    """Return the ids of the bundled countries."""
    lines = BUNDLED.read_text(encoding="utf-8").splitlines()
    return frozenset(f"{rules.COUNTRY}:{line[:2].lower()}" for line in lines)


def countries() -> list[tuple[str, str, list[str]]]:
    """Return each country's alpha-2 code in lower case, its short English name, its other names."""
    import pycountry  # noqa: PLC0415 - a developer's dependency
    from babel import Locale  # noqa: PLC0415

    territories = Locale("en").territories
    found: list[tuple[str, str, list[str]]] = []
    for country in sorted(pycountry.countries, key=lambda one: one.alpha_2):
        name = territories.get(country.alpha_2, country.name)
        given = (
            country.name,
            getattr(country, "common_name", ""),
            getattr(country, "official_name", ""),
        )
        others = [one for one in dict.fromkeys(given) if one and one != name]
        found.append((country.alpha_2.lower(), name, others))
    return found


def generated() -> dict[str, str]:
    """Return the text and the facts file, by their names in ``graph_seed/facts``."""
    found = countries()
    lines = [f"{code.upper()} is the code of {name}." for code, name, _ in found]
    text = "\n".join(lines) + "\n"
    starts = sentence_starts(text)
    head = (
        f"source:\n  id: {SOURCE}\n  type: code list\n  title: Country codes of ISO 3166-1\n"
        "  publisher: Parley\n  language: en\n"
        f"  sha256: {text_sha256(text)}\n  length: {len(text)}\n"
        f"  sentences: [{', '.join(str(one) for one in starts)}]\nentities:\n"
    )
    parts = [HEAD, head]
    at = 0
    for (code, name, others), line in zip(found, lines, strict=True):
        cited = span(text, at, at + len(line), starts)
        parts.append(f"- country: {code}\n  name: {_quote(name)}\n  iso2: {_quote(code.upper())}\n")
        if others:
            parts.append(f"  aliases: [{', '.join(_quote(one) for one in others)}]\n")
        parts.append(
            f"  at: {{start: {cited.start}, end: {cited.end}, startUtf16: {cited.start_utf16}, "
            f"endUtf16: {cited.end_utf16}, sha256: {cited.sha256}, locator: {cited.locator}}}\n"
        )
        at += len(line) + 1
    return {"countries.txt": text, "countries.yaml": "".join(parts)}


def _quote(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
