"""What people read before and after an approval, as Markdown: the whole plan, and the record of who decided what."""

from collections.abc import Callable

from timeouts.approval import Answered, ApprovalRecord
from timeouts.changes import ActionChange, Pin
from timeouts.markdown import bullets, escaped, linked, section, table
from timeouts.plan import Plan
from timeouts.summary import counts_line
from timeouts.wording import UNKNOWN, duration_or, in_words

Address = Callable[[Pin], str]
"""Gives the address of an Architect flow's page, empty where there is none."""

Moment = Callable[[int], str]
"""Writes a time, given in milliseconds since 1970, as people read it."""


def plan_to_approve(plan: Plan, record: ApprovalRecord, *, address: Address, moment: Moment) -> str:
    """Write what an approver has to know: every row of the plan, who asks, until when, and how to answer.

    An answer that was refused before stands at the top with its reason.
    """
    proposal = record.proposal
    asked = f"{escaped(proposal.asked_by)} asks, in **{escaped(plan.organization.name)}**"
    limits = f" and **{len(plan.action_changes)} action limits**" if plan.action_changes else ""
    parts = [
        "\n\n".join(f"**Refused:** {escaped(each.ruling.reason)}." for each in record.answers[-1:]),
        f"{asked}, to change **{len(plan.changes)} steps** in **{len(plan.pins)} Architect flows**{limits}.",
        f"Plan `{proposal.checksum}`, which can be applied until {moment(proposal.expires_ms)}.",
        counts_line(plan) + ".",
        section("Action limits, felt by every caller", _limits(plan.action_changes)),
        section("Steps", _steps(plan, address)),
        section(
            "Skipped, for a person holds them", bullets(f"{escaped(p.name)}: {escaped(p.obstacle)}" for p in plan.held)
        ),
        section("Waived", bullets(escaped(name) for name in (*proposal.waive, *proposal.protected))),
        section("How to answer", _how_to(record)),
    ]
    return "\n\n".join(part for part in parts if part)


def record_page(record: ApprovalRecord, moment: Moment) -> str:
    """Write the record: who asked, who answered what, when and why, and what came of it."""
    proposal = record.proposal
    rows = [(moment(proposal.asked_ms), escaped(proposal.asked_by), "asked", "")]
    rows += [_answered(each, moment) for each in record.answers]
    parts = [
        f"# Approval of a plan for {escaped(proposal.organization.name)}",
        f"Plan `{proposal.checksum}` of the run `{proposal.run_id}`.",
        table(("When", "Who", "What", "Why"), rows),
        section("What came of it", bullets(f"{count} {outcome}" for outcome, count in record.outcomes.items())),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _answered(each: Answered, moment: Moment) -> tuple[str, str, str, str]:
    who = escaped(each.answer.approver.strip() or "somebody")
    return moment(each.answered_ms), who, each.ruling.verdict, escaped(each.ruling.reason)


def _limits(changes: tuple[ActionChange, ...]) -> str:
    rows = [
        (
            escaped(change.name),
            duration_or("none", change.before_ms),
            duration_or("none", change.after_ms),
            len(change.felt_by),
            len(change.architect_flow_ids),
        )
        for change in changes
    ]
    return table(("Action", "Before", "After", "Steps", "Architect flows"), rows) if rows else ""


def _steps(plan: Plan, address: Address) -> str:
    addresses = {pin.architect_flow_id: address(pin) for pin in plan.pins}
    rows = [
        (
            linked(change.architect_flow_name, addresses[change.architect_flow_id]),
            escaped(change.step_name),
            escaped(change.action_name),
            escaped(in_words(change.before)),
            duration_or(UNKNOWN, change.after_effective_ms),
            escaped(change.rule),
        )
        for change in plan.changes
    ]
    return table(("Architect flow", "Step", "Action", "Before", "After", "Rule"), rows) if rows else ""


def _how_to(record: ApprovalRecord) -> str:
    proposal = record.proposal
    command = f"`genesys-timeouts approval-code {proposal.run_id} {proposal.checksum}`"
    return bullets(
        (
            f"Somebody else than {escaped(proposal.asked_by)} approves, by name, with the plan's checksum and a code.",
            f"The code comes from the approver's own phrase: {command}.",
            "To reject, leave the decision as it is; a note says why.",
        )
    )
