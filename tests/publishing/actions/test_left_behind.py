"""The exceptions of actions in docs/safety.md: what is lost or left behind, that it is told, and what comes next."""

import contextlib
import dataclasses

from pydantic import SecretStr

from genesys import Credentials, WriteClient, connect
from simulator.clients import WRITING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.actions.draft_scenes import DISCARD, DRAFT, PUBLISH, PUT
from tests.publishing.actions.scenes import FUNCTION, REQUEST_TEMPLATE, Act, ActionScene, meanwhile, published


def terraform(scene: ActionScene) -> contextlib.closing[WriteClient]:
    """Another tool, with a client of its own."""
    scene.org.add_client(OAuthClient("terraform", "its-secret", "Terraform", permissions=WRITING))
    credentials = Credentials(client_id="terraform", client_secret=SecretStr("its-secret"), api_url=scene.url)
    return contextlib.closing(connect(credentials, write=True))


def test_a_draft_made_right_before_a_patch_that_discards_drafts_is_lost(patching: Act) -> None:
    scene = patching(Switches(action_patch_and_draft="discards"))
    before = scene.action()
    patch = Match(method="PATCH", path="/api/v2/integrations/actions/*")
    scene.org.schedule(scene.person_action("draft_action"), "before", patch)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action()) == ("published", published(before))


def test_an_edit_of_our_draft_right_before_we_discard_it_is_lost_with_it(drafting: Act) -> None:
    scene = drafting()
    before = scene.action()
    scene.org.plan_validation(FUNCTION, ["No."])
    scene.org.schedule(scene.person_action("draft_action"), "before", DISCARD)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action()) == ("failed", before)


def test_a_draft_of_ours_that_we_may_not_discard_stays_when_the_action_is_changed_and_is_left_to_people(
    drafting: Act,
) -> None:
    scene = drafting(may_delete=False)
    scene.org.schedule(scene.person_action("edit_action"), "before", PUT)

    first = scene.publish_and_verify()
    assert first.outcome == "skipped"
    assert first.notes == (
        "our draft stays, for integrations:action:delete is missing; the next run takes it up, or a person discards it",
    )
    theirs = scene.action()

    second = scene.publish_and_verify(scene.fresh_order())
    assert second.outcome == "skipped"
    assert second.reason.endswith("is not what is live with another limit any more: discard it by hand")
    assert scene.action() == theirs


def test_a_draft_that_somebody_makes_and_does_not_edit_is_taken_for_ours_where_a_second_one_is_the_first(
    drafting: Act,
) -> None:
    scene = drafting(Switches(second_draft="ok"))
    before = scene.action()
    with terraform(scene) as client:
        outcome = scene.publish_and_verify(pace=meanwhile(lambda: client.create_draft(FUNCTION)))

    assert (outcome.outcome, scene.action()) == ("published", published(before))


def test_a_function_that_somebody_puts_into_our_draft_right_before_us_is_overwritten(drafting: Act) -> None:
    scene = drafting()
    before = scene.action()
    theirs = b'{"zipId": "their-zip", "timeoutSeconds": 5}'
    with terraform(scene) as client:
        pace = meanwhile(lambda: client.put_draft_function(FUNCTION, theirs), asked=2)
        outcome = scene.publish_and_verify(pace=pace)

    assert (outcome.outcome, scene.action()) == ("published", published(before))


def test_an_edit_of_our_draft_after_a_refused_publish_goes_live_with_the_second_one_and_is_told(drafting: Act) -> None:
    scene = drafting()
    scene.org.add_fault(Fault(kind="status", status=409, match=PUBLISH))
    second = Match(method="POST", path=f"{DRAFT}/publish", nth=2)
    scene.org.schedule(scene.person_action("draft_action"), "before", second)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert outcome.reason == "published as 5, but not as planned: action.config.request.headers.X-Edited-By"


def test_a_draft_that_is_hidden_when_we_look_is_lost_to_a_patch_that_discards_drafts(patching: Act) -> None:
    scene = patching(Switches(action_patch_and_draft="discards"))
    before = scene.action()
    scene.org.play(scene.person_action("draft_action"))
    scene.org.add_fault(Fault(kind="status", status=404, match=Match(method="GET", path=DRAFT)))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action()) == ("published", published(before))


def test_a_discard_that_comes_after_the_settle_period_takes_away_what_somebody_drafted_since(drafting: Act) -> None:
    scene = drafting()
    before = scene.action()
    scene.org.plan_validation(FUNCTION, ["No."])
    late = Match(method="DELETE", path=DISCARD.path)
    scene.org.add_fault(Fault(kind="status", status=504, match=late, lands_after_ms=200_000))

    outcome = scene.publish_and_verify()
    assert (outcome.outcome, outcome.notes, scene.action()) == ("failed", (), before)
    scene.org.play(scene.person_action("draft_action"))
    scene.org.advance_ms(200_000)

    assert scene.action() == before


def test_a_draft_that_somebody_makes_and_does_not_edit_after_discarding_ours_is_taken_for_ours(drafting: Act) -> None:
    scene = drafting()
    before = scene.action()
    scene.org.schedule(scene.person_action("discard_action_draft"), "before", PUT)
    assert scene.publish_and_verify().outcome == "skipped"
    with terraform(scene) as client:
        client.create_draft(FUNCTION)

    assert (scene.publish_and_verify().outcome, scene.action()) == ("published", published(before))


def test_a_publish_that_comes_after_the_settle_period_goes_live_where_its_draft_stayed(drafting: Act) -> None:
    scene = drafting(may_delete=False)
    before = scene.action()
    scene.org.add_fault(Fault(kind="status", status=504, match=PUBLISH, lands_after_ms=200_000))

    outcome = scene.publish_and_verify()
    assert (outcome.outcome, outcome.may_be_live, scene.action()["version"]) == ("unknown", True, 4)
    scene.org.advance_ms(200_000)

    assert scene.action() == published(before)


def test_a_template_that_a_replica_shows_as_it_was_before_takes_the_place_of_a_newer_one(patching: Act) -> None:
    """Its text comes by a request of its own and carries no version; that of the document is no older than the plan."""
    scene = patching()
    text = Match(method="GET", path="/api/v2/integrations/actions/*/templates/requesttemplate.vm", nth=2)
    scene.org.add_fault(Fault(kind="stale", match=text))
    earlier = scene.client.action_content(scene.id)
    theirs = dataclasses.replace(earlier, templates={**earlier.templates, "requestTemplate": "theirs"})
    version = scene.client.patch_action(scene.id, theirs.patch())

    outcome = scene.publish_and_verify(scene.order(version=version))

    assert (outcome.outcome, outcome.version_after, outcome.notes) == ("published", str(version + 1), ())
    assert scene.action()["requestTemplate"] == REQUEST_TEMPLATE
