"""Policies from anybody: read, or refused by file and line; and what is read matches as it says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fuzz.mutations import altered, damaged, kept, tried
from tests.timeouts.org_of_examples import INVENTORY
from timeouts.planning.computing import compute_plan
from timeouts.policy.patterns import covers, matches
from timeouts.policy.policy import Policy
from timeouts.policy.policy_file import PolicyError, parse_policy
from timeouts.policy.rule_table import RuleTable
from timeouts.policy.rules import Rule

GOOD = b"""\
# what the CRM needs since the move
ceiling: 20s
levers: [step, action]
allow_lowering: no
limits: {architect_flows: 50, share: 10%}
protected: ["Main line*", af-9]
window: {opens: "22:00", closes: "05:00", time_zone: Europe/Berlin, days: [mon, sun]}
rules:
  - name: payments stay
    match: {category: Payments, published_by: code}
    leave: true
  - name: "CRM"
    match:
      action: "CRM*"
      setting: [literal]
      effective_below: 1m30s
    at_least: 10s
  - name: by the figures
    match: {architect_flow: '*', kind: data}
    at_least: evidence
    evidence: {percentile: 99, factor: 2, floor: 3s}
"""
FORM: dict[str, Any] = {
    "rules": [
        {"name": "a", "match": {"action": "CRM*", "setting": ["literal"]}, "at_least": "10s"},
        {"name": "b", "match": {"type": "inbound*", "step": "?all*"}, "exactly": "2500ms"},
        {"name": "c", "at_least": "evidence", "evidence": {"percentile": 95, "factor": 1.5, "floor": "3s"}},
    ],
    "levers": ["step"],
    "ceiling": "30s",
    "limits": {"architect_flows": 3, "changes": 4, "share": "25%", "actions": 5, "reach": "50%"},
    "capacity": {"concurrent": 50, "a_minute": 2_500, "warn_above": "80%"},
    "protected": ["Main*"],
    "window": {"opens": "22:00", "closes": "05:00", "time_zone": "UTC", "days": ["mon"]},
    "canary": 1,
    "at_a_time": 4,
    "failure_budget": 3,
}
YAML_TOKENS = (
    *(
        b"&a ",
        b"*a",
        b"!!python/object:os.system ",
        b"!!int ",
        b"<<: ",
        b"? ",
        b": ",
        b"- ",
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
    ),
    *(
        b"[",
        b"]",
        b"{",
        b"}",
        b"[" * 50,
        b"{a: " * 50,
        b"- " * 50,
        b"|\n",
        b">-\n",
        b"'",
        b'"',
        b'"\\ud800"',
        b'"\\x00"',
    ),
    *(
        b"1e400",
        b".nan",
        b".inf",
        b"9" * 5_000,
        b"0o17",
        b"0x1f",
        b"1_000",
        b"2020-01-01",
        b"yes",
        b"~",
        b"10s",
        b"1h" + b" " * 70,
    ),
    *(
        b"\t",
        b"\n",
        b"\r",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b"#",
        b"*" * 501,
        b"rules:",
        b"name: CRM",
    ),
)
NAMES = st.text(alphabet="abAB*?[]!.\\ß\n", max_size=12)


@given(damaged(st.sampled_from([GOOD, *kept("policies")]), YAML_TOKENS))
def test_whatever_stands_in_a_file_is_a_policy_or_is_refused_with_its_line(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    policy, told = tried(PolicyError, parse_policy, text, "p.yaml")
    lines = told.split("\n")
    assert len(lines) <= 21
    assert all(len(line.encode()) < 4_000 for line in lines)
    if policy is None:
        assert all(line.startswith("p.yaml:") for line in lines)
        return
    assert parse_policy(text, "p.yaml") == policy
    assert Policy.model_validate_json(policy.to_json()) == policy
    compute_plan(INVENTORY, policy)


@given(altered(st.just(FORM)))
def test_whatever_a_run_form_sends_is_a_policy_or_is_refused(body: bytes) -> None:
    document, _ = tried((ValueError, RecursionError), json.loads, body)  # which the server reads, not we
    policy, _ = tried(ValidationError, Policy.model_validate, document)
    if policy is None:
        return
    assert Policy.model_validate_json(policy.to_json()) == policy
    compute_plan(INVENTORY, policy)


@given(NAMES, NAMES)
def test_a_pattern_matches_what_it_says(pattern: str, name: str) -> None:
    assert matches(pattern, name) is _fits(pattern.casefold(), _characters(name))
    if covers(pattern, name):
        assert _fits(pattern.casefold(), _characters(name.replace("*", "xy").replace("?", "z")))


Characters = tuple[tuple[str, bool], ...]
"""Each with the letters that it is once its case is folded, and whether these are all of them."""


def _characters(name: str) -> Characters:
    return tuple((each.casefold(), True) for each in name)


def _fits(pattern: str, name: Characters) -> bool:
    """The same by trying everything."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return _fits(pattern[1:], name) or (bool(name) and _fits(pattern, _without_a_letter(name)))
    if not name:
        return False
    letters, is_whole = name[0]
    if pattern[0] == "?":
        return is_whole and _fits(pattern[1:], name[1:])
    return letters[0] == pattern[0] and _fits(pattern[1:], _without_a_letter(name))


def _without_a_letter(name: Characters) -> Characters:
    (letters, _), *others = name
    return ((letters[1:], False), *others) if len(letters) > 1 else tuple(others)


PATTERNS = st.none() | st.sampled_from(
    ("*", "**", "CRM", "crm", "C*", "?RM", "*m", "Look up customer", "slow", "Supp*", "af-1")
)


@given(st.lists(st.tuples(PATTERNS, PATTERNS, PATTERNS, st.sampled_from((None, "5s", "1m"))), max_size=12))
def test_all_rules_at_once_decide_as_one_after_the_other_does(asked: list[tuple[str | None, ...]]) -> None:
    fields = ("action", "category", "architect_flow", "effective_below")
    rules: list[Rule] = []
    for place, values in enumerate(asked):
        match = dict(zip(fields, values, strict=True))
        rules += Policy.model_validate({"rules": [{"name": f"{place}", "match": match, "leave": True}]}).rules
    table = RuleTable(rules)
    for architect_flow, _, step, action in INVENTORY.steps:
        first = next((rule for rule in rules if rule.match.fits(architect_flow, step, action, 7_000)), None)
        assert table.first_match(architect_flow, step, action, 7_000) == first
    for place, rule in enumerate(rules):
        hiding = next((other for other in rules[:place] if other.match.covers(rule.match)), None)
        assert table.hidden_behind(place) == hiding


@pytest.mark.parametrize("body", kept("policies"))
def test_what_was_found_once_is_refused(body: bytes) -> None:
    with pytest.raises(PolicyError):
        parse_policy(body.decode("utf-8", "replace"), "p.yaml")
