"""What cannot be held, by name: each with its reason and the test that pins what happens instead."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exempt:
    """One exception. `test`: module and function."""

    when: str
    instead: str
    why: str
    test: str


EXCEPTIONS = (
    Exempt(
        "A colleague breaks our lock by force and checks in or publishes, between our last look and our publish",
        "Their version goes live with our request (checked in), or is published a second time. Told as skipped, "
        "naming them. Ours is not live.",
        "Publish takes no condition, and without a lock the platform publishes the newest checked-in version. The "
        "moment is one request long: the last look comes right before the publish.",
        "matrices.test_colleague_matrix."
        "test_where_the_platform_published_their_work_with_our_request_it_is_told_as_not_ours",
    ),
    Exempt(
        "A run stands still for longer than the grace period between its last look and its publish, and another run "
        "takes its lock up meanwhile",
        "The version that the other run published is published a second time; what is live is as expected.",
        "The same. One apply at a time per org (a Prefect concurrency limit) keeps two runs apart to begin with.",
        "architect.test_concurrency."
        "test_a_run_that_froze_between_its_last_look_and_its_publish_publishes_the_same_version_again",
    ),
    Exempt(
        "A colleague unpublishes the Architect flow between our last look and our publish",
        "It is in service again, with ours. Told as published.",
        "Publish takes no condition. One request long.",
        "architect.open_questions.test_unpublished.test_one_that_is_unpublished_right_before_our_publish_is_in_service_again",
    ),
    Exempt(
        "A colleague breaks our lock by force after our save",
        "The platform checks in what we had saved; it is not published by us unless the lock was merely released in "
        "that last moment. Told as skipped, naming the version.",
        "Unlock commits (docs/platform.md#locks). From then on it is the colleague's to publish or discard.",
        "architect.test_left_behind.test_a_draft_that_a_forced_unlock_committed_is_told_and_left_to_the_colleague",
    ),
    Exempt(
        "`revert_leaves = lock`, and the publish fails",
        "Our lock stays, without a draft, and is told. The next run works under it and its publish releases it.",
        "Only `unlock` or a check-in would release it: the one does not exist in this house, the other makes a "
        "version that nobody asked for.",
        "architect.test_left_behind.test_a_lock_that_revert_leaves_is_told_and_the_next_run_works_under_it",
    ),
    Exempt(
        "`revert_leaves = saved_draft`, and the publish fails",
        "Our draft stays saved, without a lock, and is told. The next run with the same order takes it up.",
        "There is no other call that discards a draft.",
        "architect.test_left_behind.test_a_draft_that_revert_leaves_is_told_and_the_next_run_takes_it_up",
    ),
    Exempt(
        "The platform checks our draft in and then fails to publish it",
        "A checked-in version newer than the live one stays, and is told as failed. Later runs skip it as drafted.",
        "Publishing is not atomic (docs/platform.md#editing-order), and a checked-in version cannot be taken back.",
        "architect.test_left_behind.test_a_publish_that_fails_after_its_check_in_is_told_and_left",
    ),
    Exempt(
        "A publish comes to effect later than the settle period (75 s) after its answer was lost, and a colleague has "
        "checked in a draft since our revert",
        "Their checked-in draft goes live. Told as failed; ours is not live.",
        "Publish takes no condition, and a request cannot be called back. Longer than gateways wait for what is behind "
        "them.",
        "architect.test_late_effects."
        "test_a_publish_that_lands_later_than_anything_waits_ships_what_a_colleague_has_checked_in",
    ),
    Exempt(
        "A republish comes to effect later than the settle period after its answer was lost",
        "It takes the newest modules in after the run, without our draft and our lock. Told as failed; the Architect "
        "flow's own content is as it was.",
        "Any publish of what is live takes the modules in, and a request cannot be called back.",
        "architect.test_republishing.test_a_republish_that_lands_later_than_anything_waits_still_takes_the_module_in",
    ),
    Exempt(
        "`shows_snapshots = False`, and somebody publishes the module with another timeout before our republish",
        "It is taken in, and told as published, with the note that the copy is not shown and was not compared.",
        "Nothing tells what the copy says. Where no copy is shown, no plan asks for a republish to begin with.",
        "matrices.test_colleague_matrix."
        "test_published_means_that_the_copy_says_what_was_planned_whoever_publishes_the_module_meanwhile",
    ),
    Exempt(
        "A check-out comes to effect later than the settle period after its answer was lost",
        "Our lock appears, without a draft. The next run, or `genesys-timeouts locks --release`, takes it up.",
        "A request cannot be called back.",
        "architect.test_late_effects."
        "test_a_check_out_that_lands_later_than_anything_leaves_a_lock_that_the_next_run_takes_up",
    ),
    Exempt(
        "`flowData`: somebody replaces the document between our read and our PUT, without a lock",
        "Ours replaces theirs.",
        "The tutorial's contract has no version, no lock of ours and no condition on PUT. One request long.",
        "architect.test_left_behind.test_flow_data_that_somebody_replaces_right_before_our_put_is_overwritten",
    ),
)

ACTION_EXCEPTIONS = (
    Exempt(
        "`action_patch_and_draft = discards`, and somebody makes a draft between our look and our PATCH",
        "Their draft is gone, and ours is live.",
        "PATCH takes the version of what is live as its condition, and none for a draft. One request long.",
        "actions.test_left_behind.test_a_draft_made_right_before_a_patch_that_discards_drafts_is_lost",
    ),
    Exempt(
        "`draft_version = published`, and somebody edits our draft between our last look at it and our publish",
        "Their edit goes live with ours. Told as failed, not as planned, naming what they changed.",
        "The version that a publish names does not tell an edited draft from ours. Two requests long, for after the "
        "draft the action is looked at; up to six for its templates and its function, which are read before it.",
        "matrices.test_action_colleague_matrix."
        "test_where_the_platform_published_their_edit_of_our_draft_with_ours_it_is_told_as_not_as_planned",
    ),
    Exempt(
        "`stale_draft_publish = overwrites`, and somebody publishes a version between our last look and our publish",
        "Ours goes live over theirs. Told as published, with the versions that it went from and to.",
        "The publish of a draft takes no condition for what is live. One request long.",
        "matrices.test_action_colleague_matrix.test_where_the_platform_put_our_draft_over_their_version_it_is_told",
    ),
    Exempt(
        "Somebody edits our draft between our look and our DELETE of it",
        "Their edit is discarded with it.",
        "DELETE of a draft takes no condition. One request long.",
        "actions.test_left_behind.test_an_edit_of_our_draft_right_before_we_discard_it_is_lost_with_it",
    ),
    Exempt(
        "Somebody puts another function into our draft right before our PUT",
        "Ours replaces theirs.",
        "A Function carries no version, and its PUT takes no condition. One request long.",
        "actions.test_left_behind.test_a_function_that_somebody_puts_into_our_draft_right_before_us_is_overwritten",
    ),
    Exempt(
        "`second_draft = ok`, and somebody makes a draft, without editing it, between our look and our POST",
        "It is taken for ours: published with the new limit, or discarded.",
        "Drafts carry no owner, and nothing tells theirs from the one that we asked for. Nothing of theirs is in it.",
        "actions.test_left_behind."
        "test_a_draft_that_somebody_makes_and_does_not_edit_is_taken_for_ours_where_a_second_one_is_the_first",
    ),
    Exempt(
        "Our publish is refused, and somebody edits our draft right before it is tried with the next version",
        "Their edit goes live with ours. Told as failed, not as planned, naming what they changed.",
        "Whether a publish names the draft's version or the next one is open; one edit later they are the same number.",
        "actions.test_left_behind."
        "test_an_edit_of_our_draft_after_a_refused_publish_goes_live_with_the_second_one_and_is_told",
    ),
    Exempt(
        "Our client may not discard drafts, and somebody publishes a version while we have one",
        "Our draft stays, and is told. Later runs skip the action until a person discards it.",
        "It would go live over theirs, and it takes `integrations:action:delete` to discard it.",
        "actions.test_left_behind."
        "test_a_draft_of_ours_that_we_may_not_discard_stays_when_the_action_is_changed_and_is_left_to_people",
    ),
    Exempt(
        "`action_patch_and_draft = discards`, and the platform answers 404 for a draft that somebody has, when we look",
        "Their draft is gone, and ours is live.",
        "Nothing lists drafts, and most actions have none: a 404 is believed here, or each change would wait 25 s.",
        "actions.test_left_behind.test_a_draft_that_is_hidden_when_we_look_is_lost_to_a_patch_that_discards_drafts",
    ),
    Exempt(
        "The answer to our discard of a draft is lost, it comes more than 75 s later, and somebody has made a draft "
        "since",
        "Their draft is discarded.",
        "DELETE of a draft takes no condition. It is waited for first, longer than gateways wait for what is behind "
        "them, and sent again where nothing came of it.",
        "actions.test_left_behind."
        "test_a_discard_that_comes_after_the_settle_period_takes_away_what_somebody_drafted_since",
    ),
    Exempt(
        "Somebody discards the draft that we had made, and makes one, without editing it, before the next run",
        "It is taken for ours: published with the new limit, or discarded.",
        "Drafts carry no owner. A 404 does not prove that ours is gone, so its mark stays until the next run has "
        "looked. Nothing of theirs is in it.",
        "actions.test_left_behind."
        "test_a_draft_that_somebody_makes_and_does_not_edit_after_discarding_ours_is_taken_for_ours",
    ),
    Exempt(
        "The answer to our publish of a draft is lost, it comes more than 75 s later, and our client may not discard "
        "drafts",
        "Ours goes live after the run. Told as unknown, which a roll back covers.",
        "With the permission `integrations:action:delete` the draft is discarded, and a later publish finds none.",
        "actions.test_left_behind.test_a_publish_that_comes_after_the_settle_period_goes_live_where_its_draft_stayed",
    ),
    Exempt(
        "Somebody publishes another template, the plan is made on that version, and a replica still shows the template "
        "from before when we read it for our PATCH",
        "Their template is replaced by the one before it. Told as published: what is live is what we sent.",
        "A template comes by a request of its own and carries no version, and PATCH takes the version of the action "
        "alone. Plan and PATCH have to follow their publish within the lag of replicas, 25 s; to wait that long with "
        "each change would cost every run more than it spares.",
        "actions.test_left_behind.test_a_template_that_a_replica_shows_as_it_was_before_takes_the_place_of_a_newer_one",
    ),
)
"""Those of the limits of actions."""
