"""Patterns of texts, as regular expressions that JSON Schema accepts too."""

from schema.declare import Pattern


def _codes(listed: str) -> str:
    """Return a pattern of codes that are listed by their first letter: ``AB CDE`` is AB, CD, CE."""
    return "|".join(f"{one[0]}[{one[1:]}]" for one in listed.split())


def _in_either_case(pattern: str) -> str:
    """Return a pattern that matches each letter of another in either case."""
    within, found = False, []
    for one in pattern:
        within = (within or one == "[") and one != "]"
        cases = f"{one.upper()}{one.lower()}"
        found.append((cases if within else f"[{cases}]") if one.isalpha() else one)
    return "".join(found)


_COUNTRIES = _codes(
    "ADEFGILMOQRSTUWXZ BABDEFGHIJLMNOQRSTVWYZ CACDFGHIKLMNORUVWXYZ DEJKMOZ ECEGHRST FIJKMOR "
    "GABDEFGHILMNPQRSTUWY HKMNRTU IDELMNOQRST JEMOP KEGHIMNPRWYZ LABCIKRSTUVY "
    "MACDEFGHKLMNOPQRSTUVWXYZ NACEFGILOPRUZ OM PAEFGHKLMNRSTWY QA REOSUW SABCDEGHIJKLMNORSTVXYZ "
    "TCDFGHJKLMNORTVWZ UAGMSYZ VACEGINU WFS XK YET ZAMW"
)
"""ISO 3166-1, and XK, which has no code there and is Kosovo's in practice."""
COUNTRY_CODE = Pattern(
    _COUNTRIES,
    "the two capital letters of a country in ISO 3166-1, as in CA; the United Kingdom is GB",
)
SHA256 = Pattern(
    "[0-9a-f]{64}", "64 hexadecimal digits in lower case, or nothing: `parley cite` writes it"
)

_IN_LABEL = r"[^\s/?#<>\"\\^`{|}:@\[\].!$&'()*+,;=~%_-]"
_LABEL = rf"{_IN_LABEL}(?:(?:{_IN_LABEL}|[_-])*{_IN_LABEL})?"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HOST = (
    rf"(?:{_BYTE}(?:\.{_BYTE}){{3}}|\[[0-9A-Fa-f:.]+\]"
    rf"|(?![0-9.]+(?:[:/?#]|$)){_LABEL}(?:\.{_LABEL})*\.?)"
)
_PORT = "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
WEB_ADDRESS = Pattern(
    rf"[Hh][Tt][Tt][Pp][Ss]?://{_HOST}(?::{_PORT}?)?"
    r"(?:[/?#][^\s<>\"\\^`{|}]*)?",
    "an address that begins with http:// or https:// and names a host, after which a port up to "
    "65535 may stand, as in https://example.org/talks",
)
"""An address whose host is a name in any script or a number; without user and password."""

_LANGUAGES = _in_either_case(
    _codes(
        "aabefkmnrsvyz baegimnors caehorsuvy daevz eelnostu fafijory gadlnuv haeiortuyz "
        "iadegiknostuw jaivw kagijklmnorsuvwy labginotuv mghiklnorsty nabdeglnorvy ocjmrs pailst "
        "qu rmnouw sacdeghiklmnoqrstuvw taeghiklnorstwy ugkrz veio wao xh yio zahu"
    )
)
"""ISO 639-1, and codes that were in it before, which the registry of languages keeps."""
_EXTENDED_LANGUAGE = "(?:-[A-Za-z]{3}){0,3}"
_SCRIPT = "(?:-[A-Za-z]{4})?"
_REGION = f"(?:-(?:{_in_either_case(_COUNTRIES)}|[0-9]{{3}}))?"
_VARIANTS = "(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
_EXTENSIONS = "(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
_PRIVATE = "[Xx](?:-[A-Za-z0-9]{1,8})+"
LANGUAGE_TAG = Pattern(
    f"(?:(?:{_LANGUAGES}|[A-Za-z]{{3}}){_EXTENDED_LANGUAGE}{_SCRIPT}{_REGION}{_VARIANTS}"
    f"{_EXTENSIONS}(?:-{_PRIVATE})?|{_PRIVATE})",
    "a language tag of BCP 47, as in en, pt-BR or zh-Hant",
)
"""RFC 5646, section 2.1: a well-formed tag whose language and region have their codes.

A language of three letters is not looked up: there are thousands. None has four or more.
"""
