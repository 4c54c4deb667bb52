"""The time zones that are known here: those of the machine, or of the package tzdata where it has none."""

import functools
import zoneinfo

from timeouts.text.nearest import nearest

_PARTS = "/_ "
_NO_WILDCARDS = str.maketrans("", "", "*?")


def is_known(time_zone: str) -> bool:
    """Return whether there is such a time zone."""
    try:
        zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def nearest_zones(typed: str) -> tuple[str, ...]:
    """Return the time zones that may have been meant: by their whole name, or by that of their city alone."""
    name = typed.translate(_NO_WILDCARDS).strip()
    cities = {_plain(zone.rpartition("/")[2]): zone for zone in _all()}
    whole = nearest(name, _all())
    city = nearest(_plain(name.rpartition("/")[2]), cities)
    return tuple(dict.fromkeys((*whole, *(cities[each] for each in city))))[:3]


def _plain(name: str) -> str:
    return name.strip(_PARTS).replace("_", " ").casefold()


@functools.cache
def _all() -> tuple[str, ...]:
    """All of them, those of a region before their old names such as GB: a later city takes the place of an earlier."""
    names = zoneinfo.available_timezones()
    return tuple(sorted(names, key=lambda name: (name.count("/") == 1 and not name.startswith("Etc/"), name)))
