"""An Architect flow that somebody took out of service ("Unpublish" in the editor): no publish of ours puts it back."""

from typing import Literal

import pytest

from publishing.publish import verify
from simulator.org.people import PersonAction
from simulator.switches import Switches
from tests.publishing.colleagues import ADA
from tests.publishing.matrices.architect_tables import SEQUENCE
from tests.publishing.scenes import FLOW, Scene, configuration

UNPUBLISH = PersonAction(kind="unpublish", architect_flow_id=FLOW, person=ADA)
GONE = "stale: it was unpublished after the plan, which knows 4.0"
DEACTIVATED = "deactivated: a publish would put it back into service"
SHOWS = [("no_version", GONE), ("inactive", DEACTIVATED)]

Shows = Literal["no_version", "inactive"]


@pytest.mark.parametrize(("shows", "why"), SHOWS)
def test_one_that_was_unpublished_after_the_plan_is_left(scene: Scene, shows: Shows, why: str) -> None:
    scene.org.set_switches(Switches(unpublished_shows=shows))
    scene.org.play(UNPUBLISH)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason, outcome.notes) == ("skipped", why, ())
    assert (scene.requests(), scene.flow()["active"]) == ([], False)


@pytest.mark.parametrize("request_", ["check-out", "latest configuration", "save"])
@pytest.mark.parametrize(("shows", "why"), SHOWS)
def test_one_that_is_unpublished_while_we_work_on_it_is_left_without_lock_and_draft(
    scene: Scene, shows: Shows, why: str, request_: str
) -> None:
    scene.org.set_switches(Switches(unpublished_shows=shows))
    scene.org.schedule(UNPUBLISH, "before", SEQUENCE[request_].match)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason, outcome.notes) == ("skipped", why, ())
    state = scene.flow()
    assert (state["lock"], state["saved"], state["active"], len(state["versions"])) == (None, None, False, 2)


@pytest.mark.parametrize(("shows", "what"), [("no_version", "unpublished"), ("inactive", "deactivated")])
def test_one_that_is_unpublished_right_after_our_publish_is_published_with_a_note(
    scene: Scene, shows: Shows, what: str
) -> None:
    scene.org.set_switches(Switches(unpublished_shows=shows))
    publication = scene.publish()
    scene.org.play(UNPUBLISH)

    outcome = verify(scene.client, scene.order(), publication, scene.clock().pace())

    assert (outcome.outcome, outcome.version_after) == ("published", "5.0")
    assert outcome.notes == (f"it was {what} after ours",)


@pytest.mark.parametrize("shows", ["no_version", "inactive"])
def test_one_that_is_unpublished_right_before_our_publish_is_in_service_again(scene: Scene, shows: Shows) -> None:
    """An exception (docs/safety.md): the platform's publish takes no condition."""
    scene.org.set_switches(Switches(unpublished_shows=shows))
    scene.org.schedule(UNPUBLISH, "before", SEQUENCE["publish"].match)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, scene.flow()["active"]) == ("published", "5.0", True)


def test_a_lock_that_a_dead_run_left_on_one_is_let_go(scene: Scene) -> None:
    scene.org.set_switches(Switches(unpublished_shows="inactive"))
    scene.client.checkout(FLOW)
    scene.client.save_version(FLOW, configuration(10))
    scene.org.play(UNPUBLISH)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", DEACTIVATED)
    assert (scene.flow()["lock"], scene.flow()["saved"]) == (None, None)
