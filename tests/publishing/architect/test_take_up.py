"""Whose lock it is: a living run of ours, a dead one, or another client's."""

import contextlib

from pydantic import SecretStr

from genesys import Credentials, connect
from publishing.order import Timing
from publishing.publish import publish_architect_flow
from simulator.clients import WRITING, OAuthClient
from simulator.switches import Switches
from tests.publishing.scenes import FLOW, Scene, configuration


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

    outcome = publish_architect_flow(scene.client, scene.order(), pace).outcome

    assert outcome.outcome == "unchanged"
    assert "live already as version 5.0" in outcome.reason
    assert not [path for path in scene.requests() if path.endswith("revert")]
    assert [version["publications"] for version in scene.flow()["versions"]] == [1, 1, 1]


def lock_as_terraform(scene: Scene, draft: bytes | None = None) -> None:
    """Another tool, with a client of its own, checks the Architect flow out and may save a draft."""
    scene.org.add_client(OAuthClient("terraform", "its-secret", "Terraform", permissions=WRITING))
    credentials = Credentials(client_id="terraform", client_secret=SecretStr("its-secret"), api_url=scene.url)
    with contextlib.closing(connect(credentials, write=True)) as client:
        client.checkout(FLOW)
        if draft is not None:
            client.save_version(FLOW, draft)


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
