"""Recognize currencies as sources write them: signs, names, cents; kept as ISO 4217 codes."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name

from graph_seed.values.problem import UnreadableAmount
from graph_seed.values.scales import currencies_of_script
from graph_seed.values.words import fold

SIGN_CHARACTERS = r"$¢£¤¥֏؋৲৳૱௹฿៛₠-⃀﷼元円"
SIGN = re.compile(rf"([A-Za-z]{{0,3}})([{SIGN_CHARACTERS}])")
"""A currency's sign with the letters before it: US$, MX$, €."""
_SIGNS = dict(
    pair.split("=")
    for pair in str.split(
        "$=USD US$=USD U$=USD C$=CAD CA$=CAD CAN$=CAD A$=AUD AU$=AUD NZ$=NZD HK$=HKD NT$=TWD "
        "S$=SGD MX$=MXN MEX$=MXN R$=BRL EC$=XCD J$=JMD €=EUR £=GBP E£=EGP LE£=EGP CN¥=CNY "
        "RMB¥=CNY JP¥=JPY 円=JPY 元=CNY ₹=INR ₩=KRW ₽=RUB ₺=TRY ₫=VND ₪=ILS ₴=UAH ₦=NGN ฿=THB "
        "₱=PHP ₡=CRC ₲=PYG ₵=GHS ₸=KZT ₼=AZN ₾=GEL ₮=MNT ₭=LAK ៛=KHR ֏=AMD ৳=BDT ؋=AFN"
    )
)
_SEVERAL = {"¥": ("CNY", "JPY"), "﷼": ("IRR", "OMR", "QAR", "SAR", "YER")}
_FAMILIES = (
    "krona krone kronor kroner kronur kronen couronnes coronas kr mkr mdkr tkr",
    "crown crowns",
    "rial rials riyal riyals",
    "rouble roubles ruble rubles rubel rublo rublos рубль рубля рублей руб",
    "pound pounds quid libra libras",
    "rupee rupees rupie rupien roupies rupias रुपये रुपए रुपया রুপি рупия рупий rs",
    "lira liras lire лира лир",
    "mark marks",
    "yuan yuans yuanes renminbi rmb 人民币 юань юаня юаней 위안",
    "yen yens yenes иена иены иен येन 엔",
    "zloty zlotys zloties zlote zlotych zł",
    "koruna korunas korun koruny kč крон крона",
    "hryvnia hryvnias hryvnya grivna гривна гривны гривня гривні гривень гривен грн",
    "franc francs franken franco francos fr",
    "real reals reais",
    "peso pesos",
    "shilling shillings",
    "guilder guilders gulden",
    "euro euros евро євро ευρώ يورو यूरो ইউরো ยูโร ユーロ 유로 אירו 欧元 歐元",
    "dollar dollars dólar dólares dollari доллар доллара долларов долл долара bucks",
    "dollar دولار डॉलर ডলার ドル ดอลลาร์ 달러 דולר",
    "won wons 원",
    "baht bahts บาท бат батов",
    "taka takas টাকা",
    "tenge tenges тенге",
    "dong dongs đồng донг донгов",
    "escudo escudos",
    "lev leva levs лев лева левов",
    "kuna kunas kune",
    "schilling schillings",
)
"""Names of one currency or of several, where any of them is written for all of them."""
_MORE_CODES = {
    "krona": ("ISK", "SEK", "DKK", "NOK"),
    "crown": ("CZK", "ISK", "SEK", "DKK", "NOK"),
    "lira": ("ITL", "LBP", "SYP"),
    "mark": ("DEM",),
    "escudo": ("PTE",),
    "kuna": ("HRK",),
    "schilling": ("ATS",),
    "guilder": ("ANG", "NLG"),
}
_ALSO = {
    **dict.fromkeys(("pound", "pounds"), "a weight (lb)"),
    **dict.fromkeys(("mark", "marks", "real", "reals", "sol", "soles", "dram", "drams"), "a word"),
    **dict.fromkeys(
        ("colon", "colons", "som", "kip", "kips", "florin", "crown", "crowns"), "a word"
    ),
}
"""Names of currencies that mean other things too."""
_NOT_MONEY = frozenset({"gold", "sole"})
_PEOPLES = {"american": "us", "u.s.": "us", "british": "british", "sterling": "british"}
_CENTS = """
cent cents ct cts ¢ centów цент цента центов सेंट セント 센트 美分 = USD EUR
penny pennies pence = GBP
centavo centavos = BRL MXN PHP
centime centimes rappen räppli = CHF
céntimo céntimos cêntimo cêntimos centesimo centesimos centesimi penni penniä para =
pare pfennig pfennigs pfennige groschen lipa lipe sene seniti thebe lisente sentimos =
sentimo millime millimes millim millims baisa baizas jiao mao hào 角 jeon 전 銭 xu pya =
pyas toea tambala laari tetri тетри qəpik gapik luma möngö =
öre öret ören øre øret ører = DKK NOK SEK
eyrir aurar = ISK
kopeck kopecks kopek kopeks kopeika kopeikas kopeyka kopeyki kopiyka kopiykas kopiyky = RUB UAH
kopeken копейка копейки копеек коп копійка копійки копійок = RUB UAH
grosz grosze groszy = PLN
heller hellers haléř haléře haléřů halier halierov = CZK
fillér fillérs = HUF
ban bani = RON
stotinka stotinki стотинка стотинки стотинок = BGN
kuruş = TRY
piastre piastres piaster piasters qirsh قرش = EGP
fils فلس = AED
halala halalas halalah هللة = SAR
agora agorot אגורה אגורות = ILS
paisa paise paisas paisay पैसा पैसे পয়সা poisha = INR PKR
sen = IDR MYR
satang satangs สตางค์ = THB
fen 分 = CNY
kobo = NGN
pesewa pesewas = GHS
santim santims ሳንቲም = ETB
ngwee = ZMW
tiyn tiyin tiin tyiyn тиын тиын = KZT UZS
"""
"""Names of a part of a currency, mostly a hundredth, and currencies that a hint names."""
_CENTS_LIKE_WORDS = frozenset(
    str.split("ban fen fils filler heller hellers lipa luma mao ore para pare sen xu")
)
"""Names of a hundredth that are a unit of money only where nothing follows them."""
_TENTHS = frozenset({"jiao", "mao", "角", "hao"})
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies that have a thousand parts, not a hundred."""
_EURO_CENTS = ("eurocent", "eurocents")
_CENT_CODES = {"GBp": "GBP", "GBX": "GBP", "USc": "USD", "USX": "USD", "ZAc": "ZAR", "ILA": "ILS"}
"""Codes of cents, as exchanges write them, and the currency."""
_LONGEST_NAME = 5
"""Words of the longest name: Bosnia-Herzegovina convertible marks, São Tomé & Príncipe dobras."""


@dataclass(frozen=True, slots=True)
class Money:
    """A currency, and the power of ten of its part that is named: -2 for cents."""

    code: str
    power: int = 0


@dataclass(frozen=True, slots=True)
class _Meaning:
    codes: tuple[str, ...]
    power: int = 0


@cache
def currency_codes() -> frozenset[str]:
    """Return the codes of all currencies, of past ones too."""
    return frozenset(Locale("en").currencies)


@cache
def current_codes() -> frozenset[str]:
    """Return the codes of money that is legal tender somewhere today."""
    territories = get_global("territory_currencies").values()
    return frozenset(
        code for uses in territories for code, _, end, tender in uses if tender and end is None
    )


def money_of_sign(letters: str, sign: str) -> Money | None:
    """Return the currency of a sign, None for an unknown one; raises for an ambiguous one."""
    if sign == "¢":
        return money_of(f"{letters} ¢".strip())
    written = f"{letters.upper()}{sign}"
    if codes := _SEVERAL.get(written):
        raise _ambiguous_name(written, codes)
    code = _SIGNS.get(written)
    return Money(code) if code else None


def split_money(text: str) -> tuple[Money, str] | None:
    """Return the currency that ``text`` begins with and what follows it, or None.

    It is a code, a sign or a name. Raises for a name that several currencies have.
    """
    cents = re.match(r"([A-Z]{2}[A-Zcp])(?![\w'’-])", text)
    if cents and (code := _CENT_CODES.get(cents[1])):
        return Money(code, -2), text[cents.end() :].strip()
    if found := re.match(r"([A-Z]{3})(?![\w'’-])", text):
        if found[1] in currency_codes():
            part, _, rest = text[3:].strip().partition(" ")
            if fold(part).removesuffix(".") in _cents():
                return Money(found[1], _power_of_cents(part, found[1])), rest
            return Money(found[1]), text[3:].strip()
    elif found := SIGN.match(text):
        money = money_of_sign(found[1], found[2])
        return (money, text[found.end() :].strip()) if money else None
    words = text.split(" ", _LONGEST_NAME)
    if len(words) > 1 and fold(words[0]) in _CENTS_LIKE_WORDS:
        return None
    for count in range(min(len(words), _LONGEST_NAME), 0, -1):
        if money := money_of(" ".join(words[:count])):
            return money, " ".join(words[count:])
    return None


def money_of(name: str) -> Money | None:
    """Return the currency of a name: euros, Canadian dollars, US cents.

    None for what is no name of a currency. Raises for a name that several have.
    """
    plain = fold(name).removesuffix(".") or name
    if cents := _cents_of_people(plain):
        return cents
    meaning = _meanings().get(plain) or _meaning_in_script(plain)
    if meaning is None:
        return None
    if not meaning.codes:
        why = f"say of which currency '{name}' are"
        examples = ((name, f"{code} cents") for code in _cents()[plain].split())
        raise UnreadableAmount(why, *examples, lead=", as in ")
    if len(meaning.codes) > 1 or plain in _ALSO:
        raise _ambiguous_name(name, meaning.codes, _ALSO.get(plain, ""))
    return Money(meaning.codes[0], meaning.power)


def money_of_people(adjective: str) -> str | None:
    """Return the currency of a people, if it has one: Swedish, Mexican."""
    codes = _by_people().get(fold(adjective), ())
    return next(iter(codes)) if len(codes) == 1 else None


def uses_dollar_sign(code: str) -> bool:
    """Return whether a bare ``$`` can denote a currency, given by its ISO 4217 code."""
    return code in _meanings()["dollar"].codes


def _meaning_in_script(plain: str) -> _Meaning | None:
    """Return the meaning of a name in another script than Latin, as its languages have it."""
    codes = currencies_of_script(plain).get(plain)
    if not codes:
        return None
    return _Meaning(tuple(sorted(codes & current_codes() or codes)))


def _cents_of_people(plain: str) -> Money | None:
    """Return the hundredth of a currency that is named by its people: swedish ore."""
    people, _, cent = plain.rpartition(" ")
    if not people or cent not in _cents():
        return None
    code = "EUR" if people == "euro" else money_of_people(people)
    if code is None:
        return None
    return Money(code, _power_of_cents(cent, code))


def _power_of_cents(name: str, code: str) -> int:
    return -1 if fold(name) in _TENTHS else -3 if code in _THOUSANDTHS else -2


def cent_code_of(word: str) -> str | None:
    """Return the code of cents that a word in other capitals may be: USc for usc."""
    return next((code for code in _CENT_CODES if code.lower() == word.lower()), None)


@cache
def _cents() -> dict[str, str]:
    """Names of hundredths, folded, and whose a hint names."""
    lines = (line.partition("=") for line in _CENTS.strip().splitlines())
    return {fold(name): codes.strip() for names, _, codes in lines for name in names.split()}


@cache
def currency_names() -> frozenset[str]:
    """Return the names of one word."""
    return frozenset(name for name in _meanings() if " " not in name)


def _ambiguous_name(name: str, codes: tuple[str, ...], also: str = "") -> UnreadableAmount:
    if len(codes) == 1:
        why = f"'{name}' is a currency ({codes[0]}) or {also}; write the code, or name the unit"
        return UnreadableAmount(f"{why} by other words")
    other = f", or {also}" if also else ""
    why = f"'{name}' stands for several currencies{other}; write the code of the one meant"
    return UnreadableAmount(f"{why}: {', '.join(sorted(codes))}")


@cache
def _meanings() -> dict[str, _Meaning]:
    """Return the currencies of each folded name: of one word, and with a country."""
    names = Locale("en").currencies
    meant: dict[str, set[str]] = defaultdict(set)
    whole: dict[str, str] = {}
    for code in sorted(names, key=lambda code: code in current_codes()):
        for name in _names_of(code):
            if "(" in name:
                continue
            if " " in name:
                whole[name] = code
            if code in current_codes():
                meant[name.rpartition(" ")[2]].add(code)
    for word, more in _MORE_CODES.items():
        meant[word] |= set(more)
    for family in map(str.split, _FAMILIES):
        codes = set().union(*(meant[fold(name)] for name in family))
        meant |= {fold(name): codes for name in family}
    meant["pounds sterling"] = meant["pound sterling"] = {"GBP"}
    meant["sterling"] = {"GBP"}
    meant["sfr"], meant["dm"] = {"CHF"}, {"DEM"}
    meant |= {"dkr": {"DKK"}, "ikr": {"ISK"}, "nkr": {"NOK"}, "skr": {"SEK"}}
    meant["tl"], meant["ntd"] = {"TRY"}, {"TWD"}
    meant["sdr"] = meant["sdrs"] = {"XDR"}
    found = {name: _Meaning(tuple(sorted(codes))) for name, codes in meant.items()}
    found |= {name: _Meaning((code,)) for name, code in whole.items()}
    for people, same in _PEOPLES.items():
        prefix = f"{same} "
        found |= {
            f"{people} {name.removeprefix(prefix)}": one
            for name, one in list(found.items())
            if name.startswith(prefix)
        }
    found |= dict.fromkeys(_cents(), _Meaning(()))
    found |= dict.fromkeys(_EURO_CENTS, _Meaning(("EUR",), -2))
    return {name: one for name, one in found.items() if name not in _NOT_MONEY}


@cache
def _by_people() -> dict[str, frozenset[str]]:
    """Return the current currencies by the adjective before their name: swedish, hong kong."""
    found: dict[str, set[str]] = defaultdict(set)
    for code in current_codes():
        for name in _names_of(code):
            found[name.rpartition(" ")[0].removesuffix(" new")].add(code)
    found |= {people: found[same] for people, same in _PEOPLES.items()}
    return {people: frozenset(codes) for people, codes in found.items() if people}


@cache
def _names_of(code: str) -> frozenset[str]:
    singular = Locale("en").currencies[code]
    several = get_currency_name(code, count=2, locale="en")
    return frozenset(fold(name) for name in (singular, several, several.removesuffix("s")))
