"""A text is shown in one line, and all that it holds is seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.text.hostile import NAMES, ORDINARY
from timeouts.text.visible import LONGEST, cut, one_line, visible

WITHOUT_A_LOOK = {"Cc", "Cs", "Co", "Zl", "Zp"}


@pytest.mark.parametrize("name", ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert one_line(name) == name


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_nothing_that_has_no_look_is_left_of_a_hostile_name(name: str) -> None:
    shown = one_line(name)

    assert {unicodedata.category(char) for char in shown}.isdisjoint(WITHOUT_A_LOOK | {"Cf"})
    assert len(shown) <= LONGEST
    shown.encode()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\u202eb", r"a\u202eb"),
        ("a\x1b[2J", r"a\x1b[2J"),
        ("a\ud800b", r"a\ud800b"),
        ("a\U000e0041", r"a\U000e0041"),
        ("a\nb\tc\u2028d", "a b c d"),
        ("  a   b ", "a b"),
        ("e" + "\u0301" * 7 + "x", "e" + "\u0301" * 5 + "…x"),
        ("A\ufe0f", r"A\ufe0f"),
        ("a\u200db", r"a\u200db"),
    ],
)
def test_what_has_no_look_is_shown_as_its_escape_and_a_break_as_a_blank(name: str, shown: str) -> None:
    assert one_line(name) == shown


def test_a_long_name_is_cut_in_the_middle_and_says_how_long_it_is() -> None:
    shown = one_line("Line " + "x" * 4_990 + " end")

    assert shown.startswith("Line xxx")
    assert "… (4,999 characters) …" in shown
    assert shown.endswith("xxx end")


@given(st.text(), st.integers(60, 200))
def test_whatever_it_is_it_is_one_line_of_text_and_as_short_as_asked_for(text: str, longest: int) -> None:
    shown = one_line(text, longest)

    assert len(shown) <= longest
    assert {unicodedata.category(char) for char in shown}.isdisjoint(WITHOUT_A_LOOK)
    assert shown == one_line(shown, longest)
    shown.encode()


@given(st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), max_size=50))
def test_blanks_that_align_columns_stay_in_a_sentence(text: str) -> None:
    assert visible(text) == cut(text, 50) == text
