"""Policy files: what they say, and errors with the file, the line, what is wrong and what to do."""

from pathlib import Path

import pytest

from timeouts.policy.policy import Policy
from timeouts.policy.policy_file import PolicyError, parse_policy, read_policy_file

GOOD = """\
# what the CRM needs since the move
ceiling: 20s
limits:
  architect_flows: 50
  share: 10%
rules:
  - name: payments stay
    match: {category: Payments}
    leave: true
  - name: CRM
    match:
      action: "CRM*"
      setting: [literal]
    at_least: 10s
"""


def test_a_file_says_what_the_model_says(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(GOOD, "utf-8")

    assert read_policy_file(path) == Policy.model_validate(
        {
            "ceiling": "20s",
            "limits": {"architect_flows": 50, "share": "10%"},
            "rules": [
                {"name": "payments stay", "match": {"category": "Payments"}, "leave": True},
                {"name": "CRM", "match": {"action": "CRM*", "setting": ["literal"]}, "at_least": "10s"},
            ],
        }
    )


@pytest.mark.parametrize(
    ("right", "wrong", "error"),
    [
        ("ceiling:", "cieling:", "p.yaml:2: cieling: unknown key; known here: rules, levers, ceiling, allow_lowering,"),
        ("  share:", "  shares:", "p.yaml:5: limits.shares: unknown key; known here: architect_flows, changes, share"),
        (
            "    leave: true",
            "    leaf: true",
            "p.yaml:9: rules[0].leaf: unknown key; known here: name, at_least",
        ),
        (
            'action: "CRM*"',
            "actions: x",
            "p.yaml:12: rules[1].match.actions: unknown key; known here: action",
        ),
        (
            "at_least: 10s",
            "at_least: 10",
            "p.yaml:14: rules[1].at_least: 10 has no unit: write 10s for",
        ),
        ("at_least: 10s", "at_least: 25s", "p.yaml:10: rules[1]: rule 'CRM' asks for 25s, over the ceiling of 20s"),
        ("at_least: 10s", "at_least: 2.5", "p.yaml:14: rules[1].at_least: 2.5 has no unit"),
        ("at_least: 10s", "at_least:", "p.yaml:10: rules[1]: say exactly one of at_least: 10s, exactly: 10s"),
        ("ceiling: 20s", "ceiling: 2m", "p.yaml:2: ceiling: 2m is no ceiling, as actions wait 60s at most"),
        ("share: 10%", "share: 10", "p.yaml:5: limits.share: 10 is not a share: write one such as 25%"),
        (
            "architect_flows: 50",
            "architect_flows: many",
            "p.yaml:4: limits.architect_flows: input should be",
        ),
        ("- name: CRM", "- title: CRM", "p.yaml:10: rules[1].name: is missing: add it"),
        ("setting: [literal]", "setting: []", "p.yaml:11: rules[1].match: setting is an empty list"),
        (
            "setting: [literal]",
            "setting: [never]",
            "p.yaml:13: rules[1].match.setting[0]: input should be",
        ),
        (
            "{category: Payments}",
            "{}",
            "p.yaml:10: rules[1]: rule 'CRM' can never match, for rule",
        ),
        (
            "name: CRM",
            "name: payments stay",
            "p.yaml:10: rules[1]: rule 'payments stay' has the name of",
        ),
        ("ceiling: 20s", "ceiling: [20s", "p.yaml:3: this is not YAML:"),
        ("ceiling: 20s", "ceiling: 20s\nceiling: 30s", "p.yaml:3: this is not YAML: found duplicate key"),
        ("ceiling: 20s", "ceiling: \x07", "p.yaml:2: this is not YAML: the character U+0007 may not stand in it"),
        (GOOD, "", "p.yaml:1: a policy is a mapping: start with a line `rules:`"),
        (GOOD, "- a", "p.yaml:1: a policy is a mapping"),
        (GOOD, "# none\nceiling: 20s", "p.yaml:2: rules: there is no rule, so nothing would change"),
        (GOOD, "ceiling: 20s\nrules: []", "p.yaml:2: rules: there is no rule"),
        (GOOD, "rules: all", "p.yaml:1: rules: input should be a valid tuple"),
        (GOOD, "rules:\n  - all", "p.yaml:2: rules[0]: input should be a valid dictionary"),
    ],
)
def test_an_error_names_file_line_and_what_to_do(right: str, wrong: str, error: str) -> None:
    with pytest.raises(PolicyError) as told:
        parse_policy(GOOD.replace(right, wrong), "p.yaml")

    assert str(told.value).startswith(error)


def test_every_problem_is_told_at_once() -> None:
    wrong = GOOD.replace("ceiling:", "cieling:").replace("at_least: 10s", "at_least: 10")

    with pytest.raises(PolicyError) as told:
        parse_policy(wrong, "p.yaml")
    assert len(str(told.value).splitlines()) == 2


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(PolicyError, match=r"cannot be read \(No such file or directory\): check the path"):
        read_policy_file(Path("nowhere.yaml"))


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"rules: \xff")

    with pytest.raises(PolicyError, match="is not UTF-8 text from byte 7 on: save it as UTF-8"):
        read_policy_file(path)
