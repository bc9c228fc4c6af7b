"""Known spellings of units: kg, Kg, KG and kilograms are one unit, MW and mW are two."""

import re
from dataclasses import dataclass
from functools import cache

PERCENT = "percent"
POINTS, BASIS_POINTS, PER_MILLE = "percentage points", "basis points", "per mille"
_TABLE = """
grams/gram              g = gram gramme grammes
mg                      mg = milligram milligrams
kg                      kg = kilogram kilograms kilogramme kilogrammes kilo kilos kgs
tonnes/tonne            t = tonne tonnes metric_ton metric_tons metric_tonne metric_tonnes
kt                      kt = kilotonne kilotonnes kiloton kilotons
Mt                      Mt = megatonne megatonnes megaton megatons
Gt                      Gt = gigatonne gigatonnes gigaton gigatons
tons/ton                = ton tons
lb                      lb = lbs
oz                      oz = ounce ounces
metres/metre            m = metre metres meter meters
mm                      mm = millimetre millimetres millimeter millimeters
cm                      cm = centimetre centimetres centimeter centimeters
km                      km = kilometre kilometres kilometer kilometers kms
miles/mile              = mile miles
m2                      m2 = sq_m sqm sq._m square_metre square_metres square_meter square_meters
km2                     km2 = sq_km sqkm sq._km square_kilometre square_kilometres
km2                     = square_kilometer square_kilometers
hectares/hectare        ha = hectare hectares
acres/acre              = acre acres
m3                      m3 = cubic_metre cubic_metres cubic_meter cubic_meters cbm
litres/litre            l L = litre litres liter liters
gallons/gallon          = gallon gallons
barrels/barrel          bbl = barrel barrels bbls
teu                     TEU = teus
mW                      mW = milliwatt milliwatts
W                       W = watt watts
kW                      kW = kilowatt kilowatts
MW                      MW = megawatt megawatts
GW                      GW = gigawatt gigawatts
TW                      TW = terawatt terawatts
kWh                     kWh = kilowatt-hour kilowatt-hours kilowatt_hour kilowatt_hours
mWh                     mWh = milliwatt-hour milliwatt-hours
MWh                     MWh = megawatt-hour megawatt-hours megawatt_hour megawatt_hours
GWh                     GWh = gigawatt-hour gigawatt-hours gigawatt_hour gigawatt_hours
TWh                     TWh = terawatt-hour terawatt-hours terawatt_hour terawatt_hours
mJ                      mJ = millijoule millijoules
MJ                      MJ = megajoule megajoules
GJ                      GJ = gigajoule gigajoules
PJ                      PJ = petajoule petajoules
CO2                     CO2 = co2
tCO2                    tCO2 = t_co2 tonnes_co2 tonnes_of_co2
tCO2e                   tCO2e = t_co2e tco2eq t_co2eq tco2-eq t_co2-eq
tCO2e                   = tonnes_co2e tonnes_of_co2e tonnes_of_co2_equivalent
ktCO2e                  ktCO2e = kt_co2e
MtCO2e                  MtCO2e =
GtCO2e                  GtCO2e = gt_co2e
°C                      °C = degree_celsius degrees_celsius
°F                      °F = degree_fahrenheit degrees_fahrenheit
seconds/second          s = sec secs second seconds
minutes/minute          min = mins minute minutes
hours/hour              h = hr hrs hour hours
days/day                = day days
weeks/week              = week weeks
months/month            = month months
years/year              = yr yrs year years annum
percentage points/percentage point  pp = ppt pps p.p p.p. percentage_point percentage_points
basis points/basis point            bp = bps basis_point basis_points
per mille               ‰ = permille per_mille promille
"""
_SEVERAL = {
    "mt": ("tonnes", "Mt"),
    "mtco2e": ("tCO2e", "MtCO2e"),
    "percentage": (PERCENT, POINTS),
    "gt": ("Gt", "gross tonnage"),
}
_PERCENT_SIGNS = "%|percents?|per cents?|pct|p\\.c|prozent|procent|pour ?cent|por ciento|per cento"
PERCENT_START = re.compile(rf"(?:{_PERCENT_SIGNS})(?![^\W\d_])\.?", re.IGNORECASE)
"""A percentage as sources write it, at the start of a unit."""
REMARK = re.compile(r"(?<=[^ ]) ?\([^()]*\)(?=$| )")
"""What stands in brackets behind a unit: index (2010=100)."""
_RAISED = str.maketrans("²³₂₃", "2323")
LONGEST_NAME = 4
"""Words of the longest known name: tonnes of CO2 equivalent."""


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit, and its name after per: tonnes, per tonne."""

    name: str
    singular: str


def known_unit(text: str) -> KnownUnit | tuple[str, ...] | None:
    """Return the unit of a known spelling, the units it may be if they are several, or None.

    Symbols are told apart by case where several differ by it only (MW, mW); names are not.
    """
    plain = text.translate(_RAISED)
    symbols, folded, names = _tables()
    if found := symbols.get(plain):
        return found
    lower = plain.lower()
    if lower in _SEVERAL:
        return _SEVERAL[lower]
    if found := names.get(lower):
        return found
    if len(plain) > 1 and (alike := folded.get(lower)):
        return alike[0] if len(alike) == 1 else tuple(one.name for one in alike)
    return None


def is_symbol(text: str) -> bool:
    """Return whether a word is a known unit as it is spelled, capitals too: Mt, but not mt."""
    known = _tables()[0].get(text)
    return known is not None and known.name == text


def singular_of(unit: str) -> str:
    """Return the name of one of a canonical unit: tonne; of an unknown unit the unit itself."""
    known = _tables()[0].get(unit)
    return known.singular if known and known.name == unit else unit


def is_percentage(unit: str) -> bool:
    """Return whether a canonical unit is one of percentages, which are never counts.

    Basis points are none: a hundredth of a percentage point is counted in whole numbers.
    """
    return unit.startswith((PERCENT, PER_MILLE))


@cache
def _tables() -> tuple[dict[str, KnownUnit], dict[str, list[KnownUnit]], dict[str, KnownUnit]]:
    """Symbols as written, symbols in lower case, names."""
    symbols: dict[str, KnownUnit] = {}
    folded: dict[str, list[KnownUnit]] = {}
    names: dict[str, KnownUnit] = {}
    for line in _TABLE.strip().splitlines():
        left, _, right = line.partition("=")
        canonical, *short = re.split(r"\s{2,}", left.strip())
        name, _, singular = canonical.partition("/")
        unit = KnownUnit(name, singular or name)
        for symbol in " ".join(short).split():
            symbols[symbol] = unit
            folded.setdefault(symbol.lower(), []).append(unit)
        names |= dict.fromkeys((one.replace("_", " ") for one in right.split()), unit)
        symbols.setdefault(name, unit)
    return symbols, folded, names
