"""`python -m deployments.supply.audit`: known vulnerabilities of every version in requirements.lock, by pip-audit.

OSV_URL names the service that is asked, OSV's own by default: a mirror that answers its `query` will do where the
internet cannot be reached. Exit codes: 0 none is known; 1 some are, and they are listed; 2 the lock cannot be read;
3 not checked, and why: that is neither of the first two.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.supply.lock import PATH, LockError, Pin, read_lock

_OSV = "https://api.osv.dev/v1/query"
_ANSWER_SECONDS = 15
_LONGEST_REASON = 400

CLEAN, VULNERABLE, UNREADABLE, NOT_CHECKED = range(4)


class NotCheckedError(Exception):
    """What is known of a version could not be found out; the text says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One vulnerability of one version. `fixed_in`: versions, as far as they are known."""

    package: str
    version: str
    name: str
    aliases: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in one line."""
        known_as = f" ({', '.join(self.aliases)})" if self.aliases else ""
        fixed = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no fixed version is known"
        return f"{self.package} {self.version}: {self.name}{known_as}, {fixed}"


def audit(pins: Sequence[Pin], service: str) -> list[Finding]:
    """Ask a service of all versions, those for other machines too. Raises NotCheckedError where any is left open."""
    return [finding for part in _without_twins(pins) for finding in _ask(part, service)]


def _without_twins(pins: Sequence[Pin]) -> Iterator[list[Pin]]:
    """Yield all pins in lists without two versions of a package, which pip-audit refuses."""
    left = list(pins)
    while left:
        part = list({pin.name: pin for pin in reversed(left)}.values())
        yield part
        left = [pin for pin in left if pin not in part]


def _ask(pins: Sequence[Pin], service: str) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder) / "asked.lock", Path(folder) / "answer.json"
        # Without markers: pip-audit leaves out what is not for this machine.
        asked.write_text("".join(f"{pin.name}=={pin.version} --hash=sha256:{pin.hashes[0]}\n" for pin in pins))
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "pip_audit",
            "--requirement",
            asked,
            "--disable-pip",
            "--cache-dir",
            folder,
        ]
        command += ["--vulnerability-service", "osv", "--osv-url", service, "--timeout", str(_ANSWER_SECONDS)]
        command += ["--format", "json", "--output", answer, "--progress-spinner", "off"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
        try:
            found: list[dict[str, Any]] = json.loads(answer.read_text("utf-8"))["dependencies"]
        except (OSError, ValueError, LookupError):
            raise NotCheckedError(_reason(done.stderr)) from None
    if missing := {(pin.name, pin.version) for pin in pins} - {(each["name"], each.get("version")) for each in found}:
        raise NotCheckedError(f"pip-audit says nothing of {', '.join(' '.join(one) for one in sorted(missing))}")
    return [
        Finding(each["name"], each["version"], vuln["id"], tuple(vuln["aliases"]), tuple(vuln["fix_versions"]))
        for each in found
        for vuln in each["vulns"]
    ]


def _reason(complaints: str) -> str:
    """Return the last thing that pip-audit said, which is what ended it."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    return lines[-1][:_LONGEST_REASON] if lines else "pip-audit gave no reason"


def main() -> int:
    """Audit the lock; returns the exit code."""
    service = os.environ.get("OSV_URL", "").strip() or _OSV
    try:
        pins = read_lock(PATH.read_text("utf-8"))
        found = audit(pins, service)
    except LockError as problem:
        sys.stderr.write(f"Error: {problem}\n")
        return UNREADABLE
    except NotCheckedError as problem:
        sys.stderr.write(
            f"NOT CHECKED: {service} could not be asked, so nothing is known of any vulnerability: {problem}\n"
            "Run it again where it can be reached, or name a mirror of it with OSV_URL.\n"
        )
        return NOT_CHECKED
    sys.stdout.write("".join(f"{each}\n" for each in found))
    sys.stdout.write(f"{len(pins)} versions checked by {service}: {len(found)} known vulnerabilities\n")
    return VULNERABLE if found else CLEAN


if __name__ == "__main__":
    sys.exit(main())
