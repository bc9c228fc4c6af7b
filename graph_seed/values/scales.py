"""Recognize scale words: million, mio, bn, Mrd., crore, dozen, and those of other scripts.

Languages of the Latin alphabet share their words too much to be looked up without being named. For
other scripts, words of scales and currencies are those of Unicode's locale data (CLDR); a script's
locales are loaded when a word of it is met first.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import regex
from babel import Locale
from babel.numbers import get_currency_name

from graph_seed.values.words import fold
from schema import rules

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


SCALE_WORDS = rules.SCALE_WORDS
"""The English word of each power of ten that is kept as a figure's scale."""
SCALES = {word: power for power, word in SCALE_WORDS.items()}
DOZEN = 12
_SPELLINGS = {
    2: """
    hundred hundreds hundert hunderte honderd honderden hundra hundrede hundreder centaines
    centaine cientos centenares centenas centinaia sto setki сотен сотни शत सौ শত
    """,
    3: """
    thousand thousands tsd tausend tausende duizend duizenden duisend tusen tusentals tusind
    tusinder tusund þúsund mille milliers millier mila migliaia milhares miler milers tuhat
    tuhatta tys tysiąc tysiące tysięcy tysiąca tisíc tisíce tisíca tisoč tisuća tisuće hiljada
    hiljade ezer mie mii tis tuh tūkst tūkstantis tūkstančiai tūkstančio tūkstančių tūkstotis
    tūkstoši tūkstošu ribu rb nghìn ngàn тыс тысяча тысячи тысяч ألف हज़ार हजार
    """,
    5: "lakh lakhs lac lacs लाख",
    6: """
    million millions millionen millón millon millones millóns milhão milhões milione milioni
    miljoen miljoenen miljon miljoner millioner millionar milljón milljónir miljoona miljoonaa
    miljoonan milj miljonit miljoni miljons miljonu milyon milionów miliony miliona milionů
    milionu milióny miliónov milióna milijon milijona milijone milijoni milijonov milijun
    milijuna milijonai milijonas milijono milijonų milioane milió milions milioi triệu juta jt
    mio mln mn млн миллион миллионов مليون
    """,
    7: "crore crores करोड़ करोड",
    9: """
    billion billions bn bln milliard milliards milliarde milliarden milliarder milliardar
    milliárd miliardo miliardi miliárd miljard miljarden miljarder miljardi miljardia miljardit
    miljards miljardu milljarður milljarðar milyar milyard miliar miliardów miliardy miliarda
    miliarde milijarda milijarde milijardi milijard milijardai milijardas milijardo milijardų
    millardo millardos mlr mljrd bilhão bilhões tỷ tỉ mrd mlrd mia mld млрд миллиард миллиардов
    مليار
    """,
    12: """
    trillion trillions tn trn trln billionen biljoen biljoner biljoona biljoonaa billioner
    billionar billón billones billóns biljon bilj bilión bilióna biliona bilijon bilijona
    bilijoni bilijonov bilijun bilijuna billjón billjónir triljon triljonit triljoni triljons
    triljonu trilj tril trilijonai trilijonas trilijono trilijonų trilhão trilhões trilyon
    triliun trilioane bilionów bilionů bilióny biliónov трлн триллион триллионов تريليون
    """,
    15: "quadrillion quadrillions billiarde billiarden billiarder",
    18: "quintillion quintillions trillionen",
}
_POWERS = {
    unicodedata.normalize("NFC", word): power
    for power, words in _SPELLINGS.items()
    for word in words.split()
}
_SHORTEST_FOLDED = 5
_FOLDED = {fold(word): power for word, power in _POWERS.items() if len(word) >= _SHORTEST_FOLDED}
"""The longer words without accents, which are often left out or misplaced."""
_DOZENS = frozenset(
    str.split(
        "dozen dozens dutzend dutzende dozijn douzaine douzaines docena docenas dúzia dúzias "
        "dozzina dozzine dussin dusin tylft tucet tuzin tuzinów дюжина дюжины дюжин"
    )
)
_TENS = frozenset(str.split("tens dizaine dizaines decena decenas dezena dezenas decina decine"))
_LETTERS = {"k": 3, "m": 6, "b": 9}
"""Scales before a currency or written against the number; else other units begin with them."""
_BEFORE_MONEY = {**_LETTERS, "bin": 3, "mm": 6, "mi": 6, "mill": 6, "cr": 7, "bi": 9, "md": 9}
_BEFORE_MONEY |= {"mds": 9, "mdr": 9, "t": 12, "tri": 12}
"""Scales before a currency."""
_MILLIMETRES = frozenset({"mm", "Mm"})
_OTHER_UNITS = _MILLIMETRES | {"t", "mill", "bin"}
ABBREVIATED = frozenset({"mill"})
"""Words that are scales where a full stop follows them: 5 mill. jobb."""
COLLOQUIAL = frozenset({"grand", "mill"})
"""Words that are scales where nothing follows them: five grand."""
MEANINGS = {
    "mil": ("thousand", "million"),
    **dict.fromkeys(("bio", "bil", "bilion", "biliony", "bilions"), ("billion", "trillion")),
    "兆": ("million", "trillion"),
}
"""Spellings that are several scales, by language."""
_CHARACTERS = {
    name: int(power)
    for name, _, power in (
        pair.partition("=")
        for pair in str.split(
            "十=1 百=2 千=3 万=4 萬=4 億=8 亿=8 京=16 십=1 백=2 천=3 만=4 억=8 조=12 경=16 "
            "สิบ=1 ร้อย=2 พัน=3 หมื่น=4 แสน=5 ล้าน=6 ຮ້ອຍ=2 ພັນ=3 ໝື່ນ=4 ແສນ=5 ລ້ານ=6 ຕື້=9 "
            "រយ=2 ពាន់=3 ម៉ឺន=4 សែន=5 លាន=6 ប៊ីលាន=9 ទ្រីលាន=12 ထောင်=3 သောင်း=4 သိန်း=5 သန်း=6 "
            "ကုဋေ=7"
        )
    )
}
"""Scales of scripts that put no space behind them, longest first where one begins another."""
_CHARACTERS_PATTERN = re.compile(" ?(" + "|".join(sorted(_CHARACTERS, key=len, reverse=True)) + ")")
PLURAL_SCALE = re.compile(
    r"(?:(tens|dozens|hundreds|thousands|lakhs|millions|crores|billions|trillions|quadrillions"
    r"|quintillions)(?: of)?|(hundred|thousand|dozen|lakh|million|crore|billion|trillion))(?: |$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """The factor of a number, and the power of ten in which it was printed, if it is one."""

    factor: int
    power: int | None


def find_scale(word: str, *, before_money: bool = False, attached: bool = False) -> Scale | None:
    """Return the scale that a word is, or None.

    ``before_money`` says that a currency stands on either side, ``attached`` that the word is
    written against the number.
    """
    plain = word.lower()
    if plain in _DOZENS:
        return Scale(DOZEN, None)
    if plain in _TENS:
        return Scale(10, None)
    power = _POWERS.get(plain)
    if power is None and len(plain) >= _SHORTEST_FOLDED:
        power = _FOLDED.get(fold(plain))
    if power is None and not plain.isascii():
        power = scales_of_script(plain).get(plain)
    is_scale = before_money or (attached and plain in _LETTERS)
    if power is None and is_scale and word not in _MILLIMETRES:
        power = _BEFORE_MONEY.get(plain)
    return None if power is None else Scale(10**power, power if power in SCALE_WORDS else None)


def character_scale(text: str, pos: int) -> tuple[Scale, int] | None:
    """Return the scale that stands at ``pos`` (万, 億, ล้าน) and where it ends, or None.

    Its power of ten has no English word, so the number is printed in full.
    """
    found = _CHARACTERS_PATTERN.match(text, pos)
    return (Scale(10 ** _CHARACTERS[found[1]], None), found.end()) if found else None


def short_scale(word: str) -> str | None:
    """Return the scale that a short word would be before a currency, in words."""
    power = _BEFORE_MONEY.get(word.lower()) if word not in _OTHER_UNITS else None
    return None if power is None else SCALE_WORDS[power]


def combine_scales(scales: Sequence[Scale]) -> Scale | None:
    """Return hundred thousand, lakh crore and the like as one scale; None if they do not combine.

    The power is that of the last, by which the number is printed again: 500 thousand.
    """
    powers = [one.power for one in scales if one.power is not None]
    if powers != sorted(powers) or scales.count(Scale(DOZEN, None)) > 1:
        return None
    factor = 1
    for one in scales:
        factor *= one.factor
    return Scale(factor, powers[-1] if powers else None)
