"""The findings of a diagnosis as rows, and the sentences that go with them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from reports.words import joined, number_of
from timeouts.doctor.finding import Diagnosis, Finding


def findings_shown(diagnosis: Diagnosis, *, whole: bool = True) -> tuple[Finding, ...]:
    """Return the findings that people are shown; all but questions that stay open, unless the `whole` is asked for."""
    return tuple(each for each in diagnosis.findings if whole or each.result != "open")


def by_topic(findings: Sequence[Finding]) -> Iterator[tuple[str, tuple[Finding, ...]]]:
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


def counts_sentence(diagnosis: Diagnosis) -> str:
    """Count the checks by result, and what they asked of the platform."""
    results = [each.result for each in diagnosis.findings]
    kinds = ("ok", "missing", "could not tell", "settled", "open")
    counted = ", ".join(f"{count} {kind}" for kind in kinds if (count := results.count(kind)))
    return f"{counted}; {number_of(diagnosis.requests.total, 'request')}, nothing was written"


def to_do(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return what to do first: the advice on what stops work, each once."""
    stopping = (*diagnosis.missing, *diagnosis.untold)
    return tuple(dict.fromkeys(each.advice for each in stopping if each.advice))


def open_sentence(diagnosis: Diagnosis) -> str:
    """Say how many questions about the platform stay open; '' for none."""
    count = sum(each.result == "open" for each in diagnosis.findings)
    return f"{number_of(count, 'question')} about the platform that reading cannot settle: --verbose" if count else ""


def _named(findings: Sequence[Finding]) -> str:
    return ", ".join(each.check for each in findings)
