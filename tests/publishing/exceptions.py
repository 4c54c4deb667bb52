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
        "test_colleague_matrix.test_where_the_platform_published_their_work_with_our_request_it_is_told_as_not_ours",
    ),
    Exempt(
        "A run stands still for longer than the grace period between its last look and its publish, and another run "
        "takes its lock up meanwhile",
        "The version that the other run published is published a second time; what is live is as expected.",
        "The same. One apply at a time per org (a Prefect concurrency limit) keeps two runs apart to begin with.",
        "test_concurrency.test_a_run_that_froze_between_its_last_look_and_its_publish_publishes_the_same_version_again",
    ),
    Exempt(
        "A colleague breaks our lock by force after our save",
        "The platform checks in what we had saved; it is not published by us unless the lock was merely released in "
        "that last moment. Told as skipped, naming the version.",
        "Unlock commits (genesys-cloud.md 6.3). From then on it is the colleague's to publish or discard.",
        "test_left_behind.test_a_draft_that_a_forced_unlock_committed_is_told_and_left_to_the_colleague",
    ),
    Exempt(
        "`revert_leaves = lock`, and the publish fails",
        "Our lock stays, without a draft, and is told. The next run works under it and its publish releases it.",
        "Only `unlock` or a check-in would release it: the one does not exist in this house, the other makes a "
        "version that nobody asked for.",
        "test_left_behind.test_a_lock_that_revert_leaves_is_told_and_the_next_run_works_under_it",
    ),
    Exempt(
        "`revert_leaves = saved_draft`, and the publish fails",
        "Our draft stays saved, without a lock, and is told. The next run with the same order takes it up.",
        "There is no other call that discards a draft.",
        "test_left_behind.test_a_draft_that_revert_leaves_is_told_and_the_next_run_takes_it_up",
    ),
    Exempt(
        "The platform checks our draft in and then fails to publish it",
        "A checked-in version newer than the live one stays, and is told as failed. Later runs skip it as drafted.",
        "Publishing is not atomic (genesys-cloud.md 6.2), and a checked-in version cannot be taken back.",
        "test_left_behind.test_a_publish_that_fails_after_its_check_in_is_told_and_left",
    ),
    Exempt(
        "`flowData`: somebody replaces the document between our read and our PUT, without a lock",
        "Ours replaces theirs.",
        "The tutorial's contract has no version, no lock of ours and no condition on PUT. One request long.",
        "test_left_behind.test_flow_data_that_somebody_replaces_right_before_our_put_is_overwritten",
    ),
)
