"""Units: one spelling for each, misspelled ones refused, new ones welcome."""

import re

import pytest

from graph_seed.values import ValueProblem
from graph_seed.values.currencies import currency_names, money_of
from graph_seed.values.units import parse_per, parse_unit

SPELLINGS = {
    "kg": "kg Kg KG kgs kilo kilos kilogram kilograms Kilograms KILOGRAMS kilogrammes",
    "tonnes": "t tonne tonnes Tonnes TONNES metric_tons",
    "tons": "ton tons TONS",
    "metres": "m metre metres meters METERS",
    "km": "km KM Km kilometres kilometers",
    "m2": "m2 m² sqm sq_m square_metres",
    "m3": "m3 m³ M3 cubic_metres",
    "litres": "l L litre litres liters",
    "hectares": "ha HA hectare hectares",
    "barrels": "bbl barrel barrels",
    "teu": "TEU teu",
    "MW": "MW megawatt megawatts",
    "mW": "mW milliwatts",
    "kWh": "kWh KWH kwh kilowatt-hours",
    "tCO2e": "tCO2e tCO₂e tco2e t_CO2e",
    "years": "year years yrs YEARS",
    "percent": "% percent per_cent pct PCT Percent %.",
    "percentage points": "percentage_points percentage_point %-points %_points pp ppt",
    "basis points": "basis_points basis_point bps bp",
    "per mille": "‰ per_mille",
    "percent of GDP": "%_of_GDP percent_of_GDP per_cent_of_GDP",
    "DKK": "DKK DKr Danish_kroner",
    "USD": "USD $ US$ US_dollars U.S._dollars American_dollars",
    "EUR": "EUR € euro euros Euros",
    "XDR": "XDR SDR SDRs special_drawing_rights",
    "index (2010=100)": "index_(2010=100)",
    "G20 members": "G20_members",
}


@pytest.mark.parametrize(
    ("written", "unit"),
    [(one.replace("_", " "), unit) for unit, many in SPELLINGS.items() for one in many.split()],
)
def test_each_unit_has_one_spelling(written: str, unit: str) -> None:
    assert parse_unit(written) == unit


ORDINARY = """
accords acres actors acts agencies agendas agreements aircraft airlines amendments animals
annexes apples areas armies articles assemblies auctions bags bales banks barges bases beans
billboards birds boats bodies bonds books borders boxes branches bridges buildings bundles buses
businesses cabins calls cameras camps canals candidates cards cargoes cars cases cattle centers
centres chairs chapters charges children cities claims clauses clubs coaches colleges colonies
colours commitments committees communes companies complaints concessions conditions conferences
consumers containers contracts cores counties countries courts cows creditors crimes crops
crowds cubes customers dams decisions decrees delegates delegations demands departments deals
directives disputes districts doctors documents dollops donors doses drafts dramas drivers drums
economies editions elections employees engines envoys errors events exemptions experts exporters
factories families farms farmers fields files films fines firms fishermen flags fleets flights
floors forests forms forums founders franchises freighters friends fruits funds games gardens
gates goals goods governments governors grains grants groups growers guests hearings helicopters
herds hospitals hotels houses households hunters importers incidents industries injuries
inspectors installments instruments investors islands issues items jobs journalists judges
killings kingdoms laboratories labels lakes languages laws lawyers leaders lessons letters
levels licences lifters liners lines lions lists livers loans locations lorries machines
magazines majorities makers males managers manuals maps markets masks matters meals measures
meetings members messages meteors methods migrants mills mines ministers ministries minutes
missions models moments monitors months mothers motions moths mouths mules museums nations
negotiators neighbours networks newspapers nights notes notices nuclei objections objectives
officers offices officials operators opinions options orders organizations outlets owners
packages pages paints pallets panels papers paragraphs parcels parents parishes parks parties
partners passengers patents patients peasants pens people persons petitions phases pigs pilots
pints pipelines places plans planes plants players points polls ponds ports positions posts
prices prints prisoners prisons products professors programs projects proposals protests
protocols provinces provisions pupils purchases quarters questions quotas races rails ranks
readers reams rebels recommendations records refugees regions regulations reports
representatives requests reservations reserves residents resolutions retailers revisions rewards
rights risks rivals rivers roads rocks rooms rounds routes rows rules sacks sailors sales
samples sanctions satellites savings schools seasons seats sections sectors sellers seminars
senators sentences sessions sets shares sheep sheets shifts ships shops signatories sites
skirmishes soldiers speakers speeches spellings squares squires stages standards states stations
steps stocks storms stores strikes students studies subsidies summits suppliers surveys swimmers
systems tables talks tankers tapes targets tariffs tasks teachers teams tenders terminals terms
tests texts theatres tickets timetables titles topics tourists towns tracks trades traders
trains treaties trees trials tribes trips troops trucks turbines types unions units universities
vehicles versions vessels victims villages violations visas visitors visits volumes votes voters
wagons warnings waters weapons weeks wells windows winners witnesses women words workers
workshops years zones
"""


@pytest.mark.parametrize(
    "noun", [*ORDINARY.split(), "trade experts", "car parts", "new rules", "third parties"]
)
def test_ordinary_nouns_are_units(noun: str) -> None:
    assert parse_unit(noun) == noun
    assert parse_unit(noun.title()) == noun


def _misspelled(word: str) -> set[str]:
    """Return a word with one inner letter dropped, doubled, or changed with the next."""
    inner = range(1, len(word) - 2)
    dropped = {word[:i] + word[i + 1 :] for i in inner}
    doubled = {word[:i] + word[i] + word[i:] for i in inner}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in inner}
    return {one for one in dropped | doubled | swapped if one != word}


REAL_WORDS = {"ponds", "eros", "core", "cores"}
"""What becomes another word by one letter."""


@pytest.mark.parametrize(
    "word",
    "thousand million billion trillion milliard percent tonnes metres litres kilograms barrels "
    "hectares dozen crore crores dollars euros pounds pesos francs kroner rupees roubles".split(),
)
def test_a_misspelled_word_is_no_new_unit(word: str) -> None:
    taken = {one for one in _misspelled(word) - REAL_WORDS if _is_unit(one)}
    # A letter less can be another spelling of the same: rubles.
    assert {one for one in taken if parse_unit(one) == one} == set()


@pytest.mark.parametrize(
    "word", "nillion imllion qmillion illion rillion housand fhousand milliad ercent".split()
)
def test_a_scale_with_a_wrong_first_letter_is_no_new_unit(word: str) -> None:
    with pytest.raises(ValueProblem, match=r"did you mean|no scale"):
        parse_unit(f"{word} jobs")


def _is_unit(text: str) -> bool:
    try:
        parse_unit(text)
    except ValueProblem:
        return False
    return True


def test_no_name_of_a_currency_is_a_new_unit() -> None:
    for name in currency_names():
        try:
            money = money_of(name)
        except ValueProblem:
            continue
        assert money is not None
        if not money.power:  # no cents
            assert parse_unit(name) == money.code


@pytest.mark.parametrize(
    "text",
    [
        "dollars",
        "kr",
        "marks",
        "cents",
        "US cents",
        "million EUR",
        "mio EUR",
        "million jobs",
        "usd",
        "USDs",
        "kEUR",
        "mw",
        "x",
        "n/a",
        "5 jobs",
        "jobs 5",
        "jobs = 5",
        "of jobs",
        "",
        "%!",
        "percent growth",
        "EUR of goods",
        "thousandths",
        "tones",
        "dozn eggs",
        "lahk jobs",
        "zillion jobs",
        "sextillion jobs",
        "score jobs",
        "gross of eggs",
        "rappen",
        "دولار",
        "원",
    ],
)
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueProblem) as refused:
        parse_unit(text)
    assert not re.search(r"\d", str(refused.value).replace(f"'{text}'", ""))


@pytest.mark.parametrize(
    ("written", "per"),
    [
        ("kg", "kg"),
        ("KG", "kg"),
        ("tonnes", "tonne"),
        ("t", "tonne"),
        ("MW", "MW"),
        ("mW", "mW"),
        ("Year", "year"),
        ("annum", "year"),
        ("h", "hour"),
        ("vehicle", "vehicle"),
        ("US citizen", "US citizen"),
        ("barrel of oil", "barrel of oil"),
    ],
)
def test_what_is_counted_by_has_one_spelling(written: str, per: str) -> None:
    assert parse_per(written) == per
