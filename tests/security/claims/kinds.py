"""What an entry of docs/security.md says: a claim, a secret that a process holds, or what is not protected."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that is protected. `test`: where it is below tests/, as `folder.module.function`."""

    asset: str
    who_may: str
    who_may_not: str
    what_stops_them: str
    test: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One secret that a process is given. `test`: as of a Claim."""

    process: str
    secret: str
    comes_from: str
    how_long: str
    test: str


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is not protected, why, and what whoever runs it can do about it."""

    what: str
    why: str
    instead: str
