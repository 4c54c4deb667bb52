"""Who lives in the demo org, and that it is the same for everybody."""

import hashlib
import json
import re
from collections import Counter
from typing import Any

import pytest

from simulator.demo.org import build_demo_org
from simulator.org.seeds import ClientSeed, OrgSeed
from tests.simulator.demo.walks import labels, live

TYPES = {
    *("bot", "commonmodule", "digitalbot", "emailsend", "inboundcall", "inboundchat", "inboundemail"),
    *("inboundshortmessage", "inqueuecall", "inqueueemail", "inqueueshortmessage", "outboundcall", "securecall"),
    *("speech", "surveyinvite", "voice", "voicemail", "voicesurvey", "workflow", "workitem"),
}

PINNED = "a159f83655188560177db018aa9e7c1fcdaef8f67d1b7e21b8bfedf3bda09fb9"


@pytest.fixture(scope="module")
def org() -> OrgSeed:
    return build_demo_org()


def plain(org: OrgSeed) -> Any:
    """Everything but the configurations, as values that compare."""
    fields = ("id", "name", "type", "division_id", "published_versions", "draft", "system", "description")
    listed = [[getattr(one, field) for field in fields] for one in org.architect_flows]
    return [org.id, org.name, org.divisions, org.people, org.actions, listed]


def digest(org: OrgSeed) -> str:
    found = hashlib.sha256()
    for architect_flow in org.architect_flows:
        for label in labels(architect_flow):
            found.update(architect_flow.configuration(label))
    return found.hexdigest()


@pytest.mark.parametrize("number", [1, 2, 19, 60])
def test_an_org_has_as_many_architect_flows_as_asked_for(number: int) -> None:
    assert len(build_demo_org(7, number).architect_flows) == number


@pytest.mark.parametrize("number", [0, -1, 5001])
def test_an_org_of_an_impossible_size_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 5,000"):
        build_demo_org(1, number)


def test_twenty_architect_flows_show_all_twenty_types() -> None:
    assert {one.type for one in build_demo_org(1, 20).architect_flows} == TYPES


def test_inbound_calls_are_the_most_frequent_type(org: OrgSeed) -> None:
    assert Counter(one.type for one in org.architect_flows).most_common(1)[0][0] == "inboundcall"


def test_the_same_seed_gives_the_same_org() -> None:
    assert plain(build_demo_org(5, 40)) == plain(build_demo_org(5, 40))


def test_another_seed_gives_another_org() -> None:
    mine, other = build_demo_org(1, 10), build_demo_org(2, 10)

    assert {one.id for one in mine.architect_flows}.isdisjoint(one.id for one in other.architect_flows)
    assert {one.id for one in mine.actions}.isdisjoint(one.id for one in other.actions)


def test_every_process_and_python_makes_the_same_bytes() -> None:
    assert digest(build_demo_org(1, 12)) == PINNED


def test_five_thousand_architect_flows_have_as_many_ids() -> None:
    org = build_demo_org(1, 5_000)

    assert len({one.id for one in org.architect_flows}) == 5_000


def test_a_name_is_unique_in_its_type_and_may_occur_in_another() -> None:
    names = Counter((one.name, one.type) for one in build_demo_org(1, 500).architect_flows)

    assert set(names.values()) == {1}
    assert len({name for name, _ in names}) < len(names)


def test_names_are_such_as_the_platform_takes(org: OrgSeed) -> None:
    for one in org.architect_flows:
        assert re.search(r"\w", one.name)
        assert "/" not in one.name
        assert not one.name.endswith("-debug")
        assert len(one.name) <= 200


def test_some_names_have_umlauts(org: OrgSeed) -> None:
    assert any(not one.name.isascii() for one in org.architect_flows)


def test_architect_flows_lie_in_several_divisions(org: OrgSeed) -> None:
    used = {one.division_id for one in org.architect_flows}

    assert 2 <= len(used) <= 4
    assert used <= {division.id for division in org.divisions}


def test_one_architect_flow_belongs_to_the_system(org: OrgSeed) -> None:
    assert sum(one.system for one in org.architect_flows) == 1


def test_a_few_were_published_by_a_client_that_deploys_code_and_the_others_by_people(org: OrgSeed) -> None:
    by_clients = [one for one in org.architect_flows if isinstance(one.published_by, ClientSeed)]

    assert {one.published_by and one.published_by.name for one in by_clients} == {"CX as Code"}
    assert 2 <= len(by_clients) <= 4
    assert all(one.locked_by is None and one.draft == "none" for one in by_clients)


def test_some_were_never_published_and_hold_a_draft(org: OrgSeed) -> None:
    unpublished = [one for one in org.architect_flows if not one.published_versions]

    assert len(unpublished) >= 2
    assert {one.draft for one in unpublished} == {"saved"}


def test_some_published_ones_have_a_newer_draft_of_a_colleague(org: OrgSeed) -> None:
    drafted = [one for one in org.architect_flows if one.published_versions and one.draft != "none"]

    assert {one.draft for one in drafted} == {"saved", "checked_in"}
    assert all(one.drafted_by in org.people for one in drafted)
    assert all(one.locked_by == one.drafted_by for one in drafted if one.draft == "saved")


def test_some_are_locked_by_a_person_who_saved_nothing(org: OrgSeed) -> None:
    locked = [one for one in org.architect_flows if one.locked_by is not None and one.draft == "none"]

    assert len(locked) >= 2
    assert all(one.locked_by in org.people for one in locked)


def test_most_architect_flows_are_free_to_edit(org: OrgSeed) -> None:
    free = [one for one in org.architect_flows if one.locked_by is None and one.draft == "none"]

    assert len(free) >= 0.75 * len(org.architect_flows)


def test_versions_are_labels_that_count_up(org: OrgSeed) -> None:
    for one in org.architect_flows:
        assert list(one.published_versions) == [f"{number}.0" for number in range(1, len(one.published_versions) + 1)]
    assert max(len(one.published_versions) for one in org.architect_flows) > 5


def test_all_versions_of_an_architect_flow_differ_a_little(org: OrgSeed) -> None:
    for one in org.architect_flows[:12]:
        bodies = [one.configuration(label) for label in one.published_versions]
        assert len(set(bodies)) == len(bodies)
        node_ids = {tuple(re.findall(rb'"trackingId":\d+,"id":"[^"]+"', body)) for body in bodies}
        assert len(node_ids) <= 1


def test_a_draft_differs_from_what_is_live(org: OrgSeed) -> None:
    drafted = [one for one in org.architect_flows if one.published_versions and one.draft != "none"]

    assert all(one.configuration("draft") != live(one) for one in drafted)


def test_an_unknown_label_is_refused(org: OrgSeed) -> None:
    with pytest.raises(ValueError, match="99"):
        org.architect_flows[0].configuration("99.0")


def test_actions_are_of_all_kinds(org: OrgSeed) -> None:
    limits = [action.config.get("timeoutSeconds") for action in org.actions]

    assert 25 <= len(org.actions) <= 40
    assert 4 <= len({action.integration_id for action in org.actions}) <= 6
    assert None in limits
    assert any(limit is not None and 3 <= limit <= 8 for limit in limits)
    assert any(limit is not None and limit >= 10 for limit in limits)
    assert any(action.id.startswith("static_-_") for action in org.actions)
    assert any(action.secure for action in org.actions)
    assert sum(action.id.startswith("custom_auth_-_") for action in org.actions) == 1


def test_function_data_actions_say_so_and_wait_fifteen_seconds_at_most(org: OrgSeed) -> None:
    functions = [action for action in org.actions if "function data action" in action.category.lower()]

    assert functions
    assert all(1 <= (action.function_timeout_seconds or 0) <= 15 for action in functions)
    assert not any(action.function_timeout_seconds for action in org.actions if action not in functions)


def test_the_limit_of_a_function_data_action_stands_in_its_function_alone(org: OrgSeed) -> None:
    functions = [action for action in org.actions if action.function_timeout_seconds]

    assert not any("timeoutSeconds" in action.config for action in functions)


def test_ids_of_actions_have_the_platforms_form_and_are_unique(org: OrgSeed) -> None:
    form = re.compile(r"(static|custom|custom_auth)_-_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

    assert all(form.fullmatch(action.id) for action in org.actions)
    assert len({action.id for action in org.actions}) == len(org.actions)


def test_some_actions_are_used_by_many_architect_flows_and_some_by_none(org: OrgSeed) -> None:
    users: Counter[str] = Counter()
    for one in org.architect_flows:
        users.update({entry["id"] for entry in json.loads(live(one))["manifest"].get("dataAction", [])})

    assert max(users.values()) >= 15
    assert {action.id for action in org.actions} - users.keys()
