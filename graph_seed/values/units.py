"""Parse units of an amount: ISO codes for money, one spelling for known units, words for others."""

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from graph_seed.values.currencies import (
    SIGN_CHARACTERS,
    cent_code_of,
    currency_codes,
    currency_names,
    current_codes,
    money_of,
    money_of_people,
    split_money,
)
from graph_seed.values.numerals import NUMBER_WORD
from graph_seed.values.problem import UnreadableAmount, ValueProblem
from graph_seed.values.scales import COLLOQUIAL, MEANINGS, SCALES, find_scale, short_scale
from graph_seed.values.short_cache import cache_short
from graph_seed.values.unit_names import (
    LONGEST_NAME,
    PERCENT,
    PERCENT_START,
    POINTS,
    REMARK,
    KnownUnit,
    is_symbol,
    known_unit,
)
from graph_seed.values.words import fold

_CODES_THAT_ARE_WORDS = frozenset(
    str.split(
        "all ars bad ban bob bop cop cup ern esp gel ils lak mad mop nad pen ron rub sit sos "
        "std sur top try"
    )
)
"""Words that are currencies in capitals only."""
_MUCH_USED = str.split("USD EUR GBP JPY CNY CAD MXN AUD CHF INR BRL KRW")
FUNCTION_WORDS = frozenset(
    str.split(
        "of in from for to at on with without by per under over above below against between "
        "among high long wide deep tall thick away across"
    )
)
"""What may follow a known unit without being a part of its name: tonnes of steel, metres high."""
_CANNOT_BEGIN = frozenset(str.split("of and or to than the a an these those all"))
_SYMBOLS = re.compile(rf"[{SIGN_CHARACTERS}<>=~%#@*+^|\\{{}}\[\]\"?!;]|(?:^|[ (/])[-−–]?[.,]?\d")
_MISSPELLED = frozenset(
    str.split(
        "hundred hundreds thousand thousands million millions billion billions trillion "
        "trillions quadrillion quadrillions milliard milliards millionen milliarden dozen dozens "
        "lakh lakhs crore crores "
        "percent percentage kilogram kilograms kilogramme kilogrammes tonne tonnes metre "
        "metres meter meters litre litres liter liters kilometre kilometres kilometer "
        "kilometers hectare hectares barrel barrels gallon gallons kilowatt kilowatts "
        "megawatt megawatts gigawatt gigawatts euro euros dollar dollars pound pounds peso "
        "pesos franc francs krona kronor kroner rupee rupees rouble roubles ruble rubles "
        "shilling shillings dirham dirhams rupiah ringgit renminbi sterling zloty forint "
        "shekel shekels dinar dinars hryvnia cents centavos centimes kopecks kopeks groszy"
    )
)
"""Words that are meant where a unit is one letter off."""
_TOLD_BY_THE_REST = str.split(
    "hundred hundreds thousand thousands million millions billion billions trillion trillions "
    "milliard milliards percent percentage"
)
"""Those that are meant whatever the first letter is; other words have other beginnings."""
_OTHER_WORDS = frozenset(
    str.split(
        "later rule rules stealing doyen core cores crone crones mere liver livers meteor "
        "meteors diner diners frank franks france frances francis franco franz pond ponds "
        "spilling spillings litter litters barren barrens metro metros starling stirling pest "
        "pests pesto rubble lire rumble rumbles shelling shellings liner liners rubies gallop "
        "gallops gallows mater bullion loiter eros percentile percentiles lifter lifters "
        "mullion mullions metier metiers kiloliters kilolitres doyens galleon galleons rube "
        "rubes schilling schillings miter miters lifer lifers zlotys forints dozer dozers lake "
        "lakes lash chore chores pillion pillions billiard billiards gillion"
    )
)
"""Words that are one letter off and mean something else."""
_SCALE_START = re.compile(
    r"(?:(?:hundred|thousand|[mbtr]+illion|milliard|lakh|crore)s?(?!aires?$|fold$|weights?$)"
    r"|(?:mio|mrd|mln|mld|bln|trn|bn|mn|tn)(?!cene|sis|emonic))\w",
    re.IGNORECASE,
)
"""A scale and what follows it without a space: millionjobs, bnusd."""
_UNREAD_SCALE = re.compile(
    r"(?:(?:\w*[zj]|sext|sept|oct|non|dec|umpt)illions?|myriads?|miles(?= de )|scores?(?= )"
    r"|gross(?= of ))(?![\w-])",
    re.IGNORECASE,
)
"""Scales that no amount is read in: 5 zillion jobs, 5 score jobs, 5 gross of eggs."""
_FRACTION_WORDS = re.compile(
    r"\b(?:halves|(?:third|quarter)s?(?= of)|thirds|(?:four|fif|six|seven|eigh|nin|ten|hundred"
    r"|thousand|[mbtr]+illion)ths)(?![\w-])",
    re.IGNORECASE,
)

_SAID_ELSEWHERE = "say what is measured in measure: or product:"


def parse_unit(text: str) -> str:
    """Return the canonical unit; raises ``ValueProblem`` for what is none."""
    unit, power = read_unit(" ".join(text.split()))
    if power:
        raise ValueProblem(f"'{text}' is a part of a currency; give the value in {unit}")
    return unit


@cache_short(4_096, longest=200)
def read_unit(text: str) -> tuple[str, int]:
    """Return the canonical unit of ``text`` and the power of ten that its numbers are in.

    The power is -2 for cents, whose unit is their currency, else 0.
    """
    if found := PERCENT_START.match(text):
        return _percentage(text[found.end() :]), 0
    if split := split_money(text):
        money, rest = split
        if rest:
            raise UnreadableAmount(
                f"an amount ends with its unit, here {money.code}; {_SAID_ELSEWHERE}"
            )
        return money.code, money.power
    return _find_known(text) or _new(text), 0


def is_known(text: str) -> bool:
    """Return whether a unit is a percentage, a currency or in the table of known units."""
    return bool(PERCENT_START.match(text) or split_money(text) or _find_known(text))


def parse_per(text: str) -> str:
    """Return the canonical name of what an amount is counted by: tonne, year, US citizen."""
    text = " ".join(text.split())
    match known_unit(text):
        case KnownUnit() as known:
            return known.singular
        case tuple() as several:
            raise _ambiguous_unit(text, several)
        case None:
            return _without_titles(text)


def _percentage(rest: str) -> str:
    points = re.match(r"[ -]?(?:points?|pts?)(?![\w-])", rest)
    unit, rest = (POINTS, rest[points.end() :]) if points else (PERCENT, rest)
    whole = rest.strip()
    if not whole:
        return unit
    if not whole.startswith("of ") or not whole[3:4].isalpha():
        raise UnreadableAmount(
            f"after {unit} only of and what it is a share of may follow; {_SAID_ELSEWHERE}"
        )
    _require_words(whole[3:])
    return f"{unit} of {_without_titles(whole[3:])}"


def _find_known(text: str) -> str | None:
    words = text.split(" ", LONGEST_NAME)
    for count in range(min(len(words), LONGEST_NAME), 0, -1):
        name, rest = " ".join(words[:count]), words[count:]
        known = known_unit(name)
        if known is None or name == "MM":
            continue
        if rest and rest[0] not in FUNCTION_WORDS and (len(name) > 1 or name == "m"):
            continue  # day trips, m jobs; but t steel
        if isinstance(known, tuple):
            raise _ambiguous_unit(name, known)
        _require_words(" ".join(rest))
        if any(word in currency_codes() for word in rest):
            raise UnreadableAmount(f"it has two units, {known.name} and a currency")
        return " ".join([known.name, *map(_without_titles, rest)])
    return None


def _new(text: str) -> str:
    """Return a unit that is in no table, after making sure that it is no misspelled other one."""
    words = text.split()
    first = words[0] if words else ""
    if not first or not first[0].isalpha() or first.lower() in _CANNOT_BEGIN:
        raise UnreadableAmount(f"'{text}' is not a unit: {_UNIT_IS}")
    if (len(first) == 1 and first.isascii()) or short_scale(first) or first[1:2] == "/":
        raise _no_unit(text, first)
    _require_words(text)
    if first in FUNCTION_WORDS and NUMBER_WORD.match(text, len(first) + 1):
        raise UnreadableAmount("it is a ratio; write it in percent, or as a decimal number")
    if found := _FRACTION_WORDS.search(text):
        raise UnreadableAmount(f"'{found[0]}': write a decimal number")
    for word in _head(words):
        if right := _correction(word):
            why = f"'{word}': did you mean {right}?"
            raise UnreadableAmount(why, (word, right), lead=" write ")
    _require_no_scale(text)
    _require_no_currency(text, words)
    return " ".join(map(_without_titles, words))


_UNIT_IS = "a unit is a currency's code, %, or what is counted or measured, in words"


def _ambiguous_unit(written: str, units: tuple[str, ...]) -> UnreadableAmount:
    which = " or ".join(units)
    return UnreadableAmount(f"'{written}' may be {which}", *((written, unit) for unit in units))


def _no_unit(text: str, first: str) -> UnreadableAmount:
    scale = short_scale(first)
    if scale and first != text:
        why = f"'{first}' is {scale} before a currency or written against the number only"
        return UnreadableAmount(why, (text, scale + text[len(first) :]))
    return UnreadableAmount(f"'{text}' is not a unit: {_UNIT_IS}")


def _require_words(text: str) -> None:
    """Raise for numbers and symbols in a unit; names such as G20 and remarks in brackets may be."""
    if _SYMBOLS.search(REMARK.sub("", text)):
        raise UnreadableAmount("a unit has no signs or numbers of its own")


def _require_no_scale(text: str) -> None:
    if found := _UNREAD_SCALE.match(text):
        raise UnreadableAmount(
            f"'{found[0]}' is not a known scale; write the number in digits; scales are "
            f"{', '.join(SCALES)}"
        )
    if text.lower() in COLLOQUIAL:
        raise UnreadableAmount(f"'{text}' is a scale without a unit; write it as a usual one")
    for word in re.split(r"[ -]", text):
        if find_scale(word) or word.lower() in MEANINGS or _SCALE_START.match(word):
            raise UnreadableAmount(
                f"'{text}': the scale stands behind the number and once; scales are "
                f"{', '.join(SCALES)}"
            )


def _require_no_currency(text: str, words: list[str]) -> None:
    first, codes = words[0], currency_codes()
    if any(word in codes for word in words[1:]):
        raise UnreadableAmount(
            f"'{text}': an amount of money is a number, a scale if it has one, and a currency; "
            f"scales are {', '.join(SCALES)}"
        )
    if len(words) == 2 and fold(words[1]) in currency_names():
        if code := money_of_people(first):
            raise UnreadableAmount(f"'{text}': did you mean {code}?", (text, code), lead=" write ")
        money_of(words[1])
        raise UnreadableAmount(f"'{text}' is not a known currency; write its ISO code")
    upper = first.upper()
    if not first.isupper() and (cents := cent_code_of(first)):
        raise UnreadableAmount(
            f"'{first}': did you mean {cents}?", (first, cents), lead=" as written so, it is "
        )
    if near := _codes_like(first):
        why = f"'{first}': did you mean {' or '.join(near)}? Write other units in lower case"
        raise UnreadableAmount(why, *((first, code) for code in near))
    if len(first) == 3 and not first.isupper():
        if upper in current_codes() and first.lower() not in _CODES_THAT_ARE_WORDS:
            raise UnreadableAmount(
                f"'{first}': did you mean {upper}?", (first, upper), lead=" write "
            )
    elif re.fullmatch(r"[A-Z]{3}", first):
        raise UnreadableAmount(
            f"'{first}' is not the ISO code of a currency; write other units in lower case",
            (first, first.lower()),
        )
    elif re.fullmatch(r"[A-Z]{3}s|[A-Z]{4,5}|[A-Z]{3}\d+", text) and text[:3] in codes:
        raise UnreadableAmount(
            f"'{text}': did you mean {text[:3]}?", (text, text[:3]), lead=" write "
        )
    elif re.fullmatch(r"(?:[A-Z]|[A-Za-z]*[a-z])[A-Z]{3}", first) and first[-3:] in codes:
        raise UnreadableAmount(f"'{first}': write the scale as a word before {first[-3:]}")


def _codes_like(word: str) -> list[str]:
    """Return the currencies' codes that three letters may be, with two of them in wrong order.

    Of letters in capitals those of much used currencies too that differ in one letter.
    """
    upper = word.upper()
    if not re.fullmatch(r"[A-Z]{3}", upper) or upper in currency_codes():
        return []
    swapped = [upper[1] + upper[0] + upper[2], upper[0] + upper[2] + upper[1]]
    if word != upper:
        return [code for code in swapped if code in _MUCH_USED]
    found = [code for code in swapped if code in current_codes()]
    return found or [code for code in _MUCH_USED if OSA.distance(code, upper) == 1]


def _head(words: list[str]) -> list[str]:
    """Return the words before the first of, in, for."""
    stop = next((i for i, word in enumerate(words) if word in FUNCTION_WORDS), len(words))
    return words[:stop]


@cache_short(4_096, longest=200)
def _correction(word: str) -> str | None:
    """Return the scale, unit or currency that a misspelled word is, or None."""
    plain = fold(word)
    if len(plain) < 4 or "'" in plain or plain in _MISSPELLED or plain in _OTHER_WORDS:
        return None
    same_start = [target for target in _MISSPELLED if target[0] == plain[0]]
    limit = 2 if len(plain) > 9 else 1
    found = process.extractOne(plain, same_start, scorer=OSA.distance, score_cutoff=limit)
    if found is None and len(plain) > 5:
        found = process.extractOne(plain, _TOLD_BY_THE_REST, scorer=OSA.distance, score_cutoff=1)
    return found[0] if found else None


def _without_titles(text: str) -> str:
    """Return words without capitals at their beginnings; acronyms and symbols stay."""
    return " ".join(
        word.lower()
        if word.istitle() and not re.search(r"\d", word) and not is_symbol(word)
        else word
        for word in text.split()
    )
