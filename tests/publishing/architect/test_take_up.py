"""Whose lock it is: a living run of ours, a dead one, or another client's."""

import contextlib
from collections.abc import Callable

from pydantic import SecretStr

from genesys import Credentials, connect
from publishing.architect.lock import ShownLocks
from publishing.order import Timing
from publishing.publish import publish_architect_flow
from simulator.clients import WRITING, OAuthClient
from simulator.switches import Switches
from tests.publishing.clocks import FakeClock
from tests.publishing.scenes import FLOW, Scene, configuration, flow_ids, org_seed, publish_alone
from timeouts.planning.outcomes import Outcome


def test_a_run_waits_for_one_that_lives_and_does_not_take_its_lock(scene: Scene) -> None:
    scene.client.checkout(scene.order().target.id)
    moves = iter((configuration(10), configuration(10), None))

    def live_on(_: int) -> None:
        """The other run: it saves now and then, and publishes at last."""
        clock_ms[0] += 10_000
        body = next(moves, None)
        if body is not None:
            scene.client.save_version(scene.order().target.id, body)
        elif scene.flow()["lock"] is not None and scene.flow()["operation"] is None:
            scene.client.publish(scene.order().target.id)

    clock_ms = [0]
    pace = Timing(now_ms=lambda: clock_ms[0], sleep_ms=live_on, deadline_ms=600_000)

    outcome = publish_alone(scene.client, scene.order(), pace).outcome

    assert outcome.outcome == "unchanged"
    assert "live already as version 5.0" in outcome.reason
    assert not [path for path in scene.requests() if path.endswith("revert")]
    assert [version["publications"] for version in scene.flow()["versions"]] == [1, 1, 1]


def lock_as_terraform(scene: Scene, draft: bytes | None = None, architect_flow_id: str = FLOW) -> None:
    """Another tool, with a client of its own, checks the Architect flow out and may save a draft."""
    scene.org.add_client(OAuthClient("terraform", "its-secret", "Terraform", permissions=WRITING))
    credentials = Credentials(client_id="terraform", client_secret=SecretStr("its-secret"), api_url=scene.url)
    with contextlib.closing(connect(credentials, write=True)) as client:
        client.checkout(architect_flow_id)
        if draft is not None:
            client.save_version(architect_flow_id, draft)


def assert_left_alone(scene: Scene, draft: bytes | None) -> None:
    before = scene.flow()

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert "locked by Terraform" in outcome.reason
    assert scene.flow() == before
    assert draft is None or scene.client.latest_configuration(FLOW) == draft


def test_the_lock_of_another_client_is_never_released(scene: Scene) -> None:
    lock_as_terraform(scene)

    assert_left_alone(scene, None)


def test_a_draft_of_another_client_stays_even_where_it_looks_like_ours(scene: Scene) -> None:
    lock_as_terraform(scene, configuration(10))

    assert_left_alone(scene, configuration(10))


def test_where_locks_show_unknown_ids_another_clients_lock_is_told_from_ours_by_the_platform(scene: Scene) -> None:
    scene.org.set_switches(Switches(locked_client_shows="other_id"))
    lock_as_terraform(scene, configuration(10))

    assert_left_alone(scene, configuration(10))


def in_one_run(scene: Scene, before_the_second: Callable[[str], object]) -> tuple[Outcome, FakeClock]:
    """A run publishes one Architect flow and goes on to a second; returns what became of that, and the clock."""
    scene.org.reseed(org_seed(2))
    second = flow_ids(2)[1]
    shown = ShownLocks()
    first = publish_architect_flow(scene.client, scene.order(), scene.clock().pace(), shown)
    assert first.outcome.outcome == "published"
    before_the_second(second)
    clock = scene.clock()
    order = scene.order(architect_flow_id=second)
    return publish_architect_flow(scene.client, order, clock.pace(), shown).outcome, clock


def test_once_a_run_has_seen_its_own_lock_another_clients_is_told_at_once(scene: Scene) -> None:
    outcome, clock = in_one_run(scene, lambda second: lock_as_terraform(scene, architect_flow_id=second))

    assert (outcome.outcome, outcome.reason, clock.ms) == ("skipped", "locked by Terraform", 0)
    assert not [path for path in scene.requests() if path.endswith("revert")]


def test_a_lock_of_a_dead_run_is_taken_up_all_the_same(scene: Scene) -> None:
    for shows in ("client_id", "other_id"):
        scene.org.set_switches(Switches(locked_client_shows=shows))

        outcome, _ = in_one_run(scene, scene.client.checkout)

        assert outcome.outcome == "published"


def test_where_all_clients_locks_look_alike_the_platform_tells_them_apart(scene: Scene) -> None:
    scene.org.set_switches(Switches(locked_client_shows="other_id"))

    outcome, _ = in_one_run(scene, lambda second: lock_as_terraform(scene, architect_flow_id=second))

    assert (outcome.outcome, outcome.reason) == ("skipped", "locked by Terraform")
