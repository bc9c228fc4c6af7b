"""Words for scales and currencies in other scripts, from Unicode's locale data (CLDR).

Languages of the Latin alphabet share their words too much to be looked up without being named;
theirs stand in ``scales`` and ``currencies``. A script's locales are loaded when a word of it is
met first.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import regex
from babel import Locale
from babel.numbers import get_currency_name

from graph_seed.values.words import fold

_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    script: tuple(languages.split())
    for script, languages in {
        "Arabic": "ar fa ur ps sd ckb ug",
        "Armenian": "hy",
        "Bengali": "bn as",
        "Cyrillic": "ru uk be bg sr mk kk ky mn tg tt",
        "Devanagari": "hi mr ne kok",
        "Ethiopic": "am ti",
        "Georgian": "ka",
        "Greek": "el",
        "Gujarati": "gu",
        "Gurmukhi": "pa",
        "Han": "zh zh_Hant ja",
        "Hangul": "ko",
        "Hebrew": "he",
        "Kannada": "kn",
        "Katakana": "ja",
        "Khmer": "km",
        "Lao": "lo",
        "Malayalam": "ml",
        "Myanmar": "my",
        "Oriya": "or",
        "Sinhala": "si",
        "Tamil": "ta",
        "Telugu": "te",
        "Thai": "th",
    }.items()
}
_SCRIPT = regex.compile("|".join(rf"(\p{{{script}}})" for script in _LANGUAGES))
_NO_WORD = regex.compile(r"[0'\p{Cf}]")
_COUNTS = (1, 2, 5, 100)
"""Numbers that take the plural forms of most languages."""


def scales_of_script(text: str) -> Mapping[str, int]:
    """Return the scale words of a text's script, folded to lower case, with their powers of ten."""
    script = _script_of(text)
    return _scales(script) if script else {}


def currencies_of_script(text: str) -> Mapping[str, frozenset[str]]:
    """Return the names of currencies in a text's script, folded, with the codes they stand for."""
    script = _script_of(text)
    return _currencies(script) if script else {}


def compact_words(locale: Locale) -> Iterator[tuple[str, int]]:
    """Yield the words and abbreviations of a locale for powers of ten."""
    for patterns in locale.compact_decimal_formats.values():
        for sizes in patterns.values():
            for size, pattern in sizes.items():
                written, _, negative = pattern.pattern.partition(";")
                word = _NO_WORD.sub("", written).strip().removesuffix(".").lower()
                if word and "0" in written and not negative:
                    yield unicodedata.normalize("NFC", word), len(size) - written.count("0")


def _script_of(text: str) -> str | None:
    found = None if text.isascii() else _SCRIPT.search(text)
    return None if found is None else list(_LANGUAGES)[(found.lastindex or 1) - 1]


@cache
def _scales(script: str) -> Mapping[str, int]:
    """Return words that are one scale in all languages of a script; one or two letters are none."""
    found: dict[str, set[int]] = defaultdict(set)
    for language in _LANGUAGES[script]:
        for word, power in compact_words(Locale.parse(language)):
            found[word].add(power)
    return {
        word: min(powers) for word, powers in found.items() if len(powers) == 1 and len(word) > 2
    }


@cache
def _currencies(script: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for language in _LANGUAGES[script]:
        locale = Locale.parse(language)
        for code in map(str, locale.currencies):
            for name in {str(get_currency_name(code, count, locale)) for count in _COUNTS}:
                if _script_of(name) == script:
                    found[fold(name)].add(code)
    return {name: frozenset(codes) for name, codes in found.items()}
