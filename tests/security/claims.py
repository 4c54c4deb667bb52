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
        "a plan carries a checksum of its content, and another seal of who, where and until when",
        "flows.writing.test_roll_back.test_a_plan_that_was_tampered_with_is_refused",
    ),
    Claim(
        "Another org",
        "plans and runs that were made for it",
        "a plan or a run that was made for this one",
        "plans and records name their org, and are refused in another",
        "flows.writing.test_roll_back.test_a_plan_of_another_org_is_refused",
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
        "reports.test_approval_page.test_who_approves_a_plan_that_was_made_without_seeing_everything_is_told_so",
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
        "cli.test_lost_servers.test_a_server_that_is_started_again_in_the_middle_of_a_publish_ends_no_run",
    ),
    Claim(
        "The next run's turn",
        "a run that is alive: hold the place",
        "a run that a power cut has ended",
        "the place of a run that writes is held by who renews it, and free 45 s after nobody does",
        "cli.test_lost_servers."
        "test_after_a_power_cut_the_next_run_gets_the_place_within_a_minute_and_finishes_the_work",
    ),
    Claim(
        "The machine, after a command",
        "nothing of the command: stay",
        "a command that a signal, a closed terminal or a kill has ended",
        "the temporary server and the demo org watch a pipe that the command holds",
        "cli.test_ends.test_a_command_that_is_killed_leaves_no_process",
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
        "Phrases of approvers",
        "the approver, and who administers the server",
        "whoever reads the error of a block that was filled in wrongly",
        "the error names people and reasons, not phrases",
        "flows.form.test_approvers.test_phrases_that_protect_nothing_are_refused_without_being_shown",
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
        "Credentials, phrases and runs on `make serve`",
        "who has its password: read and start them",
        "other programs and other people on the machine",
        "the server asks for a password, made anew at each start",
        "deployments.test_the_page_next_door.test_without_the_password_no_credentials_are_given_to_anybody",
    ),
    Claim(
        "The same, in its files",
        "the user who started it",
        "other people on the machine",
        "its folder, its database and its logs are readable by that user alone",
        "deployments.test_the_page_next_door.test_nobody_else_on_the_machine_may_read_what_is_kept",
    ),
    Claim(
        "The same, over HTTP",
        "pages of its own UI: call it",
        f"{BROWSER}, also one in which somebody is logged in",
        "the server lets no page call it but those of its own UI, and the browser keeps the password to these",
        "deployments.test_the_page_next_door."
        "test_a_page_in_the_browser_in_which_somebody_is_logged_in_reads_nothing_and_resets_nothing",
    ),
    Claim(
        "Logs and events of runs",
        "who has the password: listen",
        "such a page, over a websocket, which browsers let it open",
        "the server closes a socket that gives no password",
        "deployments.test_the_page_next_door.test_a_socket_is_closed_to_who_has_no_password",
    ),
    Claim(
        "The temporary server of a command",
        "that command",
        "other programs and other people on the machine",
        "it asks for a password, which the command makes and nobody else is told",
        "cli.test_what_children_hold.test_the_temporary_server_answers_nobody_without_its_password",
    ),
    Claim(
        "Credentials, phrases, the database's password",
        "the process that works with them ([below](#who-is-given-which-secret))",
        "another process of `make serve`, and what runs in it",
        "each process is handed what it works with; workers read the blocks",
        "deployments.test_the_page_next_door.test_each_process_holds_the_secrets_that_it_works_with_and_no_other",
    ),
    Claim(
        "The same, and the server's password",
        "who started it: see the password in the terminal",
        "whoever reads the process list or the logs of `make serve`",
        "they go through environments, never through arguments",
        "deployments.test_the_page_next_door.test_no_secret_is_in_a_process_list_or_a_log",
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
        "compose refuses to start and says what to set",
        "deployments.test_containers.test_compose_refuses_to_start_without_passwords_and_says_what_to_set",
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

APPROVALS = (
    Claim(
        "The org, through the deployment `raise-approved`",
        "a second person: approve the plan",
        "one person alone",
        "somebody else has to approve the plan, by a code that only their phrase makes",
        "timeouts.planning.test_approval.test_a_second_person_approves_the_plan_that_is_named",
    ),
    Claim(
        "The same",
        "an answer to this plan of this run",
        "an answer to one plan that is given to another",
        "a code is of one plan of one run; three wrong ones end the run",
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
)

SHOWN = (
    Claim(
        "The terminal of whoever reads",
        "names: be shown",
        "whoever names Architect flows, steps and actions: move the cursor, forge lines",
        "control characters in names are shown, and do nothing",
        "reports.terminal.test_show.test_control_characters_in_names_neither_move_the_cursor_nor_break_lines",
    ),
    Claim(
        "The browser of whoever opens the page of a run",
        "names: be shown",
        "the same",
        "names are text on it: no markup, no script, no address that is loaded",
        "reports.terminal.test_show_actions.test_names_are_text_on_the_page_whatever_they_hold",
    ),
)

TOPICS = {
    "The org": ORG,
    "The truth": TRUTH,
    "Runs": RUNS,
    "Secrets": SECRETS,
    "make serve, the simulator, containers": SERVED,
    "What is installed, and released": SUPPLY,
    "Approvals": APPROVALS,
    "What people read": SHOWN,
}

_EACH_SERVED = "deployments.test_the_page_next_door.test_each_process_holds_the_secrets_that_it_works_with_and_no_other"
_OF_A_RUN = (
    "deployments.test_the_page_next_door.test_the_process_of_a_run_holds_the_servers_password_and_no_credentials"
)
_CHILDREN = "cli.test_what_children_hold.test_neither_the_demo_org_nor_the_temporary_server_is_handed_a_secret_of_yours"
_REGISTER = (
    "deployments.test_the_page_next_door.test_what_registers_an_org_of_yours_gets_its_credentials_and_no_database"
)
_COMPOSED = "deployments.test_containers.test_each_service_is_given_the_secrets_that_it_works_with_and_no_other"

HOLDINGS = (
    Holding(
        "a command in a terminal",
        "the client's id and secret; an access token",
        "its environment, or a block of the server that it works with; the platform",
        "while it runs; the token until the client is closed",
        "cli.test_ends.test_a_run_that_publishes_finishes_what_is_in_flight_and_keeps_its_record",
    ),
    Holding(
        "its temporary Prefect server",
        "a password of its own, and nothing of the org",
        "made by the command, in the environment",
        "as long as the command",
        "cli.test_what_children_hold.test_the_password_of_the_temporary_server_is_the_servers_alone_and_in_no_process_list",
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
        "`deployments.register`",
        "the server's password; credentials, phrases and the webhook's address, which become blocks",
        "the environment",
        "seconds, at the start; `prefect deploy`, which it starts, is given none of them",
        _REGISTER,
    ),
    Holding("a worker", "the server's password", "the environment", "while it works", _EACH_SERVED),
    Holding(
        "the process of a run",
        "the server's password; the credentials of its org, and an access token",
        "the worker's environment; the block that its parameters name; the platform",
        "while it runs; the token until the client is closed",
        _OF_A_RUN,
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
        "the server's password; credentials, phrases and the webhook's address",
        "the environment, from `deployments/.env`",
        "seconds; take the credentials out of the file then",
        _COMPOSED,
    ),
    Holding(
        "compose: `worker`",
        "the server's password",
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
        "deployments.test_containers.test_kubernetes_hands_out_secrets_by_reference_and_workers_get_one",
    ),
)

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
        "The demo org from other programs on the machine",
        "Its clients and their secrets are public, and its control plane asks for nothing.",
        "Nothing of anybody's is in it.",
    ),
)
