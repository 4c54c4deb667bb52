"""Which columns the tables of a run have, and what each says, in the order in which people read them."""

from reports.frames.actions import ActionRow, LoadRow
from reports.frames.compared.as_code import AsCodeRow
from reports.frames.compared.drift import DriftRow
from reports.frames.compared.effect import EffectRow, longest, share
from reports.frames.compared.undone import UndoneRow
from reports.frames.copies import CopyRow
from reports.frames.planned.affected import AffectedRow
from reports.frames.planned.callers import CopyBehind
from reports.frames.planned.outcomes import OutcomeRow, VerifiedRow
from reports.frames.planned.plan import ChangeRow
from reports.frames.steps import StepRow
from reports.reasons import REASONS
from reports.table import Columns, Duration
from reports.words import joined, limit, wait
from timeouts.doctor.finding import Finding
from timeouts.model.wording import duration_or, in_words, kind_in_words, own_timeout, own_timeout_ms
from timeouts.planning.changes import ActionAdvice, LeftAlone

_KINDS = {"static": "static", "custom_auth": "authentication", "function": "function", "custom": "custom"}


STEPS: Columns[StepRow] = {
    "Architect flow": lambda row: row.found.architect_flow,
    "type": lambda row: row.found.type,
    "version": lambda row: row.found.version or "",
    "published by": lambda row: row.found.published_by,
    "container": lambda row: row.found.container,
    "step": lambda row: row.found.step,
    "tracking id": lambda row: row.found.tracking_id,
    "kind": lambda row: row.found.kind,
    "action": lambda row: row.found.action or row.found.action_id,
    "setting": lambda row: kind_in_words(row.found.setting),
    "step timeout": Duration[StepRow](
        lambda row: own_timeout(row.found.setting, row.found.default_ms),
        lambda row: own_timeout_ms(row.found.setting, row.found.default_ms),
    ),
    "action limit": Duration[StepRow](
        lambda row: limit(row.found.action_limit_ms, is_known=row.found.is_limit_known),
        lambda row: row.found.action_limit_ms,
    ),
    "effective now": Duration[StepRow](
        lambda row: wait(row.found.effective_ms, row.found.setting, row.found.default_ms),
        lambda row: row.found.effective_ms,
    ),
    "after": Duration[StepRow](
        lambda row: wait(row.after_ms, row.sets, row.found.default_ms) if row.is_moved else "",
        lambda row: row.after_ms,
    ),
    "rule": lambda row: row.rule,
    "note": lambda row: row.note,
}

COPIES: Columns[CopyRow] = {
    "caller": lambda row: row.snapshot.architect_flow,
    "module": lambda row: row.snapshot.module,
    "version embedded": lambda row: row.snapshot.version,
    "version published": lambda row: row.snapshot.published_version or "",
    "outdated": lambda row: row.outdated,
    "container": lambda row: row.copy.container,
    "step": lambda row: row.copy.step,
    "tracking id": lambda row: row.copy.tracking_id,
    "kind": lambda row: row.copy.kind,
    "action": lambda row: row.copy.action or row.copy.action_id,
    "setting": lambda row: kind_in_words(row.copy.setting),
    "step timeout": Duration[CopyRow](
        lambda row: own_timeout(row.copy.setting, None), lambda row: own_timeout_ms(row.copy.setting, None)
    ),
    "action limit": Duration[CopyRow](
        lambda row: limit(row.copy.action_limit_ms, is_known=row.copy.is_limit_known),
        lambda row: row.copy.action_limit_ms,
    ),
    "effective now": Duration[CopyRow](
        lambda row: wait(row.copy.effective_ms, row.copy.setting), lambda row: row.copy.effective_ms
    ),
}

CALLERS: Columns[CopyBehind] = {
    "caller": lambda row: row.copy.architect_flow_name,
    "module": lambda row: row.copy.module_name,
    "version embedded": lambda row: row.copy.module_version,
    "container": lambda row: row.copy.container,
    "step": lambda row: row.copy.step_name,
    "kind": lambda row: row.copy.kind,
    "action": lambda row: row.copy.action_name or row.copy.action_id,
    "says now": lambda row: in_words(row.copy.before),
    "says then": lambda row: in_words(row.copy.after),
    "effective without a republish": Duration[CopyBehind](
        lambda row: wait(row.copy.before_effective_ms, row.copy.before), lambda row: row.copy.before_effective_ms
    ),
    "effective with one": Duration[CopyBehind](
        lambda row: wait(row.copy.after_effective_ms, row.copy.after), lambda row: row.copy.after_effective_ms
    ),
    "republished": lambda row: row.republished,
}

PLAN: Columns[ChangeRow] = {
    "Architect flow": lambda row: row.change.architect_flow_name,
    "type": lambda row: row.pin.type,
    "version": lambda row: row.pin.version or "",
    "published by": lambda row: "" if row.pin.published_by is None else row.pin.published_by.in_words,
    "container": lambda row: row.change.container,
    "step": lambda row: row.change.step_name,
    "tracking id": lambda row: row.change.tracking_id,
    "kind": lambda row: row.change.kind,
    "action": lambda row: row.change.action_name or row.change.action_id,
    "setting": lambda row: kind_in_words(row.change.before),
    "step timeout": Duration[ChangeRow](
        lambda row: own_timeout(row.change.before, row.default_ms),
        lambda row: own_timeout_ms(row.change.before, row.default_ms),
    ),
    "action limit": Duration[ChangeRow](
        lambda row: limit(row.limit_ms, is_known=row.is_limit_known), lambda row: row.limit_ms
    ),
    "effective now": Duration[ChangeRow](lambda row: row.waits_before, lambda row: row.change.before_effective_ms),
    "after": Duration[ChangeRow](lambda row: row.waits_after, lambda row: row.change.after_effective_ms),
    "rule": lambda row: row.change.rule,
    "note": lambda row: joined((row.change.reason, row.pin.obstacle)),
}

OUTCOMES: Columns[OutcomeRow] = {
    "Architect flow": lambda row: row.name,
    "type": lambda row: row.type,
    "outcome": lambda row: row.outcome,
    "reason": lambda row: row.reason,
    "version before": lambda row: row.before,
    "version after": lambda row: row.after,
    "steps changed": lambda row: row.steps_changed,
    "notes": lambda row: joined(row.notes),
}

ACTION_OUTCOMES: Columns[OutcomeRow] = {
    "action": lambda row: row.name,
    "outcome": lambda row: row.outcome,
    "reason": lambda row: row.reason,
    "limit before": lambda row: row.limit_before,
    "limit after": lambda row: row.limit_after,
    "version before": lambda row: row.before,
    "version after": lambda row: row.after,
    "notes": lambda row: joined(row.notes),
}

VERIFIED: Columns[VerifiedRow] = {
    "Architect flow": lambda row: row.planned.change.architect_flow_name,
    "step": lambda row: row.planned.change.step_name,
    "before": lambda row: row.planned.before,
    "after": lambda row: in_words(row.planned.change.after) if row.holds else "",
    "outcome": lambda row: row.outcome,
    "effective before": Duration[VerifiedRow](
        lambda row: row.planned.waits_before, lambda row: row.planned.change.before_effective_ms
    ),
    "effective after": Duration[VerifiedRow](
        lambda row: row.planned.waits_after if row.holds else "",
        lambda row: row.planned.change.after_effective_ms if row.holds else None,
    ),
    "action": lambda row: row.planned.change.action_name or row.planned.change.action_id,
    "type": lambda row: row.planned.pin.type,
    "version": lambda row: row.version,
    "container": lambda row: row.planned.change.container,
    "tracking id": lambda row: row.planned.change.tracking_id,
    "kind": lambda row: row.planned.change.kind,
}

ACTIONS: Columns[ActionRow] = {
    "action": lambda row: row.use.name,
    "category": lambda row: row.use.category,
    "kind": lambda row: _KINDS[row.use.kind],
    "limit": Duration[ActionRow](
        lambda row: limit(row.use.limit_ms, is_known=row.use.is_limit_known), lambda row: row.use.limit_ms
    ),
    "a call takes": Duration[ActionRow](lambda row: wait(row.use.waits_ms), lambda row: row.use.waits_ms),
    "steps": lambda row: row.use.steps,
    "Architect flows": lambda row: row.use.architect_flows,
    "after": Duration[ActionRow](
        lambda row: limit(row.after_ms) if row.is_changed else "", lambda row: row.after_ms if row.is_changed else None
    ),
    "calls": lambda row: None if row.figures is None else row.figures.calls,
    "lost": lambda row: None if row.figures is None else row.figures.lost,
    "lost share": lambda row: "" if row.figures is None else f"{row.figures.lost_share:.1%}",
    "at the limit": lambda row: None if row.figures is None else row.ended_at_limit,
    "mean": Duration[ActionRow](
        lambda row: "" if row.figures is None else duration_or("", row.figures.mean_ms),
        lambda row: None if row.figures is None else row.figures.mean_ms,
    ),
    "p95": lambda row: row.percentile(95),
    "p99": lambda row: row.percentile(99),
    "longest": Duration[ActionRow](
        lambda row: "" if row.figures is None else duration_or("", row.figures.max_ms),
        lambda row: None if row.figures is None else row.figures.max_ms,
    ),
    "note": lambda row: row.use.note,
}

AFFECTED_STEPS: Columns[AffectedRow] = {
    "action": lambda row: row.change.name,
    "limit before": Duration[AffectedRow](lambda row: limit(row.change.before_ms), lambda row: row.change.before_ms),
    "limit after": Duration[AffectedRow](lambda row: limit(row.change.after_ms), lambda row: row.change.after_ms),
    "Architect flow": lambda row: row.step.architect_flow_name,
    "container": lambda row: row.step.container,
    "step": lambda row: row.step.step_name,
    "tracking id": lambda row: row.step.tracking_id,
    "kind": lambda row: row.step.kind,
    "copy": lambda row: "yes" if row.step.copy_of else "no",
    "effective before": Duration[AffectedRow](
        lambda row: wait(row.step.before_effective_ms), lambda row: row.step.before_effective_ms
    ),
    "effective after": Duration[AffectedRow](
        lambda row: wait(row.step.after_effective_ms), lambda row: row.step.after_effective_ms
    ),
    "asked for": lambda row: "yes" if row.step.asked else "no, affected all the same",
}

LOAD: Columns[LoadRow] = {
    "action": lambda row: row.name,
    "calls in the busiest hour": lambda row: row.calls_an_hour,
    "at once now": lambda row: row.now,
    "worst case now": lambda row: row.worst_now,
    "worst case after": lambda row: row.worst_after,
    "limit": lambda row: row.limit,
    "limit from": lambda row: row.limit_from,
}

LEFT_ALONE: Columns[LeftAlone] = {
    "Architect flow": lambda row: row.architect_flow_name,
    "step": lambda row: row.step_name,
    "kind": lambda row: row.kind,
    "action": lambda row: row.action_name,
    "why": lambda row: REASONS[row.why].text,
    "reason": lambda row: row.reason,
    "what to do": lambda row: REASONS[row.why].to_do,
}

ADVICE: Columns[ActionAdvice] = {
    "action": lambda row: row.name,
    "limit": Duration[ActionAdvice](lambda row: limit(row.limit_ms), lambda row: row.limit_ms),
    "wanted": Duration[ActionAdvice](lambda row: wait(row.wanted_ms), lambda row: row.wanted_ms),
    "steps": lambda row: row.steps,
    "Architect flows": lambda row: row.architect_flows,
    "note": lambda row: row.note,
}

AS_CODE: Columns[AsCodeRow] = {
    "what": lambda row: row.what,
    "file": lambda row: row.path,
    "Architect flow": lambda row: row.architect_flow,
    "step": lambda row: row.step,
    "action": lambda row: row.action,
    "the file says": Duration[AsCodeRow](lambda row: row.file, lambda row: row.file_ms),
    "live": Duration[AsCodeRow](lambda row: row.live, lambda row: row.live_ms),
    "differs": lambda row: row.difference,
    "published by": lambda row: row.published_by,
    "type": lambda row: row.type,
    "container": lambda row: row.container,
    "tracking id": lambda row: row.tracking_id,
    "kind": lambda row: row.kind,
    "note": lambda row: row.note,
}

UNDONE: Columns[UndoneRow] = {
    "what": lambda row: row.what,
    "file": lambda row: row.path,
    "Architect flow": lambda row: row.architect_flow,
    "step": lambda row: row.step,
    "kind": lambda row: row.kind,
    "action": lambda row: row.action,
    "planned": Duration[UndoneRow](lambda row: row.planned, lambda row: row.planned_ms),
    "put back": Duration[UndoneRow](lambda row: row.puts_back, lambda row: row.puts_back_ms),
}

DRIFT: Columns[DriftRow] = {
    "what": lambda row: row.what,
    "Architect flow": lambda row: row.architect_flow,
    "type": lambda row: row.type,
    "container": lambda row: row.container,
    "step": lambda row: row.step,
    "tracking id": lambda row: row.tracking_id,
    "kind": lambda row: row.kind,
    "action": lambda row: row.action,
    "before": lambda row: row.before,
    "after": lambda row: row.after,
    "effective before": lambda row: row.wait_before,
    "effective after": lambda row: row.wait_after,
    "version": lambda row: row.version,
    "published by": lambda row: row.published_by,
    "note": lambda row: row.note,
}

DOCTOR: Columns[Finding] = {
    "topic": lambda row: row.topic,
    "check": lambda row: row.check,
    "result": lambda row: row.result,
    "what it means": lambda row: row.meaning,
    "what to do": lambda row: row.advice,
}

EFFECTS: Columns[EffectRow] = {
    "action": lambda row: row.name,
    "verdict": lambda row: row.verdict,
    "changed": lambda row: row.changed,
    "lost before": lambda row: None if row.sides is None else row.sides[0].lost,
    "lost after": lambda row: None if row.sides is None else row.sides[1].lost,
    "share lost before": lambda row: "" if row.sides is None else share(row.sides[0]),
    "share lost after": lambda row: "" if row.sides is None else share(row.sides[1]),
    "calls before": lambda row: None if row.sides is None else row.sides[0].calls,
    "calls after": lambda row: None if row.sides is None else row.sides[1].calls,
    "at the limit before": lambda row: None if row.sides is None else row.sides[0].at_limit,
    "at the limit after": lambda row: None if row.sides is None else row.sides[1].at_limit,
    "p95 before": lambda row: "" if row.sides is None else row.sides[0].p95,
    "p95 after": lambda row: "" if row.sides is None else row.sides[1].p95,
    "longest before": lambda row: "" if row.sides is None else longest(row.sides[0]),
    "longest after": lambda row: "" if row.sides is None else longest(row.sides[1]),
    "run": lambda row: row.run,
    "compared": lambda row: row.compared,
    "note": lambda row: row.effect.why,
}
