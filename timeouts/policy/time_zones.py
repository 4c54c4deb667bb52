"""The time zones that are known here: those of the machine, or of the package tzdata where it has none."""

import functools
import re
import zoneinfo

from timeouts.text.bounds import quoted
from timeouts.text.nearest import nearest

A_PLACE = "name a place such as Europe/Berlin"

_TURNED_ROUND = re.compile(r"etc/gmt([+-])([1-9][0-9]?)", re.IGNORECASE)
_OF_A_MACHINE = frozenset({"factory", "localtime", "posixrules"})
_OFFSET_OR_ABBREVIATION = re.compile(r"(?i:(etc/)?(gmt|utc)?[+-]?[0-9][0-9:]*)|[A-Z]{2,5}")
_NO_REGIONS = ("Etc/", "SystemV/", "posix/", "right/")

_PARTS = "/_ "
_NO_WILDCARDS = str.maketrans("", "", "*?")


def is_known(time_zone: str) -> bool:
    """Return whether there is such a time zone."""
    try:
        zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def why_misread(time_zone: str) -> str:
    """Say why a time zone that is known is hardly the one that was meant, and what to name; '' of all others."""
    if turned := _TURNED_ROUND.fullmatch(time_zone):
        sign, hours = turned.groups()
        meant = f"UTC{'+' if sign == '-' else '-'}{hours}"
        return f"{quoted(time_zone)} is {meant}, as signs mean the opposite in such names: {A_PLACE}"
    if time_zone.casefold() in _OF_A_MACHINE:
        return f"{quoted(time_zone)} is the time of a machine and of no place: {A_PLACE}"
    return ""


def nearest_zones(typed: str) -> tuple[str, ...]:
    """Return the time zones that may have been meant: by their whole name, or by that of their city alone.

    None for an offset or an abbreviation: which place was meant, and so when its summer time is, would be a guess.
    """
    name = typed.translate(_NO_WILDCARDS).strip()
    cities = {_plain(zone.rpartition("/")[2]): zone for zone in _places()}
    if _OFFSET_OR_ABBREVIATION.fullmatch(name):
        return tuple(filter(None, [cities.get(_plain(name))]))  # `PARIS` looks like one
    whole = nearest(name, _places())
    city = nearest(_plain(name.rpartition("/")[2]), cities)
    return tuple(dict.fromkeys((*whole, *(cities[each] for each in city))))[:3]


def _plain(name: str) -> str:
    return name.strip(_PARTS).replace("_", " ").casefold()


@functools.cache
def _places() -> tuple[str, ...]:
    """UTC and those that are a region and a city, of three names last: a later city takes the place of an earlier."""
    places = [name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(_NO_REGIONS)]
    return tuple(sorted(["UTC", *places], key=lambda name: (name.count("/") == 1, name)))
