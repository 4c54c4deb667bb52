"""Functions whose reading answers 404, although their actions are listed."""

import contextlib
import dataclasses
from collections.abc import Sequence

from prefect import flow

from genesys import TransportSettings
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.seeds import ActionSeed
from simulator.server import running
from tasks.read_functions import FunctionsRead, read_functions
from tests.publishing.clocks import GatewayClock
from tests.publishing.scenes import PATIENT, client_of, org_seed
from timeouts.inventory import Inventory

FUNCTIONS = [
    ActionSeed(f"custom_-_{name}", name, "Function Data Actions", "i-1", function_timeout_seconds=seconds)
    for seconds, name in enumerate(("Alpha", "Beta", "Gamma"), start=3)
]


def read(
    *faults: Fault, actions: Sequence[ActionSeed] = FUNCTIONS, settings: TransportSettings = PATIENT
) -> tuple[FunctionsRead, list[str], int]:
    """What is read, the functions that were asked for, and how long it took, in milliseconds of the org's clock."""
    with running(dataclasses.replace(org_seed(), actions=actions)) as simulator:
        clock = GatewayClock(passes=simulator.org.advance_ms)
        with contextlib.closing(client_of(simulator.url, settings, clock=clock)) as client:
            listing = Inventory(client.organization(), actions=client.actions())
            for fault in faults:
                simulator.org.add_fault(fault)
            simulator.org.clear_log()
            found = flow(read_functions.fn)(client, listing)
        paths = [call.path for call in simulator.org.log if call.path.endswith("/function")]
        return found, [path.split("/")[-2].partition("_-_")[2] for path in paths], clock.ms


def missing(name: str, **how: object) -> Fault:
    match = Match(path=f"/api/v2/integrations/actions/custom_-_{name}/function", times=None)
    return Fault(kind="status", status=404, match=match, **how)  # type: ignore[arg-type] # the fields of a fault


def test_a_function_that_is_missing_for_20_s_is_read() -> None:
    found, asked, _ = read(missing("Beta", lasts_ms=20_000))

    assert (dict(found.limits_ms), found.problem) == (
        {"custom_-_Alpha": 3_000, "custom_-_Beta": 4_000, "custom_-_Gamma": 5_000},
        "",
    )
    assert (set(asked[:3]), set(asked[3:])) == ({"Alpha", "Beta", "Gamma"}, {"Beta"})


def test_functions_are_asked_for_side_by_side() -> None:
    each_once = Fault(kind="hang", match=Match(path="/api/v2/integrations/actions/*/function", times=3))
    found, asked, _ = read(each_once, settings=TransportSettings(read_ms=1_000, total_ms=1_000))

    assert set(asked[:3]) == {"Alpha", "Beta", "Gamma"}
    assert (len(found.limits_ms), found.problem) == (3, "")


def test_a_function_whose_limit_is_not_understood_is_named_and_the_others_are_read() -> None:
    odd = dataclasses.replace(FUNCTIONS[0], function_timeout_seconds="3")  # type: ignore[arg-type] # what it is about

    found, asked, _ = read(actions=[odd, *FUNCTIONS[1:]])

    assert (dict(found.limits_ms), sorted(asked)) == (
        {"custom_-_Beta": 4_000, "custom_-_Gamma": 5_000},
        ["Alpha", "Beta", "Gamma"],
    )
    assert "function.timeoutSeconds is '3'" in found.problem


def test_functions_that_stay_missing_are_waited_for_together_and_named() -> None:
    found, _, took_ms = read(missing("Alpha"), missing("Gamma"))

    assert dict(found.limits_ms) == {"custom_-_Beta": 4_000}
    assert ("Alpha (" in found.problem, "Gamma (" in found.problem) == (True, True)
    assert 25_000 <= took_ms <= 35_000


def test_after_the_page_of_a_gateway_no_more_functions_are_asked_for() -> None:
    many = [dataclasses.replace(FUNCTIONS[0], id=f"custom_-_{number}", name=f"F{number}") for number in range(20)]
    page = Fault(kind="html", match=Match(path="/api/v2/integrations/actions/*/function", times=None))
    found, asked, _ = read(page, actions=many)

    assert dict(found.limits_ms) == {}
    assert "0" in asked
    assert len(set(asked)) < 10  # those that were under way, and what was begun meanwhile
    assert "a web page (text/html) came in the place of the answer" in found.problem


def test_of_many_functions_that_cannot_be_read_the_first_few_are_named() -> None:
    odd = [
        ActionSeed(f"custom_-_{number}", f"F{number}", "Function Data Actions", "i-1", function_timeout_seconds="3")  # type: ignore[arg-type] # what it is about
        for number in range(7)
    ]

    found, asked, _ = read(actions=odd)

    assert len(asked) == 7
    assert ("F4 (" in found.problem, "F5 (" in found.problem) == (True, False)
    assert found.problem.endswith(" and 2 more")
