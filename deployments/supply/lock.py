"""Reading requirements.lock: what is pinned, by which hashes, and what needs it.

`python -m deployments.supply.lock [NAME...]` prints the pins that these packages need, themselves included, hashes and
all; without names, those that the project needs at run time. Imports nothing but the standard library: the Dockerfile
runs it before anything is installed.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).parents[2] / "requirements.lock"

PROJECT = "genesys-timeouts (pyproject.toml)"
"""What the lock calls the project, as what needs a package at run time; its group `dev` has another name there."""

_ENTRY = re.compile(r"^[a-z0-9][^\n]*\n(?:[ ]+[^\n]*\n)*", re.MULTILINE)
_PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\\n]+?))? *(?:\\\n|\n)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NEEDED_BY = re.compile(r"^ +# (?:via |  )(\S.*)$", re.MULTILINE)


class LockError(Exception):
    """The lock cannot be read, or lacks something; the text says what and what to do."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of a package. `marker`: where it is installed, '' for everywhere. `text`: as it stands in the lock.

    `hashes`: SHA-256 of every file that the index has of it. `needed_by`: names of packages, or PROJECT.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    needed_by: frozenset[str]
    text: str


def read_lock(text: str) -> tuple[Pin, ...]:
    """Read all pins. Raises LockError for a line that is none, or has no hash."""
    pins = tuple(_pin(match[0]) for match in _ENTRY.finditer(text))
    left = [line for line in _ENTRY.sub("", text).splitlines() if line and not line.startswith("#")]
    if left:
        raise LockError(f"requirements.lock: {left[0]!r} is no pin; make the lock anew (docs/decisions/0002-pins.md)")
    return pins


def needed_by(pins: Iterable[Pin], roots: Iterable[str]) -> tuple[Pin, ...]:
    """Return the pins that `roots` need, themselves included: names of packages, or PROJECT.

    Raises LockError for a name that the lock lacks.
    """
    pins = tuple(pins)
    wanted = set(roots)
    if unknown := wanted - {pin.name for pin in pins} - {PROJECT}:
        raise LockError(f"requirements.lock does not pin {', '.join(sorted(unknown))}; add it to pyproject.toml")
    while more := {pin.name for pin in pins if pin.needed_by & wanted} - wanted:
        wanted |= more
    return tuple(pin for pin in pins if pin.name in wanted)


def _pin(text: str) -> Pin:
    head, hashes = _PIN.match(text), tuple(_HASH.findall(text))
    if head is None or not hashes:
        raise LockError(
            f"requirements.lock: {text.partition(chr(10))[0]!r} is no exact version with its hashes; "
            "make the lock anew (docs/decisions/0002-pins.md)"
        )
    needed = frozenset(_NEEDED_BY.findall(text))
    return Pin(head["name"], head["version"], (head["marker"] or "").strip(), hashes, needed, text)


def main(names: Sequence[str]) -> int:
    """Print the pins; returns the exit code."""
    try:
        found = needed_by(read_lock(PATH.read_text("utf-8")), names or (PROJECT,))
    except LockError as problem:
        sys.stderr.write(f"Error: {problem}\n")
        return 2
    sys.stdout.write("".join(pin.text for pin in found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
