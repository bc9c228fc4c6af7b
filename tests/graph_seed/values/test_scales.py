"""Scales and currencies in the words of many languages, against the Unicode locale data."""

import re
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import get_currency_name

from graph_seed.values import Amount, ValueProblem, parse_amount
from graph_seed.values.scales import compact_words

LANGUAGES = """de fr es pt it nl sv da nb nn is fi et lv lt pl cs sk hu ro hr sl uk ru bg sr el tr
hi bn ur fa ar he th lo km my vi id ja zh zh_Hant ko""".split()
READ_AS_ENGLISH = {"billion", "billions", "bn", "bln", "tn", "m", "b", "k", "t", "mn"}
"""Words that are other scales in other languages, or units."""


def _read(text: str) -> Amount | None:
    try:
        return parse_amount(text)
    except ValueProblem as refused:
        # What is advised, if anything is, can be read.
        assert "Traceback" not in str(refused)
        return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scale_of_any_language_is_read_right_or_refused(language: str) -> None:
    powers: dict[str, set[int]] = {}
    for word, power in compact_words(Locale.parse(language)):
        powers.setdefault(word, set()).add(power)
    for word in powers.keys() - READ_AS_ENGLISH:
        if len(word.split()[-1]) <= 2 and " " in " ".join(word.split()):
            continue  # two abbreviations
        meant = {Decimal(5).scaleb(power) for power in powers[word]}
        for text in (f"5 {word} EUR", f"5 {word}. EUR", f"5 {word} xyzwords"):
            if (read := _read(text)) is None:
                continue
            assert read.value is not None
            assert Decimal(read.value) in meant or _is_no_scale(read, word), (text, read)


def _is_no_scale(read: Amount, word: str) -> bool:
    """Return whether an abbreviation begins a unit: five bin liners, mill workers."""
    *_, last = word.split()
    return read.unit.startswith(word) and (len(last) <= 2 or word in {"bill", "bin", "mill"})


@pytest.mark.parametrize("language", "ru uk hi bn ar fa he th ja zh ko el ka hy".split())
def test_a_currency_of_another_script_is_no_new_unit(language: str) -> None:
    locale = Locale.parse(language)
    for code in "USD EUR GBP JPY CNY INR RUB THB MXN CAD CHF".split():
        for count in (1, 5):
            name = get_currency_name(code, count, locale)
            read = _read(f"5 {name}")
            if re.fullmatch(r"[^\W\d_A-Za-z]+(?: [^\W\d_A-Za-z]+)*", name):
                assert read is None or read.unit == code, (name, read)
