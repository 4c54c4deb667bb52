"""Whether the platform is reached, and whether it takes the credentials."""

from collections.abc import Iterator

from timeouts.doctor.facts import Ask, Endpoint, PlatformFacts
from timeouts.doctor.finding import Finding, finding
from timeouts.model.durations import MINUTE_MS, format_duration

CLOCK_TOLERANCE_MS = 60_000
"""Windows of a policy are told in minutes, and a plan is good for a day."""


_REGION = "the region (Genesys Cloud's address bar shows it: apps.mypurecloud.ie is eu-west-1)"

_TO_DO = {
    "unreachable": "Check the name of the region or GENESYS_API_URL, this machine's network, and whether a firewall or "
    "a proxy stands in between.",
    "untrusted": "Where a company's proxy signs anew: set SSL_CERT_FILE to a file with the company's certificate. Else "
    "check GENESYS_API_URL and this machine's clock.",
    "absent": "Correct GENESYS_API_URL: only the address of the gateway, or nothing at all for the region's own.",
    "unusable": "A gateway or a login page answers in the platform's place: check the proxy and GENESYS_API_URL.",
    "failed": "Try again in a few minutes; status.mypurecloud.com shows the platform's own troubles.",
}


def network_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Judge the way to the platform: host, certificate, proxy, clock."""
    endpoint = facts.endpoint
    yield finding("network", "where the platform is", "ok", _place(endpoint))
    if endpoint.proxy is not None:
        yield finding("network", "proxy", "ok", f"{endpoint.proxy.variable} names {endpoint.proxy.address}.")
    yield _reached("login is reached", endpoint.login, facts.login)
    if facts.login.is_answered:
        yield _reached("API is reached", endpoint.api, facts.api)
    if endpoint.is_encrypted:
        yield _certificate(facts)
    yield _clock(facts.clock_ahead_ms)


def _place(endpoint: Endpoint) -> str:
    if endpoint.is_stand_in:
        return f"{endpoint.api}, as GENESYS_API_URL says; the region's own hosts are not asked."
    default = ", which is taken where none is named" if endpoint.is_default_region else ""
    return f"{endpoint.api}, the region {endpoint.region}{default}."


def _reached(check: str, host: str, ask: Ask) -> Finding:
    if ask.said in ("answered", "refused", "untrusted"):  # the certificate has a line of its own
        return finding("network", check, "ok", f"{host} answers.")
    return finding(
        "network",
        check,
        "could not tell" if ask.said in ("failed", "no allowance") else "missing",
        f"{host}: {ask.why}",
        _TO_DO.get(ask.said, ""),
        stops_work=True,
    )


def _certificate(facts: PlatformFacts) -> Finding:
    check = "certificate is trusted"
    for ask in (facts.login, facts.api):
        if ask.said == "untrusted":
            return finding("network", check, "missing", ask.why, _TO_DO["untrusted"], stops_work=True)
    if facts.login.said in ("unreachable", "not asked"):
        return finding("network", check, "could not tell", "No connection was made.")
    return finding("network", check, "ok", "By this machine's certificates.")


def _clock(ahead_ms: int | None) -> Finding:
    check = "this machine's clock is right"
    if ahead_ms is None:
        return finding("network", check, "could not tell", "No answer says what time it is.")
    off = format_duration(round(abs(ahead_ms) / MINUTE_MS) * MINUTE_MS)
    if abs(ahead_ms) <= CLOCK_TOLERANCE_MS:
        return finding("network", check, "ok", "Within a minute of the platform's.")
    return finding(
        "network",
        check,
        "missing",
        f"It is about {off} {'ahead of' if ahead_ms > 0 else 'behind'} the platform's. Windows of a policy, "
        "the day that a plan is good for, and the hours of --evidence go by it.",
        "Set the clock, and let it follow a time server.",
        stops_work=True,
    )


def credentials_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Judge the login: credentials, grant, and what the token is good for."""
    yield _accepted(facts)
    if facts.login.is_answered:
        yield _grant(facts.client.grant)


def _accepted(facts: PlatformFacts) -> Finding:
    check = "credentials are accepted"
    ask = facts.login if not facts.login.is_answered else facts.api
    if ask.is_answered:
        named = f"{facts.client.name} ({facts.client.id})" if facts.client.id else "the OAuth client that was named"
        return finding("credentials", check, "ok", f"Logged in as {named}.")
    if ask.said != "refused":
        return finding("credentials", check, "could not tell", "The platform did not get to see them.")
    where = "GENESYS_API_URL" if facts.endpoint.is_stand_in else _region(facts.endpoint)
    return finding(
        "credentials",
        check,
        "missing",
        f"{ask.why}. The platform does not say which of the three it is.",
        f"Check, in this order: {where}; the client id and secret (no blank, no quote, nothing cut off); in "
        "Admin, Integrations, OAuth: is the client there, active, and of the grant Client Credentials?",
        stops_work=True,
    )


def _region(endpoint: Endpoint) -> str:
    if endpoint.is_default_region:
        return f"{_REGION}: GENESYS_REGION is not set or says {endpoint.region}"
    return f"{_REGION}: {endpoint.region} was asked"


def _grant(told: str) -> Finding:
    said = f"; its token says {told}" if told else ""
    return finding("credentials", "grant is Client Credentials", "ok", f"The login gave a token for this grant{said}.")
