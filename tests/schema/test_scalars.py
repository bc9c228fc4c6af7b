"""Tests of the patterns of texts: codes that exist, and addresses that name a host."""

import re
from itertools import product
from string import ascii_lowercase, ascii_uppercase

import pycountry
import pytest

from schema.scalars import COUNTRY_CODE, LANGUAGE_TAG, WEB_ADDRESS


def test_countries_are_those_of_the_standard_and_kosovo() -> None:
    matched = {
        a + b
        for a, b in product(ascii_uppercase, repeat=2)
        if re.fullmatch(COUNTRY_CODE.regex, a + b)
    }
    assert matched == {one.alpha_2 for one in pycountry.countries} | {"XK"}


def test_languages_of_two_letters_are_those_of_the_standard() -> None:
    matched = {
        a + b
        for a, b in product(ascii_lowercase, repeat=2)
        if re.fullmatch(LANGUAGE_TAG.regex, a + b)
    }
    known = {one.alpha_2 for one in pycountry.languages if hasattr(one, "alpha_2")}
    assert matched - known == set("in iw ji jw mo".split()) | ({"sh"} - known)
    assert known <= matched


@pytest.mark.parametrize(
    "tag", "EN pt-br es-419 zh-Hant-TW en-GB-oxendict deu iw sr-Latn-XK x-mine".split()
)
def test_a_tag_of_a_language_is_taken(tag: str) -> None:
    assert re.fullmatch(LANGUAGE_TAG.regex, tag)


@pytest.mark.parametrize("tag", "zz en-ZZ en-UK english klingon!! e en_GB en- -en en-X".split())
def test_a_tag_of_no_language_is_refused(tag: str) -> None:
    assert not re.fullmatch(LANGUAGE_TAG.regex, tag)


ADDRESSES = (
    "http://x:80/ HTTPS://EXAMPLE.org https://example.org./a(b)?c=d#e http://1.2.3.4:65535/x "
    "http://[::1]:80/ https://пример.рф/а http://a_b.c/ http://a--b.c https://x.org/@x http://x:/"
).split()
NONE = (
    "http://x:99999/ http://x:65536 http://x:0/ http://x:-1/ http://x:8o/ http:///x http://-a.b/ "
    "http://a-.b/ http://a..b/ http://.a/ http://1.2.3.999/ http://123 ftp://x.org http:x.org "
    "http://x.org/<b> http://user:word@x.org/ javascript:alert(1) //x.org https://"
).split()


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_the_web_is_taken(address: str) -> None:
    assert re.fullmatch(WEB_ADDRESS.regex, address)


@pytest.mark.parametrize("address", NONE)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    assert not re.fullmatch(WEB_ADDRESS.regex, address)


def test_a_long_address_is_read_in_time() -> None:
    for text in (
        "http://" + "a-" * 100_000,
        "http://" + "a." * 100_000,
        "http://" + "1." * 100_000,
    ):
        assert not re.fullmatch(WEB_ADDRESS.regex, f"{text}:x")
