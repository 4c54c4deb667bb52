"""Policies: what can be asked for, whom a rule is for, and what is refused."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from tests.timeouts.conftest import action, listed, step
from timeouts.model.org import Publisher
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting
from timeouts.policy.policy import Policy
from timeouts.policy.rules import Match

S3 = LiteralTimeout(timeout_ms=3_000)


def policy(*rules: dict[str, Any], **changed: Any) -> Policy:
    return Policy.model_validate({"rules": rules} | changed)


def rule(name: str = "r", *, at_least: str = "10s", **match: Any) -> dict[str, Any]:
    return {"name": name, "match": match, "at_least": at_least}


@pytest.mark.parametrize(
    "match",
    [
        {},
        {"action": "look up*"},
        {"action": "CUSTOM_-_crm"},
        {"category": "c?m"},
        {"step": "Call CRM 1"},
        {"architect_flow": "SUPP*"},
        {"architect_flow": "af-1"},
        {"type": "inboundcall"},
        {"type": "inbound*"},
        {"division": "home"},
        {"setting": ["literal"]},
        {"kind": ["data"]},
        {"kind": ["secure", "data"]},
        {"action": "*crm", "step": "*1", "setting": ["suggested", "literal"]},
    ],
)
def test_a_rule_is_for_the_steps_that_fit_all_it_names(match: dict[str, Any]) -> None:
    called = step(1, LiteralTimeout(timeout_ms=3_000), category="CRM")

    assert Match.model_validate(match).fits(listed(), called, None, 3_000)


@pytest.mark.parametrize(
    "match",
    [
        {"action": "look"},
        {"category": "cr"},
        {"step": "[C]all CRM 1"},
        {"architect_flow": "support.*"},
        {"type": "bot"},
        {"division": "away"},
        {"setting": ["suggested"]},
        {"kind": ["secure", "bridge"]},
        {"action": "*", "step": "no"},
    ],
)
def test_a_rule_is_not_for_the_steps_that_fit_only_in_part(match: dict[str, Any]) -> None:
    assert not Match.model_validate(match).fits(
        listed(), step(1, LiteralTimeout(timeout_ms=3_000), category="CRM"), None, 3_000
    )


@pytest.mark.parametrize(
    "match",
    [
        {"action": "Payment*", "category": "Web*"},
        {"action": "Authorise card", "category": "Payments EU"},
        {"named": "payment (v2)"},
        {"named": "Authorise*"},
    ],
)
def test_a_renamed_action_is_meant_by_the_name_that_the_org_shows_and_by_the_one_in_the_definition(
    match: dict[str, str],
) -> None:
    found = step(1, S3, "pay", action_name="Authorise card", category="Web Services")
    renamed = action("pay", name="Payment (v2)", category="Payments EU")

    assert Match.model_validate(match).fits(listed(), found, renamed, 3_000)
    assert not Match(action="Payment", named="Pay*").fits(listed(), found, renamed, 3_000)


PUBLISHERS = {
    "code": Publisher(kind="client", id="c-1"),
    "person": Publisher(kind="person", id="u-1"),
    "us": Publisher(kind="us", id="c-2"),
}


@pytest.mark.parametrize("asked", PUBLISHERS)
def test_a_rule_may_be_for_what_a_repository_a_person_or_we_published(asked: Any) -> None:
    match = Match(published_by=asked)

    fitting = [name for name, by in PUBLISHERS.items() if match.fits(listed(published_by=by), step(1, S3), None, 3_000)]
    assert fitting == [asked]
    assert not match.fits(listed(), step(1, S3), None, 3_000)


def test_a_rule_for_one_publisher_hides_later_rules_for_the_same_one_alone() -> None:
    policy(rule("a", published_by="code"), rule("b", published_by="person"), rule("c"))

    with pytest.raises(ValidationError, match="can never match"):
        policy(rule("a", published_by="code"), rule("b", published_by="code", step="x"))
    with pytest.raises(ValidationError, match="can never match"):
        policy(rule("a"), rule("b", published_by="code"))


def test_a_business_process_is_a_type_like_any_other() -> None:
    assert Match(type="businessprocess").fits(listed(type="businessprocess"), step(1, S3), None, 3_000)


@pytest.mark.parametrize(
    ("setting", "effective_ms", "default_ms", "fits"),
    [
        (S3, None, None, True),  # at most 3s
        (LiteralTimeout(timeout_ms=20_000), None, None, False),
        (LiteralTimeout(timeout_ms=20_000), 5_000, None, True),
        (Suggested(), None, None, False),
        (Suggested(), None, 3_000, True),
        (Expression(text="x"), None, None, False),
    ],
)
def test_a_wait_that_is_not_known_counts_as_what_it_is_at_most(
    setting: TimeoutSetting, effective_ms: int | None, default_ms: int | None, fits: bool
) -> None:
    found = step(1, setting, default_ms=default_ms)

    assert Match.model_validate({"effective_below": "10s"}).fits(listed(), found, None, effective_ms) is fits


def test_a_rule_for_settings_is_for_no_computed_timeout() -> None:
    asked = Match(setting=("suggested", "literal"))

    assert not asked.fits(listed(), step(1, Expression(text="x")), None, None)


def test_the_policy_of_the_terminal_raises_what_waits_less() -> None:
    made = Policy.raise_to(10_000, ["CRM*"], ["Support"])

    assert made == policy(rule("at least 10s", action="CRM*", architect_flow="Support"))


def test_of_several_patterns_any_will_do_and_each_has_a_rule_that_can_match_nothing_by_itself() -> None:
    made = Policy.raise_to(10_000, ["CRM*", "Payment*"], ["Support", "Main*"], exclude=["Night*"])

    assert [(each.name, each.match.patterns()) for each in made.rules] == [
        ("excluded: Night*", {"named": "Night*"}),
        ("at least 10s, CRM* in Support", {"action": "CRM*", "architect_flow": "Support"}),
        ("at least 10s, CRM* in Main*", {"action": "CRM*", "architect_flow": "Main*"}),
        ("at least 10s, Payment* in Support", {"action": "Payment*", "architect_flow": "Support"}),
        ("at least 10s, Payment* in Main*", {"action": "Payment*", "architect_flow": "Main*"}),
    ]
    assert made.rules[0].leave


@pytest.mark.parametrize(("pattern", "fits"), [("crm*", True), ("Sup*", True), ("af-1", True), ("Look", False)])
def test_named_is_the_architect_flow_or_the_action_by_name_or_id(pattern: str, fits: bool) -> None:
    found = step(1, Suggested(), "crm-1", name="Look", action_name="CRM lookup")

    assert Match(named=pattern).fits(listed("af-1", "Support"), found, None, None) is fits


def test_a_policy_that_names_neither_has_the_checksum_that_it_had() -> None:
    assert "named" not in Policy.raise_to(10_000).model_dump_json()


@pytest.mark.parametrize(
    ("problem", "wrong"),
    [
        ("say exactly one of", {"rules": [{"name": "r"}]}),
        ("say exactly one of", {"rules": [{"name": "r", "at_least": "5s", "exactly": "5s"}]}),
        ("say exactly one of", {"rules": [{"name": "r", "leave": False}]}),
        ("asks for 0s", {"rules": [rule(at_least="0s")]}),
        ("over the ceiling of 30s", {"rules": [rule(at_least="31s")]}),
        ("no action waits longer than 60s", {"rules": [rule(at_least="61s")], "ceiling": "60s"}),
        ("1m1s is no ceiling", {"ceiling": "61s"}),
        ("0s is no ceiling", {"ceiling": "0s"}),
        ("0s is no default", {"suggested_default": "0s"}),
        ("step is empty", {"rules": [rule(step=" ")]}),
        ("type 'inboundcalls' is none of bot,", {"rules": [rule(type="inboundcalls")]}),
        ("type 'x\\*' is none of bot,", {"rules": [rule(type="x*")]}),
        ("setting is an empty list", {"rules": [rule(setting=[])]}),
        ("kind is an empty list", {"rules": [rule(kind=[])]}),
        ("Input should be 'data', 'secure' or 'bridge'", {"rules": [rule(kind=["voice"])]}),
        ("has the name of an earlier rule", {"rules": [rule(step="a"), rule(step="b")]}),
        ("no unit", {"rules": [{"name": "r", "at_least": 10}]}),
        ("is not a share", {"limits": {"share": 0.25}}),
        ("is not a share", {"limits": {"share": "25"}}),
        ("is not a share", {"limits": {"share": "-5%"}}),
        ("less than or equal to 100", {"limits": {"share": "101%"}}),
        ("greater than 0", {"limits": {"share": "0%"}}),
        ("greater than or equal to 1", {"limits": {"architect_flows": 0}}),
        ("Extra inputs", {"rulez": []}),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_a_reason(problem: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=problem):
        Policy.model_validate(wrong)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({}, {}),
        ({}, {"step": "a"}),
        ({"step": "*"}, {"type": "bot"}),
        ({"step": "A"}, {"step": "a", "type": "bot"}),
        ({"step": "a*"}, {"step": "abc"}),
        ({"setting": ["suggested", "literal"]}, {"setting": ["literal"]}),
        ({"kind": ["data", "secure"]}, {"kind": ["secure"]}),
        ({"kind": ["bridge", "data", "secure"]}, {}),
        ({"effective_below": "2m"}, {"effective_below": "90s"}),
    ],
)
def test_a_rule_that_can_never_match_is_refused(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="can never match, for rule 'one' takes all its steps"):
        policy(rule("one", **earlier), rule("two", **later))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"step": "a"}, {}),
        ({"step": "a"}, {"step": "a*"}),
        ({"setting": ["literal"]}, {}),
        ({"setting": ["literal"]}, {"setting": ["suggested", "literal"]}),
        ({"kind": ["data"]}, {}),
        ({"kind": ["secure"]}, {"kind": ["data", "secure"]}),
        ({"step": "a", "type": "bot"}, {"step": "a"}),
        ({"step": "a*"}, {"step": "*a"}),
        ({"effective_below": "1m"}, {}),
        ({"effective_below": "2m"}, {}),  # a wait that is not known is not less, and a literal may be longer
        ({"effective_below": "2m"}, {"effective_below": "3m"}),
    ],
)
def test_a_rule_that_can_still_match_is_kept(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    assert len(policy(rule("one", **earlier), rule("two", **later)).rules) == 2


def test_a_policy_reads_back_from_its_own_json() -> None:
    made = policy(rule(step="a", setting=["suggested"], kind=["secure"]), limits={"share": "12.5%"}, ceiling="45s")

    assert Policy.model_validate_json(made.model_dump_json()) == made


def test_a_policy_is_a_form_whose_defaults_are_what_people_type() -> None:
    fields = Policy.model_json_schema()["properties"]

    assert (
        fields["ceiling"]["default"],
        fields["suggested_default"]["default"],
        fields["ceiling"]["type"],
    ) == ("30s", "1m", "string")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("at_least", "10"),
        ("at_least", "ten seconds"),
        ("at_least", "10S5m"),
        ("at_least", ""),
        ("at_least", "-10s"),
        ("exactly", "10"),
        ("exactly", "evidence"),
    ],
)
def test_a_form_refuses_a_duration_that_a_policy_would_refuse(field: str, text: str) -> None:
    assert not re.search(pattern_of("Rule", field), text)


@pytest.mark.parametrize(("field", "text"), [("at_least", "10s"), ("at_least", "evidence"), ("exactly", "1m 30s")])
def test_a_form_takes_what_people_type(field: str, text: str) -> None:
    assert re.search(pattern_of("Rule", field), text)


@pytest.mark.parametrize(
    ("model", "field", "good", "bad"),
    [("Limits", "share", "25%", "25"), ("Window", "opens", "22:00", "10pm"), ("Capacity", "warn_above", "80 %", "x%")],
)
def test_a_form_checks_shares_and_times_of_day(model: str, field: str, good: str, bad: str) -> None:
    pattern = pattern_of(model, field)

    assert (bool(re.search(pattern, good)), bool(re.search(pattern, bad))) == (True, False)


def pattern_of(model: str, field: str) -> str:
    """What the run form checks a field of a policy against."""
    schema = Policy.model_json_schema()["$defs"][model]["properties"][field]
    found: str = next(kind for kind in schema.get("anyOf", [schema]) if kind["type"] == "string")["pattern"]
    return found


def test_every_field_of_the_form_says_what_it_is_for() -> None:
    schema = Policy.model_json_schema()
    models = [schema, *schema["$defs"].values()]

    assert all("description" in field for model in models for field in model["properties"].values())


def test_a_rule_can_be_for_settings_of_every_kind() -> None:
    assert Match().fits(listed(), step(1, Suggested()), None, None)
