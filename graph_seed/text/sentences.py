"""Split a text into sentences, as a reader counts them."""

import re

import regex

from graph_seed.values.words import clusters

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
    """Return whether the full stop after the word at ``at`` ends a sentence, given what follows."""
    plain = word.lower()
    if plain in BEFORE_NAMES:
        return False
    if plain in BEFORE_NUMBERS and follows[:1].isdigit():
        return False
    if word.isdigit() and text[max(0, at - 1) : at] in ("", "\n"):
        return False  # the number of an item in a list
    dotted, initial = "." in word, word[:1].isupper() and len(clusters(word)) == 1
    if not (dotted or initial or plain in EITHER_WAY):
        return True
    first, second = [*re.split(r"[\s,;:]+", follows, maxsplit=2), ""][:2]
    opener = first.strip("\"'“”‘’.").lower()
    if opener in OPENERS:
        return not (initial and opener in OPENERS_AND_NAMES)
    if not dotted:
        return False
    return (
        text[max(0, at - 4) : at].lower() == "the "
        and opener not in OF_A_STATE
        and second.lower() in VERBS
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BEFORE_NAMES = _words(
    """mr mrs ms mx dr prof sen sens rep reps gov gen adm col maj lt capt cpl sgt hon rev fr pres
    amb supt insp messrs mme mlle vs v cf viz approx e.g i.e"""
)
"""Abbreviations that a sentence goes on after, whatever follows."""

BEFORE_NUMBERS = _words(
    """no nos fig figs art arts sec ch chap vol p pp para paras nr jan feb mar apr jun jul aug sep
    sept oct nov dec ca c"""
)
"""Abbreviations that a sentence goes on after if a number follows."""

EITHER_WAY = _words(
    """corp inc ltd co cos bros llc jr sr esq st mt ft al dept assn univ est mfg intl natl govt sec
    ave blvd"""
)
"""Abbreviations that end a sentence only if the next word is one that opens sentences."""

OPENERS = _words(
    """a after all although american an and another any are as asked at because before both but by
    can could despite did do does during each earlier even every few for from had has have he her
    here his how however i if in instead is it its it's it’s last later like many meanwhile most my
    neither no nobody none nor not now of on once one only or other others our perhaps she since so
    some such that that's that’s the their then there there's there’s these they this those though
    through thus to today under unless until was we were what when where whether which while who
    why will with would yet you your"""
)
"""Words that, with a capital letter, most likely open a sentence."""

OPENERS_AND_NAMES = _words("a an all can do early few has i last like long many may my no so will")
"""Those of them that may be a name after an initial: George F. Will."""

VERBS = _words(
    """is are was were has had have will would can could may might must should does did do said
    says wants wanted sees expects rejected rejects agreed agrees demands demanded also"""
)
"""Words that make a single capitalised word before them a subject."""

OF_A_STATE = _words(
    """administration agency agriculture ambassador army attorney bank bureau capitol census
    chamber commerce congress constitution court customs defense department district dollar embassy
    energy federal food government house international justice labor marine national navy postal
    president representative secretary securities senate senator state steel supreme trade treasury
    vice"""
)
"""What a state's name is put before: "the U.S. Congress has" goes on, "the U.S. Mexico has" not."""
