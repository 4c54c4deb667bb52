"""`genesys-timeouts set` and common modules: a publish takes them in as they are by then."""

import dataclasses

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.content.documents import to_bytes
from simulator.org.seeds import ArchitectFlowSeed
from simulator.server import Running
from tests.cli.scenes import named, set_step, writes
from tests.publishing.module_scenes import MODULE, caller, module
from tests.publishing.scenes import org_seed
from timeouts.definitions import read_definition
from timeouts.model.settings import LiteralTimeout

pytestmark = pytest.mark.usefixtures("prefect")

CONSUMERS = "/api/v2/architect/dependencytracking/updatedresourceconsumers"


def test_what_else_goes_live_is_told_before_anything_is_published(pointed_at: Running) -> None:
    target, step = named(pointed_at.org, "Gewährleistung Paris").id, "Termin „buchen“"

    said = set_step(target, step, "--dry-run")

    assert said.code == 0
    assert "Goes live too:  module Loyalty programme Zürich (7.0 to 8.0)" in said.out
    assert writes(pointed_at.org) == []


def test_what_else_may_go_live_and_could_not_be_read_is_told_to_who_may_lower(pointed_at: Running) -> None:
    """It might shorten the copies of the module, and the others may not."""
    target, step = named(pointed_at.org, "Gewährleistung Paris").id, "Termin „buchen“"
    named_so = [each for each in pointed_at.org.seed.architect_flows if each.name == "Loyalty programme Zürich"]
    (module,) = (each.id for each in named_so if each.type == "commonmodule")
    for path in (f"/api/v2/flows/{module}", CONSUMERS):
        pointed_at.org.add_fault(Fault(match=Match(path=path, times=None), kind="status", status=403))

    refused = set_step(target, step, "--dry-run")
    said = set_step(target, step, "--dry-run", "--allow-lowering")

    assert (refused.code, said.code) == (1, 0)
    why = "a republish would take in Loyalty programme Zürich as it is now, which could not be read: it might shorten"
    assert why in refused.problems
    told = "perhaps newer versions of these modules, which could not be read: Loyalty programme Zürich"
    assert f"Goes live too:  {told}" in said.out
    assert "Goes live too:  perhaps newer prompts, which is not known: " in said.out


def test_a_module_that_waits_less_than_its_copy_is_taken_in_by_who_may_lower_alone(architect_org: Running) -> None:
    calling = caller(seconds=5, version="0.9").replace(MODULE.encode(), b"module-1")

    def flow(name: str, kind: str, body: bytes) -> ArchitectFlowSeed:
        return ArchitectFlowSeed(name, name, kind, "home", lambda _: body, published_versions=("1.0",))

    flows = flow("module-1", "COMMONMODULE", to_bytes(module(3))), flow("caller-1", "INBOUNDCALL", calling)
    architect_org.org.reseed(dataclasses.replace(org_seed(), architect_flows=flows))
    (own,) = read_definition(calling).steps

    refused = set_step("caller-1", own.id, "--yes")
    assert refused.code == 1
    assert "a republish would shorten the copy of Look up the customer of module-1 in it from 5s to 3s" in (
        refused.problems
    )
    assert "`--allow-lowering` of `set`" in refused.problems
    assert writes(architect_org.org) == []

    said = set_step("caller-1", own.id, "--yes", "--allow-lowering")
    assert (said.code, said.problems.strip()) == (0, "")
    assert "Goes live too:  module module-1 (0.9 to 1.0)" in said.out
    (live,) = read_definition(architect_org.org.configuration("caller-1")).snapshots
    assert [each.setting for each in live.steps] == [LiteralTimeout(timeout_ms=3_000)]


def test_who_sets_a_step_of_a_common_module_is_told_when_its_callers_get_it(pointed_at: Running) -> None:
    told = "this is a common module: Architect flows that embed it wait as before until republished"
    module = "0e3cf4e8-74f7-424e-a091-ec6ecf5f034a"  # Bestellstatus Málaga

    assert told in set_step(module, "CRM lookup by phone", "--dry-run").out
    assert told not in set_step(named(pointed_at.org, "Gewährleistung Paris").id, "Termin „buchen“", "--dry-run").out
