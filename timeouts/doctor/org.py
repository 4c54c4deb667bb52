"""What the client sees of the org, and what the org allows."""

from collections.abc import Iterator

from timeouts.doctor.access import division_findings
from timeouts.doctor.facts import ActionSample, FlowSample, PlatformFacts, Sample
from timeouts.doctor.finding import Finding, finding
from timeouts.model.org import Organization
from timeouts.model.org_limits import DOCUMENTED_A_MINUTE, DOCUMENTED_CONCURRENT

_FEW = 60
"""Of 300 requests a minute: with fewer, a run waits most of the time."""


def org_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Judge which org it is, which divisions the client sees, and how much there is."""
    if facts.organization is not None:
        yield _which(facts.organization)
    yield from division_findings(facts)
    yield _seen(
        "Architect flows that it sees",
        facts.architect_flows,
        "No run finds anything to do. Its role has architect:flow:view in no division with Architect flows.",
        "Give the client's role the divisions of the Architect flows (Admin, Integrations, OAuth, the client, Roles).",
    )
    yield _seen(
        "actions that it sees",
        facts.actions,
        "The org has none, or hides them: steps that call some have an unknown wait.",
        "Add integrations:action:view to the role, if the org has data actions.",
    )
    # What is refused has a line of its own, that of the permission.
    if not facts.definition.is_answered and facts.definition.said not in ("not asked", "no allowance", "refused"):
        yield finding(
            "org",
            "a definition can be read",
            "could not tell" if facts.definition.said in ("failed", "unreachable") else "missing",
            f"None of the Architect flows that were tried gave one, and so no step: {facts.definition.why}.",
            "Have the gateway or firewall on the way let configurations through; else ask Genesys why.",
            stops_work=True,
        )


def _which(organization: Organization) -> Finding:
    return finding("org", "which org it is", "ok", f"{organization.name} ({organization.id}).")


def _seen(check: str, sample: FlowSample | ActionSample, none: str, advice: str) -> Finding:
    if not sample.ask.is_answered:
        is_refused = sample.ask.said == "refused"  # the permission has a line of its own
        why = "The permission for it is missing." if is_refused else sample.ask.why
        return finding("org", check, "could not tell", why, stops_work=not is_refused)
    if _number(sample) == 0:
        return finding("org", check, "missing", none, advice, stops_work=isinstance(sample, FlowSample))
    return finding("org", check, "ok", _counted(sample))


def _number(sample: Sample) -> int:
    return sample.count if sample.total is None else sample.total


def _counted(sample: Sample) -> str:
    if sample.total is None:
        return f"{sample.count} or more: the listing names no total."
    return f"{sample.total:,} in all."


def limit_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Judge the org's limits of executions and the rate limit of the client's token."""
    yield _executions(facts)
    yield _requests(facts)


def _executions(facts: PlatformFacts) -> Finding:
    check = "executions of data actions"
    limits, instead = facts.org_limits, f"{DOCUMENTED_CONCURRENT} at once, {DOCUMENTED_A_MINUTE:,} a minute"
    if limits.concurrent is None:
        shown = facts.namespaces.get("dataactions")
        seen = ", ".join(sorted(shown.values)) if shown is not None and shown.values else "none"
        why = limits.problem or f"The org does not say (keys that it shows: {seen})."
        return finding(
            "limits",
            check,
            "could not tell",
            f"{why} Plans count with the documented ones: {instead}.",
            "Where Genesys has granted you others: capacity: {concurrent: N} in the policy.",
        )
    a_minute = f", {limits.a_minute:,} a minute" if limits.a_minute else ""
    return finding("limits", check, "ok", f"{limits.concurrent:,} at once{a_minute}, as the org says.")


def _requests(facts: PlatformFacts) -> Finding:
    check = "requests of the token"
    rate = facts.rate_limit
    if rate is None:
        return finding(
            "limits", check, "could not tell", "The answers name no allowance: a run goes on until it is told to wait."
        )
    others = rate.count - facts.requests.total
    shared = f"; about {others} in this minute came from elsewhere" if others > 0 else ""
    advice = "Use this OAuth client for nothing else." if others > 0 else ""
    meaning = f"{rate.allowed} a minute are allowed, {rate.count} of them are used{shared}."
    if rate.allowed < _FEW:
        advice = "Ask Genesys for more, or expect runs to wait."
    return finding("limits", check, "ok", meaning, advice)
