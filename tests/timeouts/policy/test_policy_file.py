"""Policy files: what they say, and errors with the file, the line, what is wrong and what to do."""

from pathlib import Path

import pytest

from timeouts.policy.policy import MOST_RULES, Policy
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
        (
            "ceiling:",
            "cieling:",
            "p.yaml:2: cieling: unknown key; did you mean ceiling? Known here: rules, levers, ceiling,",
        ),
        (
            "  share:",
            "  shares:",
            "p.yaml:5: limits.shares: unknown key; did you mean share or changes? Known here: archit",
        ),
        (
            "    leave: true",
            "    leaf: true",
            "p.yaml:9: rules[0].leaf: unknown key; did you mean leave? Known here: name, at_least",
        ),
        (
            'action: "CRM*"',
            "actions: x",
            "p.yaml:12: rules[1].match.actions: unknown key; did you mean action? Known here: action",
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
        (
            "- name: CRM",
            "- title: CRM",
            "p.yaml:10: rules[1].name: is missing: add it (what tables and plans call this rule)",
        ),
        ("- name: CRM", "- name:", "p.yaml:10: rules[1].name: is empty: say something (what tables and"),
        (
            'action: "CRM*"',
            "action: #1 CRM lookup",
            "p.yaml:12: rules[1].match.action: is empty: say something (name or id of the integration action that the ",
        ),
        (
            "{category: Payments}",
            "{category: , type: inboundcall}",
            "p.yaml:8: rules[0].match.category: is empty: say something (category (integration) of that action), or t",
        ),
        (
            "ceiling: 20s",
            "ceiling: 20s\nwindow:",
            "p.yaml:3: window: is empty: say something below it (opens, closes, time_zone, days), or take the line out",
        ),
        (
            "match: {category: Payments}",
            "match:",
            "p.yaml:8: rules[0].match: is empty: say something below it (action, category, step,",
        ),
        ("ceiling: 20s", "ceiling: # 20s", "p.yaml:2: ceiling: is empty: say something (no rule may ask for more; 60s"),
        (
            "ceiling: 20s",
            "ceiling: 20s\nprotected:",
            "p.yaml:3: protected: is empty: say something (names or ids of Architect flows that are left alone unless",
        ),
        (
            "ceiling: 20s",
            "ceiling: 20s\nprotected:\n- #1 line",
            "p.yaml:4: protected[0]: is empty: say something, or take the line out; a name with # belongs in quotes",
        ),
        (
            'action: "CRM*"',
            "action: CRM #2*",
            "p.yaml:12: rules[1].match.action: is cut to 'CRM', for # begins a comment here: put all of it in quotes,",
        ),
        (
            "ceiling: 20s",
            "ceiling: 20s\nprotected:\n- Main line\n- Line #2",
            "p.yaml:5: protected[1]: is cut to 'Line', for # begins",
        ),
        ("- name: CRM", "- name: 4711", "p.yaml:10: rules[1].name: is no text, but 4711: put it in quotes"),
        ("ceiling: 20s", "ceiling: 20s\nlevers: step", "p.yaml:3: levers: has to be a list: write [step]"),
        (
            "ceiling: 20s",
            "ceiling: 20s\nlevers: step,action",
            "p.yaml:3: levers: has to be a list: write [step, action]",
        ),
        (
            "ceiling: 20s",
            "ceiling: 20s\nlevers: [steps]",
            "p.yaml:3: levers[0]: input should be 'step' or 'action', but it says 'steps'; did you mean step?",
        ),
        (
            "ceiling: 20s",
            "ceiling: 20s\nprotected: Main line*",
            'p.yaml:3: protected: has to be a list: write ["Main line*"]',
        ),
        ("share: 10%", "share: .nan", "p.yaml:5: limits.share: nan is not a share: write one such as 25%"),
        ("at_least: 10s", "at_least: .nan", "p.yaml:14: rules[1].at_least: nan is not a duration"),
        (
            "at_least: 10s",
            "at_least: evidence\n    evidence: {factor: .nan}",
            "p.yaml:15: rules[1].evidence.factor: input should be a finite number, but it says nan",
        ),
        (
            "ceiling: 20s",
            "ceiling: 20s\nwindow: {opens: 22:00, closes: 05:00, time_zone: Europe/Berln}",
            "p.yaml:3: window.time_zone: 'Europe/Berln' is no time zone that is known here; did you mean Europe/Berlin",
        ),
        (
            "ceiling: 20s",
            "ceiling: 20s\nwindow: {opens: 22:00, closes: 05:00, time_zone: ../etc/passwd}",
            "p.yaml:3: window.time_zone: '../etc/passwd' is no time zone that is known here: name a place such as Euro",
        ),
        (
            "    leave: true",
            "    action: x\n    leave: true",
            "p.yaml:9: rules[0].action: unknown key, it belongs in `match`; known here: name,",
        ),
        (
            "{category: Payments}",
            "{type: inboundcal}",
            "p.yaml:8: rules[0].match.type: type 'inboundcal' is none of bot,",
        ),
        ("setting: [literal]", "setting: []", "p.yaml:13: rules[1].match.setting: setting is an empty list"),
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
        ("ceiling: 20s", "ceiling: 20s\nceiling: 30s", "p.yaml:3: ceiling: stands twice, first in line 2: keep one"),
        ("ceiling: 20s", "ceiling: \x07", "p.yaml:2: this is not YAML: the character U+0007 may not stand in it"),
        (GOOD, "", "p.yaml:1: a policy is a mapping: start with a line `rules:`"),
        (GOOD, "- a", "p.yaml:1: a policy is a mapping"),
        (GOOD, "ceiling: 20s\nrule:\n- name: a", "p.yaml:2: rule: unknown key; did you mean rules?"),
        (GOOD, "# none\nceiling: 20s", "p.yaml:2: rules: there is no rule, so nothing would change"),
        (GOOD, "ceiling: 20s\nrules: []", "p.yaml:2: rules: there is no rule"),
        (GOOD, "rules: all", "p.yaml:1: rules: has to be a list: begin each rule with `- name:`"),
        (GOOD, "rules:\n  - all", "p.yaml:2: rules[0]: needs keys below it: name, at_least"),
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


def test_each_line_that_says_nothing_is_told_once_and_no_rule_is_blamed_for_one_that_does_not_say_which_steps() -> None:
    found = problems(
        "rules:\n- {name: a, match: {action: }, leave: , at_least: 10s}\n- {name: , at_least: 10s}\nlevr:\n"
    )

    assert [line for line, _ in found] == [2, 2, 3, 4]
    assert [what.partition(": ")[0] for _, what in found] == [
        *("rules[0].leave", "rules[0].match.action", "rules[1].name", "levr")
    ]
    assert found[2][1].endswith("say something (what tables and plans call this rule); a name with # belongs in quotes")


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("CRM*  # all of them", "CRM*"),
        ("CRM* ### all", "CRM*"),
        ('"CRM #2*" #or so', "CRM #2*"),
        ("CRM#2", "CRM#2"),
        ("CRM* #", "CRM*"),
    ],
)
def test_a_comment_behind_a_name_and_a_sharp_within_one_are_taken_as_they_are_meant(typed: str, action: str) -> None:
    policy = parse_policy(GOOD.replace('"CRM*"', typed), "p.yaml")

    assert policy.rules[1].match.action == action


def test_a_policy_that_is_kept_as_json_is_a_policy_file_and_a_null_in_it_is_meant() -> None:
    policy = Policy.raise_to(10_000)

    assert parse_policy(policy.model_dump_json(), "plan.json") == policy


def test_rules_under_a_misspelt_key_are_looked_at_with_all_else() -> None:
    """One run of the check named the key alone, the next one what was hidden behind it."""
    assert problems("rulez:\n  - at_least: 10s\nlever: [step]\n") == [
        (1, "rulez: unknown key; did you mean rules?"),
        (2, "rules[0].name: is missing: add it (what tables and plans call this rule)"),
        (3, f"lever: unknown key; did you mean levers? Known here: {', '.join(Policy.model_fields)}"),
    ]


def test_without_a_rule_all_else_is_looked_at() -> None:
    assert [line for line, _ in problems("ceiling: 2m\nrules:\nat_a_time: 0\n")] == [1, 2, 3]


def test_a_rule_that_says_two_things_is_told_so_where_its_name_is_missing_too() -> None:
    rules = "rules:\n- at_least: 10s\n  exactly: 5s\n- name: b\n  atleast: 10s\n- at_least: 10s\n  leave: false\n"

    told = [(line, what) for line, what in problems(rules) if "exactly one" in what]

    assert told == [(2, "rules[0]: say exactly one of at_least: 10s, exactly: 10s and leave: true")]


def problems(text: str) -> list[tuple[int, str]]:
    """The line of each problem, and what is said of it."""
    with pytest.raises(PolicyError) as told:
        parse_policy(text, "p.yaml")
    found = [each.removeprefix("p.yaml:").partition(": ") for each in told.value.problems]
    return [(int(line), what) for line, _, what in found]


def test_rules_that_cannot_stand_beside_each_other_are_all_told_beside_what_else_is_wrong() -> None:
    found = problems(
        """\
rules:
  - {name: a, match: {action: "CRM*"}, at_least: 10s}
  - {name: b, match: {action: "CRM lookup"}, at_least: 10s}
  - {name: c, match: {typ: bot}, at_least: 10s}
  - {name: a, match: {action: "Payment*"}, at_least: 40s}
  - {name: d, at_least: 2m}
levers: step
levers: [step]
"""
    )

    assert [line for line, _ in found] == [3, 4, 5, 5, 6, 7, 8]
    assert [what.partition(": ")[0] for _, what in found] == [
        *("rules[1]", "rules[2].match.typ", "rules[3]", "rules[3]", "rules[4]", "levers", "levers")
    ]
    assert "can never match, for rule 'a' takes all its steps" in found[0][1]


def test_no_rule_is_blamed_for_a_ceiling_that_is_wrong_itself() -> None:
    assert problems("ceiling: high\nrules: [{name: a, at_least: 40s}]\n") == [
        (1, "ceiling: 'high' is not a duration: write one such as 10s, 1m30s or 2500ms")
    ]


def test_a_policy_of_too_many_rules_is_refused_in_one_sentence_whatever_else_is_wrong_in_them() -> None:
    rules = "".join(f"  - {{name: r{number}, at_least: 10}}\n" for number in range(MOST_RULES + 1))

    ((line, what),) = problems(f"rules:\n{rules}")
    assert line == MOST_RULES + 2
    assert what.startswith("rules: there are 2,001 rules, and a policy has 2,000 at most: let one rule with a wildcard")


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(PolicyError, match=r"cannot be read \(No such file or directory\): check the path"):
        read_policy_file(Path("nowhere.yaml"))


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"rules: \xff")

    with pytest.raises(PolicyError, match="is not UTF-8 text from byte 7 on: save it as UTF-8"):
        read_policy_file(path)
