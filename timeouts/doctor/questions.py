"""What an org's own answers say about the questions that no source answers (docs/platform.md#open-questions).

Most cannot be settled by reading. Each is a line all the same: settled, and how; or open, and why.
"""

from collections.abc import Iterator, Mapping, Sequence

from timeouts.doctor.facts import Configuration, PlatformFacts
from timeouts.doctor.finding import Finding, finding

_LONGEST_STEP_MS = 60_000

_NEEDS_A_CALL = "only a real call shows it"
_NEEDS_A_WRITE = "only a change shows it, and the doctor changes nothing"

_UNREADABLE: Mapping[str, str] = {
    "what a suggested timeout is worth without a limit": _NEEDS_A_CALL,
    "how a step's time and a shorter limit combine": _NEEDS_A_CALL,
    "whether a save rewrites, or demands a check-out": _NEEDS_A_WRITE,
    "whether publish checks a draft in first": _NEEDS_A_WRITE,
    "whether publishing an older version works": _NEEDS_A_WRITE,
    "what revert and unlock leave behind": _NEEDS_A_WRITE,
    "the largest request of a save": _NEEDS_A_WRITE,
    "limits of single calls, and 429 without Retry-After": "the doctor does not ask so often that it is refused",
    "whether p95 of actions is filled": "it is asked with a POST, which the doctor does not send: audit --evidence 1d",
    "whether running conversations keep their version": _NEEDS_A_CALL,
    "which permission publishing takes": _NEEDS_A_WRITE,
    "what an import of YAML does to a suggested timeout": _NEEDS_A_WRITE,
    "how Genesys sees direct edits": "it is a question to Genesys",
    "how writes to actions behave in detail": _NEEDS_A_WRITE,
}


def question_findings(facts: PlatformFacts) -> Iterator[Finding]:
    """Answer what can be read off the answers, and name the rest."""
    yield _roles(facts)
    yield from _listings(facts)
    yield from _of_versions(facts)
    yield _own_locks(facts)
    yield from _of_configurations(facts.configurations)
    yield _function_limits(facts)
    yield _limit_keys(facts)
    for question, why in _UNREADABLE.items():
        yield _open(question, why)


def _roles(facts: PlatformFacts) -> Finding:
    question = "whether a client may read its own roles"
    if facts.roles.said in ("refused", "absent"):
        return _settled(question, f"no: it answers {facts.roles.status}")
    if not facts.roles.is_answered:
        return _open(question, facts.roles.why)
    shows = all(grant.permissions is not None for grant in facts.grants)
    return _settled(question, f"yes, {'with their permissions' if shows else 'their names alone'}")


def _listings(facts: PlatformFacts) -> Iterator[Finding]:
    for question, sample in (
        ("whether the listing of Architect flows names a total", facts.architect_flows),
        ("whether the listing of actions names a total", facts.actions),
    ):
        if not sample.ask.is_answered:
            yield _open(question, "it was not answered")
        else:
            said = "yes, with the number of pages" if sample.total is not None and sample.pages is not None else "no"
            yield _settled(question, said)


def _of_versions(facts: PlatformFacts) -> Iterator[Finding]:
    question = "whether published versions say who published"
    sample = facts.architect_flows
    if not sample.published:
        yield _open(question, "no published Architect flow was seen")
    else:
        yield _settled(question, f"of {sample.published} in the first page {sample.with_publisher} do")
    question = "how long old versions are kept"
    if not facts.versions.ask.is_answered:
        yield _open(question, facts.versions.ask.why or "no published Architect flow was seen")
    else:
        kept = facts.versions
        yield _open(question, f"{kept.name} has {kept.total} versions, {kept.oldest} to {kept.newest}: no end was seen")


def _own_locks(facts: PlatformFacts) -> Finding:
    question = "whether our locks and publishes show our client's id"
    sample = facts.architect_flows
    if sample.locked_by_us or sample.published_by_us:
        seen = f"{sample.locked_by_us} locks and {sample.published_by_us} published versions in the first page show it"
        return _settled(question, f"yes: {seen}")
    return _open(question, "nothing of this client's was seen in the first page")


def _of_configurations(found: Sequence[Configuration]) -> Iterator[Finding]:
    seen = f"in the {len(found)} configurations that were read"
    yield _answer("how a configuration is sent", found, _sent(found))
    yield _answer("what a manifest lists", found, _manifest(found))
    metadata = sum(each.has_version_metadata for each in found)
    yield _answer("whether GET configuration has versionMetaData", found, f"{metadata} of {len(found)} have it")
    with_modules = [each for each in found if each.modules]
    question = "whether GET configuration shows snapshots of modules"
    if with_modules:
        shown = sum(each.modules_shown for each in with_modules)
        inside = sum(each.modules_inside for each in with_modules)
        of = sum(each.modules for each in with_modules)
        where = f", {inside} of them inside another one" if inside else ", side by side"
        yield _settled(question, f"{shown} of {of} are shown{where}")
    else:
        yield _open(question, f"no caller of a module {seen}")
    yield _seen_live("whether a live step is computed, and its JSON", [each.computed for each in found], seen)
    over = [_over(each) for each in found]
    yield _seen_live("whether the server takes a step above 60s, or one out of service", over, seen)


def _sent(found: Sequence[Configuration]) -> str:
    packed = sum(each.encoding == "gzip" for each in found)
    largest = max((each.size for each in found), default=0)
    return f"{packed} of {len(found)} as gzip, the others as they are; the largest has {largest:,} bytes"


def _manifest(found: Sequence[Configuration]) -> str:
    keys = sorted({key for each in found for key in each.manifest})
    return f"it lists {', '.join(keys)}" if keys else "nothing, or there is none"


def _over(each: Configuration) -> str:
    if each.longest_literal_ms > _LONGEST_STEP_MS:
        return f"{each.name} has one of {each.longest_literal_ms:,} ms"
    return f"{each.name} has {each.out_of_service} out of service" if each.out_of_service else ""


def _seen_live(question: str, said: Sequence[str], seen: str) -> Finding:
    shown = next((each for each in said if each), "")
    return _settled(question, f"yes: {shown}") if shown else _open(question, f"no such step {seen}")


def _function_limits(facts: PlatformFacts) -> Finding:
    question = "whether config shows a function's limit"
    sample = facts.actions
    if not sample.functions:
        return _open(question, "no function data action was seen")
    return _settled(question, f"of {sample.functions} in the first page {sample.functions_with_limit} do")


def _limit_keys(facts: PlatformFacts) -> Finding:
    question = "which limits the org shows"
    answered = {name: each for name, each in facts.namespaces.items() if each.ask.is_answered}
    if not answered:
        return _open(question, "no namespace answered")
    shown = (f"{name}: {', '.join(sorted(each.values)) or 'none'}" for name, each in sorted(answered.items()))
    return _settled(question, f"they show {'; '.join(shown)}")


def _answer(question: str, found: Sequence[Configuration], said: str) -> Finding:
    return _settled(question, said) if found else _open(question, "no configuration could be read")


def _settled(question: str, how: str) -> Finding:
    return finding("platform", question, "settled", _sentence(how))


def _open(question: str, why: str) -> Finding:
    return finding("platform", question, "open", _sentence(why))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")
