"""A function carries no version: a replica that lags behind shows the old limit under the new version of its action."""

import dataclasses
import json
import threading
from typing import Any

import pytest

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from flows.run.pace import pace_until
from publishing.order import Timing
from reports.report import Report
from simulator.clients import OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.seeds import ActionSeed, ArchitectFlowSeed, DivisionSeed, OrgSeed
from simulator.server import Running
from tasks.running.clock import now_ms
from tasks.storage import default_storage
from tasks.storage.function_limits import CONFIRMED_AFTER_MS, FunctionLimits
from tests.flows.conftest import plan_of, report_of, run_id_of
from tests.flows.writing.rollout.test_rollout_of_actions import BY_BOTH
from tests.simulator.conftest import configuration, step
from tests.timeouts.conftest import action

PRICE = "custom_-_fn"
FUNCTION = f"/api/v2/integrations/actions/{PRICE}/function"


@pytest.fixture(scope="module")
def seed() -> OrgSeed:
    """A function data action of 4 s, and one Architect flow that waits as long as it says."""
    body = json.dumps(configuration(step("step-1", actionId=PRICE, useSuggestedTimeout=True))).encode()
    return OrgSeed(
        "org-functions",
        "Functions",
        "architect",
        (DivisionSeed("home", "Home"),),
        (),
        [ActionSeed(PRICE, "Price", "Function Data Actions", "i-2", function_timeout_seconds=4)],
        [ArchitectFlowSeed("af-1", "Line", "inboundcall", "home", lambda _: body, published_versions=("1.0",))],
    )


@pytest.fixture
def raised(served: Running) -> str:
    """The run that has raised the function to 10 s, whose replicas remember how it was before."""
    lag(served, times=0)
    audit(return_state=True)  # a replica remembers what it was asked for
    return run_id_of(raise_timeouts(policy=BY_BOTH, mode="apply", return_state=True))


def lag(served: Running, times: int | None) -> None:
    """Show the function from before the raise so many times."""
    served.org.add_fault(Fault(kind="stale", match=Match(method="GET", path=FUNCTION, times=times)))


def live_seconds(served: Running) -> Any:
    return served.org.state()["actions"][PRICE]["function"]["timeoutSeconds"]


def limits(report: Report) -> list[int | None]:
    return [each.waits_ms for each in report.actions]


def without_lag(stop: threading.Event) -> Timing:
    return dataclasses.replace(pace_until(stop), lag_ms=0)


@pytest.mark.usefixtures("raised")
def test_what_a_replica_showed_right_after_a_publish_is_not_believed_for_ever(served: Running) -> None:
    lag(served, times=None)
    within = report_of(audit(return_state=True))
    served.org.clear_faults()

    assert limits(within) == [4_000], "nothing tells it from the truth"
    assert limits(report_of(audit(return_state=True))) == [10_000]


def test_a_roll_back_reads_a_function_again_that_lags_behind_the_raise(served: Running, raised: str) -> None:
    lag(served, times=1)

    back = roll_back(raised, mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert live_seconds(served) == 4


def test_a_function_that_goes_on_to_lag_behind_is_never_green(
    served: Running, raised: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.roll_back.pace_until", without_lag)
    lag(served, times=None)

    back = roll_back(raised, mode="apply", return_state=True)

    (left,) = plan_of(back).actions_left
    assert (back.name, left.why) == ("Incomplete", "not_read")
    assert "version 2 is shown with 4s, as before the run, which made it with 10s" in left.reason
    assert live_seconds(served) == 10

    served.org.clear_faults()
    assert roll_back(raised, mode="apply", return_state=True).is_completed()
    assert live_seconds(served) == 4


def test_a_roll_back_that_may_not_read_a_function_does_not_say_that_somebody_changed_it(
    served: Running, raised: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = served.org.tokens.clients["demo-writer"]
    permissions = writer.permissions - {"integrations:actionFunction:view"}
    served.org.add_client(OAuthClient("blind", "blind-secret", "Blind", permissions))
    monkeypatch.setenv("GENESYS_CLIENT_ID", "blind")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "blind-secret")

    back = roll_back(raised, return_state=True)

    assert back.name == "Incomplete"
    assert [(left.why, left.reason) for left in plan_of(back).actions_left] == [
        ("not_read", "its limit now is not known: the function behind it could not be read")
    ]


def test_a_limit_is_known_once_it_was_read_again_long_after_any_lag_and_was_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    price = action("fn", kind="function", version=2)
    kept = FunctionLimits(default_storage(), "org-1")
    began_ms = now_ms()

    def known_after(read_ms: int, limit_ms: int) -> int | None:
        monkeypatch.setattr("tasks.storage.function_limits.now_ms", lambda: began_ms + read_ms)
        kept.keep(price, limit_ms)
        return kept.with_known(price).function_ms

    later_ms = CONFIRMED_AFTER_MS
    assert known_after(0, 4_000) is None
    assert known_after(later_ms, 10_000) is None, "so the first one was a replica's"
    assert known_after(2 * later_ms - 1, 10_000) is None, "which may be so of this one, too"
    assert known_after(2 * later_ms, 10_000) == 10_000
