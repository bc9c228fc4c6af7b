"""Parse amounts in the short form of facts files: ``-53.1 billion USD``, ``2..2.5 %``.

A text is read under each notation of numbers. One amount is the answer; two are refused with
both; none is refused with what could have been meant, read by the same grammar.
"""

import re

from graph_seed.values.amount import Amount, spell_amount
from graph_seed.values.amount_reader import UNIT_WANTED, read_amount
from graph_seed.values.numerals import (
    Notation,
    decimal_notation,
    normalize_digits,
    possible_notations,
)
from graph_seed.values.problem import UnreadableAmount, ValueProblem
from graph_seed.values.short_cache import cache_short
from graph_seed.values.unit_names import is_percentage

_LONGEST = 200
_QUOTED_LENGTH = 80


def parse_amount(text: str) -> Amount:
    """Return the amount that ``text`` states.

    Raises ``ValueProblem`` for what cannot be read and for what can be read in two ways. The
    message proposes right spellings; each is a reading of ``text`` itself.
    """
    plain = normalize_digits(text)
    if not plain:
        raise ValueProblem(f"an amount is missing: a number and a unit; {UNIT_WANTED}")
    if len(plain) > _LONGEST:
        raise ValueProblem(f"an amount is a number and a unit; this is too long; {UNIT_WANTED}")
    try:
        return _only_reading(plain)
    except UnreadableAmount as problem:
        raise ValueProblem(f"{_quote(text)}: {problem}{_proposals(plain, problem)}") from None


@cache_short(8_192, longest=200)
def _only_reading(plain: str) -> Amount:
    """Return the amount of a normalized text; a large file repeats many."""
    found = _readings(plain)
    if len(found) > 1:
        both = " or ".join(map(spell_amount, found))
        raise UnreadableAmount(f"it can be read in two ways; write {both}")
    return found[0]


def _readings(plain: str) -> list[Amount]:
    """Return the amounts that a normalized text can be; raises where it is none."""
    notations = possible_notations(plain)
    if not notations:
        raise UnreadableAmount("its digits make no number; separate decimals by one point")
    if len(notations) > 1 and (decimal := decimal_notation(plain)):
        share = _percentage_in(plain, decimal)
        if share:
            return [share]
    found = [read_amount(plain, notation) for notation in notations]
    return found[:1] if found[0] == found[-1] else found


def _percentage_in(plain: str, notation: Notation) -> Amount | None:
    """Return the amount of a text under a notation if it is a percentage, else None.

    Nobody groups the thousands of a percentage: its only separator is a decimal one.
    """
    try:
        amount = read_amount(plain, notation)
    except UnreadableAmount:
        return None
    return amount if is_percentage(amount.unit) else None


def _proposals(plain: str, problem: UnreadableAmount) -> str:
    """Return the readings of a problem's rewrites as the end of its message."""
    spelled: list[str] = []
    for written, meant in problem.rewrites:
        rewritten = normalize_digits(_replace(plain, written, meant))
        try:
            readings = _readings(rewritten)
        except UnreadableAmount:
            continue
        spelled += [one for one in map(spell_amount, readings) if one not in spelled]
    return f"{problem.lead}{problem.joined.join(spelled)}" if spelled else ""


def _replace(text: str, written: str, meant: str) -> str:
    """Replace the last place where words are written, whole words if there are any."""
    whole = [*re.finditer(rf"(?<!\w){re.escape(written)}(?!\w)", text)]
    if whole:
        return f"{text[: whole[-1].start()]}{meant}{text[whole[-1].end() :]}"
    before, found, after = text.rpartition(written)
    return f"{before}{meant}{after}" if found else text


def _quote(text: str) -> str:
    """Return a text as a message shows it, or a word for it where it is long."""
    shown = "".join(char for char in text if char.isprintable() or char.isspace())
    return f"'{shown}'" if len(shown) <= _QUOTED_LENGTH else "this amount"
