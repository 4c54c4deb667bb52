"""A step explained, in sentences: where its wait comes from, which rule decides, what each lever would do."""

import typing
from collections.abc import Iterator

from reports.words import joined, limit, wait
from timeouts.model.durations import format_duration
from timeouts.model.effective import own_bound
from timeouts.model.settings import LiteralOrSuggested, LiteralTimeout, literal_ms
from timeouts.model.wording import in_words
from timeouts.planning.explaining.explanation import Explanation, LeverFact, RuleFact, Source
from timeouts.text.phrases import number_of
from timeouts.text.visible import one_line


class Paragraph(typing.NamedTuple):
    """A heading, and the sentences below it."""

    title: str
    sentences: tuple[str, ...]


def paragraphs(found: Explanation) -> list[Paragraph]:
    """Return the explanation as people read it; what there is nothing to say of is left out."""
    parts = [
        Paragraph("How long callers wait, and why", (_wait(found),)),
        Paragraph("The rules", tuple(map(_rule, found.rules))),
        Paragraph("What becomes of it", tuple(_decision(found))),
        Paragraph("What each lever would do", tuple(_lever(found, each) for each in found.levers)),
        Paragraph("Who else", tuple(_others(found))),
    ]
    return [part for part in parts if part.sentences]


def _wait(found: Explanation) -> str:
    action = one_line(found.action_name or found.action_id) or "no action"
    waits = wait(found.effective_ms, found.setting, found.default_ms)
    limit_ms = limit(found.action_limit_ms, is_known=found.is_limit_known)
    said, default = in_words(found.setting, found.default_ms), format_duration(found.suggested_default_ms)
    itself = "" if own_bound(found.setting, found.default_ms) is None else f"the step itself says {said}, and "
    on = "says a minute, which may be" if isinstance(found.setting, LiteralOrSuggested) else "is on"
    ended = f"the step would wait longer ({said}), but its action {action} ends the call at {limit_ms}"
    by_action = f"the step {on} the suggested timeout, which is the limit of its action {action}"
    why: dict[Source, str] = {
        "own timeout": f"the step says so itself ({said}). The limit of its action {action}: {limit_ms}",
        "action limit": ended if found.ended_by_action else by_action,
        "longest limit": f"the step would wait longer ({said}), but no action waits longer than that. The limit of its "
        f"action {action}: {limit_ms}",
        "definition": "its definition makes a step wait so long that names no timeout of its own",
        "platform default": f"the step {on} the suggested timeout, and its action {action} sets no limit. The default "
        f"counts, {default}; what the platform really does is open",
        "run time": f"it is computed while a call runs ({said}). Its action {action} ends it at: {limit_ms}",
        "unreadable": f"what the step says of its timeout is not understood ({said})",
        "unknown action": f"{itself}it calls {action}, which is not listed, so its limit is not known",
        "unknown limit": f"{itself}the limit of its action {action} is not understood",
    }
    return f"{waits}: {why[found.source]}."


def _rule(fact: RuleFact) -> str:
    rule = f"{one_line(fact.rule)!r} ({fact.wants})"
    if fact.decides:
        return f"{rule} decides: it is the first that matches."
    return (
        f"{rule} does not match: {fact.mismatch}." if fact.mismatch else f"{rule} matches, but an earlier one decides."
    )


def _decision(found: Explanation) -> Iterator[str]:
    match found.decision:
        case "set":
            too = any(each.lever == "action" and each.is_planned for each in found.levers)
            limit_too = " The limit of its action would be raised, too." if too else ""
            yield f"The step would be set: {_why_set(found.reason)}.{limit_too}"
        case "by action":
            yield "The limit of its action would be raised, and that alone would make it wait long enough."
        case "left":
            yield f"It stays as it is: {found.reason}."
        case "fine":
            if found.effective_ms is None:
                yield "Nothing: it says as long as the rule wants; how long callers really wait is not known."
            else:
                yield "Nothing: it waits as the rule wants."
        case "no rule":
            yield "Nothing: no rule matches it."
        case "no policy":
            return
        case _:
            typing.assert_never(found.decision)


def _why_set(reason: str) -> str:
    """Return the reason of a change, which a table has in short, as part of a sentence."""
    return f"it {reason.replace(', less', ', which is less', 1)}" if reason.startswith("waits ") else reason


def _lever(found: Explanation, lever: LeverFact) -> str:
    has_no_effect = lever.after_ms is not None and lever.after_ms == found.effective_ms
    if lever.lever == "step":
        waits = wait(lever.after_ms, LiteralTimeout(timeout_ms=lever.to_ms))
        what = f"The step, to {format_duration(lever.to_ms)}: callers would wait {waits}"
        if lever.after_ms is None:
            what += ", for the limit of its action is not known"
        elif lever.after_ms < lever.to_ms:
            what += f", for its action ends the call at {limit(found.action_limit_ms)}"
    else:
        planned = " as planned" if lever.is_planned else ""
        what = f"Its action, to {format_duration(lever.to_ms)}{planned}: callers would wait {wait(lever.after_ms)} here"
        if has_no_effect and lever.after_ms == literal_ms(found.setting):
            what += ", for the step itself says less"
        others = joined(
            (
                _steps(lever.steps, lever.architect_flows) if lever.steps else "",
                _copies(lever.copies) if lever.copies else "",
            ),
            " and ",
        )
        what += f"; that would also change {others or 'no other step that was read'}"
    against = f". Against it: {lever.against}" if lever.against else ""
    return f"{what}{' (no effect)' if has_no_effect else ''}{against}."


def _steps(steps: int, architect_flows: int) -> str:
    return f"{number_of(steps, 'other step')} in {number_of(architect_flows, 'Architect flow')}"


def _copies(count: int) -> str:
    return f"{number_of(count, 'copy', 'copies')} of modules' steps"


def _others(found: Explanation) -> Iterator[str]:
    if found.same_action_steps or found.same_action_copies:
        count = found.same_action_copies
        copies = f", and {_copies(count)}" if count else ""
        yield (
            f"Its action is called by {_steps(found.same_action_steps, found.same_action_architect_flows)}{copies}; "
            "which scripts and agents call it is not known."
        )
    if found.carriers:
        names = ", ".join(one_line(name) for name in found.carriers)
        yield f"Copies of this step are carried by {names}: each waits as its copy says until it is republished."
