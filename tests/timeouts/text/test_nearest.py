"""The names that somebody may have meant: near ones alone, and patterns for a pattern."""

import re

import pytest

from timeouts.policy.time_zones import is_known, nearest_zones
from timeouts.text.nearest import did_you_mean, nearest

NAMES = ("CRM lookup by phone", "CRM open cases", "Payment account balance", "Order track parcel", "Main line EMEA")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("CRMM*", ("CRM*",)),
        ("crmm*", ("CRM*",)),
        ("CRM lokup by phone", ("CRM lookup by phone",)),
        ("*balence", ("*balance",)),
        ("*lookupp*", ("*lookup*",)),
        ("C*M lokup by phone", ("CRM lookup by phone",)),
        ("Main lien*", ("Main line*", "Main*")),
        ("zzz*", ()),
        ("***", ()),
        ("", ()),
        ("x" * 100_000, ()),
    ],
)
def test_the_nearest_names_are_found_and_for_a_pattern_they_are_patterns(typed: str, meant: tuple[str, ...]) -> None:
    assert nearest(typed, NAMES) == meant


def test_three_are_named_at_most() -> None:
    found = nearest("step 1", [f"step {number}" for number in range(9)])

    assert len(found) == 3
    assert did_you_mean(found) == f"; did you mean {found[0]}, {found[1]} or {found[2]}?"
    assert did_you_mean(()) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Amerika/New York", "America/New_York"),
        ("Lisbon*", "Europe/Lisbon"),
    ],
)
def test_a_time_zone_is_found_by_its_name_or_its_city(typed: str, meant: str) -> None:
    assert not is_known(typed)
    assert nearest_zones(typed)[0] == meant


@pytest.mark.parametrize("typed", ["../../etc/passwd", "/etc/localtime", "\0", "", "x" * 100])
def test_what_is_no_time_zone_is_none(typed: str) -> None:
    assert not is_known(typed)


@pytest.mark.parametrize("typed", ["GMT+2", "UTC+1", "+02:00", "-5", "Etc/GMT+20", "MEZ", "CEST", "IST"])
def test_an_offset_and_an_abbreviation_get_no_hint_which_would_be_a_guess(typed: str) -> None:
    """Of `GMT+2` it was `Etc/GMT+2`, which is two hours behind UTC."""
    assert (is_known(typed), nearest_zones(typed)) == (False, ())


def test_a_city_in_capitals_is_no_abbreviation() -> None:
    assert nearest_zones("PARIS") == ("Europe/Paris",)


@pytest.mark.parametrize("typed", ["berlin", "utc", "Etc/Berlin", "GMT2", "Zulus", "local time", "Estern"])
def test_only_places_and_utc_are_hinted_at(typed: str) -> None:
    assert all(zone == "UTC" or re.match("(?!Etc)[A-Z][A-Za-z]+/", zone) for zone in nearest_zones(typed))
