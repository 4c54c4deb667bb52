"""What is protected in the org, in what runs say of it, and in runs themselves."""

from tests.security.claims.kinds import Claim

SOMEBODY_WHO_WRITES = "whoever may write to result storage"

ORG = (
    Claim(
        "Everything in the org",
        "writers, with `--apply` or the mode `apply`: change timeouts",
        "an audit and a dry run, whatever permissions their client has: change anything",
        "their client has no request that changes anything: what is not a read is not sent",
        "genesys.test_writes.test_a_read_client_sends_no_write",
    ),
    Claim(
        "The one exception",
        "a client that is closed: end its own token",
        "any method of a client: send that, or end the token of somebody else",
        "the request is in no table of requests, and names no token but the one that it carries",
        "genesys.http.test_revocation.test_no_method_of_a_client_sends_it",
    ),
    Claim(
        "The limits of actions",
        "writers whose policy has the lever `action`: raise them",
        "an audit and a dry run",
        "the same: what is not a read is not sent",
        "genesys.test_writes.test_a_read_client_sends_no_write",
    ),
    Claim(
        "The locks of people",
        "their holders: release them",
        "every run of ours",
        "no client has a request that unlocks, and the role needs no `architect:flow:unlock`",
        "genesys.test_writes.test_there_is_no_unlock",
    ),
    Claim(
        "The drafts of people and of other clients",
        "their authors: publish or discard them",
        "every run of ours",
        "a draft newer than what is live is skipped and named; a draft that is not ours is never discarded",
        "publishing.architect.test_take_up.test_a_draft_of_another_client_stays_even_where_it_looks_like_ours",
    ),
    Claim(
        "What is live, but for the planned timeouts",
        "people, in Architect: change it",
        "a run, by a mistake of ours or by what an Architect flow holds",
        "what is sent differs from what was read in the planned timeouts alone, else nothing is sent",
        "timeouts.definitions.test_proof.test_a_difference_that_was_not_planned_fails_the_proof_and_is_named",
    ),
    Claim(
        "Other paths of the platform's API",
        "nobody through us",
        "whoever writes an id that holds a path into a definition or a listing",
        "an id that would change the path is not sent, and neither is a request that was led to another host",
        "genesys.test_writes.test_an_id_that_would_change_the_path_is_not_written_to",
    ),
    Claim(
        "The org, while a run applies",
        "that run: write",
        "a second run that applies at the same time",
        "one place an org: the second run waits, says so, and gives up without a change",
        "flows.writing.test_apply_lock."
        "test_a_second_apply_to_the_same_org_says_for_which_run_it_waits_and_gives_up_without_a_change",
    ),
    Claim(
        "What a plan says",
        "the dry run that makes it",
        "whoever changes it on its way",
        "a plan carries a checksum of its content, and the storage's seal over name, content and expiry",
        "flows.storage.test_planted.test_a_plan_that_was_edited_with_its_checksum_made_anew_is_not_applied",
    ),
    Claim(
        "Another org",
        "plans and runs that were made for it",
        "a plan or a run that was made for this one",
        "plans and records name their org, and are refused in another",
        "flows.writing.test_roll_back.test_a_plan_of_another_org_is_refused",
    ),
    Claim(
        "The same",
        "the platform at its address",
        "a stand-in elsewhere that says it is this org, and whatever was read, planned or recorded there",
        "the address counts with the id, in plans, in records and in all that is kept",
        "timeouts.planning.test_saved_plan.test_a_plan_is_none_of_an_org_of_the_same_id_at_another_address",
    ),
    Claim(
        "The work of people after a run",
        "people: change it again",
        "a roll back of that run",
        "a step that somebody changed since is left and named; later edits stay",
        "flows.writing.test_roll_back.test_other_peoples_later_edits_survive_a_roll_back",
    ),
)
"""The org's own safety under faults, kills and colleagues is docs/safety.md."""

TRUTH = (
    Claim(
        "How a run ended",
        "a run that saw everything: end green",
        "a role that covers less than it did, a gateway that hides something: let it look so",
        "what could not be read ends the run `Incomplete`, never green; it is said what it counts as",
        "flows.reading.test_incomplete_is_never_green.test_a_roll_back_by_a_client_that_does_not_see_all_that_the_run_changed",
    ),
    Claim(
        "What an audit lists",
        "the platform: say what there is",
        "a gateway that cuts a listing",
        "a listing of Architect flows that does not add up to its total is no listing",
        "genesys.parsing.test_listings.test_a_listing_that_stays_short_is_an_error",
    ),
    Claim(
        "What an audit lists",
        "the platform: say what there is",
        "a gateway that cuts the listing of actions, which need not name a total",
        "whatever any page says of how much there is has to have come",
        "genesys.parsing.test_listings.test_actions_that_a_gateway_cuts_are_an_error",
    ),
    Claim(
        "What an approver is shown",
        "a plan that was made seeing everything: be shown without a warning",
        "a plan that was not",
        "what could not be read is said above the form, and ends the run `Incomplete` after the publish",
        "reports.markdown.test_approval_page.test_who_approves_a_plan_that_was_made_without_seeing_everything_is_told_so",
    ),
    Claim(
        "The waits that a run keeps to",
        "the platform: ask for them",
        "a machine whose clock is wrong: stretch or skip them",
        "a date to wait for is judged by the answer's own `Date`",
        "genesys.http.test_rate_limits.test_a_machine_whose_clock_is_an_hour_behind_waits_for_half_a_minute",
    ),
)

RUNS = (
    Claim(
        "What people published since",
        "a roll back of the run that published: undo what that run published",
        "a roll back of a run that wrote nothing: a dry run, a refused one, another run of the same plan",
        "a run is undone only by what it published itself, from its own outcomes; the run to name instead is named",
        "flows.writing.test_newcomers_sequence."
        "test_a_dry_run_then_a_persons_publish_then_a_roll_back_of_the_dry_run_touches_nothing",
    ),
    Claim(
        "Which plan is published, and which run is undone, by its name",
        "whoever names the run, as it was called when it ran",
        "whoever may rename runs on the Prefect server: let another one be meant",
        "a name counts only where the run's own sealed record says it; a whole id or checksum is never replaced",
        "flows.writing.test_naming.test_a_name_that_somebody_gave_a_run_on_the_server_does_not_name_it",
    ),
    Claim(
        "The way back",
        "a run whose record is stored: write",
        "a run whose disk is full, or whose storage goes away",
        "what was there before is stored and read back before the first write; what cannot be recorded is not begun",
        "flows.writing.test_full_disk.test_who_applies_with_a_full_disk_publishes_nothing_and_is_told_so",
    ),
    Claim(
        "A wait that is longer than a stored reading says",
        "people: lower it",
        SOMEBODY_WHO_WRITES,
        "under the lock the step's own text must be what the plan found, and a raise lowers nothing",
        "publishing.architect.test_stored_values.test_a_step_that_waits_longer_than_a_kept_reading_says_is_left_as_it_is",
    ),
    Claim(
        "The processes of audits and writers",
        "nobody: run code in them",
        SOMEBODY_WHO_WRITES,
        "nothing that is read there is executed or says how it is read; sizes are bounded",
        "flows.traces.test_no_code_from_storage."
        "test_nothing_that_is_planted_in_storage_is_executed_and_a_run_goes_on_or_refuses_by_name",
    ),
    Claim(
        "What is told of a publish",
        "the platform, when it is read",
        "an answer that was lost before its effect came",
        "the platform is read for longer than a gateway waits, with lock and draft kept",
        "publishing.architect.test_late_effects.test_a_publish_that_lands_after_a_gateway_gave_up_is_told_as_published",
    ),
    Claim(
        "A draft that a colleague checks in",
        "that colleague: publish it",
        "a publish of ours that comes late",
        "our lock keeps everybody out until it is settled",
        "publishing.architect.test_late_effects."
        "test_a_draft_that_a_colleague_checks_in_meanwhile_is_not_shipped_by_our_late_publish",
    ),
    Claim(
        "Architect flows and actions that are there",
        "the platform: say that they are gone",
        "a 404 that passes",
        "only a 410, or a 404 that the listing confirms, is believed",
        "genesys.http.test_missing.test_what_is_listed_and_answers_404_cannot_be_read_now",
    ),
    Claim(
        "A publish that another process of the same OAuth client has in flight",
        "that process: end it",
        "a run on another Prefect server",
        "nothing is reverted while an operation runs; it is waited for",
        "publishing.architect.test_late_effects.test_a_publish_of_another_process_is_waited_for_and_not_taken_back",
    ),
    Claim(
        "A publish in flight",
        "who asks the run to end: let it be the last",
        "a Prefect server that is started again",
        "deployments that write have no concurrency limit of Prefect's, whose lost lease ends a run",
        "cli.process.test_lost_servers.test_a_server_that_is_started_again_in_the_middle_of_a_publish_ends_no_run",
    ),
    Claim(
        "The next run's turn",
        "a run that is alive: hold the place",
        "a run that a power cut has ended",
        "the place of a run that writes is held by who renews it, and free 45 s after nobody does",
        "cli.process.test_lost_servers."
        "test_after_a_power_cut_the_next_run_gets_the_place_within_a_minute_and_finishes_the_work",
    ),
    Claim(
        "The machine, after a command",
        "nothing of the command: stay",
        "a command that a signal, a closed terminal or a kill has ended",
        "the temporary server and the demo org watch a pipe that the command holds",
        "cli.process.test_ends.test_a_command_that_is_killed_leaves_no_process",
    ),
)
