"""What is protected from whom, each with the test that shows it; and what is not, said plainly. A line each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that is protected. `test`: where it is below tests/, as `folder.module.function`."""

    what: str
    from_whom: str
    by: str
    test: str


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is not protected, why, and what whoever runs it can do about it."""

    what: str
    why: str
    instead: str


ORG = (
    Claim(
        "Everything in the org, while it is audited",
        "a mistake of ours, a client with too many permissions",
        "the client of an audit has no request that changes anything: what is not a read is not sent",
        "genesys.test_writes.test_a_read_client_sends_no_write",
    ),
    Claim(
        "The limits of actions, while it is audited",
        "the same",
        "the same",
        "genesys.test_writes.test_a_read_client_sends_no_write",
    ),
    Claim(
        "The locks of people",
        "every run",
        "no client has a request that unlocks, and the role needs no `architect:flow:unlock`",
        "genesys.test_writes.test_there_is_no_unlock",
    ),
    Claim(
        "The drafts of people and of other clients",
        "every run",
        "a draft newer than what is live is skipped and named; a draft that is not ours is never discarded",
        "publishing.architect.test_take_up.test_a_draft_of_another_client_stays_even_where_it_looks_like_ours",
    ),
    Claim(
        "What is live, but for the planned timeouts",
        "a mistake of ours, whoever wrote the Architect flow",
        "what is sent differs from what was read in the planned timeouts alone, else nothing is sent",
        "timeouts.definitions.test_proof.test_a_difference_that_was_not_planned_fails_the_proof_and_is_named",
    ),
    Claim(
        "Other paths of the platform's API",
        "an id in a definition or a listing that holds a path",
        "an id that would change the path is not sent, and neither is a request that was led to another host",
        "genesys.test_writes.test_an_id_that_would_change_the_path_is_not_written_to",
    ),
    Claim(
        "The org",
        "two runs that apply at once",
        "one place an org: the second run waits, says so, and gives up without a change",
        "flows.writing.test_apply_lock."
        "test_a_second_apply_to_the_same_org_says_for_which_run_it_waits_and_gives_up_without_a_change",
    ),
    Claim(
        "The org",
        "a plan that was changed on its way",
        "a plan carries a checksum of its content, and another seal of who, where and until when",
        "flows.writing.test_roll_back.test_a_plan_that_was_tampered_with_is_refused",
    ),
    Claim(
        "Another org",
        "a plan or a run that was made for this one",
        "plans and records name their org, and are refused in another",
        "flows.writing.test_roll_back.test_a_plan_of_another_org_is_refused",
    ),
    Claim(
        "The work of people after a run",
        "a roll back of that run",
        "a step that somebody changed since is left and named; later edits stay",
        "flows.writing.test_roll_back.test_other_peoples_later_edits_survive_a_roll_back",
    ),
)
"""The org's own safety under faults, kills and colleagues is docs/safety.md."""

TRUTH = (
    Claim(
        "Whoever reads how a run ended",
        "a role that covers less than it did, a gateway that hides something",
        "what could not be read ends the run `Incomplete`, never green; it is said what it counts as",
        "flows.reading.test_incomplete_is_never_green.test_a_roll_back_by_a_client_that_does_not_see_all_that_the_run_changed",
    ),
    Claim(
        "Whoever reads an audit",
        "a gateway that cuts a listing",
        "a listing of Architect flows that does not add up to its total is no listing",
        "genesys.parsing.test_listings.test_a_listing_that_stays_short_is_an_error",
    ),
    Claim(
        "Whoever reads an audit",
        "a gateway that cuts the listing of actions, which need not name a total",
        "whatever any page says of how much there is has to have come",
        "genesys.parsing.test_listings.test_actions_that_a_gateway_cuts_are_an_error",
    ),
    Claim(
        "Whoever approves a plan",
        "a plan that was made without seeing everything",
        "what could not be read is said above the form, and ends the run `Incomplete` after the publish",
        "reports.test_approval_page.test_who_approves_a_plan_that_was_made_without_seeing_everything_is_told_so",
    ),
    Claim(
        "The waits that a run keeps to",
        "a machine whose clock is wrong",
        "a date to wait for is judged by the answer's own `Date`",
        "genesys.http.test_rate_limits.test_a_machine_whose_clock_is_an_hour_behind_waits_for_half_a_minute",
    ),
)

RUNS = (
    Claim(
        "What people published since",
        "a roll back of a run that wrote nothing: a dry run, a refused one, another run of the same plan",
        "a run is undone only by what it published itself, from its own outcomes; the run to name instead is named",
        "flows.writing.test_newcomers_sequence."
        "test_a_dry_run_then_a_persons_publish_then_a_roll_back_of_the_dry_run_touches_nothing",
    ),
    Claim(
        "The way back",
        "a disk that is full, a storage that goes away",
        "what was there before is stored and read back before the first write; what cannot be recorded is not begun",
        "flows.writing.test_full_disk.test_who_applies_with_a_full_disk_publishes_nothing_and_is_told_so",
    ),
    Claim(
        "A wait that is longer than a stored reading says",
        "whoever may write to result storage",
        "under the lock the step's own text must be what the plan found, and a raise lowers nothing",
        "publishing.architect.test_stored_values.test_a_step_that_waits_longer_than_a_kept_reading_says_is_left_as_it_is",
    ),
    Claim(
        "The processes of audits and writers",
        "whoever may write to result storage",
        "nothing that is read there is executed or says how it is read; sizes are bounded",
        "flows.traces.test_no_code_from_storage."
        "test_nothing_that_is_planted_in_storage_is_executed_and_a_run_goes_on_or_refuses_by_name",
    ),
    Claim(
        "What is told of a publish",
        "an effect that comes after its answer was lost",
        "the platform is read for longer than a gateway waits, with lock and draft kept",
        "publishing.architect.test_late_effects.test_a_publish_that_lands_after_a_gateway_gave_up_is_told_as_published",
    ),
    Claim(
        "A draft that a colleague checks in",
        "a publish of ours that comes late",
        "our lock keeps everybody out until it is settled",
        "publishing.architect.test_late_effects."
        "test_a_draft_that_a_colleague_checks_in_meanwhile_is_not_shipped_by_our_late_publish",
    ),
    Claim(
        "Architect flows and actions that are there",
        "a 404 that passes",
        "only a 410, or a 404 that the listing confirms, is believed",
        "genesys.http.test_missing.test_what_is_listed_and_answers_404_cannot_be_read_now",
    ),
    Claim(
        "A publish that another process of the same OAuth client has in flight",
        "a run on another Prefect server",
        "nothing is reverted while an operation runs; it is waited for",
        "publishing.architect.test_late_effects.test_a_publish_of_another_process_is_waited_for_and_not_taken_back",
    ),
    Claim(
        "A publish in flight",
        "a Prefect server that is started again",
        "deployments that write have no concurrency limit of Prefect's, whose lost lease ends a run",
        "cli.test_lost_servers.test_a_server_that_is_started_again_in_the_middle_of_a_publish_ends_no_run",
    ),
    Claim(
        "The next run's turn",
        "a power cut",
        "the place of a run that writes is held by who renews it, and free 45 s after nobody does",
        "cli.test_lost_servers."
        "test_after_a_power_cut_the_next_run_gets_the_place_within_a_minute_and_finishes_the_work",
    ),
    Claim(
        "The machine, after a command",
        "a signal, a closed terminal, a kill",
        "the temporary server and the demo org watch a pipe that the command holds",
        "cli.test_ends.test_a_command_that_is_killed_leaves_no_process",
    ),
)

SECRETS = (
    Claim(
        "Client secrets and tokens",
        "whoever reads Prefect's database, results, artifacts, logs, the page or the JSON of a run",
        "they are held as secrets and never written; a run is searched for them, whole",
        "flows.traces.test_no_secret_anywhere.test_neither_secret_nor_token_is_left_anywhere",
    ),
    Claim(
        "Client secrets and tokens",
        "whoever reads the gateway's log lines, at any level",
        "the same",
        "genesys.http.test_log.test_no_line_holds_the_secret_or_a_token",
    ),
    Claim(
        "Client secrets",
        "whoever reads an exception or a validation error",
        "errors say what does not fit, without their input",
        "genesys.test_credentials.test_a_validation_error_does_not_show_its_input",
    ),
    Claim(
        "Client secrets on the way",
        "whoever listens, or answers in the platform's place",
        "certificates are checked; http is for loopback only",
        "genesys.http.test_isolation.test_a_certificate_that_nobody_vouches_for_is_refused",
    ),
    Claim(
        "Client secrets on the way",
        "a file `~/.genesyscloudpython/config`, which the SDK would obey",
        "it is not read",
        "genesys.http.test_isolation.test_a_config_file_of_the_user_neither_redirects_nor_logs",
    ),
    Claim(
        "Phrases of approvers",
        "whoever reads the error of a block that was filled in wrongly",
        "the error names people and reasons, not phrases",
        "flows.form.test_approvers.test_phrases_that_protect_nothing_are_refused_without_being_shown",
    ),
    Claim(
        "Passwords and tokens in the address of a result storage",
        "whoever reads where a table lies",
        "addresses are shown without them",
        "flows.traces.test_artifacts.test_where_something_is_stored_is_said_without_secrets",
    ),
)

SERVED = (
    Claim(
        "Credentials, phrases and runs on `make serve`",
        "other programs and other people on the machine",
        "the server asks for a password, made anew at each start",
        "deployments.test_the_page_next_door.test_without_the_password_no_credentials_are_given_to_anybody",
    ),
    Claim(
        "The same",
        "every page that is open in a browser on the machine, also one in which somebody is logged in",
        "the server lets no page call it but those of its own UI, and the browser keeps the password to these",
        "deployments.test_the_page_next_door."
        "test_a_page_in_the_browser_in_which_somebody_is_logged_in_reads_nothing_and_resets_nothing",
    ),
    Claim(
        "Logs and events of runs",
        "such a page, over a websocket, which browsers let it open",
        "the server closes a socket that gives no password",
        "deployments.test_the_page_next_door.test_a_socket_is_closed_to_who_has_no_password",
    ),
    Claim(
        "Credentials, phrases, the database's password",
        "a process of `make serve` that does not need them, and what runs in it",
        "each process is handed what it works with; workers read the blocks",
        "deployments.test_the_page_next_door.test_each_process_holds_the_secrets_that_it_works_with_and_no_other",
    ),
    Claim(
        "The same, and the server's password",
        "whoever reads the process list or the logs of `make serve`",
        "they go through environments, never through arguments",
        "deployments.test_the_page_next_door.test_no_secret_is_in_a_process_list_or_a_log",
    ),
    Claim(
        "The demo org",
        "every page that is open in a browser on the machine",
        "its control plane takes nothing that a browser's page sends",
        "simulator.test_control.test_a_page_that_somebody_has_open_beside_it_commands_nothing",
    ),
    Claim(
        "Credentials in containers",
        "a start without a password",
        "compose refuses to start and says what to set",
        "deployments.test_containers.test_compose_refuses_to_start_without_passwords_and_says_what_to_set",
    ),
)

APPROVALS = (
    Claim(
        "The org",
        "one person alone, on the deployment `raise-approved`",
        "somebody else has to approve the plan, by a code that only their phrase makes",
        "timeouts.planning.test_approval.test_a_second_person_approves_the_plan_that_is_named",
    ),
    Claim(
        "The org",
        "an answer to one plan that is given to another",
        "a code is of one plan of one run; three wrong ones end the run",
        "deployments.test_the_job_on_servers.test_wrong_answers_are_refused_and_the_third_one_ends_the_run",
    ),
    Claim(
        "The org",
        "parameters that are changed while the run waits",
        "the run is refused, and nothing is published",
        "deployments.test_the_job_on_servers.test_a_run_whose_policy_was_changed_while_it_waited_publishes_nothing",
    ),
    Claim(
        "The org",
        "an approval that comes too late",
        "a plan expires a day after it was made",
        "deployments.test_the_job_on_servers.test_an_approval_that_comes_too_late_publishes_nothing",
    ),
)

SHOWN = (
    Claim(
        "Whoever sits at a terminal",
        "whoever names Architect flows, steps and actions",
        "control characters in names are shown, and do nothing",
        "reports.terminal.test_show.test_control_characters_in_names_neither_move_the_cursor_nor_break_lines",
    ),
    Claim(
        "Whoever opens the page of a run",
        "the same",
        "names are text on it: no markup, no script, no address that is loaded",
        "reports.terminal.test_show_actions.test_names_are_text_on_the_page_whatever_they_hold",
    ),
)

SECTIONS = {
    "The org": ORG,
    "The truth": TRUTH,
    "Runs": RUNS,
    "Secrets": SECRETS,
    "make serve, the simulator, containers": SERVED,
    "Approvals": APPROVALS,
    "What people read": SHOWN,
}

NOT_PROTECTED = (
    Open(
        "Plans, records and approvals from who may write to result storage",
        "They carry checksums, which whoever changes them can make anew: no key seals them. Who writes there can "
        "forge a plan, a record of what was before, or replay an approval. What is published is still proved against "
        "the plan, and no raise lowers a wait.",
        "Let only the workers and those who may publish write to it.",
    ),
    Open(
        "Approvals from who knows an approver's phrase, or administers the Prefect server",
        "A phrase is a secret shared with the server: whoever may read its blocks may make every code, and whoever may "
        "edit them may name approvers.",
        "Let the people who ask for raises not administer the server. Give each approver a phrase of their own.",
    ),
    Open(
        "The name under `asked_by` from who fills in the form",
        "Prefect's open server knows one password and no users: names are taken as they are typed, and shown so.",
        "Put a login of your own before the server, and keep its log.",
    ),
    Open(
        "Everything from who has the server's password, or is the same user or root on the machine",
        "Prefect gives blocks, with their secrets, to whoever logs in; the processes of one user may read each other.",
        "Run `make serve` for trials; servers on machines and under users of their own.",
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
        "The demo org from other programs on the machine",
        "Its clients and their secrets are public, and its control plane asks for nothing.",
        "Nothing of anybody's is in it.",
    ),
)
