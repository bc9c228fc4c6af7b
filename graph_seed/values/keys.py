"""Make keys and ids of names, names of keys, and one Unicode form of each."""

import unicodedata

import regex

from graph_seed.values.problem import ValueProblem
from graph_seed.values.words import APOSTROPHES, LETTER

_SMALL = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)
_SPELLED = {"&": "and", "+": "plus", "#": "sharp", "%": "percent", "@": "at", "*": "star"}
_SYMBOL = regex.compile(rf"(?V1)[{''.join(map(regex.escape, _SPELLED))}\p{{Sc}}\p{{So}}]")
_IGNORED = regex.compile(rf"(?V1)[\p{{DI}}'{APOSTROPHES}]")
_WORD = regex.compile(rf"(?V1)[{LETTER}--\p{{M}}]{LETTER}*")


def one_form(text: str) -> str:
    """Return a key or an id in NFC: however it was typed, the same letters are the same id."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_form_of(value: object) -> object:
    """Return a value with its texts in NFC, alone or in a list."""
    if isinstance(value, str):
        return one_form(value)
    return [one_form_of(one) for one in value] if isinstance(value, list) else value


def slug(text: str) -> str:
    """Return a key made of a text: ``Linda Hasenfratz`` gives ``linda-hasenfratz``.

    A key has letters of any script with their marks, and digits, in lower case and NFC, with
    hyphens between words. Two texts have one key only if they differ in nothing but case, white
    space, punctuation, invisible characters and Unicode form: symbols are spelled (``C++`` gives
    ``c-plus-plus``), and accents stay. Raises ``ValueProblem`` where there
    is no letter and no digit.
    """
    plain = _IGNORED.sub("", one_form(text)).lower()
    if not _WORD.search(plain):
        raise ValueProblem(f"{text!r} has no letter or digit to make a key of, as in linda-miller")
    return "-".join(_WORD.findall(one_form(_SYMBOL.sub(_spell, plain))))


def _spell(found: "regex.Match[str]") -> str:
    symbol = found[0]
    name: str = _SPELLED.get(symbol, "") or unicodedata.name(symbol, f"u{ord(symbol):x}")
    return f" {name.lower().removesuffix(' sign')} "


def name_from_key(key: str, *, proper: bool = True) -> str:
    """Return a name made of a key: ``bank-of-the-north`` gives ``Bank of the North``.

    One that is not ``proper`` has no capitals: ``sunset-clause`` gives ``sunset clause``.
    """
    words = [word for word in key.split("-") if word]
    if not proper:
        return " ".join(words)
    last = len(words) - 1
    return " ".join(
        word if word in _SMALL and 0 < at < last else word[:1].title() + word[1:]
        for at, word in enumerate(words)
    )
