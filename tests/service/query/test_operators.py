"""Tests of the operators of filters on texts."""

from hypothesis import given
from hypothesis import strategies as st

from graph_seed.values import fold
from service.errors import BadUserInput
from service.query.operators import NAME, TEXT

MARKS = st.characters(categories=["Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"])


@given(st.text(MARKS) | st.text())
def test_a_text_is_looked_for_within_one_name_or_refused(text: str) -> None:
    for operator in {*TEXT, *NAME}:
        if operator.name not in {"contains", "startsWith", "endsWith"}:
            continue
        try:
            (needle,) = operator.values(text).values()
        except BadUserInput:
            assert not fold(text)
            continue
        inner = str(needle).removeprefix("\n").removesuffix("\n")
        assert inner
        assert "\n" not in inner
        assert operator.name != "contains" or inner == needle
