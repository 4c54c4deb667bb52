"""The findings of a diagnosis as rows, and the sentences that go with them."""

import typing
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from reports.words import joined
from timeouts.doctor.finding import Diagnosis, Finding, Result
from timeouts.text.phrases import number_of

_QUESTIONS = "platform"
_PERMISSIONS = "permissions"


def findings_shown(diagnosis: Diagnosis, *, whole: bool = True) -> tuple[Finding, ...]:
    """Return the findings that people are shown: the `whole`, or what bears on their own org alone."""
    return tuple(each for each in diagnosis.findings if whole or each.topic != _QUESTIONS)


def by_topic(findings: Iterable[Finding]) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Group findings by topic, in their order."""
    for topic, found in groupby(findings, key=lambda each: each.topic):
        yield topic, tuple(found)


def diagnosis_sentence(diagnosis: Diagnosis) -> str:
    """Say how it ends: what stops work, what could not be told, or that all is well."""
    stopping, untold = diagnosis.missing, diagnosis.untold
    if not stopping and not untold:
        return "Nothing that was checked stands in the way"
    return joined(
        (
            f"{number_of(len(stopping), 'thing')} missing: {_named(stopping)}" if stopping else "",
            f"{number_of(len(untold), 'check')} could not be made: {_named(untold)}" if untold else "",
        )
    )


def missing_sentence(diagnosis: Diagnosis) -> str:
    """Name what is missing although no work stops for it; '' for nothing. Permissions say so in their own rows."""
    found = [
        each
        for each in diagnosis.findings
        if each.result == "missing" and not each.stops_work and each.topic != _PERMISSIONS
    ]
    return f"Missing, but not required: {_named(found)}" if found else ""


def counts_sentence(diagnosis: Diagnosis) -> str:
    """Count the checks by result, and what they asked of the platform."""
    results = Counter(each.result for each in diagnosis.findings)
    counted = ", ".join(f"{results[kind]} {kind}" for kind in typing.get_args(Result) if results[kind])
    return f"{counted}; {number_of(diagnosis.requests.total, 'request')}, nothing was written"


def to_do(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return what to do first about what stops work, each thing once; permissions are named in one line."""
    lines = []
    for findings, what in (
        (diagnosis.missing, "Add to the role of the OAuth client (Admin, Roles/Permissions)"),
        (diagnosis.untold, "Look whether the role of the OAuth client has (Admin, Roles/Permissions)"),
    ):
        permissions = [each.check for each in findings if each.topic == _PERMISSIONS]
        lines += [each.advice for each in findings if each.advice and each.topic != _PERMISSIONS]
        lines += [f"{what}: {', '.join(permissions)}."] if permissions else []
    return tuple(dict.fromkeys(lines))


def questions_sentence(diagnosis: Diagnosis) -> str:
    """Say how many questions about the platform the org's answers settle, and how many stay open; '' for none."""
    results = Counter(each.result for each in diagnosis.findings if each.topic == _QUESTIONS)
    if not results:
        return ""
    settled, stay_open = results["settled"], results["open"]
    return f"{number_of(settled, 'question')} about the platform settled by its answers, {stay_open} open: --verbose."


def _named(findings: Sequence[Finding]) -> str:
    return ", ".join(each.check for each in findings)
