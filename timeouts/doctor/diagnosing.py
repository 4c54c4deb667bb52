"""From facts to a diagnosis: every check in the order in which one depends on another."""

from collections.abc import Iterator

from timeouts.doctor.access import permission_findings
from timeouts.doctor.connection import credentials_findings, network_findings
from timeouts.doctor.facts import PlatformFacts, PrefectFacts
from timeouts.doctor.finding import Diagnosis, Finding
from timeouts.doctor.org import limit_findings, org_findings
from timeouts.doctor.prefect import prefect_findings
from timeouts.doctor.questions import question_findings


def diagnose(platform: PlatformFacts, prefect: PrefectFacts) -> Diagnosis:
    """Judge what was read."""
    return Diagnosis(
        version=prefect.version,
        org=platform.organization,
        findings=tuple(_findings(platform, prefect)),
        requests=platform.requests,
    )


def _findings(platform: PlatformFacts, prefect: PrefectFacts) -> Iterator[Finding]:
    yield from network_findings(platform)
    yield from credentials_findings(platform)
    yield from org_findings(platform)
    yield from permission_findings(platform)
    yield from limit_findings(platform)
    yield from prefect_findings(prefect)
    yield from question_findings(platform)
