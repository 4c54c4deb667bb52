"""The common modules of the demo org, and the Architect flows that carry snapshots of them."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from simulator.demo.org import build_demo_org
from simulator.org.org import Org
from simulator.org.people import PersonAction
from simulator.org.seeds import ArchitectFlowSeed, OrgSeed
from tests.simulator.demo.walks import actions, live, models, steps


class Caller(NamedTuple):
    """An Architect flow with snapshots."""

    seed: ArchitectFlowSeed
    document: dict[str, Any]

    @property
    def entries(self) -> list[dict[str, Any]]:
        return self.document["commonModules"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module", params=[20, 60])
def org(request: pytest.FixtureRequest) -> OrgSeed:
    return build_demo_org(1, request.param)


@pytest.fixture(scope="module")
def modules(org: OrgSeed) -> dict[str, ArchitectFlowSeed]:
    return {one.id: one for one in org.architect_flows if one.type == "commonmodule"}


@pytest.fixture(scope="module")
def callers(org: OrgSeed) -> list[Caller]:
    return list(_callers(org))


def _callers(org: OrgSeed) -> Iterator[Caller]:
    for seed in org.architect_flows:
        document = json.loads(live(seed))
        if "commonModules" in document:
            yield Caller(seed, document)


def calls(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in actions(document) if node["__type"] == "CallCommonModuleAction"]


def test_every_node_that_calls_a_module_names_one_whose_snapshot_is_there(org: OrgSeed) -> None:
    for seed in org.architect_flows:
        document = json.loads(live(seed))
        known = {entry["id"]: entry["name"] for entry in document.get("commonModules", [])}
        assert all(known[node["commonModule"]["id"]] == node["commonModule"]["name"] for node in calls(document))


def test_every_snapshot_names_the_nodes_that_call_it(callers: list[Caller]) -> None:
    for caller in callers:
        nodes = [node for document in [caller.document, *models(caller.document)] for node in calls(document)]
        for entry in caller.entries:
            expected = [node["id"] for node in nodes if node["commonModule"]["id"] == entry["id"]]
            assert entry["actionReferences"] == expected
            assert expected


def test_a_snapshot_is_a_published_version_of_the_module_without_its_manifest(
    callers: list[Caller], modules: dict[str, ArchitectFlowSeed]
) -> None:
    for caller in callers:
        for entry in caller.entries:
            published = json.loads(modules[entry["id"]].configuration(entry["version"]))
            del published["manifest"]
            published.pop("commonModules", None)
            assert entry["model"] == published


def test_some_snapshots_are_older_than_their_module_and_others_are_not(
    callers: list[Caller], modules: dict[str, ArchitectFlowSeed]
) -> None:
    old = {entry["version"] != modules[entry["id"]].published_versions[-1] for one in callers for entry in one.entries}

    assert old == {True, False}


def test_some_modules_have_steps_and_are_carried_by_several_architect_flows(callers: list[Caller]) -> None:
    carriers = [entry["id"] for caller in callers for entry in caller.entries if steps(entry["model"])]

    assert max(map(carriers.count, carriers)) >= 3


def test_few_architect_flows_call_modules(org: OrgSeed, callers: list[Caller]) -> None:
    assert 3 <= len(callers) <= len(org.architect_flows) // 5


def test_modules_call_modules_and_their_callers_carry_both() -> None:
    found = {caller.seed.id: caller for caller in _callers(build_demo_org())}
    nested = [one for one in found.values() if one.seed.type == "commonmodule"]

    for module in nested:
        for caller in found.values():
            ids = {entry["id"] for entry in caller.entries}
            assert module.seed.id not in ids or {entry["id"] for entry in module.entries} < ids
    assert {one.seed.id for one in nested} & {entry["id"] for one in found.values() for entry in one.entries}


def test_the_versions_that_are_carried_are_known_without_making_the_configuration(org: OrgSeed) -> None:
    for seed in org.architect_flows[:20]:
        for label in seed.published_versions:
            entries = json.loads(seed.configuration(label)).get("commonModules", [])
            assert seed.modules is not None
            assert seed.modules(label) == {entry["id"]: entry["version"] for entry in entries}


def test_a_publish_of_a_caller_changes_only_snapshots_that_are_old(
    org: OrgSeed, callers: list[Caller], modules: dict[str, ArchitectFlowSeed]
) -> None:
    for caller in callers:
        if caller.seed.locked_by is None and caller.seed.draft == "none":
            live_org = Org(org)
            person, body = live_org.person("A colleague"), live(caller.seed)
            live_org.play(PersonAction(kind="publish", architect_flow_id=caller.seed.id, person=person, body=body))
            newest = all(entry["version"] == modules[entry["id"]].published_versions[-1] for entry in caller.entries)
            assert (live_org.configuration(caller.seed.id) == body) is newest
