"""The words of the commands that make a plan, or such a plan again."""

from reports.report import Report, Run
from timeouts.model.durations import format_duration
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy


def made_anew(report: Report, plan: Plan) -> tuple[str, ...]:
    """Return the words of the command that makes such a plan again; none where they are not known."""
    if plan.undoes:
        return ("roll-back", report.run.undoes) if report.run.undoes else ()
    return by_policy_file(report, plan) if report.run.policy_option else words_of_raise(plan.policy, report.run)


def by_policy_file(report: Report, plan: Plan) -> tuple[str, ...]:
    """Return the words of the same plan by its policy file: from figures of as many days, where it goes by figures."""
    figures = report.evidence if plan.policy.needs_evidence else None
    days = () if figures is None else ("--evidence", f"{figures.asked_days}d")
    return ("raise", "--policy", report.run.policy_option, *days, *_protected_words(report.run))


def _protected_words(run: Run) -> tuple[str, ...]:
    """Return the words by which a run was allowed to change what its policy protects: a plan made anew needs them."""
    return tuple(word for name in run.protected for word in ("--protected", name))


def words_of_raise(policy: Policy, run: Run) -> tuple[str, ...]:
    """Return the words of `raise` that mean a policy; none where it came out of a file."""
    raised = [rule for rule in policy.rules if not rule.leave]
    least = {rule.at_least for rule in raised}
    if len(least) != 1 or not isinstance(to_ms := least.pop(), int):
        return ()
    exclude = [rule.match.named for rule in policy.rules if rule.leave and rule.match.named is not None]
    action = list(dict.fromkeys(rule.match.action for rule in raised if rule.match.action is not None))
    architect_flow = [rule.match.architect_flow for rule in raised if rule.match.architect_flow is not None]
    architect_flow = list(dict.fromkeys(architect_flow))
    meant = Policy.raise_to(
        to_ms,
        action,
        architect_flow,
        policy.levers,
        exclude=exclude,
        republish_callers=policy.republish_callers,
    )
    if meant != policy:
        return ()
    options = (("--action", action), ("--architect-flow", architect_flow), ("--exclude", exclude))
    words = ["raise", "--to", format_duration(to_ms)]
    words += [word for option, patterns in options for pattern in patterns for word in (option, pattern)]
    words += [] if policy.levers == ("step",) else ["--levers", ",".join(policy.levers)]
    words += ["--republish-callers"] if policy.republish_callers else []
    return (*words, *_protected_words(run))
