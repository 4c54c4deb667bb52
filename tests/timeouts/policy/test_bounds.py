"""No policy keeps a process busy or fills its memory, whether it comes from a file or from a run form."""

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy
from timeouts.policy.policy_file import MOST_BYTES, PolicyError, parse_policy, read_policy_file
from timeouts.policy.policy_yaml import MOST_VALUES

STAR = 'has a value that begins with *, which is an alias in YAML: put it in quotes, such as "*CRM*"'
RULE = "rules: [{name: a, at_least: 10s}]\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x [b]\n" + RULE, "p.yaml:1: has an anchor (&), which a policy does not take: write the value out"),
        ("a: b\nrules: *x\n", f"p.yaml:2: {STAR}"),
        ("rules:\n- match: {action: *CRM*}\n", f"p.yaml:2: {STAR}"),
        ("rules:\n- match:\n    action: *CRM lookup*\n", f"p.yaml:3: {STAR}"),
        ("rules:\n- match:\n    action: *\n", f"p.yaml:3: {STAR}"),
        ("rules:\n- !!python/object:os.system x\n", "p.yaml:2: has a tag (!), which a policy does not take"),
        ("rules:\n- <<: {name: a}\n", "p.yaml:2: has a merge key (<<): write the values out"),
        ("rules: " + "[" * 100_000, "p.yaml:1: is nested deeper than the 8 levels of a policy"),
        ("rules: " + "{a: " * 100_000, "p.yaml:1: is nested deeper than the 8 levels of a policy"),
        ("\n".join(" " * depth + "a:" for depth in range(900)), "p.yaml:8: is nested deeper than the 8 levels"),
        (
            "rules:\n" + "- a\n" * (MOST_VALUES + 1),
            f"p.yaml:{MOST_VALUES - 1}: has more than the 40,000 keys and values",
        ),
        ("rules: [" + "a," * (MOST_VALUES + 1) + "]", "p.yaml:1: has more than the 40,000 keys and values"),
        (RULE + "at_a_time: " + "9" * 5_000, "p.yaml:2: has a text of 5,000 characters: 1,000 at most"),
        (
            RULE + "at_a_time: " + "9" * 900,
            "p.yaml:2: at_a_time: input should be less than or equal to 16, but it says a",
        ),
        (RULE + "ceiling: 1e400", "p.yaml:2: ceiling: inf is not a duration"),
        (RULE + "ceiling: .nan", "p.yaml:2: ceiling: nan is not a duration"),
        (RULE + "ceiling: -.inf", "p.yaml:2: ceiling: -inf is not a duration"),
        (RULE + "ceiling: 1h" + " " * 500 + "x", "p.yaml:2: ceiling: '1h   "),
        (RULE + "ceiling: 2020-01-01", "p.yaml:2: ceiling: '2020-01-01' is not a duration"),
        (RULE + "at_a_time: .inf", "p.yaml:2: at_a_time: input should be a finite number"),
        (
            RULE + "limits: {share: " + "9" * 900 + "%}",
            "p.yaml:2: limits.share: input should be less than or equal to 100",
        ),
        (
            RULE + "limits: {changes: 99999999999}",
            "p.yaml:2: limits.changes: input should be less than or equal to 1000000",
        ),
        (
            RULE + "protected: ['" + "*a" * 251 + "']",
            "p.yaml:2: protected[0]: string should have at most 500 characters",
        ),
        (RULE + "levers: [step, step, step]", "p.yaml:2: levers: tuple should have at most 2 items"),
        (RULE + "---\n" + RULE, "p.yaml:2: this is not YAML: but found another document"),
        ("%YAML 1.1\n---\n" + RULE, "p.yaml:2: has a line that begins with %: take it out"),
        ("# ours\n%YAML 1.11\n---\n" + RULE, "p.yaml:2: has a line that begins with %: take it out"),
        ('rules: [{name: "\\ud800", at_least: 10s}]', "p.yaml:1: has half a surrogate pair in a text"),
        (RULE + "? [a]\n: b", "p.yaml:2: has a key that is no text"),
        (RULE + "1: b", "p.yaml:2: has a key that is no text"),
        (RULE + "ceiling: a\0b", "p.yaml:2: this is not YAML: the character U+0000 may not stand in it"),
    ],
)
def test_what_would_keep_us_busy_is_refused_with_its_line_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(text, "p.yaml")

    assert str(refused.value).startswith(told)
    assert len(str(refused.value)) < 400


def test_of_thousands_of_problems_the_first_twenty_are_told() -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy("rules:\n" + "- a\n" * 1_500, "p.yaml")

    *told, last = str(refused.value).splitlines()
    assert (len(told), last) == (20, "and 1,480 problems more: `genesys-timeouts policy check FILE` shows all")
    assert len(refused.value.problems) == 1_500


def test_words_that_yaml_turns_into_other_things_mean_what_a_person_means() -> None:
    text = "allow_lowering: no\nat_a_time: 0o10\nrules: [{name: 2020-01-01, at_least: 10s, leave: off}]\n"

    policy = parse_policy("\ufeff" + text, "p.yaml")
    assert (policy.allow_lowering, policy.at_a_time, policy.rules[0].name) == (False, 8, "2020-01-01")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/stdin", "."])
def test_what_is_no_file_is_not_read(device: str) -> None:
    with pytest.raises(PolicyError, match=r"is no file|cannot be read \(Is a directory\)"):
        read_policy_file(Path(device))


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "policy.yaml")

    with pytest.raises(PolicyError, match="is no file: name a file with a policy in it"):
        read_policy_file(tmp_path / "policy.yaml")


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"")
    os.truncate(path, 10 * 1024**4)  # sparse: ten terabytes that nobody stores

    with pytest.raises(PolicyError, match=r"is larger than the 524,288 bytes of a policy: is it the right file?"):
        read_policy_file(path)


def test_a_large_policy_is_a_file_that_fits(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    rules = [
        f"  - name: rule {each}\n    match: {{action: 'CRM {each}*', category: Group {each % 50}}}\n    at_least: 10s\n"
        for each in range(2_000)
    ]
    path.write_text("rules:\n" + "".join(rules), "utf-8")

    assert path.stat().st_size < MOST_BYTES
    assert len(read_policy_file(path).rules) == 2_000


def test_utf_16_is_told(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(RULE.encode("utf-16"))

    with pytest.raises(PolicyError, match="is not UTF-8 text from byte 0 on: save it as UTF-8"):
        read_policy_file(path)


def rules(count: int) -> list[dict[str, Any]]:
    """So many rules with a wildcard each."""
    return [
        {"name": f"{each}", "match": {"action": f"*{each}", "step": "*a*b*c*"}, "leave": True} for each in range(count)
    ]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"rules": rules(2_001)}, "at most 2000 items"),
        ({"rules": [{"name": "a" * 501, "at_least": "10s"}]}, "at most 500 characters"),
        ({"rules": [{"name": "a", "match": {"step": "*a" * 300}, "leave": True}]}, "at most 500 characters"),
        ({"rules": [{"name": "a", "at_least": "1h" + " " * 100_000 + "x"}]}, "is not a duration"),
        ({"rules": [{"name": "a", "at_least": 10**5_000}]}, "a number of more than 60 digits is not a duration"),
        ({"protected": ["a"] * 1_001}, "at most 1000 items"),
        ({"window": {"opens": "2" * 10**6, "closes": "05:00", "time_zone": "UTC"}}, "is not a time of day"),
        ({"window": {"opens": "22:00", "closes": "05:00", "time_zone": "U" * 101}}, "at most 100 characters"),
        ({"limits": {"share": "9" * 10**6 + "%"}}, "less than or equal to 100"),
    ],
)
def test_a_run_form_is_bound_by_the_same_models(form: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as refused:
        Policy.model_validate(form)

    assert all(len(error["msg"]) < 200 for error in refused.value.errors())


def test_two_thousand_rules_are_held_against_five_thousand_steps() -> None:
    """One rule after the other, 500 of them alone took 19 s."""
    short = LiteralTimeout(timeout_ms=3_000)
    of = [f"f-{each}" for each in range(1_000)]
    readings = [
        reading(*(step(number, short, name=f"Call {each} {number}") for number in range(5)), of=each) for each in of
    ]

    plan = compute_plan(
        inventory(list(map(listed, of)), readings, [action()]), Policy.model_validate({"rules": rules(2_000)})
    )
    assert (plan.counts.steps, plan.counts.not_matched) == (5_000, 5_000)
