"""Which permissions a client has: by what an answer shows, else by its roles, else by divisions."""

from typing import Any

import pytest

from timeouts.doctor.access import ALL, division_findings, holding, permission_findings
from timeouts.doctor.facts import Ask, Division, Endpoint, Grant, Permitted, PlatformFacts
from timeouts.doctor.needs import NEEDS, Need

ANSWERED, REFUSED = Ask(said="answered"), Ask(said="refused")
EVERYWHERE, HOME = Division(id=ALL), Division(id="home", name="Home")
VIEW, ACTIONS = NEEDS[0], NEEDS[1]


def facts(**given: Any) -> PlatformFacts:
    endpoint = Endpoint(region="eu-west-1", login="https://login.example", api="https://api.example")
    return PlatformFacts(endpoint=endpoint, api=ANSWERED, **given)


def with_roles(*permissions: str, division: Division = EVERYWHERE, **given: Any) -> PlatformFacts:
    return facts(roles=ANSWERED, grants=(Grant(division=division, permissions=permissions),), **given)


@pytest.mark.parametrize(
    "permission", ["architect:flow:view", "architect:flow:*", "architect:*:view", "*:*:*", "architect:*:*"]
)
def test_a_word_of_a_permission_may_stand_for_any(permission: str) -> None:
    assert holding(with_roles(permission), VIEW).held == "yes"


@pytest.mark.parametrize("permission", ["architect:flow:edit", "architect:job:view", "architect:flow", "view", "*:*"])
def test_another_permission_is_not_this_one(permission: str) -> None:
    assert holding(with_roles(permission), VIEW).held == "no"


def test_actions_may_be_seen_by_the_permission_of_bridges_as_well() -> None:
    assert holding(with_roles("bridge:actions:view"), ACTIONS).held == "yes"


def test_what_an_answer_shows_counts_more_than_what_roles_say() -> None:
    assert holding(with_roles(probes={VIEW.permission: ANSWERED}), VIEW).held == "yes"
    assert holding(with_roles(VIEW.permission, probes={VIEW.permission: REFUSED}), VIEW).held == "no"


def test_an_answer_that_failed_shows_nothing() -> None:
    assert holding(with_roles(VIEW.permission, probes={VIEW.permission: Ask(said="failed")}), VIEW).held == "yes"


def test_what_a_gateway_answers_shows_no_permission() -> None:
    """A firewall's page counted as an answer, over roles that lack the permission."""
    assert holding(with_roles(probes={VIEW.permission: Ask(said="absent")}), VIEW).held == "no"
    page = {VIEW.permission: Ask(said="unusable", why="a web page came")}
    assert holding(with_roles(probes=page), VIEW).held == "no"

    blocked = facts(roles=ANSWERED, grants=(Grant(division=EVERYWHERE, permissions=(VIEW.permission,)),), probes=page)
    row = next(each for each in permission_findings(blocked) if each.check == VIEW.permission)
    assert (row.result, row.stops_work) == ("could not tell", True)
    assert "did not get through: a web page came" in row.meaning
    assert "let this request through" in row.advice


def test_a_client_without_any_role_has_no_permission() -> None:
    assert holding(facts(roles=ANSWERED), VIEW).held == "no"


def test_where_roles_are_not_told_divisions_tell() -> None:
    def held(permitted: Permitted) -> str:
        return holding(facts(permitted={VIEW.permission: permitted}), VIEW).held

    assert held(Permitted(ask=ANSWERED, everywhere=True)) == "yes"
    assert held(Permitted(ask=ANSWERED, divisions=(HOME,))) == "yes"
    assert held(Permitted(ask=ANSWERED)) == "no"
    assert held(Permitted(ask=REFUSED)) == "unknown"


def test_a_permission_that_holds_in_some_divisions_names_them() -> None:
    (found,) = (
        each
        for each in permission_findings(with_roles(VIEW.permission, division=HOME))
        if each.check == VIEW.permission
    )

    assert found.result == "ok"
    assert found.meaning.endswith("In these divisions alone: Home.")


def test_a_writer_that_lacks_one_permission_is_no_auditor() -> None:
    writes = [need.permission for need in NEEDS if need.kind == "writes"]

    for kept in writes:
        found = {each.check: each for each in permission_findings(with_roles(VIEW.permission, kept))}
        assert {check for check in writes if found[check].result == "missing" and found[check].stops_work} == {
            *writes
        } - {kept}


@pytest.mark.parametrize("need", [need for need in NEEDS if need.kind != "comforts"], ids=lambda need: need.permission)
def test_a_permission_that_is_missing_is_named_alone_with_what_stops_without_it(need: Need) -> None:
    given = with_roles(*(each.permission for each in NEEDS if each != need))

    (found,) = (each for each in permission_findings(given) if each.result != "ok")

    assert (found.check, found.result, found.stops_work) == (need.permission, "missing", True)
    assert f"Without it {need.without}." in found.meaning
    assert found.advice == f"Add {need.permission} to the role of the OAuth client."


def test_divisions_are_told_by_grants_where_the_platform_does_not_list_them() -> None:
    given = with_roles(VIEW.permission, division=HOME, divisions_ask=ANSWERED, divisions=(HOME,))

    assert [each.result for each in division_findings(given)] == ["ok"]


def test_divisions_of_a_role_without_the_permission_to_see_do_not_count() -> None:
    sees = Grant(division=HOME, permissions=(VIEW.permission,))
    other = Grant(division=Division(id="sales", name="Sales"), permissions=("routing:queue:view",))
    given = facts(roles=ANSWERED, grants=(sees, other), divisions_ask=ANSWERED, divisions=(HOME, other.division))

    (found,) = division_findings(given)

    assert "1 of 2 are hidden: Sales" in found.meaning


def test_of_a_client_that_may_see_no_architect_flow_divisions_are_no_matter() -> None:
    given = with_roles("routing:queue:view", divisions_ask=ANSWERED, divisions=(HOME,))

    assert list(division_findings(given)) == []
    assert "what this client is for" not in [each.check for each in permission_findings(given)]


def test_where_the_org_s_divisions_are_not_told_nobody_says_that_all_are_seen() -> None:
    (found,) = division_findings(with_roles(VIEW.permission, division=HOME, divisions_ask=REFUSED))

    assert (found.result, "It sees Home." in found.meaning) == ("could not tell", True)


def test_every_need_says_what_stops_without_it() -> None:
    assert all(need.for_what and need.without for need in NEEDS)
    assert len({need.permission for need in NEEDS}) == len(NEEDS)
