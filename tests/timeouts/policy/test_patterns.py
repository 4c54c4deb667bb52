"""Wildcard patterns: `*` and `?` and nothing else, and no pattern keeps a worker busy."""

import pytest

from timeouts.policy.patterns import covers, matches


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
    ],
)
def test_only_stars_and_question_marks_are_special(pattern: str, name: str, fits: bool) -> None:
    assert matches(pattern, name) is fits


@pytest.mark.parametrize("pattern", ["*a" * 6 + "*b?", "*a" * 200 + "*?b", "*" * 500 + "b?"])
def test_many_stars_take_no_longer_than_one(pattern: str) -> None:
    """Six of them once kept a worker busy for 20 s; with two hundred this would never end."""
    assert not matches(pattern, "a" * 5_000)


def test_a_pattern_that_takes_everything_covers_every_other() -> None:
    assert covers("**", "a?c")
    assert covers("a*", "abc")
    assert not covers("a*", "a?c")
