"""Whether Prefect is there: its server, the storage of results, and what runs without a terminal need."""

from collections.abc import Iterator, Sequence
from functools import partial

from timeouts.doctor.facts import PrefectFacts, Storage
from timeouts.doctor.finding import Finding, finding
from timeouts.text.phrases import first_few

_REGISTER = "genesys-timeouts register"
_NAMED = 6

_finding = partial(finding, "Prefect")


def prefect_findings(facts: PrefectFacts) -> Iterator[Finding]:
    """Judge the server that is named; without one each command starts its own, and only that has to be possible."""
    if not facts.address:
        yield _temporary(facts.home)
        yield from _kept(facts)
        return
    yield _server(facts)
    if facts.server.is_answered:
        yield _version(facts)
    yield from _kept(facts)
    if facts.server.is_answered:
        yield from _registered(facts)


def why_unusable(facts: PrefectFacts) -> str:
    """Say why nothing can be run with the server that is named, and what to do; '' where it can, or none is named."""
    if not facts.address:
        return ""
    server = _server(facts)
    version = _version(facts) if facts.server.is_answered else server
    if not (server.stops_work or version.stops_work):
        return ""
    why, advice = (f"{facts.server.why}.", server.advice) if server.stops_work else (version.meaning, version.advice)
    return f"The Prefect server at {facts.address} cannot be used: {why} {advice}"


def _temporary(home: Storage) -> Finding:
    check = "server"
    if home.is_writable:
        meaning = "PREFECT_API_URL names none, so each command starts one for itself; nothing has to be set up."
        return _finding(check, "ok", meaning)
    return _finding(
        check,
        "missing",
        f"PREFECT_API_URL names none, and a temporary one cannot keep its database in {home.where}: {home.problem}",
        "Set PREFECT_HOME to a folder that can be written, or PREFECT_API_URL to a server.",
        stops_work=True,
    )


def _server(facts: PrefectFacts) -> Finding:
    check = "server"
    if facts.server.is_answered:
        return _finding(check, "ok", f"{facts.address} answers.")
    advice = {
        "refused": "Set PREFECT_API_AUTH_STRING to the server's user and password.",
        "absent": "Correct PREFECT_API_URL: it ends with /api.",
        "failed": "Its log says why; its database may be away.",
    }.get(
        facts.server.said,
        "Start that server (prefect server start), or unset PREFECT_API_URL: each command starts one then.",
    )
    return _finding(check, "missing", f"{facts.address}: {facts.server.why}", advice, stops_work=True)


def _version(facts: PrefectFacts) -> Finding:
    check = "version of the server"
    theirs, ours = _series(facts.server_version), _series(facts.client)
    both = f"The server has Prefect {facts.server_version}, this machine {facts.client}"
    if theirs is None or ours is None:
        return _finding(check, "could not tell", f"{both}.")
    if theirs < ours:
        return _finding(
            check,
            "missing",
            f"{both}: an older server does not know all that is sent to it.",
            f"Upgrade the server to {facts.client}.",
            stops_work=True,
        )
    return _finding(check, "ok", f"{both}.")


def _series(version: str) -> tuple[int, ...] | None:
    """Return the first two numbers of a version; what follows them does not change what is sent."""
    numbers = version.split(".")[:2]
    return tuple(int(each) for each in numbers) if len(numbers) == 2 and all(map(str.isdigit, numbers)) else None  # noqa: PLR2004 - major and minor


def _kept(facts: PrefectFacts) -> Iterator[Finding]:
    """Judge where runs keep what they leave, and the key that seals it."""
    if facts.storage is None:
        return
    yield _storage(facts.storage)
    if facts.no_keys:
        yield _finding(
            "key that seals",
            "missing",
            f"{facts.no_keys.rstrip('.')}. Without it no run keeps anything, and none begins.",
            "docs/operate.md says where it lies (seals).",
            stops_work=True,
        )


def _storage(storage: Storage) -> Finding:
    check = "storage of results"
    if storage.is_readable is False or storage.is_writable is False:
        return _finding(
            check,
            "missing",
            f"{storage.where}: {storage.problem}. Plans, records and what was there before lie there.",
            "Make it writable for this user, or name another: PREFECT_RESULTS_LOCAL_STORAGE_PATH.",
            stops_work=True,
        )
    if storage.is_writable is None:
        return _finding(
            check,
            "could not tell",
            f"{storage.where} is read; whether it can be written, only writing shows.",
            "A dry run of raise shows it: it stores its plan.",
        )
    return _finding(check, "ok", f"{storage.where} can be read and written.")


def _registered(facts: PrefectFacts) -> Iterator[Finding]:
    """Judge what runs from the UI and by schedule need; a terminal needs none of it."""
    if not facts.deployments_ask.is_answered or not facts.pool.is_answered:
        why = facts.deployments_ask.why or facts.pool.why
        yield _finding("deployments", "could not tell", why or "The server did not say.")
        return
    if not facts.deployments:
        yield _finding(
            "deployments",
            "missing",
            "None are registered: nothing runs by schedule or from the UI. Commands in a terminal need none.",
            f"To have them: {_REGISTER}",
        )
        return
    yield _deployments(facts)
    yield _blocks(facts.blocks_ask.is_answered, facts.blocks)
    yield _pool(facts)


def _deployments(facts: PrefectFacts) -> Finding:
    others = [
        f"{each.name} {each.version or 'without a version'}"
        for each in facts.deployments
        if each.version != facts.version
    ]
    if others:
        return _finding(
            "deployments",
            "missing",
            f"{len(others)} of {len(facts.deployments)} are not of this version, {facts.version}: "
            f"{first_few(others, _NAMED)}.",
            f"{_REGISTER}",
            stops_work=True,
        )
    names = [each.name for each in facts.deployments]
    return _finding("deployments", "ok", f"{len(names)} of version {facts.version}: {', '.join(sorted(names))}.")


def _blocks(is_answered: bool, blocks: Sequence[str]) -> Finding:
    check = "blocks with credentials"
    if not is_answered:
        return _finding(check, "could not tell", "The server did not say.")
    if not blocks:
        return _finding(
            check,
            "missing",
            "There is none, and every deployment needs one.",
            f"Set GENESYS_AUDIT_CLIENT_ID and so on (docs/operate.md), then: {_REGISTER}",
            stops_work=True,
        )
    return _finding(check, "ok", f"{first_few(sorted(blocks), _NAMED)}.")


def _pool(facts: PrefectFacts) -> Finding:
    check = "work pool and workers"
    if facts.workers is None:
        return _finding(
            check, "missing", "The work pool genesys-timeouts is not there.", f"{_REGISTER}", stops_work=True
        )
    if facts.is_paused:
        return _finding(
            check,
            "missing",
            "The work pool genesys-timeouts is paused: no run starts.",
            f"Resume it in the UI, Work Pools, or: {_REGISTER}",
            stops_work=True,
        )
    if not facts.workers:
        return _finding(
            check,
            "missing",
            "No worker is online: runs stay Late.",
            "Start one: prefect worker start --pool genesys-timeouts",
            stops_work=True,
        )
    online = "1 worker is" if facts.workers == 1 else f"{facts.workers} workers are"
    return _finding(check, "ok", f"genesys-timeouts takes runs, {online} online.")
