"""Where the sentences of a text begin, as a reader counts them."""

import re

import regex

from graph_seed.letters import clusters
from graph_seed.text import abbreviations as known

_END = re.compile(
    r"[.?!…؟۔।॥]++(?:[\"'”’“»›)\]}*_]|\[\d{1,4}\])*+|[。！？｡]++[」』”’）】》〉\"')]*+"
)
_WIDE = "。！？｡"
_QUOTES = "\"'”’“»›*_"
_SPACE = re.compile(r"\s*+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*+(?=\n)")
_OPENING = "\"'“”‘’„‚«‹([{¿¡—–-*_ "
_LAST_WORD = regex.compile(r"(?r)(?:(?:\p{L}\p{M}*\.)*[\p{L}\p{M}\p{N}]+)?$")
_WINDOW = 40
"""How far back from a full stop a word is looked for, and forward a next one."""


def sentence_starts(text: str) -> tuple[int, ...]:
    """Offsets where each sentence begins, in code points; empty for a text of white space.

    A sentence ends at a full stop, a question or exclamation mark or an ellipsis, with the
    quotation marks and brackets that close after it, and at a blank line; not at an abbreviation,
    an initial or a decimal point. A stop that may be either (``the U.S. Mexico is``) is judged by
    the words beside it. Takes time linear in the text's length.
    """
    first = _skip(text, 0)
    starts = {first}
    for found in _END.finditer(text):
        after = _skip(text, found.end())
        if after < len(text) and _ends(text, found, after):
            starts.add(after)
    for found in _BLANK_LINE.finditer(text, first):
        starts.add(_skip(text, found.end()))
    starts.discard(len(text))
    return tuple(sorted(starts))


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _ends(text: str, found: re.Match[str], after: int) -> bool:
    stop = found[0]
    if stop[0] in _WIDE:
        return stop[-1] in _WIDE or text[after] not in "とって、，"
    if after == found.end():
        return False
    follows = text[after : after + _WINDOW].lstrip(_OPENING)
    if follows[:1].islower():
        return False
    if stop[0] != "." or stop.startswith("..") or stop[-1] in _QUOTES:
        return True
    before = _LAST_WORD.search(text[max(0, found.start() - _WINDOW) : found.start()])
    word = before[0] if before else ""
    return _stop_ends(text, found.start() - len(word), word, follows)


def _stop_ends(text: str, at: int, word: str, follows: str) -> bool:
    """Whether a full stop after the word at ``at`` ends the sentence, given what follows."""
    plain = word.lower()
    if plain in known.BEFORE_NAMES:
        return False
    if plain in known.BEFORE_NUMBERS and follows[:1].isdigit():
        return False
    if word.isdigit() and text[max(0, at - 1) : at] in ("", "\n"):
        return False  # the number of an item in a list
    dotted, initial = "." in word, word[:1].isupper() and len(clusters(word)) == 1
    if not (dotted or initial or plain in known.EITHER_WAY):
        return True
    first, second = [*re.split(r"[\s,;:]+", follows, maxsplit=2), ""][:2]
    opener = first.strip("\"'“”‘’.").lower()
    if opener in known.OPENERS:
        return not (initial and opener in known.OPENERS_AND_NAMES)
    if not dotted:
        return False
    return (
        text[max(0, at - 4) : at].lower() == "the "
        and opener not in known.OF_A_STATE
        and second.lower() in known.VERBS
    )
