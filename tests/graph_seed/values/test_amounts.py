"""Amounts: the short form of a facts file, bounds and words."""

import re
from dataclasses import asdict
from decimal import Decimal
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_seed.values import (
    Amount,
    ValueProblem,
    amount_bounds,
    canonical_decimal,
    format_amount,
    parse_amount,
)
from graph_seed.values.amount import spell_amount
from graph_seed.values.scales import SCALES
from graph_seed.values.units import parse_per, parse_unit

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"


def amount(comparator: str, unit: str, *numbers: str, scale: int | None = None) -> Amount:
    value = numbers[0] if len(numbers) == 1 else None
    lower, upper = numbers if len(numbers) == 2 else (None, None)
    return Amount(comparator, unit, value, lower, upper, scale, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-53.1 billion USD", amount("eq", "USD", "-53100000000", scale=9)),
        ("−53.1 billion USD", amount("eq", "USD", "-53100000000", scale=9)),
        ("50 %", amount("eq", "percent", "50")),
        ("50%", amount("eq", "percent", "50")),
        ("62.5 percent", amount("eq", "percent", "62.5")),
        ("5 per cent", amount("eq", "percent", "5")),
        ("28 areas", amount("eq", "areas", "28")),
        ("28 Areas", amount("eq", "areas", "28")),
        ("5 members of a party", amount("eq", "members of a party", "5")),
        ("5 teachers in a school", amount("eq", "teachers in a school", "5")),
        ("> 4 %", amount("gt", "percent", "4")),
        ("more than 4 %", amount("gt", "percent", "4")),
        ("over 4 %", amount("gt", "percent", "4")),
        ("in excess of 4 %", amount("gt", "percent", "4")),
        (">= 4 %", amount("ge", "percent", "4")),
        ("≥ 4 %", amount("ge", "percent", "4")),
        ("at least 4 %", amount("ge", "percent", "4")),
        ("4+ areas", amount("ge", "areas", "4")),
        ("4 or more areas", amount("ge", "areas", "4")),
        ("4 areas or more", amount("ge", "areas", "4")),
        ("<4 %", amount("lt", "percent", "4")),
        ("less than 4 %", amount("lt", "percent", "4")),
        ("under 4 %", amount("lt", "percent", "4")),
        ("≤ 4 %", amount("le", "percent", "4")),
        ("at most 4 %", amount("le", "percent", "4")),
        ("up to 4 %", amount("le", "percent", "4")),
        ("as many as 4 areas", amount("le", "areas", "4")),
        ("about 1 %", amount("approx", "percent", "1")),
        ("ca. 1 %", amount("approx", "percent", "1")),
        ("1 % or so", amount("approx", "percent", "1")),
        ("~1 %", amount("approx", "percent", "1")),
        ("some 500 jobs", amount("approx", "jobs", "500")),
        ("100 plus deals", amount("ge", "deals", "100")),
        ("100 deals plus", amount("ge", "deals", "100")),
        ("100 odd deals", amount("approx", "deals", "100")),
        ("5 Mt CO2", amount("eq", "Mt CO2", "5")),
        ("5 Mt steel", amount("eq", "Mt steel", "5")),
        ("2..2.5 %", amount("range", "percent", "2", "2.5")),
        ("2 to 2.5 percent", amount("range", "percent", "2", "2.5")),
        ("2–2.5 %", amount("range", "percent", "2", "2.5")),
        ("between 2 and 2.5 percent", amount("range", "percent", "2", "2.5")),
        ("2 % to 2.5 %", amount("range", "percent", "2", "2.5")),
        ("2 USD-3 USD", amount("range", "USD", "2", "3")),
        ("between 2 % and 3 % of GDP", amount("range", "percent of GDP", "2", "3")),
        ("5 tonnes to 6 tonnes", amount("range", "tonnes", "5", "6")),
        ("-2..-1 %", amount("range", "percent", "-2", "-1")),
        ("about 150..200 jobs", amount("approx-range", "jobs", "150", "200")),
        ("roughly 150 to 200 jobs", amount("approx-range", "jobs", "150", "200")),
        ("about between 2 and 3 %", amount("approx-range", "percent", "2", "3")),
        (
            "900 million to 1.2 billion MXN",
            amount("range", "MXN", "900000000", "1200000000", scale=9),
        ),
        ("$5-6 million", amount("range", "USD", "5000000", "6000000", scale=6)),
        ("50 US cents to 1 USD", amount("range", "USD", "0.5", "1")),
        ("vague: a handful of deals", amount("vague", "deals")),
        ("a handful of deals", amount("vague", "deals")),
        ("several chapters", amount("vague", "chapters")),
        ("dozens of deals", amount("vague", "deals")),
        ("several G20 members", amount("vague", "G20 members")),
        ("billions USD", amount("vague", "USD", scale=9)),
        ("vague: billions of USD", amount("vague", "USD", scale=9)),
        ("vague: a few thousand tonnes", amount("vague", "tonnes", scale=3)),
        ("hundreds of millions of EUR", amount("vague", "EUR", scale=6)),
        ("tens of thousands of jobs", amount("vague", "jobs", scale=3)),
    ],
)
def test_amounts_are_read(text: str, expected: Amount) -> None:
    assert parse_amount(text) == expected


@pytest.mark.parametrize(
    ("text", "value", "unit", "scale"),
    [
        ("1,5 Mio. EUR", "1500000", "EUR", 6),
        ("5 mio jobs", "5000000", "jobs", 6),
        ("5 mln EUR", "5000000", "EUR", 6),
        ("5 milyon TRY", "5000000", "TRY", 6),
        ("5 juta jobs", "5000000", "jobs", 6),
        ("5 milyar TRY", "5000000000", "TRY", 9),
        ("5 tys. PLN", "5000", "PLN", 3),
        ("5 Millionen Euro", "5000000", "EUR", 6),
        ("5 millions d'euros", "5000000", "EUR", 6),
        ("5 mrd EUR", "5000000000", "EUR", 9),
        ("5 Mrd. EUR", "5000000000", "EUR", 9),
        ("5 milliards EUR", "5000000000", "EUR", 9),
        ("5 mil millones EUR", "5000000000", "EUR", 6),
        ("5 млрд RUB", "5000000000", "RUB", 9),
        ("5 bn USD", "5000000000", "USD", 9),
        ("5 tn USD", "5000000000000", "USD", 12),
        ("5 quadrillion USD", "5000000000000000", "USD", 15),
        ("5 crore INR", "50000000", "INR", 7),
        ("2 lakh crore INR", "2000000000000", "INR", 7),
        ("5 lakh jobs", "500000", "jobs", 5),
        ("5 लाख INR", "500000", "INR", 5),
        ("5 hundred jobs", "500", "jobs", 2),
        ("5 hundred thousand jobs", "500000", "jobs", 3),
        ("5 thousand million USD", "5000000000", "USD", 6),
        ("5 dozen eggs", "60", "eggs", None),
        ("a dozen eggs", "12", "eggs", None),
        ("a million jobs", "1000000", "jobs", 6),
        ("5億円", "500000000", "JPY", None),
        ("5 亿美元", "500000000", "USD", None),
        ("5 十万人", "500000", "人", None),
        ("5 백만명", "5000000", "명", None),
        ("3 ล้านบาท", "3000000", "THB", None),
        ("3 ล้าน บาท", "3000000", "THB", None),
        ("5 พันล้านบาท", "5000000000", "THB", None),
        ("5 লাখ টাকা", "500000", "BDT", 5),
        ("5 কোটি টাকা", "50000000", "BDT", 7),
        ("5 миллиона долларов США", "5000000", "USD", 6),
        ("5 miliony złotych", "5000000", "PLN", 6),
        ("5 bilhões de reais", "5000000000", "BRL", 9),
        ("R$ 5 bi", "5000000000", "BRL", 9),
        ("5 miliardi di euro", "5000000000", "EUR", 9),
        ("5 milliers d'emplois", "5000", "emplois", 3),
        ("5 tỷ đồng", "5000000000", "VND", 9),
        ("5 bin TL", "5000", "TRY", 3),
        ("5 bin liners", "5", "bin liners", None),
        ("5 millónes EUR", "5000000", "EUR", 6),
        ("5 Dutzend Eier", "60", "eier", None),
        ("5 złotych", "5", "PLN", None),
        ("60 MNOK", "60000000", "NOK", 6),
        ("5 t steel", "5", "tonnes steel", None),
        ("5 day trips", "5", "day trips", None),
        ("3万人", "30000", "人", None),
        ("$1.2bn", "1200000000", "USD", 9),
        ("-$5 million", "-5000000", "USD", 6),
        ("US$ 3 million", "3000000", "USD", 6),
        ("USD 3 million", "3000000", "USD", 6),
        ("C$5", "5", "CAD", None),
        ("€5m", "5000000", "EUR", 6),
        ("5m EUR", "5000000", "EUR", 6),
        ("5 m EUR", "5000000", "EUR", 6),
        ("5 M€", "5000000", "EUR", 6),
        ("5 MEUR", "5000000", "EUR", 6),
        ("5k jobs", "5000", "jobs", 3),
        ("5 k EUR", "5000", "EUR", 3),
        ("€2T", "2000000000000", "EUR", 12),
        ("5 MM USD", "5000000", "USD", 6),
        ("5 $", "5", "USD", None),
        ("5 euros", "5", "EUR", None),
        ("5 yen", "5", "JPY", None),
        ("5 Mexican pesos", "5", "MXN", None),
        ("5 million Canadian dollars", "5000000", "CAD", 6),
        ("60 million Swedish kronor", "60000000", "SEK", 6),
        ("5 pounds sterling", "5", "GBP", None),
        ("$5 million CAD", "5000000", "CAD", 6),
        ("50 US cents", "0.5", "USD", None),
        ("50 GBp", "0.5", "GBP", None),
        ("50 GBX", "0.5", "GBP", None),
        ("50 USc", "0.5", "USD", None),
        ("50 Swiss rappen", "0.5", "CHF", None),
        ("50 euro cents", "0.5", "EUR", None),
        ("50 British pence", "0.5", "GBP", None),
        ("5 million US cents", "50000", "USD", 6),
    ],
)
def test_scales_and_money_are_read_as_people_write_them(
    text: str, value: str, unit: str, scale: int | None
) -> None:
    assert parse_amount(text) == Amount("eq", unit, value, None, None, scale, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 000 000 USD", "1000000"),
        (f"1{NBSP}000{NBSP}000 USD", "1000000"),
        (f"1{NARROW}000 USD", "1000"),
        (f"1{THIN}000 USD", "1000"),
        ("1'000 CHF", "1000"),
        ("1’000’000 CHF", "1000000"),
        ("1_000 USD", "1000"),
        ("1,234,567 USD", "1234567"),
        ("1.234.567 USD", "1234567"),
        ("1.234,56 USD", "1234.56"),
        ("1,234.56 USD", "1234.56"),
        ("1 234,5 USD", "1234.5"),
        ("12,34,567 INR", "1234567"),
        ("1,00,000 INR", "100000"),
        ("1234.567 USD", "1234.567"),
        ("0.125 USD", "0.125"),
        ("0,125 USD", "0.125"),
        ("62,5 %", "62.5"),
        (".5 %", "0.5"),
        ("2.375 %", "2.375"),
        ("1.000 %", "1"),
        ("2.375 percentage points", "2.375"),
        ("1e6 USD", "1000000"),
        ("2.5E-3 %", "0.0025"),
        ("٣٫٥ %", "3.5"),
        ("٣٬٥٠٠ USD", "3500"),
        ("५० %", "50"),
        ("５０％", "50"),
        ("+5 %", "5"),
        ("-5 %", "-5"),
        ("−5 %", "-5"),
        ("–5 %", "-5"),
        ("‑5 %", "-5"),
        ("－5 %", "-5"),
        ("- 5 %", "-5"),
        ("minus 5 %", "-5"),
        ("zero %", "0"),
        ("½ %", "0.5"),
        ("2½ %", "2.5"),
        ("2 ½ %", "2.5"),
        ("5 %.", "5"),
        ("\u200f5 %", "5"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert parse_amount(text).value == value


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.000 EUR", "write 1 EUR or 1000 EUR"),
        ("2.300 people", "write 2.3 people or 2300 people"),
        ("1,500 USD", "write 1500 USD or 1.5 USD"),
        ("-1,500 USD", "write -1500 USD or -1.5 USD"),
        ("1.234 billion USD", "write 1.2340 billion USD or 1234 billion USD"),
        ("> 1.500 jobs a year", "write > 1.5 jobs per year or > 1500 jobs per year"),
        ("1.500..2.000 EUR", "write 1.5..2 EUR or 1500..2000 EUR"),
        ("1,500 basis points", "write 1500 basis points or 1.5 basis points"),
        ("5 bilion EUR", "write 5 billion EUR or 5 trillion EUR"),
        ("5 mil EUR", "write 5 thousand EUR or 5 million EUR"),
        ("5兆円", "write 5 million JPY or 5 trillion JPY"),
        ("(5) million USD", "write -5 million USD or 5 million USD"),
        ("5 mw", "write 5 mW or 5 MW"),
        ("5 MT", "write 5 tonnes or 5 Mt"),
        ("5 percentage", "write 5 % or 5 percentage points"),
    ],
)
def test_an_ambiguous_amount_is_refused_with_its_readings(text: str, readings: str) -> None:
    with pytest.raises(ValueProblem) as refused:
        parse_amount(text)
    assert str(refused.value).endswith(readings)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,500 %", "1.5"),
        ("2.375 %", "2.375"),
        ("2,375 per cent", "2.375"),
        ("-2,375 % of GDP", "-2.375"),
        ("> 1,500 % a year", "1.5"),
        ("12,345 %", "12.345"),
        ("1,500 percentage points", "1.5"),
        ("1,500 %-points", "1.5"),
        ("1,500 ‰", "1.5"),
        ("1,125 to 1,375 %", "1.125 1.375"),
        ("between 1.125 and 1.375 %", "1.125 1.375"),
        ("2,375..10 %", "2.375 10"),
        ("about 2,375..10 %", "2.375 10"),
        ("1,234.5 %", "1234.5"),
        ("1,234,567 %", "1234567"),
        ("1 500 %", "1500"),
    ],
)
def test_the_only_separator_of_a_percentage_is_a_decimal_one(text: str, numbers: str) -> None:
    read = parse_amount(text)
    found = (read.value, read.lower, read.upper)
    assert [one for one in found if one is not None] == numbers.split()


CENTS = """öre øre ören fen jiao sen satang agorot groszy grosz kopeks копеек centavos céntimos
centimos cêntimos centimes centesimi paise paisa poisha পয়সা pence pennies haléřů fillér bani
stotinki lipa kuruş kurus halalas piastres piasters qirsh fils millimes kobo pesewas santim tiyin
qəpik tetri luma pya xu hào toea rappen Pfennig cents Cent ct 角 分 銭 전 สตางค์""".split()


@pytest.mark.parametrize("cent", CENTS)
def test_cents_need_their_currency(cent: str) -> None:
    for text in (f"50 {cent}", f"50 million {cent} a year", f"10..50 {cent}"):
        with pytest.raises(ValueProblem, match="say of which currency") as refused:
            parse_amount(text)
        proposed = re.findall(r"(?:as in|or) (\S+)", str(refused.value))
        assert set(proposed) <= {"0.5", "0.1..0.5"}


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("50 Swedish öre", "0.5", "SEK"),
        ("50 Polish groszy", "0.5", "PLN"),
        ("50 Israeli agorot", "0.5", "ILS"),
        ("50 Malaysian sen", "0.5", "MYR"),
        ("50 Chinese jiao", "5", "CNY"),
        ("50 Chinese fen", "0.5", "CNY"),
        ("50 Kuwaiti fils", "0.05", "KWD"),
        ("50 INR cents", "0.5", "INR"),
        ("50 GBP pence", "0.5", "GBP"),
        ("50 SEK öre", "0.5", "SEK"),
        ("50 KWD fils", "0.05", "KWD"),
        ("50 CNY jiao", "5", "CNY"),
    ],
)
def test_cents_of_a_people_are_read(text: str, value: str, unit: str) -> None:
    assert parse_amount(text) == Amount("eq", unit, value, None, None, None, None)


@pytest.mark.parametrize(
    ("text", "unit", "per"),
    [
        ("> 1 trillion USD a year", "USD", "year"),
        ("1 trillion USD per year", "USD", "year"),
        ("1 trillion USD p.a.", "USD", "year"),
        ("100 USD/ton", "USD", "ton"),
        ("100 USD per TONNES", "USD", "tonne"),
        ("100 USD an hour", "USD", "hour"),
        ("10 USD per MW", "USD", "MW"),
        ("10 USD per mW", "USD", "mW"),
        ("90 km/h", "km", "hour"),
        ("20.5 US cents per kg", "USD", "kg"),
        ("$5 a barrel", "USD", "barrel"),
        ("$5 per tonne", "USD", "tonne"),
        ("$5/t", "USD", "tonne"),
        ("5 €/t", "EUR", "tonne"),
        ("€5 annually", "EUR", "year"),
        ("5 US¢/kWh", "USD", "kWh"),
        ("200 mg/l", "mg", "litre"),
        ("3万人/year", "人", "year"),
        ("5 g CO2/km", "grams CO2", "km"),
        ("5 chapters annually", "chapters", "year"),
        ("5 per cent a year", "percent", "year"),
        ("5 % of GDP a year", "percent of GDP", "year"),
        ("billions of USD a year", "USD", "year"),
        ("5 deaths per million people", "deaths", "million people"),
        ("5 US citizens per Vehicle", "US citizens", "vehicle"),
    ],
)
def test_what_an_amount_is_counted_by_is_told_from_its_unit(text: str, unit: str, per: str) -> None:
    read = parse_amount(text)
    assert (read.unit, read.per) == (unit, per)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("50 usd", "write 50 USD$"),
        ("50 dollars", "AUD, .*, USD, XCD$"),
        ("5 pesos", "ARS, CLP, .*, MXN, PHP, UYU$"),
        ("5 pounds", r"a weight \(lb\).*EGP.*GBP"),
        ("¥5", "CNY, JPY$"),
        ("60 million kroner a year", "DKK, ISK, NOK, SEK$"),
        ("5 kr", "DKK, ISK, NOK, SEK$"),
        ("5 krona", "DKK, ISK, NOK, SEK$"),
        ("Rs. 5 crore", "INR, LKR"),
        ("5 Swedish kr", "write 5 SEK$"),
        ("50 cents", r"as in 0\.5 USD or 0\.5 EUR$"),
        ("20.5 cents per kg", r"as in 0\.205 USD per kg or 0\.205 EUR per kg$"),
        ("5 kopecks", "of which currency"),
        ("5 dolars", "did you mean dollars"),
        ("5 milion EUR", "did you mean million. write 5 million EUR$"),
        ("1,5 bilion EUR", r"write 1\.5 billion EUR or 1\.5 trillion EUR$"),
        ("100s of deals", "write vague: hundreds of deals$"),
        ("1000s of deals a year", "write vague: thousands of deals per year$"),
        ("50s of deals", "'50s of' is not a number$"),
        ("vague: hundreds of US cents", "has no scale; write vague: USD$"),
        ("a few million öre", "of which currency 'öre' are$"),
        ("5 usc", "did you mean USc\\? as written so, it is 0.05 USD$"),
        ("5 UDS", "did you mean USD.*; write 5 USD$"),
        ("5 uds", "write 5 USD$"),
        ("5 million GPB", "write 5 million GBP$"),
        ("5 USA", "write 5 USD$"),
        ("5 miles de empleos", "write the number in digits"),
        ("5 UDS a year", "write 5 USD per year$"),
        ("5 precent", "write 5 %$"),
        ("5 tonnnes", "write 5 tonnes$"),
        ("12 billion USDD", "write 12 billion USD$"),
        ("5 TEUR", "write the scale as a word"),
        ("5 gazillion EUR", "scales are hundred, thousand"),
        ("5 million-dollar deals", "stands behind the number and once"),
        ("5 jobs million", "stands behind the number and once"),
        ("5 million 300 thousand USD", "unit"),
        ("5 million hundred jobs", "do not go together"),
        ("5 m jobs", "write 5 million jobs$"),
        ("5 k jobs", "write 5 thousand jobs$"),
        ("5m", "no unit.*for metres write 5 metres$"),
        ("5m high", "for metres write 5 metres high$"),
        ("5 k", "is not a unit"),
        ("5 MM", "is not a unit"),
        ("5 MM barrels", "write 5 million barrels$"),
        ("5 cr", "is not a unit"),
        ("5 grand", "without a unit"),
        ("5 ct/kWh", r"as in 0\.05 USD per kWh"),
        ("±5 %", "'±' cannot stand before"),
        ("5 t USD of steel", "product:"),
        ("5 mkr", "DKK, ISK, NOK, SEK$"),
        ("5 złotych EUR", "product:"),
        ("vague: more than a dozen deals", "write > 12 deals$"),
        ("3 FTA", "write 3 fta$"),
        ("3 USD of goods", "product:"),
        ("5 euro countries", "product:"),
        ("€5 million worth of goods", "product:"),
        ("€5 USD", "an amount in EUR"),
        ("5 percent growth", "measure: or product:"),
        ("50", "add a unit"),
        ("5 billion", "add a unit"),
        ("about 150..200", "add a unit"),
        ("seven EUR", "in digits: 7 EUR$"),
        ("one trillion USD", "in digits: 1 trillion USD$"),
        ("twenty-five jobs", "in digits: 25 jobs$"),
        ("half a billion USD", r"in digits: 0\.5 billion USD$"),
        ("two and a half percent", r"in digits: 2\.5 %$"),
        ("no jobs", "in digits: 0 jobs$"),
        ("two thirds of members", "in digits$"),
        ("half the members", "in digits$"),
        ("⅓ %", "fraction"),
        ("1/2 %", r"decimal number: 0\.5 %$"),
        ("1⁄2 %", r"decimal number: 0\.5 %$"),
        ("2 3/4 %", r"decimal number: 2\.75 %$"),
        ("2/3 of members", "decimal number$"),
        ("1:3", "decimal number"),
        ("10² jobs", "unit"),
        ("3 x 10^6 USD", "is not a unit"),
        ("5th round", "write 5 rank$"),
        ("-5th round", "write -5 rank$"),
        ("3D printers", "is not a unit"),
        ("28areas", "write a space"),
        ("5miojobs", "scale"),
        ("5 miojobs", "scale"),
        ("5 lakhusd", "scale"),
        ("1.2.3 %", "no number"),
        ("1,2,3 %", "no number"),
        ("1000 000 USD", "no number"),
        ("tons", "write vague: tons$"),
        ("about tons", "write vague: tons$"),
        ("EUR", "has no number"),
        ("unknown", "has no number$"),
        ("allegedly 5 %", "'allegedly' cannot stand before"),
        ("800..1.2 billion USD", "each with its own scale"),
        ("2..2 %", "write the lesser first"),
        ("from 35 to 0 %", r"two figures; write 0\.\.35 %$"),
        ("2 %..3 USD", "two units"),
        ("$2..€3", "two units|an amount in"),
        ("2 and 3 %", r"write 2\.\.3 %$"),
        ("> 2..3 %", "a range stands alone"),
        ("more than about 5 %", "keep one"),
        ("14 of 61", "name the whole in measure:, as in 14 members$"),
        ("14 of 61 chapters", "write 14 chapters$"),
        ("14 chapters out of 61", "write 14 chapters$"),
        ("14 of 61 %", "measure:$"),
        ("3 out of 5 chapters", "write 3 chapters$"),
        ("one in five jobs", "in digits$"),
        ("1 in 5 jobs", "ratio"),
        ("35 -> 0 %", "write 35 % and 0 %$"),
        ("35 % → 0 %", "write 35 % and 0 %$"),
        ("5 kg → 3 kg", "write 5 kg and 3 kg$"),
        ("10 USD per 100 kg", "without a number"),
        ("vague", "say of what"),
        ("vague: n/a", "leave the figure out"),
        ("vague: not known", "leave the figure out"),
        ("vague: unknown", "leave the figure out"),
        ("vague: w/o work", "is not a unit"),
        ("vague: zero %", "write 0 %$"),
        ("vague: seven deals", "has no number"),
        ("vague: 5 deals", "write 5 deals or about 5 deals$"),
        ("1.23456789012345678 %", "fifteen digits"),
        ("1e200 USD", "too large"),
        ("9" * 300 + " USD", "too long"),
        ("", "missing"),
        ("?!", "no number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(ValueProblem, match=advice):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("> 1 trillion USD a year", "more than 1 trillion USD a year"),
        ("-53.1 billion USD", "−53.1 billion USD"),
        ("2..2.5 %", "between 2 and 2.5 percent"),
        ("about 150..200 jobs", "about 150 to 200 jobs"),
        ("~1 %", "about 1 percent"),
        ("50 %", "50 percent"),
        ("5 % of GDP", "5 percent of GDP"),
        (">= 12000 jobs an hour", "at least 12\u202f000 jobs an hour"),
        ("1000 jobs", "1000 jobs"),
        ("-1234567.5 USD", "−1\u202f234\u202f567.5 USD"),
        ("1.2340 billion USD", "1.2340 billion USD"),
        ("1.234 %", "1.234 percent"),
        ("5 crore INR", "5 crore INR"),
        ("1 tonne", "1 tonne"),
        ("-1 year", "−1 year"),
        ("1 million tonnes", "1 million tonnes"),
        ("vague: a handful of deals", "an unstated number of deals"),
        ("billions USD", "billions of USD"),
        ("0.5 million units per unit", "0.5 million units a unit"),
    ],
)
def test_words_say_the_number_as_printed(text: str, words: str) -> None:
    assert format_amount(**asdict(parse_amount(text))) == words


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5 %", 5, 5),
        ("~5 %", 5, 5),
        ("> 5 %", 5, inf),
        (">= 5 %", 5, inf),
        ("< 5 %", -inf, 5),
        ("<= 5 %", -inf, 5),
        ("2..5 %", 2, 5),
        ("about 2..5 %", 2, 5),
        ("several deals", -inf, inf),
    ],
)
def test_bounds_are_open_where_the_amount_is(text: str, low: float, high: float) -> None:
    read = parse_amount(text)
    assert amount_bounds(read.comparator, read.value, read.lower, read.upper) == (low, high)


numbers = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3)
UNITS = """percent, percent of GDP, USD, MXN, areas, percentage points, tons of milk, basis points,
kg, tonnes, metres, metres high, MW, m3, tCO2e, °C, index (2010=100), 人, per mille, years"""
COMPARATORS = "eq approx gt ge lt le range approx-range vague"
units = st.sampled_from([" ".join(one.split()) for one in UNITS.split(",")])
scales = st.sampled_from([None, *SCALES.values()])
pers = st.sampled_from([None, "year", "hour", "vehicle", "tonne", "m3", "MW", "million people"])


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    comparator = draw(st.sampled_from(COMPARATORS.split()))
    pair = draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
    scale = draw(scales)
    low, high = (canonical_decimal(number.scaleb(scale or 0)) for number in sorted(pair))
    ranged = "range" in comparator
    value = None if ranged or comparator == "vague" else low
    lower, upper = (low, high) if ranged else (None, None)
    return Amount(comparator, draw(units), value, lower, upper, scale, draw(pers))


@settings(deadline=None)  # the first one loads the list of currencies
@given(amounts())
def test_words_are_read_back_as_the_amount(stated: Amount) -> None:
    assert parse_amount(format_amount(**asdict(stated))) == stated


@settings(deadline=None)
@given(amounts())
def test_a_proposed_spelling_is_read_as_the_amount(stated: Amount) -> None:
    assert parse_amount(spell_amount(stated)) == stated


@settings(deadline=None)
@given(units, pers)
def test_canonical_units_stay_as_they_are(unit: str, per: str | None) -> None:
    assert parse_unit(unit) == unit
    assert per is None or parse_per(per) == per


@settings(deadline=None)  # the first one loads the list of currencies
@given(st.text("0123456789 .,-−–%$€<>=~≥abUSDto/per½'()mkn", max_size=24))
def test_nothing_else_than_a_value_problem_is_raised(text: str) -> None:
    try:
        read = parse_amount(text)
    except ValueProblem as problem:
        assert str(problem)
        return
    assert parse_unit(read.unit) == read.unit
    low, high = amount_bounds(read.comparator, read.value, read.lower, read.upper)
    assert low <= high


@settings(deadline=None)
@given(st.text(max_size=24))
def test_any_text_is_an_amount_or_a_value_problem(text: str) -> None:
    try:
        read = parse_amount(f"5 {text}")
    except ValueProblem:
        return
    assert Decimal(read.value or read.lower or 0) or read.comparator == "vague"
