r"""Recognize words and their boundaries in every script, and make keys and ids of names.

Whatever splits or compares words asks here: keys, search, snippets, ``find:``, quotes. Patterns are
those of the ``regex`` library, with its set operations (``(?V1)``): a combining mark belongs to the
letter before it (``\X`` is a grapheme cluster), and digits of all scripts are digits.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import regex

from graph_seed.values.problem import ValueProblem

UNSPACED = r"\p{Line_Break=SA}\p{Han}\p{Hiragana}\p{Katakana}\p{Yi}ーｰ"
"""Letters of scripts that put no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, …"""
APOSTROPHES = "‘’‚‛‹›´ʻʼʹʾʿ′׳"
"""Characters that are typed as an apostrophe, those among them that Unicode counts as letters."""
LETTER = rf"[[\w\p{{N}}]--[\p{{Pc}}{APOSTROPHES}]]"
"""What words consist of: letters, their marks, digits."""
SPACED = rf"[[\w\p{{N}}]--[\p{{Pc}}{UNSPACED}{APOSTROPHES}]]"
"""The same without the letters of unspaced scripts."""
_INNER = rf"(?:{SPACED}|\p{{DI}}+{SPACED})"
"""Invisible characters may stand within a word: soft hyphens, joiners."""
_UNSPACED_LETTER = rf"(?=[{UNSPACED}])\X"

_GROUPED = (
    r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:['’\u00a0\u2009\u202f]\d{3})+|(?: \d{3}){2,})"
)
_NUMBER = rf"(?<!\w|\d[.,])(?:{_GROUPED}(?:[.,]\d+)?|\d+[.,]\d+)(?![.,]?\d)"
"""A number with separators: ``53.1``, ``53,1``, ``1,000,000``, ``1 000 000``; not ``5.11.2017``."""
_INITIALS = r"(?<!\w)(?:\p{L}\p{M}*\.)+\p{L}\p{M}*(?!\w)\.?"
"""Letters with full stops between them, with or without the last one: ``U.S.``, ``U.S``."""

WORD = regex.compile(
    rf"(?V1)(?<!\w)[{SPACED}--\d]{{3,}}+(?![\d\p{{DI}}])|(?=\d){_NUMBER}|{_INITIALS}"
    rf"|(?:{_UNSPACED_LETTER})+|{SPACED}{_INNER}*+"
)
"""A word, a number or initials; of scripts without spaces a run of letters."""
LETTERS = regex.compile(r"\p{L}")
UNSPACED_RUN = regex.compile(rf"(?V1)(?:{_UNSPACED_LETTER})+")
_READ = regex.compile(
    rf"(?V1)(?:{_UNSPACED_LETTER}){{1,2}}"
    rf"|{SPACED}{_INNER}*+(?:['{APOSTROPHES}.,‐‑-]{SPACED}{_INNER}*+)*"
)
_CLUSTER = regex.compile(r"\X")
_SIMPLE = regex.compile(r"(?V1)[\p{ASCII}--\r\n]")
_WINDOW = 64


def count_words(phrase: str) -> int:
    """Return how many words a reader counts: ``winner-take-all mindset`` has two.

    Scripts without spaces count a word for every two letters, or one left over.
    """
    return sum(1 for _ in _READ.finditer(phrase))


def clusters(text: str) -> list[str]:
    """Return the grapheme clusters of a text: its letters, each with its marks."""
    return list(text) if text.isascii() else _CLUSTER.findall(text)


def cluster_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each grapheme cluster of a text."""
    for found in _CLUSTER.finditer(text):
        yield found.span()


def is_boundary(text: str, at: int) -> bool:
    """Return whether an offset lies between two grapheme clusters and not within one."""
    if at <= 0 or at >= len(text):
        return True
    start = at - 1
    # Clusters are counted from the last character that cannot be within one.
    while start > 0 and at - start < _WINDOW and not _SIMPLE.match(text, start):
        start -= 1
    if start == at - 1 and _SIMPLE.match(text, at):
        return True
    for found in _CLUSTER.finditer(text, start):
        if found.end() >= at:
            return bool(found.end() == at)
    return True


_ASCII_WORD = re.compile(
    r"\b(?:[a-z]\.)+[a-z]\b\.?"
    r"|\b(?<!\d[.,])(?:[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:'\d{3})+|(?: \d{3}){2,})"
    r"(?:[.,]\d+)?|\d+[.,]\d+)(?![.,]?\d)"
    r"|[a-z0-9]+"
)
"""The same as ``WORD`` in folded ASCII text, which most texts are, and many times as quick."""
_GROUPED_DIGITS = re.compile(r"(\d{1,3}(?:([.,' ])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?")


class Word(NamedTuple):
    """A word of a text as searches compare it, and where it stands.

    ``unspaced`` is set for a letter of a script that puts no spaces between words.
    """

    text: str
    start: int
    end: int
    unspaced: bool = False


def words_in(text: str) -> Iterator[Word]:
    """Yield each word of a text, folded.

    Initials are one word with or without full stops (``U.S.`` is ``us``), and so is a number,
    whatever separates its digits (``53,1`` is ``53.1``, ``1,000`` is ``1000``). Of scripts without
    spaces each letter is a word.
    """
    for found in WORD.finditer(text):
        start, word = found.start(), found[0]
        if UNSPACED_RUN.match(word):
            for begin, end in cluster_spans(word):
                for letter in clusters(fold(word[begin:end])):
                    yield Word(letter, start + begin, start + end, unspaced=True)
            continue
        # Folding may make several words of one: ½ becomes 1⁄2.
        for one in _folded_words(fold(word)):
            yield Word(one, start, found.end())


def terms_in(text: str) -> Iterator[str]:
    """Yield what a text is searched for by.

    That is each word; of a run of unspaced letters all pairs of neighbours, as one phrase
    (``日本国`` is ``日本 本国``), so that they are found in this order only.
    """
    for word in _folded_words(fold(text)):
        if UNSPACED_RUN.match(word):
            letters = clusters(word)
            yield " ".join(_pairs(letters)) or word
        else:
            yield word


def search_words(texts: Iterable[str]) -> str:
    """Return the words of several texts as the full-text index holds them, with spaces between.

    A run of unspaced letters is held as its pairs of neighbours, then its last letter: so every
    letter of it begins a word.
    """
    return " ".join(word for text in texts for word in _index_words(fold(text)))


def _index_words(plain: str) -> list[str]:
    words = _folded_words(plain)
    if plain.isascii():
        return words
    indexed: list[str] = []
    for word in words:
        if not word.isascii() and UNSPACED_RUN.match(word):
            letters = clusters(word)
            indexed += [*_pairs(letters), letters[-1]]
        else:
            indexed.append(word)
    return indexed


def _folded_words(plain: str) -> list[str]:
    """Return the words of a folded text; unspaced letters that stand together are one."""
    words = _ASCII_WORD.findall(plain) if plain.isascii() else WORD.findall(plain)
    return [word if word.isalnum() else _join_initials(word) for word in words]


def _join_initials(word: str) -> str:
    """Return initials without full stops, a number with one separator at most: a point."""
    if number := _GROUPED_DIGITS.fullmatch(word):
        whole = number[1].replace(number[2], "")
        return f"{whole}.{number[3]}" if number[3] else whole
    return word.replace(",", ".") if word[0].isdigit() else word.replace(".", "")


def _pairs(letters: list[str]) -> list[str]:
    return [one + other for one, other in pairwise(letters)]


_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t"}
_LETTERS |= {"æ": "ae", "œ": "oe", "þ": "th"}
_TATWEEL = "\u0640"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict.fromkeys("“”„‟«»″״", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－־", "-"),
        **_LETTERS,
        **dict.fromkeys(f"{_TATWEEL}\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
_ALPHABETS = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Syriac}\p{Common}"
_ACCENT = rf"[\p{{M}}&&[{_ALPHABETS}\p{{Inherited}}]]"
_DROPPED = regex.compile(
    rf"(?V1)\p{{DI}}|(?<=и\u0306){_ACCENT}+|(?:^|(?<=[{_ALPHABETS}]))(?!(?<=и)\u0306){_ACCENT}+"
)
_OTHER_DIGIT = regex.compile(r"(?V1)[\p{Nd}--[0-9]]")


def fold(text: str) -> str:
    """Return a text without what comparing ignores: case, accents, typographic quotes and dashes.

    White space becomes one space between words. Unicode forms of one text fold alike (NFC, case
    folding, NFKD, NFC again, so that letters made of parts compare whole), digits of every script
    become those of ASCII, and invisible characters go.

    The marks that go are those that writers of a script leave out or searches ignore: all marks of
    Latin, Greek and Cyrillic letters (``é`` is ``e``, ``ё`` is ``е``), the vowel signs of Arabic,
    Hebrew and Syriac, and the Arabic tatweel. Marks of other scripts stay, for there they make
    letters: the vowels and tones of Devanagari or Thai, the voicing of kana. ``й`` is not ``и``:
    its breve makes a letter of the alphabet, as in Unicode's collation.

    Folding twice changes nothing more. The graph stores folded texts, so a change of this function
    needs a new ``DERIVED_BY`` in ``schema.storage``.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    once = _fold(text)
    while not once.isascii() and (again := _fold(once)) != once:
        once = again  # rare: a character that decomposes into one that folds further
    return once


def join_folded(folded: Iterable[str]) -> str:
    r"""Join folded texts (see ``fold``) into the one string that is stored, each on its own line.

    The string begins and ends with a newline. ``CONTAINS fold(x)`` finds values that contain x,
    ``CONTAINS "\n" + fold(x)`` those that start with it, ``CONTAINS fold(x) + "\n"`` those that end
    with it, and with a newline at both ends those that equal it, ignoring case and accents. Folded
    texts have no newlines: no match can span two values.
    """
    return "\n" + "\n".join(folded) + "\n"


def _fold(text: str) -> str:
    typed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    if typed.isascii():
        return " ".join(typed.lower().split())
    apart = unicodedata.normalize("NFKD", typed.casefold())
    bare = _OTHER_DIGIT.sub(_ascii_digit, _DROPPED.sub("", apart))
    plain = bare.casefold().translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _ascii_digit(found: "regex.Match[str]") -> str:
    return str(unicodedata.digit(found[0], found[0]))


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
