"""No advice, and no reading, holds another amount than was written."""

import re
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_seed.values import ValueProblem, parse_amount

SCALES = {"": 1, "hundred": 100, "thousand": 10**3, "k": 10**3, "lakh": 10**5, "million": 10**6}
SCALES |= {"mio": 10**6, "Mio.": 10**6, "m": 10**6, "crore": 10**7, "bn": 10**9, "Mrd.": 10**9}
SCALES |= {"dozen": 12, "trillion": 10**12, "milion": 10**6, "bilion": 10**9, "gazillion": 1}
SCALES |= {"mil": 10**3, "hundred thousand": 10**5, "x": 1, "grand": 1, "K": 10**3, "b": 10**9}
UNKNOWN_SCALES = {"milion", "bilion", "gazillion", "grand", "x"}
MORE_SCALES = {"mil": 10**6, "bilion": 10**12, "m": 1, "b": 1, "k": 1, "K": 1}
"""Other meanings of the same words: m is metres too."""
UNITS = """ USD|EUR|usd|US dollars|dollars|euros|pesos|Mexican pesos|kr|kroner|$|€|cents|
US cents|pence|%|percent|precent|% of GDP|percentage points|percent growth|people|
jobs|tonnes|tonnnes|t|kg|m|mw|MW|m3|tCO2e|index (2010=100)|of 61 chapters|of goods|
-> 0 %|EUR a year|cents per kg|USD/kg|per 100 kg|or more jobs||x 3|G20 members|n/a|
EUR EUR|TEU|th round|and 7 jobs|to 7 jobs|..7 %|high|%!|deals."""
HAVE_NUMBERS = {"61", "0", "100", "7", "3", "20", "2010"}
"""Numbers that stand in units, which advice may repeat."""
SPOKEN = {"hundred": 2, "thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9}
SPOKEN |= {"trillion": 12, "quadrillion": 15, "quintillion": 18}
NUMBER = re.compile(rf"(-?\d+(?:\.\d+)?)(?: ({'|'.join(SPOKEN)}))?")


@dataclass(frozen=True)
class Numeral:
    text: str
    meanings: frozenset[Decimal]


@st.composite
def numerals(draw: st.DrawFn) -> Numeral:
    """Draw a number as somebody prints it, with everything that it may mean."""
    groups = [str(draw(st.integers(1, 999)))]
    groups += draw(st.lists(st.integers(0, 999).map("{:03}".format), max_size=3))
    point = draw(st.sampled_from([".", ","]))
    separators = ["", " ", "\u00a0", "\u202f", "'", "’", "_", "," if point == "." else "."]
    separator = draw(st.sampled_from(separators))
    fraction = draw(st.sampled_from(["", "0", "5", "25", "300", "125", "0001"]))
    text = separator.join(groups) + (f"{point}{fraction}" if fraction else "")
    whole = "".join(groups)
    meanings = {Decimal(f"{whole}.{fraction}" if fraction else whole)}
    plain = separator in {"", " ", "\u00a0", "\u202f", "'", "’", "_"}
    grouped = bool(separator) and len(groups) > 1
    if len(fraction) == 3 and not grouped and len(whole) <= 3:
        meanings.add(Decimal(whole + fraction))
    if not plain and not fraction and grouped and len(groups) == 2:
        meanings.add(Decimal(f"{groups[0]}.{groups[1]}"))
    if draw(st.booleans()):
        digits = draw(st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"]))
        text = text.translate(str.maketrans("0123456789", digits))
    sign = draw(st.sampled_from(["", "", "-", "−", "–", "minus "]))
    return Numeral(sign + text, frozenset(-one if sign else one for one in meanings))


@st.composite
def written_amounts(draw: st.DrawFn) -> tuple[str, frozenset[Decimal]]:
    """Draw a text that states an amount, often wrongly, with all numbers that it may mean."""
    before = draw(st.sampled_from(["", "", "about ", "> ", "vague: ", "$", "US$ ", "€", "CHF "]))
    number = draw(numerals())
    scale = draw(st.sampled_from([*SCALES]))
    unit = draw(st.sampled_from(UNITS.replace("\n", "").split("|")))
    gap, space = draw(st.sampled_from(["", " "])), draw(st.sampled_from(["", " ", " "]))
    if scale in UNKNOWN_SCALES or (scale and unit[:1] not in "$€E"):
        space = " "
    text = f"{before}{number.text}{gap if scale else ''}{scale}{space}{unit}"
    factors = {Decimal(SCALES[scale]), Decimal(MORE_SCALES.get(scale, SCALES[scale]))}
    for written, power in (("cents", -2), ("pence", -2), ("m", 6)):
        if written in unit.split():
            factors |= {one.scaleb(power) for one in factors}
    if unit == "t" and before.strip() in {"$", "US$", "€", "CHF"}:
        factors |= {one.scaleb(12) for one in factors}
    meant = {one * factor for one in number.meanings for factor in factors}
    return text, frozenset(meant)


@settings(deadline=None, max_examples=400)
@given(written_amounts())
def test_no_amount_is_read_or_proposed_that_was_not_written(
    written: tuple[str, frozenset[Decimal]],
) -> None:
    text, meant = written
    try:
        read = parse_amount(text)
    except ValueProblem as refused:
        advice = str(refused).replace(f"'{text}'", "")
        advice = re.sub(r"'[^']*'", "", advice)
        for digits, scale in NUMBER.findall(re.sub(r"\w*\([^)]*\)|[A-Za-z]\w*\d\w*", "", advice)):
            proposed = Decimal(digits).scaleb(SPOKEN.get(scale, 0))
            assert proposed in meant or digits in HAVE_NUMBERS, (text, str(refused))
        return
    for value in (read.value, read.lower):
        assert value is None or Decimal(value) in meant, (text, read)


@settings(deadline=None, max_examples=150)
@given(written_amounts())
def test_every_proposed_spelling_can_be_read(written: tuple[str, frozenset[Decimal]]) -> None:
    text, _ = written
    try:
        parse_amount(text)
    except ValueProblem as refused:
        _, found, proposals = str(refused).rpartition("; write ")
        if found and re.match(r"[-<>\d]|about", proposals) and ":" not in proposals:
            for one in re.split(" or (?!more)| and ", proposals):
                parse_amount(one)
