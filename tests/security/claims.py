"""What docs/security.md claims, one entry each: who may do what, what stops the others, and the test that shows it.

To add a claim, add an entry to the topic that it belongs to; `python -m tests.security.page` writes the page.
"""

from dataclasses import dataclass

SOMEBODY_WHO_WRITES = "whoever may write to result storage"
BROWSER = "every page that is open in a browser on the machine"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that is protected. `test`: where it is below tests/, as `folder.module.function`."""

    asset: str
    who_may: str
    who_may_not: str
    what_stops_them: str
    test: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One secret that a process is given. `test`: as of a Claim."""

    process: str
    secret: str
    comes_from: str
    how_long: str
    test: str


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is not protected, why, and what whoever runs it can do about it."""

    what: str
    why: str
    instead: str


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

SECRETS = (
    Claim(
        "Client secrets and tokens",
        "the process that works in the org: read them",
        "whoever reads Prefect's database, results, artifacts, logs, the page or the JSON of a run",
        "they are held as secrets and never written; a run is searched for them, whole",
        "flows.traces.test_no_secret_anywhere.test_neither_secret_nor_token_is_left_anywhere",
    ),
    Claim(
        "Client secrets and tokens",
        "the same",
        "whoever reads the gateway's log lines, at any level",
        "the same",
        "genesys.http.test_log.test_no_line_holds_the_secret_or_a_token",
    ),
    Claim(
        "Client secrets",
        "the same",
        "whoever reads an exception or a validation error",
        "errors say what does not fit, without their input",
        "genesys.test_credentials.test_a_validation_error_does_not_show_its_input",
    ),
    Claim(
        "Client secrets on the way",
        "the platform: receive them",
        "whoever listens, or answers in the platform's place",
        "certificates are checked; http is for loopback only",
        "genesys.http.test_isolation.test_a_certificate_that_nobody_vouches_for_is_refused",
    ),
    Claim(
        "Client secrets on the way",
        "the platform: receive them",
        "whoever writes a file `~/.genesyscloudpython/config`, which the SDK would obey",
        "it is not read",
        "genesys.http.test_isolation.test_a_config_file_of_the_user_neither_redirects_nor_logs",
    ),
    Claim(
        "An access token, after its run",
        "nobody: use it",
        "whoever has seen it while it was good",
        "a client that is closed gives it back, where the platform takes it; so does one that a signal ends in order",
        "flows.reading.test_request_economy.test_the_last_request_of_a_run_gives_its_token_back_whatever_comes_of_it",
    ),
    Claim(
        "The end of a run",
        "the run: say what it was",
        "a platform that refuses, delays or never answers the end of a token",
        "it is asked once, with two seconds; what comes of it is told at DEBUG and changes nothing",
        "genesys.http.test_revocation.test_what_the_platform_makes_of_it_is_told_at_debug_and_changes_nothing",
    ),
    Claim(
        "Passwords and tokens in the address of a result storage",
        "the process that reads and writes there",
        "whoever reads where a table lies",
        "addresses are shown without them",
        "flows.traces.test_artifacts.test_where_something_is_stored_is_said_without_secrets",
    ),
)

SERVED = (
    Claim(
        "Credentials and runs on `make serve`",
        "who has its password: read and start them",
        "other programs and other people on the machine",
        "the server asks for a password, made anew at each start",
        "deployments.browser.test_the_page_next_door.test_without_the_password_no_credentials_are_given_to_anybody",
    ),
    Claim(
        "The same, in its files",
        "the user who started it",
        "other people on the machine",
        "its folder, its database and its logs are readable by that user alone",
        "deployments.browser.test_the_page_next_door.test_nobody_else_on_the_machine_may_read_what_is_kept",
    ),
    Claim(
        "The same, over HTTP",
        "pages of its own UI: call it",
        f"{BROWSER}, also one in which somebody is logged in",
        "the server lets no page call it but those of its own UI, and the browser keeps the password to these",
        "deployments.browser.test_the_page_next_door."
        "test_a_page_in_the_browser_in_which_somebody_is_logged_in_reads_nothing_and_resets_nothing",
    ),
    Claim(
        "Logs and events of runs",
        "who has the password: listen",
        "such a page, over a websocket, which browsers let it open",
        "the server closes a socket that gives no password",
        "deployments.browser.test_the_page_next_door.test_a_socket_is_closed_to_who_has_no_password",
    ),
    Claim(
        "The temporary server of a command",
        "that command",
        "other programs and other people on the machine",
        "it asks for a password, which the command makes and nobody else is told",
        "cli.process.test_what_children_hold.test_the_temporary_server_answers_nobody_without_its_password",
    ),
    Claim(
        "Credentials, the keys of seals, the database's password",
        "the process that works with them ([below](#who-is-given-which-secret))",
        "another process of `make serve`, and what runs in it",
        "each process is handed what it works with; workers read the blocks",
        "deployments.browser.test_the_page_next_door.test_each_process_holds_the_secrets_that_it_works_with_and_no_other",
    ),
    Claim(
        "The same, and the server's password",
        "who started it: see the password in the terminal",
        "whoever reads the process list or the logs of `make serve`",
        "they go through environments, never through arguments",
        "deployments.browser.test_the_page_next_door.test_no_secret_is_in_a_process_list_or_a_log",
    ),
    Claim(
        "The demo org",
        "programs on the machine: command it",
        BROWSER,
        "its control plane takes nothing that a browser's page sends",
        "simulator.test_control.test_a_page_that_somebody_has_open_beside_it_commands_nothing",
    ),
    Claim(
        "The demo org",
        "programs on the machine: read it",
        "a page whose own host name is led to this machine (DNS rebinding)",
        "it answers no request to another host than `127.0.0.1` or `localhost`",
        "simulator.test_control.test_a_page_whose_host_name_is_led_to_this_machine_reads_nothing",
    ),
    Claim(
        "Credentials in containers",
        "who has the passwords that compose was given",
        "whoever finds a stack that was started without a password",
        "no container of ours starts without one, and it says which file is missing",
        "deployments.containers.test_containers.test_the_entrypoint_starts_nothing_without_a_secret_that_is_named",
    ),
)

SUPPLY = (
    Claim(
        "What is installed",
        "who changes `requirements.lock`, in a reviewed change",
        "a package index, a mirror or a proxy that serves other bytes",
        "every file has to have a hash of the lock: `make`, CI and the image install with `--require-hashes`",
        "deployments.supply.test_lock.test_a_file_that_somebody_changed_is_not_installed",
    ),
    Claim(
        "The machine that installs",
        "pip and uv: unpack files",
        "the build scripts of packages, and what these would fetch by no hash",
        "nothing is built from source: `--only-binary :all:`",
        "deployments.supply.test_lock.test_every_install_checks_hashes_and_builds_nothing_from_source",
    ),
    Claim(
        "What is said of known vulnerabilities",
        "OSV, or a mirror of it: say that none is known",
        "a service that cannot be reached, or answers something else: be taken for that",
        "`make audit` says `NOT CHECKED` and why, with an exit code of its own",
        "deployments.supply.test_audit.test_where_the_service_cannot_be_reached_it_says_not_checked_and_why",
    ),
    Claim(
        "A release",
        "who tags a commit whose version and changelog agree: build it",
        "files that nobody committed: become part of it",
        "it is built from the commit alone, and the same commit gives the same bytes, whose checksums are beside it",
        "deployments.supply.test_release.test_this_project_gives_the_same_bytes_and_nothing_that_is_not_committed",
    ),
)

STORED = (
    Claim(
        "Saved plans",
        "runs that hold the key of the seal",
        "whoever may write to result storage, by planting one",
        "what carries no seal, or not ours, is refused by name",
        "flows.storage.test_planted.test_a_plan_that_was_planted_with_a_checksum_of_its_own_is_not_applied",
    ),
    Claim(
        "What was there before a run, which a roll back puts back",
        "the run",
        "whoever may write to result storage, by editing it",
        "the seal covers the content",
        "flows.storage.test_planted.test_a_record_that_was_edited_puts_nothing_back",
    ),
    Claim(
        "The same",
        "the run",
        "the same, by another run's record under its name",
        "the seal covers the name",
        "flows.storage.test_planted.test_the_record_of_another_run_under_this_runs_name_is_refused",
    ),
    Claim(
        "What is told of a publish",
        "the run",
        "the same, by forging an outcome",
        "an entry that is refused, or was deleted after the run had ended, counts as begun: a roll back looks at it",
        "flows.storage.test_planted.test_an_outcome_that_was_forged_is_unknown",
    ),
    Claim(
        "What an audit tells of a step",
        "the platform",
        "the same, by editing what earlier runs read",
        "a reading that is refused counts as none; the log names it, and it is read anew",
        "flows.storage.test_planted.test_a_reading_that_was_edited_is_read_anew_and_named",
    ),
    Claim(
        "Files outside of the storage",
        "nobody",
        "whoever plants links there",
        "no link is followed, no pipe waited for; files are replaced whole, for their owner alone",
        "flows.storage.test_local_files.test_a_file_takes_the_place_of_what_is_no_file_and_goes_nowhere_else",
    ),
    Claim(
        "The key that seals",
        "workers; in a terminal, its user",
        "who has the server's password, registers, serves, or reads tables",
        "it is in no block and in no other environment; a key file that others may read is refused",
        "deployments.containers.test_containers.test_the_key_that_seals_what_runs_keep_reaches_the_workers_alone",
    ),
    Claim(
        "The same",
        "files outside of the result storage",
        "whoever may write to result storage, by a key that lies there or is linked there",
        "a key file, or a file of keys, in the storage that it is to seal is refused before it is read or made",
        "flows.storage.test_seal_keys."
        "test_no_file_of_keys_is_in_the_storage_that_they_seal_nor_a_link_that_leads_to_it",
    ),
    Claim(
        "What runs that write keep",
        "runs that write",
        "audits",
        "each kind of deployment has an area of the storage of its own, which the seal covers, too",
        "flows.storage.test_areas.test_each_writes_to_its_own_area_alone",
    ),
    Claim(
        "What a writer plans from",
        "the platform, and what writers have read",
        "whoever may write to the area of audits",
        "a writer reads nothing there",
        "flows.storage.test_areas.test_a_writer_reads_nothing_that_an_audit_has_left",
    ),
)

APPROVALS = (
    Claim(
        "The org, through the deployment `raise-approved`",
        "two people whose keys are registered: one asks for the plan, another one approves it",
        "one person alone, whatever name they type",
        "the two signatures are by different keys",
        "timeouts.planning.approval.test_approval.test_nobody_approves_what_they_ask_for_whatever_name_is_typed",
    ),
    Claim(
        "The same",
        "what was signed: this plan of this run in this org, with what it waives, until it expires",
        "a signature for anything else",
        "org, run, plan, expiry, waived limits and decision are signed, and compared with what is running",
        "timeouts.planning.approval.test_signatures.test_a_signature_fits_what_was_signed_and_nothing_that_differs_in_any_field",
    ),
    Claim(
        "The same",
        "an answer to this run",
        "tries: the third answer that does not fit ends the run",
        "a signature is checked against this run, and counted",
        "deployments.test_the_job_on_servers.test_wrong_answers_are_refused_and_the_third_one_ends_the_run",
    ),
    Claim(
        "The same",
        "the parameters that the approver was shown",
        "parameters that are changed while the run waits",
        "the run is refused, and nothing is published",
        "deployments.test_the_job_on_servers.test_a_run_whose_policy_was_changed_while_it_waited_publishes_nothing",
    ),
    Claim(
        "The same",
        "an approval within a day",
        "an approval that comes too late",
        "a plan expires a day after it was made",
        "deployments.test_the_job_on_servers.test_an_approval_that_comes_too_late_publishes_nothing",
    ),
    Claim(
        "The same",
        "nobody",
        "whoever may write to result storage, and puts the record of an approved run under this run's name",
        "the seal covers the name; and whoever sealed it, signatures are checked against this run",
        "deployments.test_the_job_on_servers."
        "test_the_record_of_an_approved_run_publishes_nothing_in_another_whoever_sealed_it",
    ),
    Claim(
        "The plan that is published",
        "the plan that was signed",
        "another plan under its name in result storage",
        "its checksum is reckoned anew from what is about to be published",
        "deployments.test_the_job_on_servers.test_another_plan_under_the_name_of_the_approved_one_publishes_nothing",
    ),
    Claim(
        "Who is told to have approved",
        "who has signed",
        "whoever writes an approval into the record",
        "stored rulings decide nothing: each attempt of the run checks all signatures again",
        "deployments.test_the_job_on_servers."
        "test_an_approval_that_was_written_into_the_record_publishes_nothing_and_nobody_is_told_to_have_given_it",
    ),
    Claim(
        "The register of approvers",
        "who administers the workers' machine",
        "whoever starts runs or edits deployments, by job variables",
        "a run whose job variables set more of its environment than we ship, or hide it, is refused by name",
        "deployments.test_the_job_on_servers.test_job_variables_that_name_approvers_are_refused_by_name",
    ),
    Claim(
        "The same",
        "the same",
        "whoever has the server's password, by blocks and variables",
        "it is not read from the server",
        "flows.form.test_approvers.test_blocks_and_variables_on_the_server_change_nothing_of_who_may_approve",
    ),
    Claim(
        "The same",
        "a key whose private half one person holds",
        "a key for which anybody can sign",
        "weak and impossible keys are refused, and one key under two names",
        "timeouts.planning.approval.test_register_of_approvers.test_a_weak_or_impossible_key_is_refused",
    ),
    Claim(
        "A plan that waits",
        "approvers of now",
        "an approver whose key was revoked after they signed",
        "each attempt judges by the register of now",
        "timeouts.planning.approval.test_approval.test_an_approval_by_a_key_that_was_revoked_since_does_not_hold",
    ),
    Claim(
        "The history of decisions",
        "the workers: add to it",
        "whoever may write to result storage, or edit its head on the server, but not both",
        "each entry holds the hash of the one before; the head lies on the server; what does not fit is "
        "named, and nothing is published",
        "flows.approval.test_history."
        "test_an_approval_cannot_be_added_to_a_history_that_somebody_changed_so_that_nothing_is_published",
    ),
    Claim(
        "The same",
        "who has signed",
        "an approval in it that nobody signed, also where the chain was made anew",
        "`history --verify` checks each signature against the register",
        "timeouts.planning.approval.test_history.test_an_approval_that_nobody_signed_shows_even_where_the_chain_was_made_anew",
    ),
    Claim(
        "A plan that was rejected, or has expired",
        "nobody",
        "whoever may write to result storage, and puts an older record of the approval back",
        "before a publish the history is asked, whose head lies on the server",
        "flows.approval.test_history.test_a_plan_that_was_answered_stays_answered_whatever_lies_in_storage",
    ),
    Claim(
        "Keys, storage and platform of a run",
        "who administers the workers' machine",
        "whoever has the server's password, by job variables of runs, deployments and work pools",
        "more of the environment than we ship, or what hides it, is refused by name",
        "flows.form.test_approvers.test_job_variables_that_name_whom_a_run_believes_are_refused_by_name",
    ),
    Claim(
        "An approver's private key",
        "its owner",
        "other people on that machine",
        "its file is 0600, encrypted by a passphrase, and never written over",
        "cli.approvals.test_approver.test_init_makes_a_key_that_only_its_owner_reads_and_prints_the_line_to_hand_on",
    ),
)

BOUNDS = (
    Claim(
        "A worker's time and memory",
        "who writes policies",
        "a policy that unfolds, nests or repeats without end",
        "bounds, which the refusal names with the line",
        "timeouts.policy.test_bounds.test_what_would_keep_us_busy_is_refused_with_its_line_in_a_sentence",
    ),
    Claim(
        "The same",
        "who fills in a run form",
        "the same in a form",
        "the same models read it",
        "timeouts.policy.test_bounds.test_a_run_form_is_bound_by_the_same_models",
    ),
    Claim(
        "The audit of all other Architect flows",
        "who edits one",
        "one whose definition is too large, deep or odd",
        "bounds; it is told as unreadable, and the audit goes on",
        "genesys.http.test_bounds.test_a_bad_document_is_one_architect_flow_s_trouble",
    ),
    Claim(
        "The same",
        "the platform",
        "whoever answers in its place, without end",
        "deadline, sizes and counts",
        "genesys.http.test_bounds.test_an_answer_that_does_not_end_is_given_up",
    ),
    Claim(
        "A run that reads what is stored",
        "whoever holds the key",
        "a content that no parser expects",
        "nothing but an error that is expected comes out of it",
        "fuzz.test_fuzz_stored.test_whatever_is_stored_is_a_value_of_its_type_or_a_value_error",
    ),
)

SHOWN = (
    Claim(
        "The browser of whoever opens a table in one of Prefect's UIs",
        "names: be shown",
        "whoever names Architect flows, steps, actions, people: have a picture, a link or a script loaded",
        "cells are made words alone; only our links are links",
        "deployments.browser.test_hostile_names_in_the_browser.test_a_table",
    ),
    Claim(
        "The same, of summaries and records",
        "the same",
        "the same",
        "text is escaped in one place",
        "deployments.browser.test_hostile_names_in_the_browser.test_the_summary",
    ),
    Claim(
        "Whoever approves",
        "the form: show the plan",
        "the same",
        "names are words on it, and the only link is ours",
        "deployments.browser.test_hostile_names_in_the_browser.test_the_form_of_an_approval",
    ),
    Claim(
        "Whoever reads a log",
        "names: be shown",
        "the same: forge a line",
        "each line is one line, without a link",
        "flows.traces.test_hostile_names.test_every_line_of_the_log_is_one_line_without_a_link",
    ),
    Claim(
        "Whoever opens a table in a spreadsheet",
        "the same",
        "the same: begin a formula",
        "an apostrophe stands before it, behind commas, semicolons and tabs",
        "flows.traces.test_hostile_names.test_no_csv_file_begins_a_formula_wherever_it_is_opened",
    ),
    Claim(
        "Whoever is notified",
        "the same",
        "the same: mention people, place links",
        "names are made harmless before an event or a state leaves",
        "text.test_outlets.test_in_a_notification",
    ),
    Claim(
        "The terminal of whoever reads",
        "names: be shown",
        "the same: move the cursor, hide, turn round",
        "what has no look of its own is shown as its escape",
        "text.test_outlets.test_in_the_terminal",
    ),
    Claim(
        "The browser of whoever opens the page of a run",
        "names: be shown",
        "the same",
        "names are text on it: no markup, no script, no address that is loaded",
        "reports.terminal.test_show_actions.test_names_are_text_on_the_page_whatever_they_hold",
    ),
    Claim(
        "All of these",
        "one module for each outlet",
        "code of ours that forgets the gate",
        "a test finds every module that opens an outlet",
        "text.test_doors.test_each_outlet_is_opened_in_one_place",
    ),
)

NETWORK = (
    Claim(
        "The password of a company's proxy",
        "that proxy",
        "logs, errors, artifacts, files, the platform",
        "it goes from the variable into one header for the proxy; no message repeats any of it",
        "genesys.http.test_proxies.test_no_log_line_holds_the_password_of_the_proxy",
    ),
    Claim(
        "The same, in a whole run",
        "that proxy",
        "the run's home, `--json`, the terminal",
        "the same",
        "cli.test_company_network.test_the_proxy_sees_the_requests_of_the_platform_and_no_others",
    ),
    Claim(
        "What Prefect's temporary server and the demo org exchange",
        "this machine",
        "a company's proxy",
        "loopback never goes through a proxy, whatever is set",
        "cli.test_company_network.test_a_run_in_the_demo_org_does_not_ask_a_proxy_that_refuses_everything",
    ),
    Claim(
        "The account at a proxy",
        "us",
        "a lock-out by many tries",
        "a password that is refused is tried once for all threads",
        "genesys.http.test_proxies.test_a_wrong_password_is_tried_once_for_all_threads",
    ),
    Claim(
        "Client secrets on their way through a proxy",
        "the platform",
        "the proxy, and who opens TLS in it",
        "TLS to the host inside of the tunnel; a certificate that is not trusted ends the run first",
        "genesys.http.test_proxies.test_a_company_that_opens_tls_is_told_how_it_becomes_trusted",
    ),
    Claim(
        "What is told of a write",
        "us",
        "a proxy that refuses, hangs or cuts before the connection stands",
        "it counts as not sent, by the stage that was reached",
        "genesys.http.test_proxies.test_a_write_that_the_proxy_lets_nowhere_was_never_sent",
    ),
    Claim(
        "The org, while it is checked",
        "`doctor`: read a little",
        "`doctor`: change anything",
        "it sends GETs and the login alone, forty at most",
        "flows.reading.test_doctor.test_it_only_gets_and_asks_little",
    ),
    Claim(
        "Secrets, while they are checked",
        "the host that they are for",
        "logs, the table, `--json`",
        "it is handed an address, and no credentials; a wrong secret is tried once",
        "flows.reading.test_doctor.test_a_run_leaves_neither_the_secret_nor_a_token_in_logs_and_artifacts",
    ),
)

FILES = (
    Claim(
        "A worker that audits a repository every night",
        "who may push to the repository: have its files read",
        "who may push to it: run code on the worker, by modules of ours or of Python, or by a `pyproject.toml`",
        "the folder of the run is first on Python's path, and the checkout is only a folder in it",
        "deployments.test_files.test_the_run_audits_the_clone_and_nothing_of_it_is_run",
    ),
    Claim(
        "The token that reads the repository",
        "the run that clones it",
        "whoever reads deployments, variables or what `register` prints",
        "it is in a secret block alone; an address with a token in it is refused",
        "deployments.test_files.test_the_token_is_nowhere_but_in_its_block",
    ),
    Claim(
        "The machine on which a checkout is read",
        "who made the checkout: have its files read",
        "who made it: run code by hooks, filters or monitors that it names",
        "what Git knows is read from its objects, and no command of Git's is started",
        "files.test_git.test_nothing_of_a_hostile_repository_is_run",
    ),
    Claim(
        "Files outside of the folders that a run names",
        "nobody",
        "who made the checkout: have them read or written through a link",
        "folders are opened name by name, and no link is followed, in between either",
        "files.test_writing.test_a_folder_on_the_way_that_became_a_link_is_not_followed",
    ),
    Claim(
        "What others changed in a file and did not commit",
        "whoever changed it",
        "a run: write over it, or into it",
        "a file that is not as it was committed is left",
        "files.test_git.test_a_file_that_is_not_committed_is_left",
    ),
)

TOPICS = {
    "The org": ORG,
    "The truth": TRUTH,
    "Runs": RUNS,
    "Secrets": SECRETS,
    "make serve, the simulator, containers": SERVED,
    "What is installed, and released": SUPPLY,
    "What is stored": STORED,
    "Approvals": APPROVALS,
    "Architect flows in files": FILES,
    "What comes in": BOUNDS,
    "The network, and `doctor`": NETWORK,
    "What people read": SHOWN,
}

_EACH_SERVED = (
    "deployments.browser.test_the_page_next_door.test_each_process_holds_the_secrets_that_it_works_with_and_no_other"
)
_OF_A_RUN = (
    "deployments.browser.test_the_page_next_door."
    "test_the_process_of_a_run_holds_the_servers_password_and_no_credentials"
)
_CHILDREN = (
    "cli.process.test_what_children_hold.test_neither_the_demo_org_nor_the_temporary_server_is_handed_a_secret_of_yours"
)
_REGISTER = (
    "deployments.browser.test_the_page_next_door."
    "test_what_registers_an_org_of_yours_gets_its_credentials_and_no_database"
)
_COMPOSED = (
    "deployments.containers.test_containers.test_each_service_is_given_the_secrets_that_it_works_with_and_no_other"
)

HOLDINGS = (
    Holding(
        "a command in a terminal",
        "the client's id and secret; an access token",
        "its environment, or a block of the server that it works with; the platform",
        "while it runs; the token until the client is closed",
        "cli.process.test_ends.test_a_run_that_publishes_finishes_what_is_in_flight_and_keeps_its_record",
    ),
    Holding(
        "its temporary Prefect server",
        "a password of its own, and nothing of the org",
        "made by the command, in the environment",
        "as long as the command",
        "cli.process.test_what_children_hold.test_the_password_of_the_temporary_server_is_the_servers_alone_and_in_no_process_list",
    ),
    Holding("the demo org", "none: its own clients are public", "", "", _CHILDREN),
    Holding(
        "`make serve` itself",
        "all that its user's environment holds; the server's password",
        "its environment; made at its start",
        "while it serves",
        _EACH_SERVED,
    ),
    Holding(
        "the Prefect server of `make serve`",
        "the server's password, the database's password, the key of the blocks",
        "the environment",
        "while it serves",
        _EACH_SERVED,
    ),
    Holding(
        "`genesys-timeouts register`",
        "the server's password; credentials, the webhook's address and a repository's token, which become blocks",
        "the environment",
        "seconds, at the start; `prefect deploy`, which it starts, is given none of them",
        _REGISTER,
    ),
    Holding(
        "a worker",
        "the server's password, and the key that seals",
        "the environment; its own `seal.key` where no key is named",
        "while it works",
        _EACH_SERVED,
    ),
    Holding(
        "the process of a run",
        "the server's password, the key that seals; the credentials of its org, and an access token",
        "the worker's environment; the block that its parameters name; the platform",
        "while it runs; the token until the client is closed",
        _OF_A_RUN,
    ),
    Holding(
        "a run of `audit-files`",
        "the token that reads the repository",
        "its block",
        "until the folder of the run is removed, at its end: git keeps it in the clone",
        "deployments.test_files.test_the_token_is_nowhere_but_in_its_block",
    ),
    Holding(
        "compose: `migrate`, `api`, `services`",
        "the passwords of Postgres, Redis and the server, the key of the blocks",
        "the environment, from `deployments/.env`",
        "while they run; `migrate` for seconds",
        _COMPOSED,
    ),
    Holding(
        "compose: `register`",
        "the server's password; credentials, the webhook's address and a repository's token",
        "the environment, from `deployments/.env`",
        "seconds; take the credentials out of the file then",
        _COMPOSED,
    ),
    Holding(
        "compose: `worker`",
        "the server's password, and the keys that seal",
        "the environment, from `deployments/.env`",
        "while it works",
        _COMPOSED,
    ),
    Holding("compose: `proxy`", "none", "", "", _COMPOSED),
    Holding(
        "Kubernetes: server, workers, the Job `register`",
        "as of compose",
        "secrets of the namespace, by reference",
        "as of compose",
        "deployments.containers.test_containers.test_kubernetes_hands_out_secrets_by_reference_and_workers_get_one",
    ),
)

NOT_PROTECTED = (
    Open(
        "What is stored from an older file of ours under its own name, and from deletion",
        "A seal says that we wrote it, not that it is the newest. An older entry of a record counts as begun; an older "
        "list of our versions lets an audit tell less. Of a run that was killed, an entry that is deleted looks like a "
        "publish that was never begun, so that a roll back leaves it out; the run's tables in Prefect still show it.",
        "Let only the workers write there, and keep backups.",
    ),
    Open(
        "What is stored from who has the key that seals: reads a worker's environment, or the user's key file",
        "Whoever checks a seal can make one. Approvals are signed besides, and what is published is proved against "
        "the plan.",
        "Give audits a worker of their own that may write to `audits/` alone "
        "([operate.md](operate.md#storages-apart)).",
    ),
    Open(
        "What is stored from who may read it",
        "It is sealed and not encrypted: names, timeouts and plans, but no secret and no whole definition, are in it.",
        "Its files are for their owner alone; give a bucket such rules.",
    ),
    Open(
        "Approvals from who may run code as a worker: edit a deployment's command or pull steps, or a work pool's",
        "Prefect lets whoever has the server's password do so, and a process of the worker can publish without asking.",
        "Keep the password to those who may publish; put a login of your own before the server. A register in "
        "`/etc/genesys-timeouts` cannot be changed from there, and the history shows what was approved.",
    ),
    Open(
        "The history from who may write to the storage with its key and edit the server",
        "Who can move the head and cut the chain leaves one that fits. The signatures in it cannot be made.",
        "Let these be two people, and export `history` now and then.",
    ),
    Open(
        "The order of the history from who edits the server just while two decisions are written",
        "Its place is a record on the server. Who deletes it in that moment lets one entry take another's number; what "
        "was signed and published is still in the runs' own records.",
        "Compare the history with the runs where that matters.",
    ),
    Open(
        "A fleet from who makes a run before it under the same key",
        "Prefect gives the run that is there. The fleet's table shows which policy and mode it had.",
        "Read the table; a run that applies still proves what it publishes.",
    ),
    Open(
        "The page of a plan from who may edit artifacts on the server",
        "An approver signs the checksum of a plan, and reads the plan where the server shows it.",
        "Compare with the dry run's own table where that matters.",
    ),
    Open(
        "The name under `asked_by` from who fills in the form",
        "Prefect's open server knows one password and no users: that name is shown as typed, and decides nothing.",
        "Go by the signatures: who asked and who approved is shown by their keys.",
    ),
    Open(
        "Everything from who has the server's password, or is the same user or root on the machine",
        "Prefect gives blocks, with their secrets, to whoever logs in; the processes of one user may read each other, "
        "with the environment that each was started with: to take a variable out later changes nothing of that.",
        "Run `make serve` for trials; servers on machines and under users of their own.",
    ),
    Open(
        "The access token of a process that was killed, or that had to be left while requests hung",
        "Nothing of it is left that could give the token back. Whether the platform ends tokens of clients at all is "
        "[open](platform.md#open-revocation).",
        "It ends by itself, a day after the login. To end it now, delete the OAuth client's tokens in the org.",
    ),
    Open(
        "What runs of a terminal keep in `~/.prefect` from other people on the machine",
        "Prefect makes its files as the user's `umask` says: tables and plans, but no secret, are in them.",
        "Set `umask 077`, or a `PREFECT_HOME` that only you may read.",
    ),
    Open(
        "The image from its base: Debian, Python and what `apt-get` installs have no hash in the lock",
        "A tag names the base image, and Debian keeps one version of a package at a time; both check signatures of "
        "their own. The bill of materials of the image lists Python packages alone.",
        "Name the base by its digest in your build, and scan the image that you have built.",
    ),
    Open(
        "The password of Redis in compose from who may read the containers of the machine",
        "Redis is given it as an argument, and Docker shows arguments to whoever may ask Docker.",
        "Let nobody use Docker on that machine who may not have the password.",
    ),
    Open(
        "What is installed from whoever may change `requirements.lock`, or made the packages",
        "A hash says that the bytes are those that were pinned, not that they are good.",
        "Review changes of the lock, and run `make audit` where OSV can be reached.",
    ),
    Open(
        "An Architect flow in a division that the client's role never covered",
        "The platform leaves it out of the listing, and says nothing.",
        "Give the role all divisions that are meant. One that vanishes is told as drift, and by name in a roll back.",
    ),
    Open(
        "Figures of calls from a machine whose clock is wrong",
        "The period that is asked for is reckoned by this machine's clock.",
        "Keep the clock. A refused period ends the run `Incomplete`, and how many days had any calls is told.",
    ),
    Open(
        "Readers from look-alike letters in names, and from an escape that somebody has typed",
        "A Cyrillic letter is a letter, and `\\u202e` typed as six characters looks like what it stands for.",
        "Ids are in every table, in CSV and `--json`.",
    ),
    Open(
        "A plan's time from who writes both long patterns and long names",
        "A pattern of 500 letters against names of 10,000 takes 4 ms; a hostile definition near its bounds takes 2 GB.",
        "The bounds are in [bounds.md](bounds.md); give workers a memory limit.",
    ),
    Open(
        "The demo org from other programs on the machine",
        "Its clients and their secrets are public, and its control plane asks for nothing.",
        "Nothing of anybody's is in it.",
    ),
)
