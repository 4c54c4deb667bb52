"""Which permissions the client has, as far as its roles, its divisions and single answers tell."""

import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from timeouts.doctor.facts import Division, Grant, PlatformFacts
from timeouts.doctor.finding import Finding, Result, finding
from timeouts.doctor.needs import NEEDS, UNLOCK, Need
from timeouts.text.phrases import first_few

ALL = "*"
_SEE_FLOWS = NEEDS[0]
_NAMED = 5
_LET_THROUGH = "Have the gateway or firewall on the way let this request through, as it does the others."
_WORDS = 3  # of a permission, such as architect:flow:view

Held = typing.Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Holding:
    """Whether the client has a permission, and how that is known; `to_do`: what else to do where it is not."""

    held: Held
    how: str
    to_do: str = ""


def holding(facts: PlatformFacts, need: Need) -> Holding:
    """Tell by an answer that takes the permission, else by the client's roles, else by the divisions that have it.

    Where something else answers in the platform's place, to have it is not enough.
    """
    probe = facts.probes.get(need.permission)
    if probe is not None and probe.said == "answered":
        return Holding("yes", "A request that takes it was answered.")
    if probe is not None and probe.said == "refused":
        return Holding("no", "A request that takes it was refused.")
    told = _told(facts, need)
    if probe is not None and probe.said == "absent" and told.held != "no":
        return Holding("yes", "A request that takes it was answered.")
    if probe is None or probe.said != "unusable" or told.held == "no":
        return told
    return Holding("unknown", f"A request that takes it did not get through: {probe.why}.", _LET_THROUGH)


def _told(facts: PlatformFacts, need: Need) -> Holding:
    """Tell what a client has by its roles, else by the divisions that have it."""
    names = (need.permission, *need.same_as)
    if _shows_permissions(facts):
        return _by_roles(
            [grant for grant in facts.grants if any(_gives(grant.permissions or (), each) for each in names)]
        )
    permitted = [found for name in names if (found := facts.permitted.get(name)) and found.ask.is_answered]
    if any(found.everywhere or found.divisions for found in permitted):
        return Holding("yes", "The platform names divisions in which the client has it.")
    if permitted:
        return Holding("no", "The platform names no division in which the client has it.")
    return Holding("unknown", "The platform does not tell this client its roles, and no read shows it.")


def _by_roles(grants: Sequence[Grant]) -> Holding:
    if not grants:
        return Holding("no", "None of the client's roles has it.")
    where = tuple(dict.fromkeys(grant.division for grant in grants))
    if any(each.id == ALL for each in where):
        return Holding("yes", "")
    return Holding("yes", f"In these divisions alone: {_names(where)}.")


def permission_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Judge each permission that a request of ours takes."""
    held = {need: holding(facts, need) for need in NEEDS}
    writes = [found for need, found in held.items() if need.kind == "writes"]
    reads_only = all(found.held == "no" for found in writes)
    for need, found in held.items():
        yield _of_need(need, found, reads_only=reads_only)
    if reads_only and held[_SEE_FLOWS].held == "yes":
        yield finding(
            "permissions",
            "what this client is for",
            "ok",
            "It has no permission to change anything: right for audits. It cannot publish or roll back.",
            "For raise --apply, use a client of its own with the role of a writer.",
        )
    unlock = holding(facts, Need(UNLOCK, "writes", "", ""))
    if unlock.held == "yes":
        yield finding(
            "permissions",
            UNLOCK,
            "ok",
            "It is there, and no request here needs it: with it a colleague's lock could be broken.",
            f"Take {UNLOCK} out of the role.",
        )


def _of_need(need: Need, found: Holding, *, reads_only: bool) -> Finding:
    results: dict[Held, Result] = {"yes": "ok", "no": "missing", "unknown": "could not tell"}
    by_design = need.kind == "writes" and reads_only
    meaning = {
        "yes": f"Needed to {need.for_what}." + (f" {found.how}" if found.how.startswith("In ") else ""),
        "no": f"{found.how} Without it {need.without}.",
        "unknown": f"Needed to {need.for_what}. {found.how}",
    }[found.held]
    advice = {
        "yes": "",
        "no": f"Add {need.permission} to the role of the OAuth client.",
        "unknown": found.to_do or f"Look in Admin, Roles/Permissions, whether the client's role has {need.permission}.",
    }[found.held]
    if by_design:
        advice = "Nothing for a client that only audits."
    if need.kind == "comforts" and found.held == "no":
        advice = "Nothing has to be done; add it to the role if you want that."
    return finding(
        "permissions",
        need.permission,
        results[found.held],
        meaning,
        advice,
        stops_work=need.kind != "comforts" and not by_design,
    )


def division_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Say which divisions are hidden from the client: no listing shows their Architect flows, and none says so.

    Nothing of a client that may not see any Architect flow: that has a line of its own.
    """
    check = "divisions that the client sees"
    if holding(facts, _SEE_FLOWS).held == "no":
        return
    seen = _divisions_seen(facts)
    if seen is None:
        yield _untold(
            check,
            "The platform does not tell this client its divisions. Hidden ones make a listing shorter without a word.",
            "Compare the number of Architect flows below with Architect's own.",
        )
    elif any(each.id == ALL for each in seen):
        yield finding("org", check, "ok", "All of them, those to come included.")
    elif not facts.divisions_ask.is_answered:
        yield _untold(
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
        return finding("org", check, "ok", f"All {len(every)}: {_names(every)}.")
    return finding(
        "org",
        check,
        "missing",
        f"{len(hidden)} of {len(every)} are hidden: {_names(hidden)}. Their Architect flows are missing from "
        "every audit and plan, and no error says so.",
        "Where they are meant too: give the client its role in these divisions (Admin, Integrations, OAuth).",
    )


def _divisions_seen(facts: PlatformFacts) -> tuple[Division, ...] | None:
    """Return where the client may see Architect flows, the division `*` for everywhere; None where nothing tells."""
    view = _SEE_FLOWS.permission
    permitted = facts.permitted.get(view)
    if permitted is not None and permitted.ask.is_answered:
        return (Division(id=ALL),) if permitted.everywhere else permitted.divisions
    if _shows_permissions(facts):
        return tuple(grant.division for grant in facts.grants if _gives(grant.permissions or (), view))
    return None


def _shows_permissions(facts: PlatformFacts) -> bool:
    """Return whether the roles are known with what is in them; a client without any role has no permission."""
    return facts.roles.is_answered and all(grant.permissions is not None for grant in facts.grants)


def _gives(permissions: tuple[str, ...], wanted: str) -> bool:
    """Return whether a permission is among these, of which each word may be `*`."""
    asked = wanted.split(":")
    return any(
        len(words) == _WORDS and all(has in (ALL, want) for has, want in zip(words, asked, strict=True))
        for words in (each.split(":") for each in permissions)
    )


def _untold(check: str, meaning: str, advice: str) -> Finding:
    return finding("org", check, "could not tell", meaning, advice)


def _names(divisions: tuple[Division, ...]) -> str:
    return first_few([each.name or each.id for each in divisions], _NAMED) or "none"
