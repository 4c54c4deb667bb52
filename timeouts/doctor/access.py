"""Which permissions the client has, as far as its roles, its divisions and single answers tell."""

import typing
from collections.abc import Iterator
from dataclasses import dataclass

from timeouts.doctor.facts import Division, PlatformFacts
from timeouts.doctor.finding import Finding, Result
from timeouts.doctor.needs import NEEDS, UNLOCK, Need

ALL = "*"
_NAMED = 5
_WORDS = 3  # of a permission, such as architect:flow:view

Held = typing.Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Holding:
    """Whether the client has a permission, and how that is known."""

    held: Held
    how: str


def holding(facts: PlatformFacts, need: Need) -> Holding:
    """Tell by an answer that takes the permission, else by the client's roles, else by the divisions that have it."""
    probe = facts.probes.get(need.permission)
    if probe is not None and probe.said in ("answered", "absent"):
        return Holding("yes", "a request that takes it was answered")
    if probe is not None and probe.said == "refused":
        return Holding("no", "a request that takes it was refused")
    names = (need.permission, *need.same_as)
    if _shows_permissions(facts):
        roles = _roles_with(facts, names)
        return Holding("yes", f"by {_listed('the role', 'the roles', roles)}") if roles else Holding("no", "by no role")
    permitted = [found for name in names if (found := facts.permitted.get(name)) and found.ask.is_answered]
    if any(found.everywhere or found.divisions for found in permitted):
        return Holding("yes", "as the platform says of its divisions")
    if permitted:
        return Holding("no", "in no division, as the platform says")
    return Holding("unknown", "the platform does not tell a client its roles, and no read shows it")


def permission_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Judge each permission that a request of ours takes."""
    if not facts.api.is_answered:
        yield _untold("permissions", "permissions of the role", "without an answer of the org none can be told")
        return
    held = {need: holding(facts, need) for need in NEEDS}
    writes = [found for need, found in held.items() if need.kind == "writes"]
    reads_only = all(found.held == "no" for found in writes)
    for need, found in held.items():
        yield _of_need(need, found, reads_only=reads_only)
    if reads_only:
        yield Finding(
            topic="permissions",
            check="what this client is for",
            result="ok",
            meaning="It has no permission to change anything: right for audits. It cannot publish or roll back.",
            advice="For raise --apply, use a client of its own with the role of a writer.",
        )
    unlock = holding(facts, Need(UNLOCK, "writes", "", ""))
    if unlock.held == "yes":
        yield Finding(
            topic="permissions",
            check=UNLOCK,
            result="ok",
            meaning=f"There ({unlock.how}), and no request here needs it: it would break a colleague's lock.",
            advice=f"Take {UNLOCK} out of the role.",
        )


def _of_need(need: Need, found: Holding, *, reads_only: bool) -> Finding:
    results: dict[Held, Result] = {"yes": "ok", "no": "missing", "unknown": "could not tell"}
    by_design = need.kind == "writes" and reads_only
    meaning = {
        "yes": f"Needed to {need.for_what}.",
        "no": f"Without it {need.without} ({found.how}).",
        "unknown": f"Needed to {need.for_what}. {found.how[:1].upper()}{found.how[1:]}.",
    }[found.held]
    advice = {
        "yes": "",
        "no": f"Add {need.permission} to the role of the OAuth client.",
        "unknown": f"Look in Admin, Roles/Permissions, whether the client's role has {need.permission}.",
    }[found.held]
    if by_design:
        advice = "Nothing for a client that only audits."
    if need.kind == "comforts" and found.held == "no":
        advice = f"Nothing has to be done; add {need.permission} if you want that."
    return Finding(
        topic="permissions",
        check=need.permission,
        result=results[found.held],
        meaning=meaning,
        advice=advice,
        stops_work=need.kind != "comforts" and not by_design,
    )


def division_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Say which divisions are hidden from the client: their Architect flows are missing from listings without a word."""
    check = "divisions that the client sees"
    if not facts.api.is_answered:
        yield _untold("org", check, "without an answer of the org it cannot be told")
        return
    seen = _divisions_seen(facts)
    if seen is None:
        yield _untold(
            "org",
            check,
            "The platform does not tell this client its divisions. Hidden ones make a listing shorter without a word.",
            "Compare the number of Architect flows below with Architect's own.",
        )
    elif any(each.id == ALL for each in seen):
        yield Finding(topic="org", check=check, result="ok", meaning="All of them, those to come included.")
    elif not facts.divisions_ask.is_answered:
        yield _untold(
            "org",
            check,
            f"It sees {_names(seen)}. Whether there are others, the platform does not tell it.",
            "Compare with Admin, Divisions.",
        )
    else:
        yield _hidden(check, seen, facts.divisions)


def _hidden(check: str, seen: tuple[Division, ...], every: tuple[Division, ...]) -> Finding:
    ids = {each.id for each in seen}
    hidden = tuple(each for each in every if each.id not in ids)
    if not hidden:
        return Finding(topic="org", check=check, result="ok", meaning=f"All {len(every)}: {_names(every)}.")
    return Finding(
        topic="org",
        check=check,
        result="missing",
        meaning=f"{len(hidden)} of {len(every)} are hidden: {_names(hidden)}. Their Architect flows are missing from "
        "every audit and plan, and no error says so.",
        advice="Where they are meant too: give the client its role in these divisions (Admin, Integrations, OAuth).",
    )


def _divisions_seen(facts: PlatformFacts) -> tuple[Division, ...] | None:
    """Return where the client may see Architect flows, the division `*` for everywhere; None where nothing tells."""
    view = NEEDS[0].permission
    permitted = facts.permitted.get(view)
    if permitted is not None and permitted.ask.is_answered:
        return (Division(id=ALL),) if permitted.everywhere else permitted.divisions
    if _shows_permissions(facts):
        return tuple(grant.division for grant in facts.grants if _gives(grant.permissions or (), view))
    return None


def _shows_permissions(facts: PlatformFacts) -> bool:
    """Return whether the roles are known with what is in them; a client without any role has no permission."""
    return facts.roles.is_answered and all(grant.permissions is not None for grant in facts.grants)


def _roles_with(facts: PlatformFacts, names: tuple[str, ...]) -> list[str]:
    found = (grant.role for grant in facts.grants for name in names if _gives(grant.permissions or (), name))
    return list(dict.fromkeys(found))


def _gives(permissions: tuple[str, ...], wanted: str) -> bool:
    """Return whether a permission is among these, of which each word may be `*`."""
    asked = wanted.split(":")
    return any(
        len(words) == _WORDS and all(has in (ALL, want) for has, want in zip(words, asked, strict=True))
        for words in (each.split(":") for each in permissions)
    )


def _untold(topic: typing.Literal["org", "permissions"], check: str, meaning: str, advice: str = "") -> Finding:
    return Finding(topic=topic, check=check, result="could not tell", meaning=meaning, advice=advice)


def _names(divisions: tuple[Division, ...]) -> str:
    names = [each.name or each.id for each in divisions]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "") or "none"


def _listed(one: str, many: str, names: list[str]) -> str:
    return f"{one if len(names) == 1 else many} {', '.join(names[:_NAMED])}"
