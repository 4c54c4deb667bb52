"""What is protected where it runs: secrets, what is served, and what is installed."""

from tests.security.claims.kinds import Claim

BROWSER = "every page that is open in a browser on the machine"

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
        "deployments.containers.test_secrets.test_the_entrypoint_starts_nothing_without_a_secret_that_is_named",
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
