"""From facts to a diagnosis: every check in the order in which one depends on another."""

from collections.abc import Iterator

from timeouts.doctor.access import permission_findings
from timeouts.doctor.connection import credentials_findings, network_findings
from timeouts.doctor.facts import PlatformFacts, PrefectFacts
from timeouts.doctor.finding import Diagnosis, Finding, finding
from timeouts.doctor.org import limit_findings, org_findings
from timeouts.doctor.prefect import prefect_findings
from timeouts.doctor.questions import question_findings


def diagnose(platform: PlatformFacts, prefect: PrefectFacts) -> Diagnosis:
    """Judge what was read. Where the org did not answer, nothing of it is judged."""
    return Diagnosis(
        version=prefect.version,
        org=platform.organization,
        findings=tuple(_findings(platform, prefect)),
        requests=platform.requests,
    )


def _findings(platform: PlatformFacts, prefect: PrefectFacts) -> Iterator[Finding]:
    yield from network_findings(platform)
    yield from credentials_findings(platform)
    if platform.api.is_answered:
        yield from org_findings(platform)
        yield from permission_findings(platform)
        yield from limit_findings(platform)
    else:
        yield finding(
            "org",
            "org, permissions and limits",
            "could not tell",
            "Only a client that logs in is told. First what is missing above, then the doctor again.",
        )
    yield from prefect_findings(prefect)
    if platform.api.is_answered:
        yield from question_findings(platform)
