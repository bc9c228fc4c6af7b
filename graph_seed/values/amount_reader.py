"""Parse an amount under one notation of numbers.

    amount    = ["vague" [":"]] quantifier unit | comparator quantity [range] unit ["per" unit]
    quantity  = [sign] [currency] number [scale …]
    range     = (".." | "-" | "to") quantity, or between quantity and quantity

The text was normalized. Whatever cannot be read raises ``UnreadableAmount``, with rewrites that
could be meant; ``amounts`` reads those with this same grammar before it proposes them.
"""

import re
from dataclasses import replace
from decimal import Decimal

from graph_seed.values.amount import Amount
from graph_seed.values.currencies import Money, uses_dollar_sign
from graph_seed.values.decimals import canonical_decimal
from graph_seed.values.numerals import FRACTIONS, NUMBER_WORD, Notation
from graph_seed.values.problem import UnreadableAmount, ValueProblem
from graph_seed.values.quantities import STARTS_NUMBER, Quantity, has_number, read_quantity
from graph_seed.values.scales import PLURAL_SCALE, SCALES
from graph_seed.values.short_cache import cache_short
from graph_seed.values.unit_names import REMARK, known_unit
from graph_seed.values.units import FUNCTION_WORDS, is_known, parse_per, read_unit

_COMPARATORS = {
    "ge": r">=|≥|⩾|=>|(?:at least|not? (?:less|fewer) than|(?:an? )?minimum(?: of)?|min)@",
    "le": r"<=|≤|⩽|=<|(?:at most|up to|not? more than|not exceeding|(?:an? )?maximum(?: of)?"
    r"|max|as (?:much|many) as)@",
    "gt": r">|(?:more than|over|above|greater than|upwards of|in excess of|exceeding|well over"
    r"|just over|slightly more than|a little over)@",
    "lt": r"<|(?:less than|fewer than|under|below|just under|slightly less than|well under)@",
    "approx": r"~|≈|≃|≅|∼|(?:about|around|roughly|approximately|approx|circa|ca|c(?=\.? ?\d)"
    r"|nearly|almost|close to|an estimated|estimated|some(?= [\d.,½]))@",
    "eq": r"==?|(?:exactly|precisely)@",
}
"""How a number is to be read, as patterns; @ is the end of a word."""
_COMPARATOR = re.compile(
    "|".join(
        f"(?P<{name}>{words}) ?".replace("@", r"(?![\w-])\.?")
        for name, words in _COMPARATORS.items()
    ),
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:(?P<ge>^\+|^ plus(?= [^\W\d])| plus$| or (?:more|above|over)| at least"
    r"| and (?:more|above))"
    r"|(?P<le> or (?:less|fewer|below|under)| at most)|(?P<approx> or so|^[ -]odd(?= ))"
    r")(?![\w-])",
    re.IGNORECASE,
)
"""The same behind the number or behind the unit."""
_BARE_DIGIT = re.compile(r"(?<![\w])\d")
_DIGIT = re.compile(rf"[\d{FRACTIONS}]")
_RANGE_START = re.compile(r"(between|from) ", re.IGNORECASE)
_TO = re.compile(rf"(?: ?(?:\.{{2,3}}|…|[–—-]) ?| (?:to|and) )(?={STARTS_NUMBER})", re.IGNORECASE)
_LATER_TO = re.compile(
    r"(?: ?(?:\.{2,3}|…|(?:(?<=%)|(?<=\b[A-Z]{3}))[–—-]) ?| [–—-] | (?:to|and) )"
    rf"(?={STARTS_NUMBER})",
    re.IGNORECASE,
)
_CHANGE = re.compile(r" ?(?:-+>|→|⟶|=>) ?")
_SHARE = re.compile(
    r"(?: (?:(?P<of>out of|of)|(?P<in>in))(?: all| the)* | ?(?P<fraction>[/:⁄]) ?)"
    r"(?=[-+]?[.,]?\d)",
    re.IGNORECASE,
)
_PER = re.compile(r" (?P<article>an?) | ?/ ?| (?:per|each|every) ", re.IGNORECASE)
_PER_NUMBER = re.compile(r"(?: per | ?/ ?)[\d.,]")
_PER_NAME = re.compile(r"[^\W\d][\w °-]*")
_NO_PER_AFTER = frozenset(
    str.split("of in with for by as to at from on into than without and or either he she his her")
)
"""Words after which "a" or a slash tells of no rate: members of a party, and/or."""
_ADVERBS = {"annually": "year", "yearly": "year", "monthly": "month", "weekly": "week"}
_ADVERBS |= {"quarterly": "quarter", "daily": "day", "hourly": "hour", "p.a": "year", "pa": "year"}
_QUANTIFIER = re.compile(
    r"(?:an? (?:[a-z]+ )?(?:number|amount|handful|couple|lot|quantity) of|a few|a great many|"
    r"lots of|scores of|plenty of|few|several|some|many|numerous|"
    r"various|countless|multiple|a couple) ",
    re.IGNORECASE,
)
_ARTICLE_AND_SCALE = re.compile(r"an? (?:hundred|thousand|dozen|[a-z]+llion)\b", re.I)
_VAGUE = re.compile(r"vague\b ?:? ?", re.IGNORECASE)
_NOTHING = (
    frozenset(str.split("n/a n.a n.a. na tbd tba tbc unknown none null nil nothing ? - – — ... …"))
    | {"not available", "not applicable", "not given", "not stated", "no figure", "no number"}
    | {"not known", "not disclosed", "not specified", "undisclosed", "unspecified", "unclear"}
)
UNIT_WANTED = "add a unit: a currency's code, %, or what is counted or measured, in words"


def read_amount(text: str, notation: Notation) -> Amount:
    """Return the amount of a normalized text; raises ``UnreadableAmount``."""
    if text[0].isalpha():
        if found := _VAGUE.match(text):
            return _vague(text[found.end() :], text)
        padded = f"{text} "
        if (_QUANTIFIER.match(padded) or _plural_scale(padded)) and not has_number(text):
            return _vague(text, text)
    return _Measured(text, notation).read()


class _Measured:
    """Reads an amount that has a number."""

    def __init__(self, text: str, notation: Notation) -> None:
        self._text = text
        self._notation = notation

    def read(self) -> Amount:
        """Return the amount."""
        text = self._text
        comparator, pos = _comparator(text)
        between = _RANGE_START.match(text, pos)
        start = between.end() if between else pos
        low = read_quantity(text, start, self._notation)
        if low is None:
            raise self._no_number(start)
        if _DIGIT.search(text, low.end):
            self._refuse_shares_and_changes(low)
            if found := self._second(low, between[1].lower() if between else ""):
                high, left = found
                return self._range(comparator, low, high, left)
        if between:
            raise UnreadableAmount(f"'{between[1]}' begins a range, which has two numbers")
        comparator, rest = _split_trailing_comparator(comparator, text[low.end :])
        unit, per, power = self._parse_unit(rest, low)
        value = _canonical(low.worth(), power)
        scale = low.scale.power if low.scale else None
        return Amount(comparator, unit, value, None, None, scale, per)

    def _second(self, low: Quantity, start: str) -> tuple[Quantity, str] | None:
        """Return the second number of a range and the unit that stands before it, or None."""
        text = self._text
        bracket = text.find("(", low.end)
        to = _TO.match(text, low.end) or _LATER_TO.search(
            text, low.end, bracket if bracket >= 0 else len(text)
        )
        if to is None:
            return None
        high = read_quantity(text, to.end(), self._notation)
        if high is None:
            return None
        if to[0].strip() == "and" and start != "between":
            why = "an amount is one number or a range; write two figures, or a range"
            raise UnreadableAmount(why, (text, f"between {text[low.start :]}"))
        return high, text[low.end : to.start()].strip()

    def _range(self, comparator: str, low: Quantity, high: Quantity, left: str) -> Amount:
        if comparator not in {"eq", "approx"}:
            raise UnreadableAmount("a range stands alone, or with about")
        if high.money is None and low.money:
            high = replace(high, money=low.money, sign=low.sign)
        comparator, rest = _split_trailing_comparator(comparator, self._text[high.end :])
        unit, per, power = self._parse_unit(rest, high)
        low_power = power
        if left or (low.money and low.money != high.money):
            low_unit, low_per, low_power = self._parse_unit(left, low)
            is_same = unit == low_unit or unit.startswith(f"{low_unit} of ")
            if not is_same or low_per not in {None, per}:
                raise UnreadableAmount("it has two units; give both bounds in one")
        lower = _canonical(low.worth(None if left else high.scale), low_power)
        upper = _canonical(high.worth(), power)
        if Decimal(lower) >= Decimal(upper):
            raise self._not_upward(low, high)
        word = "approx-range" if comparator == "approx" else "range"
        scale = high.scale.power if high.scale else None
        return Amount(word, unit, None, lower, upper, scale, per)

    def _parse_unit(self, rest: str, quantity: Quantity) -> tuple[str, str | None, int]:
        """Parse the text behind a number: ``USD a year`` as USD, per year, and a power of ten.

        The power is that of the part of the unit that the number counts: -2 for cents.
        """
        money = quantity.money
        text, per = _split_per(rest.strip())
        if not text:
            if money:
                return money.code, per, money.power
            raise self._no_unit(quantity)
        if money is None:
            self._refuse_metres(text, quantity)
            unit, power = read_unit(text)
            if rest[:1].isalpha() and quantity.scale is None and not is_known(text):
                raise UnreadableAmount("write a space between the number and its unit")
            return unit, per, power
        return _same_money(text, quantity.sign, money), per, money.power

    def _refuse_metres(self, unit: str, quantity: Quantity) -> None:
        """Refuse 5m high, where m is not what it is before other words: a million."""
        if unit.partition(" ")[0] in FUNCTION_WORDS and (apart := self._metres_apart(quantity)):
            why = "'m' against the number is million"
            raise UnreadableAmount(why, (self._text, apart), lead="; for metres write ")

    def _metres_apart(self, quantity: Quantity) -> str:
        """Return the text with a space before an m against the number; nothing if there is none."""
        text, end = self._text, quantity.end
        if re.search(r"[\d½]m$", text[:end]):
            return f"{text[: end - 1]} {text[end - 1 :]}"
        return ""

    def _no_unit(self, quantity: Quantity) -> UnreadableAmount:
        why = f"it has no unit; {UNIT_WANTED}"
        apart = self._metres_apart(quantity)
        rewrites = ((self._text, apart),) if apart else ()
        return UnreadableAmount(why, *rewrites, lead="; for metres write ")

    def _refuse_shares_and_changes(self, low: Quantity) -> None:
        text, end = self._text, low.end
        if arrow := _CHANGE.search(text, end):
            before, after = text[: arrow.start()], text[arrow.end() :]
            high = read_quantity(text, arrow.end(), self._notation)
            left, right = text[end : arrow.start()].strip(), text[high.end :] if high else ""
            sides = (
                before if left else before + right,
                after if right.strip() else f"{after} {left}",
            )
            why = "a change is two figures"
            raise UnreadableAmount(why, *((text, side) for side in sides), joined=" and ")
        share = _SHARE.search(text, end)
        if share is None:
            return
        unit = text[end : share.start()].strip()
        if share["fraction"] and not unit:
            raise UnreadableAmount("it is a fraction or a ratio; write it as a decimal number")
        if share["in"] and not unit:
            raise UnreadableAmount("it is a ratio; write it in percent, or as a decimal number")
        if share["of"]:
            whole = read_quantity(text, share.end(), self._notation)
            counted = unit or (text[whole.end :].strip() if whole else "")
            rewrites = () if "%" in counted else ((text, f"{text[:end]} {counted or 'members'}"),)
            why = "it is a share; write the count with its unit, and name the whole in measure:"
            lead = "; write " if counted else ", as in "
            raise UnreadableAmount(why, *rewrites, lead=lead)

    def _not_upward(self, low: Quantity, high: Quantity) -> UnreadableAmount:
        text = self._text
        why = "write the lesser first, and each with its own scale if they differ"
        if low.worth() == high.worth() or (low.scale is None) != (high.scale is None):
            return UnreadableAmount(why)
        upward = f"{text[high.start : high.end]}..{text[low.start : low.end]}{text[high.end :]}"
        return UnreadableAmount(f"{why}; a change is two figures", (text, upward))

    def _no_number(self, start: int) -> UnreadableAmount:
        text = self._text
        if _BARE_DIGIT.search(REMARK.sub("", text)):
            before = _BARE_DIGIT.split(text[start:], maxsplit=1)[0].strip()
            return UnreadableAmount(f"'{before}' cannot stand before the number")
        rest = text[start:]
        if rest.lower().startswith("no "):
            return UnreadableAmount("write the number in digits", (text, f"0{rest[2:]}"), lead=": ")
        why = "it has no number"
        lead = "; where the source gives none write "
        return UnreadableAmount(why, (text, f"vague: {rest}"), lead=lead)


def _same_money(text: str, sign: str, money: Money) -> str:
    """Return the currency of an amount that names it on both sides of its number."""
    try:
        code, _ = read_unit(text)
    except UnreadableAmount:
        code = ""
    if code == money.code or (sign == "$" and uses_dollar_sign(code)):
        return code
    raise UnreadableAmount(
        f"an amount in {money.code} ends with its number and scale; say what is measured in "
        "measure: or product:"
    )


def _comparator(text: str) -> tuple[str, int]:
    """Return how the number is to be read, and where it begins."""
    if text[0].isdigit():
        return "eq", 0
    found = _COMPARATOR.match(text)
    if not found:
        return "eq", 0
    if _COMPARATOR.match(text, found.end()):
        raise UnreadableAmount("two words say how the number is to be read; keep one")
    return str(found.lastgroup), found.end()


def _split_trailing_comparator(comparator: str, rest: str) -> tuple[str, str]:
    """Split off a comparator that follows (``or more``, ``+``); without one, keep the one given."""
    found = _BEHIND.search(rest)
    if not found:
        return comparator, rest
    if comparator != "eq":
        raise UnreadableAmount("two words say how the number is to be read; keep one")
    return str(found.lastgroup), f"{rest[: found.start()]}{rest[found.end() :]}"


@cache_short(4_096, longest=200)
def _split_per(text: str) -> tuple[str, str | None]:
    """Return a unit and what it is counted by: 10 USD a kg, 5 chapters annually, 90 km/h."""
    text = re.sub(r"\bper (cent|mille)\b", r"per\1", f" {text.removesuffix('.')}")
    head, _, last = text.rpartition(" ")
    if adverb := _ADVERBS.get(last.lower()):
        return head.strip(), adverb
    if _PER_NUMBER.search(text):
        raise UnreadableAmount("what stands after per is one unit, without a number")
    for found in _PER.finditer(text):
        name = text[found.end() :]
        before = text[: found.start()].rpartition(" ")[2]
        no_rate = (found["article"] or "/" in found[0]) and before.lower() in _NO_PER_AFTER
        if not no_rate and _PER_NAME.fullmatch(name) and not _is_abbreviation(found[0], before):
            return text[: found.start()].strip(), parse_per(name)
    return text.strip(), None


def _is_abbreviation(mark: str, before: str) -> bool:
    """Return whether a slash joins letters, as in n/a, w/o, c/o."""
    is_letter = len(before) == 1 and before.isascii() and before.isalpha()
    return "/" in mark and is_letter and known_unit(before) is None


def _vague(phrase: str, text: str) -> Amount:
    if has_number(phrase):
        raise UnreadableAmount(
            "what is vague has no number", (text, phrase), (text, f"about {phrase}")
        )
    if phrase.lower() in _NOTHING:
        raise UnreadableAmount("say of what there is not a number, or leave the figure out")
    pos = _comparator(phrase)[1] if phrase else 0
    if NUMBER_WORD.match(phrase, pos) or _ARTICLE_AND_SCALE.match(phrase, pos):
        raise UnreadableAmount("what is vague has no number, not even in words", (text, phrase))
    rest, scale = _skip_quantifiers(phrase)
    unit, per = _split_per(rest)
    if not unit:
        raise UnreadableAmount("say of what, as in vague: a handful of deals")
    name, power = read_unit(unit)
    if power and scale:
        raise UnreadableAmount(
            f"a vague amount of a part of {name} has no scale; write vague: {name}"
        )
    return Amount("vague", name, None, None, None, scale, per)


def _skip_quantifiers(phrase: str) -> tuple[str, int | None]:
    """Return what follows a few, several thousand, tens of millions of; and the scale said."""
    rest, scale = f"{phrase} ", None
    while True:
        if found := _QUANTIFIER.match(rest):
            pass
        elif found := _plural_scale(rest, quantified=rest != f"{phrase} "):
            word = (found[1] or found[2]).lower().removesuffix("s")
            scale = SCALES.get(word, scale)
        else:
            return rest.strip(), scale
        rest = rest[found.end() :]


def _plural_scale(text: str, quantified: bool = False) -> re.Match[str] | None:
    """Return a match for thousands of; after a quantifier for thousand too."""
    found = PLURAL_SCALE.match(text)
    return found if found and (found[1] or quantified) else None


def _canonical(number: Decimal, power: int) -> str:
    try:
        return canonical_decimal(number.scaleb(power))
    except ValueProblem:
        raise UnreadableAmount(
            "it is too large or has too many digits; fifteen digits are kept exactly"
        ) from None
