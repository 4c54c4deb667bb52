"""A policy that is drafted from an audit: it can be used as it is, and no name becomes a line of it."""

import re
from dataclasses import replace

import pytest

from reports.policy_draft import drafted_policy
from tests.reports.made import made
from tests.text.hostile import hostile
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_actions import INVENTORY
from timeouts.inventory import Inventory
from timeouts.model.org import Publisher
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy
from timeouts.policy.policy_file import parse_policy

SHORT = LiteralTimeout(timeout_ms=3_000)


def drafted(org: Inventory) -> str:
    return drafted_policy(made(org))


def uncommented(draft: str) -> str:
    """The draft with its examples taken in: what is like a line of YAML behind the mark of a comment."""
    example = re.compile(
        r"^( *)# (- name: .*|  (?:match|leave|at_least|evidence): .*|(?:protected|window): .*)$", re.MULTILINE
    )
    return example.sub(r"\1\2", draft)


def test_a_draft_is_a_policy_that_raises_what_is_short_and_leaves_what_is_code() -> None:
    coded = Publisher(kind="client", id="c-1", name="CX as Code")
    org = inventory(
        [listed("af-1", "Main line"), listed("af-2", "Out of a repository", published_by=coded)],
        [
            reading(step(1, SHORT), step(2, LiteralTimeout(timeout_ms=20_000)), of="af-1"),
            reading(step(1, SHORT), of="af-2"),
        ],
        [action(category="CRM Nordwind")],
    )

    policy = parse_policy(drafted(org), "policy.yaml")
    plan = compute_plan(org, policy)

    assert [(rule.name, rule.leave) for rule in policy.rules] == [
        ("what comes out of a repository is changed there", True),
        ("what is short waits at least 10s", False),
    ]
    assert [(change.architect_flow_name, change.after_ms) for change in plan.changes] == [("Main line", 10_000)]
    assert plan.counts.left_alone == 1


@pytest.mark.parametrize(
    ("named", "options"), [("", ""), ("demo", " --org demo"), ("a\nrules: []", " --org 'a rules: []'")]
)
def test_the_command_in_its_comments_names_the_org_as_the_audit_did(named: str, options: str) -> None:
    audit = made(INVENTORY)
    audit = audit.model_copy(update={"run": audit.run.model_copy(update={"org_option": named})})

    raising = next(line for line in drafted_policy(audit).splitlines() if "genesys-timeouts raise" in line)

    assert raising == f"#   genesys-timeouts raise --policy policy.yaml{options}"


def test_its_comments_say_what_the_audit_found() -> None:
    org = inventory(
        [listed("af-1", "Main line")],
        [reading(step(1, Suggested(), action_name="Look up"), step(2, SHORT, action_name="Look up"), of="af-1")],
        [action(limit_ms=5_000, category="CRM Nordwind")],
    )
    draft = drafted(org)

    assert "# Found: 1 Architect flow, 1 read; 2 steps (1 suggested, 1 literal)." in draft
    assert "# Types of Architect flows: inboundcall 1." in draft
    assert "# Categories of actions, by steps: CRM Nordwind 2." in draft
    assert "#   3s Look up (CRM Nordwind): 2 steps in 1 Architect flow, 1 of them by the action's limit" in draft
    assert '#   match: {category: "CRM Nordwind"}' in draft
    assert '# protected: ["Main line"]' in draft


def test_steps_whose_action_is_not_known_are_short_by_what_they_wait_at_most() -> None:
    names = ("Look up", "Book")
    org = replace(
        inventory(
            [listed("af-1", "Main line")],
            [reading(*(step(number, SHORT, "", action_name=name) for number, name in enumerate(names)), of="af-1")],
        ),
        limits_elsewhere=True,
    )
    draft = drafted(org)

    assert "# Waits below 10s, the shortest first:" in draft
    for name in names:
        assert f"#   at most 3s {name} (no category known): 1 step in 1 Architect flow" in draft
    assert len(compute_plan(org, parse_policy(draft, "policy.yaml")).changes) == 2


@pytest.mark.parametrize(
    "org", [INVENTORY, inventory(), replace(INVENTORY, readings=())], ids=["whole", "empty", "unread"]
)
def test_the_examples_can_be_taken_in_as_they_stand(org: Inventory) -> None:
    rule = "  - name: what is short waits at least 10s\n    match: {effective_below: 10s}\n    at_least: 10s\n"
    text = uncommented(drafted(org))
    assert rule in text

    policy = parse_policy(text.replace(rule, ""), "policy.yaml")  # the example by figures stands in its place

    assert policy.needs_evidence
    assert policy.window is not None
    assert policy.protected


@pytest.mark.parametrize(
    "name",
    [
        "x\nlevers: [action]",
        "x\rlevers: [action]",
        "x\u2028levers: [action]",
        "x\x85levers: [action]",
        "x\x0blevers: [action]",
        '*/ # "}\n- name: y',
        "\ud800\x00\x07\ufeff",
        "a" * 9_000,
        '"quoted" & *anchored*',
    ],
)
def test_no_name_of_others_becomes_a_line_of_the_policy(name: str) -> None:
    usual, odd = (drafted_policy(hostile(made(INVENTORY), given)) for given in ("Line", name))

    def without_comments(draft: str) -> list[str]:
        return [line for line in draft.splitlines() if not line.lstrip().startswith("#")]

    assert without_comments(odd) == without_comments(usual)
    assert parse_policy(odd, "policy.yaml") == parse_policy(usual, "policy.yaml")
    assert isinstance(parse_policy(odd, "policy.yaml"), Policy)
