"""What people read before and after an approval, as Markdown: the whole plan, and the record of who decided what."""

from reports.frames.planned.affected import affected_by, has_copies
from reports.frames.planned.callers import callers_sentence, shipping, shipping_sentence
from reports.frames.planned.plan import counts_sentence, may_be_overwritten
from reports.markdown.callers import callers_section, shipping_section
from reports.markdown.text import Named, bullets, linked, naming, section, table
from reports.table import Addresses
from reports.words import has_kinds, joined, limit, utc, wait
from timeouts.model.wording import in_words
from timeouts.planning.approval.request import Decision
from timeouts.planning.approval.ruling import STANDING, Answered, ApprovalRecord
from timeouts.planning.changes import ActionChange
from timeouts.planning.plan import Plan
from timeouts.text.outlets import escaped
from timeouts.text.phrases import number_of

_DID: dict[Decision, str] = {"ask": "asked", "approve": "approved", "reject": "rejected"}


def question(plan: Plan, record: ApprovalRecord, signatures: int, *, whole_plan: str, answer_by_ms: int) -> str:
    """Write what stands over the form that an approver fills in: paragraphs alone, as Prefect shows nothing else there.

    As few lines as can be: the form leaves little room above it, and the rest has to be scrolled for.
    `signatures`: how many keys have to stand behind a plan. `whole_plan`: the address at which every row of it is
    shown. `answer_by_ms`: until when the next answer is waited for (milliseconds since 1970). An answer that was
    refused before stands first.
    """
    refused = [each for each in record.answers[-1:] if each.ruling.verdict not in STANDING]
    sign_it = f"`{command(record, _wanted(record, signatures))}`"
    parts = [
        *(f"**Refused:** {escaped(each.ruling.reason)}." for each in refused),
        f"{_asked(plan, record)} Read {linked('every row of the plan', whole_plan)} before you sign.",
        *_missing(record),
        *_spares_nothing(record),
        *_overwritten(plan),
        *(f"**{escaped(each)}.**" for each in (callers_sentence(plan), _ships(plan)) if each),
        _signed_so_far(record, signatures),
        f"Answer by {_until(record, answer_by_ms)}. Sign on your own machine and paste what it prints: {sign_it}",
    ]
    return "\n\n".join(parts)


def record_page(
    plan: Plan, record: ApprovalRecord, signatures: int, addresses: Addresses, answer_by_ms: int | None = None
) -> str:
    """Write the record: who asked, who answered what, when and why, what came of it, and every row of the plan.

    `addresses`: where to open each Architect flow, by its id. `answer_by_ms`: until when the next answer is waited for
    (milliseconds since 1970), None where none is.
    """
    proposal = record.proposal
    rows = [(utc(proposal.asked_ms), _typed(record), "started the run", "")]
    rows += map(_answered, record.answers)
    held = (f"{escaped(pin.name)}: {escaped(pin.obstacle)}" for pin in plan.held)
    named = naming(addresses)
    parts = [
        f"# Approval of a plan for {escaped(proposal.organization.name)}",
        _asked(plan, record),
        *_missing(record),
        *_spares_nothing(record),
        table(("When", "Who", "What", "Why"), rows),
        section("What came of it", bullets(f"{count} {outcome}" for outcome, count in record.outcomes.items())),
        section("The plan", f"`{proposal.checksum}`\n\n{counts_sentence(plan)}."),
        section("Action limits, affecting every caller", _limits(plan.action_changes)),
        section("Steps", _steps(plan, named)),
        callers_section(plan, named),
        shipping_section(plan, named),
        section("Skipped, for a person holds them", bullets(held)),
        section(
            "Perhaps managed as code",
            bullets(f"{escaped(each.pin.name)}: {escaped(each.warning)}" for each in may_be_overwritten(plan)),
        ),
        section("Waived", bullets(escaped(name) for name in (*proposal.waive, *proposal.protected))),
        section("To approve it", _how(record, signatures, answer_by_ms)),
    ]
    return joined(parts, "\n\n") + "\n"


def _asked(plan: Plan, record: ApprovalRecord) -> str:
    steps, limits = number_of(len(plan.changes), "step"), number_of(len(plan.action_changes), "action limit")
    architect_flows = number_of(len(plan.pins) - len(plan.republished), "Architect flow")
    return (
        f"{_typed(record)} asks, in **{escaped(plan.organization.name)}**, to change **{steps}** in"
        f" **{architect_flows}**{f' and **{limits}**' if plan.action_changes else ''}."
    )


def _missing(record: ApprovalRecord) -> list[str]:
    missing = record.proposal.missing
    return [f"**Not everything could be read:** {escaped('; '.join(missing))}."] if missing else []


def _spares_nothing(record: ApprovalRecord) -> list[str]:
    said = record.proposal.spares_nothing
    return [f"**{escaped(' '.join(said))}**"] if said else []


def _overwritten(plan: Plan) -> list[str]:
    clients = sorted({each.pin.published_by.label for each in may_be_overwritten(plan) if each.pin.published_by})
    count = len(may_be_overwritten(plan))
    who = f"{number_of(count, 'Architect flow')} of it published by the client {escaped(', '.join(clients))}"
    return [f"**Perhaps managed as code:** {who}, whose next deploy may overwrite this."] if count else []


def _ships(plan: Plan) -> str:
    count = len(shipping(plan))
    more = f"More than the changes goes live with {number_of(count, 'Architect flow')}" if count else ""
    return joined((more, shipping_sentence(plan)), ". ")


def _typed(record: ApprovalRecord) -> str:
    """Return the name of who started the run, as it was typed: nothing checks it."""
    return f"{escaped(record.proposal.asked_by)} (name as typed)"


def _signed_so_far(record: ApprovalRecord, signatures: int) -> str:
    stands = [f"{escaped(each.who)} {_DID[decision]}" for decision, each in record.standing.items()]
    return f"**{len(stands)} of {number_of(signatures, 'signature')}**{': ' if stands else ''}{', '.join(stands)}."


def _wanted(record: ApprovalRecord, signatures: int) -> Decision:
    """Return what has to be signed next."""
    return "ask" if signatures > 1 and "ask" not in record.standing else "approve"


def command(record: ApprovalRecord, decision: Decision) -> str:
    """Write the command with which an approver signs, ready to paste."""
    return f"genesys-timeouts approver sign {decision} {record.proposal.request.text}"


def _how(record: ApprovalRecord, signatures: int, answer_by_ms: int | None) -> str:
    ways: dict[str, Decision] = {
        "who wants it signs": "ask",
        "somebody else, with a key of their own, signs": "approve",
    }
    if signatures == 1:
        ways = {"an approver signs": "approve"}
    lines = bullets(f"{who} `{command(record, decision)}`" for who, decision in ways.items())
    until = "" if answer_by_ms is None else f" The next answer has to come by {_until(record, answer_by_ms)}."
    return (
        f"{signatures} of the registered keys have to sign.{until}\n\n{lines}\n\n"
        f"Each opens the run `{record.proposal.run_id}`, resumes it, and pastes the signature."
    )


def _until(record: ApprovalRecord, answer_by_ms: int) -> str:
    """Say until when an answer is waited for, and until when the plan may be applied where that is later."""
    by, holds = utc(answer_by_ms), utc(record.proposal.expires_ms)
    return by if by == holds else f"{by}; the plan itself holds until {holds}"


def _answered(each: Answered) -> tuple[str, str, str, str]:
    verdict = _DID[each.answer.decision] if each.ruling.verdict in STANDING else each.ruling.verdict
    who = each.ruling.by.label if each.ruling.by else each.who
    return utc(each.answered_ms), escaped(who), verdict, escaped(each.ruling.reason)


def _limits(changes: tuple[ActionChange, ...]) -> str:
    copies = has_copies(changes)
    rows = [
        (
            escaped(change.name),
            limit(change.before_ms),
            limit(change.after_ms),
            affected.steps,
            *((affected.copies,) if copies else ()),
            affected.architect_flows,
        )
        for change, affected in ((each, affected_by([each])) for each in changes)
    ]
    columns = ("Action", "Before", "After", "Steps", *(("Copies",) if copies else ()), "Architect flows")
    return table(columns, rows) if rows else ""


def _steps(plan: Plan, named: Named) -> str:
    kinds = has_kinds(change.kind for change in plan.changes)
    rows = [
        (
            named(change.architect_flow_id, change.architect_flow_name),
            escaped(change.step_name),
            *([change.kind] if kinds else ()),
            escaped(change.action_name),
            escaped(in_words(change.before)),
            wait(change.after_effective_ms, change.after),
            escaped(change.rule),
        )
        for change in plan.changes
    ]
    columns = ("Architect flow", "Step", *(("Kind",) if kinds else ()), "Action", "Before", "After", "Rule")
    return table(columns, rows) if rows else ""
