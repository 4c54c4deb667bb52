"""What the doctor says: a finding for each check, and how it ends with all of them."""

import typing
from collections.abc import Sequence

from timeouts.model.org import Organization
from timeouts.model.request_figures import RequestCounts
from timeouts.model.values import Value

SCHEMA_VERSION: typing.Literal[1] = 1

Topic = typing.Literal["network", "credentials", "org", "permissions", "limits", "Prefect", "platform"]
Result = typing.Literal["ok", "missing", "could not tell", "settled", "open"]
"""`settled` and `open` are for the questions about the platform that no source answers."""


class Finding(Value):
    """One check. `meaning`: what was found, and what it is good for; `advice`: what to do, '' where there is nothing.

    `stops_work`: whether work stops where this is missing, or may where it could not be told. The others are worth
    knowing.
    """

    topic: Topic
    check: str
    result: Result
    meaning: str = ""
    advice: str = ""
    stops_work: bool = False


def finding(
    topic: Topic, check: str, result: Result, meaning: str, advice: str = "", *, stops_work: bool = False
) -> Finding:
    """Make one, its parts in the order in which people read them."""
    return Finding(topic=topic, check=check, result=result, meaning=meaning, advice=advice, stops_work=stops_work)


class Diagnosis(Value):
    """All findings, with the org as far as it is known. `version`: of this tool."""

    schema_version: typing.Literal[1] = SCHEMA_VERSION
    version: str
    org: Organization | None = None
    findings: tuple[Finding, ...]
    requests: RequestCounts

    @property
    def missing(self) -> tuple[Finding, ...]:
        """What is missing and stops work."""
        return _that_stop(self.findings, "missing")

    @property
    def untold(self) -> tuple[Finding, ...]:
        """What could not be told, and may stop work."""
        return _that_stop(self.findings, "could not tell")


def _that_stop(findings: Sequence[Finding], result: Result) -> tuple[Finding, ...]:
    return tuple(each for each in findings if each.result == result and each.stops_work)
