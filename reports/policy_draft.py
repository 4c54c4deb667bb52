"""A first policy, drafted from what an audit found: YAML with comments, for somebody to read, change and keep.

Names of others stand in comments alone, each in one line: no name becomes a line of the policy.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reports.commands.command_line import PROGRAM
from reports.commands.next_steps import SHORT_WAIT_MS, command_of, is_short
from reports.report import Report, StepRecord
from reports.words import missing_in, wait
from timeouts.model.durations import format_duration
from timeouts.model.effective import wait_at_most
from timeouts.model.settings import matched_kinds
from timeouts.model.wording import kind_in_words
from timeouts.text.phrases import first_few, number_of
from timeouts.text.visible import one_line

_TARGET = format_duration(SHORT_WAIT_MS)
_LISTED = 10
_LONGEST_NAME = 100
_WIDTH = 120


class _Short(NamedTuple):
    """The steps that call one action and wait less than the draft asks for. `waits`: the shortest wait in words."""

    action: str
    category: str
    shortest_ms: int
    waits: str
    steps: int
    suggested: int
    architect_flows: int


def drafted_policy(report: Report) -> str:
    """Write the policy; `policy check` finds nothing wrong with it, whatever the org holds."""
    short = _short_by_action(report)
    parts = [
        _head(report),
        _found(report, short),
        "rules:  # the first rule that matches a step decides",
        *_leave_what_is_code(report),
        *_leave_a_category(report),
        _raise_what_is_short(short),
        *_by_figures(report),
        _levers(short),
        _rest(report),
    ]
    return "\n".join(parts) + "\n"


def _head(report: Report) -> str:
    raising = command_of(report.run, "raise", "--policy", "policy.yaml")
    missing = [f"Incomplete: {each}" for each in missing_in(report.coverage, report.notes)]
    return _comment(
        f"A policy for {_name(report.org.name)}, drafted from the {report.run.kind} {_name(report.run.name)}.",
        *missing,
        "Read it, change it, and look at what it would do before anything is published:",
        f"  {PROGRAM} policy check policy.yaml",
        f"  {raising}",
        "",
    )


def _found(report: Report, short: Iterable[_Short]) -> str:
    kinds = Counter(kind_in_words(step.setting) for step in report.steps)
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    coverage, steps = report.coverage, f"{number_of(len(report.steps), 'step')}{f' ({told})' if told else ''}"
    lines = [
        f"Found: {number_of(coverage.listed, 'Architect flow')}, {coverage.read} read; {steps}.",
        *_listed("Types of Architect flows", _architect_flows_by_type(report)),
        *_listed("Categories of actions, by steps", _steps_by_category(report)),
    ]
    found = list(short)
    if found:
        lines.append(f"Waits below {_TARGET}, the shortest first:")
        lines += [_line_of(each) for each in found[:_LISTED]]
        if len(found) > _LISTED:
            lines.append(f"  and {number_of(len(found) - _LISTED, 'more action')}")
    else:
        lines.append(f"No step was found that waits less than {_TARGET}.")
    return _comment(*lines, "")


def _line_of(each: _Short) -> str:
    by_action = f", {each.suggested} of them by the action's limit" if each.suggested else ""
    where = f"{number_of(each.steps, 'step')} in {number_of(each.architect_flows, 'Architect flow')}"
    return f"  {each.waits}  {_name(each.action)} ({_name(each.category)}): {where}{by_action}"


def _leave_what_is_code(report: Report) -> Iterator[str]:
    coded = {step.architect_flow_id for step in report.steps if step.published_by.startswith("the client ")}
    if coded:
        yield _comment(
            f"An OAuth client that is not ours published {number_of(len(coded), 'Architect flow')}, perhaps from a",
            "repository, whose next deploy would overwrite a change.",
            indent=2,
        )
        yield "  - name: what comes out of a repository is changed there"
        yield "    match: {published_by: code}"
        yield "    leave: true"


def _leave_a_category(report: Report) -> Iterator[str]:
    category = next((name for name in _steps_by_category(report) if _as_value(name)), None)
    if category is not None:
        yield _comment(
            "To leave what others look after, such as a whole category:",
            "- name: this category is left to its owners",
            f"  match: {{category: {_as_value(category)}}}",
            "  leave: true",
            indent=2,
        )


def _raise_what_is_short(short: Iterable[_Short]) -> str:
    count = sum(each.steps for each in short)
    return "\n".join(
        [
            _comment(f"{number_of(count, 'step')} as found; what is not known counts as what it is at most.", indent=2),
            f"  - name: what is short waits at least {_TARGET}",
            f"    match: {{effective_below: {_TARGET}}}",
            f"    at_least: {_TARGET}",
        ]
    )


def _by_figures(report: Report) -> Iterator[str]:
    if report.org.is_files:
        return
    lines = ["- name: what is short goes by the org's own figures", f"  match: {{effective_below: {_TARGET}}}"]
    lines += ["  at_least: evidence", "  evidence: {percentile: 95, factor: 1.5, floor: 3s, ceiling: 20s, calls: 100}"]
    first = "Instead of it, where `audit --evidence 14d` shows figures:"
    if report.evidence is not None and report.evidence.actions:
        first = f"Instead of it, as the org has figures of {number_of(len(report.evidence.actions), 'action')}:"
    yield _comment(first, *lines, indent=2)


def _levers(short: Iterable[_Short]) -> str:
    suggested = sum(each.suggested for each in short)
    lines = [
        "What may be changed. [step, action] also raises the limits of actions, which affects every caller of them:",
        "other Architect flows, scripts and agents. A step on the suggested timeout waits as long as that limit",
        f"lets it; {number_of(suggested, 'short step is one', 'short steps are such')}.",
    ]
    return f"\n{_comment(*lines)}\nlevers: [step]"


def _rest(report: Report) -> str:
    largest = Counter(map(_name_or_id, report.steps)).most_common()
    named = next((value for name, _ in largest if (value := _as_value(name))), '"Main line*"')
    return "\n".join(
        [
            "",
            "# Never longer than this, whatever a rule asks for; 60s at most.",
            "ceiling: 30s",
            "",
            _comment("Changed only by a run that names them with --protected, such as the one with most steps:"),
            f"# protected: [{named}]",
            "",
            "# How much one run may change; what is over a limit is shown, and not published.",
            "limits: {architect_flows: 100, changes: 500, share: 25%, actions: 10, reach: 50%}",
            "",
            "# When changes may be published:",
            '# window: {opens: "22:00", closes: "05:00", time_zone: Europe/Berlin}',
        ]
    )


def _name_or_id(step: StepRecord) -> str:
    """Return by what a policy knows an Architect flow: not by a name that is shown with what tells it from others."""
    told_apart = f"({step.architect_flow_id})", f"({step.type.lower()})"
    return step.architect_flow_id if step.architect_flow.endswith(told_apart) else step.architect_flow


def _short_by_action(report: Report) -> list[_Short]:
    """Return what is short, the shortest waits first."""
    categories = {use.action_id: use.category for use in report.actions}
    found: dict[str, list[StepRecord]] = defaultdict(list)
    for step in filter(is_short, report.steps):
        found[step.action_id or step.action].append(step)
    rows = [
        _Short(
            action=shortest.action or action_id,
            category=categories.get(action_id) or "no category known",
            shortest_ms=_most_ms(shortest),
            waits=wait(shortest.effective_ms, shortest.setting, shortest.default_ms),
            steps=len(steps),
            suggested=sum("suggested" in matched_kinds(step.setting) for step in steps),
            architect_flows=len({step.architect_flow_id for step in steps}),
        )
        for action_id, steps in found.items()
        for shortest in (min(steps, key=_most_ms),)
    ]
    return sorted(rows, key=lambda row: (row.shortest_ms, -row.steps, row.action.casefold()))


def _most_ms(step: StepRecord) -> int:
    most_ms = wait_at_most(step.effective_ms, step.setting, step.default_ms)
    assert most_ms is not None, "it is short"
    return most_ms


def _architect_flows_by_type(report: Report) -> Counter[str]:
    return Counter({step.architect_flow_id: step.type.lower() for step in report.steps}.values())


def _steps_by_category(report: Report) -> Counter[str]:
    """Return the categories, those with most steps first."""
    found: Counter[str] = Counter()
    for use in report.actions:
        if use.category and use.steps:
            found[use.category] += use.steps
    return Counter(dict(found.most_common()))


def _listed(what: str, counts: Counter[str]) -> Iterator[str]:
    if counts:
        yield f"{what}: {first_few([f'{_name(name)} {count}' for name, count in counts.most_common()], _LISTED)}."


def _name(text: str) -> str:
    return one_line(text, _LONGEST_NAME)


def _as_value(name: str) -> str:
    """Return a name as YAML has it; '' for one that would not be the same name again, or would be read as a pattern."""
    is_plain = name == one_line(name, _LONGEST_NAME) and not set(name) & set("*?") and bool(name)
    return json.dumps(name, ensure_ascii=False) if is_plain else ""


def _comment(*lines: str, indent: int = 0) -> str:
    """Write lines as comments; whatever is in them, each stays one, and none is longer than people read."""
    margin = " " * indent
    shown = (line[: len(line) - len(line.lstrip(" "))] + one_line(line, 4 * _WIDTH) for line in lines)
    return "\n".join(f"{margin}# {line}".rstrip() for line in shown)
