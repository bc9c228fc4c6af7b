"""What texts of some properties look like, as regular expressions that JSON Schema shares."""

from schema.declare import Pattern

COUNTRY_CODE = Pattern("[A-Z]{2}", "two capital letters, as in CA")

WEB_ADDRESS = Pattern(
    r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#<>\"\\^`{|}]+(?:[/?#][^\s<>\"\\^`{|}]*)?",
    "an address that begins with http:// or https://, as in https://example.org/talks",
)

_EXTENDED_LANGUAGE = "(?:-[A-Za-z]{3}){0,3}"
_SCRIPT = "(?:-[A-Za-z]{4})?"
_REGION = "(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
_VARIANTS = "(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
_EXTENSIONS = "(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
_PRIVATE = "[Xx](?:-[A-Za-z0-9]{1,8})+"
LANGUAGE_TAG = Pattern(
    f"(?:[A-Za-z]{{2,3}}{_EXTENDED_LANGUAGE}{_SCRIPT}{_REGION}{_VARIANTS}{_EXTENSIONS}"
    f"(?:-{_PRIVATE})?|{_PRIVATE})",
    "a language tag of BCP 47, as in en, pt-BR or zh-Hant",
)
"""RFC 5646, section 2.1: a well-formed tag. No language has a code of four letters or more."""
