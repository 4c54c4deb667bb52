"""Wildcard patterns: `*` and `?` and nothing else, and no pattern keeps a worker busy."""

import unicodedata
from typing import Literal

import pytest

from timeouts.policy.patterns import PatternTable, covers, matches


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("CRM*", "crm lookup", True),
        ("*lookup", "CRM lookup", True),
        ("CRM ?", "CRM 1", True),
        ("CRM ?", "CRM 12", False),
        ("*", "two\nlines", True),
        ("Payment [old]*", "Payment [old] 2", True),
        ("Payment [old]*", "Payment o", False),
        ("[!a]", "b", False),
        ("a.c", "abc", False),
        ("a\\*", "a\\b", True),
        ("STRASSE", "straße", True),
        ("", "", True),
        ("Gro?kunden", "Großkunden", True),
        ("Gro??kunden", "Großkunden", False),
        ("Gro?kunden", "GROSSKUNDEN", False),
        ("GROSSKUNDE?", "Großkunden", True),
        ("*?STRASSE ?", "An der Straße ß", True),
        ("s?*", "ß", False),
        ("*s*s", "ß", True),
        ("?stanbul*", "İstanbul", True),
        ("St?rung*", "Störung 1", True),
        ("STÖRUNG", "Störung", True),
        ("*Störung?", "Störung 1", False),
        ("?b", "a\ufdd0b", True),
    ],
)
def test_only_stars_and_question_marks_are_special(pattern: str, name: str, fits: bool) -> None:
    assert matches(pattern, name) is fits


@pytest.mark.parametrize("pattern", ["*a" * 6 + "*b?", "*a" * 200 + "*?b", "*" * 500 + "b?"])
def test_many_stars_take_no_longer_than_one(pattern: str) -> None:
    """Six of them once kept a worker busy for 20 s; with two hundred this would never end."""
    assert not matches(pattern, "a" * 5_000)
    assert not matches(pattern, "a" * 5_000 + "ß")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_accent_is_the_same_however_it_is_written(form: Literal["NFC", "NFD"]) -> None:
    name = unicodedata.normalize(form, "Störung Größe")

    for written in ("NFC", "NFD"):
        assert matches(unicodedata.normalize(written, "störung*ö?e"), name)
        assert covers(unicodedata.normalize(written, "STÖRUNG GRÖSSE"), name)
        assert PatternTable([unicodedata.normalize(written, "Störung Größe")]).fitting(name) == 1


@pytest.mark.parametrize(("pattern", "name"), [("Stra?e", "Straße"), ("Stra??e", "Strasse")])
def test_a_pattern_that_tells_spellings_apart_covers_no_name_that_may_be_written_otherwise(
    pattern: str, name: str
) -> None:
    assert matches(pattern, name)
    assert not covers(pattern, name)
    assert PatternTable([pattern]).covering(name) == 0


def test_a_pattern_that_takes_everything_covers_every_other() -> None:
    assert covers("**", "a?c")
    assert covers("a*", "abc")
    assert not covers("a*", "a?c")
