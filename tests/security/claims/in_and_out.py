"""What is protected from what comes in, over the network, and from names that people read."""

from tests.security.claims.kinds import Claim

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

NETWORK = (
    Claim(
        "The password of a company's proxy",
        "that proxy",
        "logs, errors, artifacts, files, the platform",
        "it goes from the variable into one header for the proxy; no message repeats any of it",
        "genesys.http.proxies.test_ways.test_no_log_line_holds_the_password_of_the_proxy",
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
        "genesys.http.proxies.test_refusals.test_a_wrong_password_is_tried_once_for_all_threads",
    ),
    Claim(
        "Client secrets on their way through a proxy",
        "the platform",
        "the proxy, and who opens TLS in it",
        "TLS to the host inside of the tunnel; a certificate that is not trusted ends the run first",
        "genesys.http.proxies.test_refusals.test_a_company_that_opens_tls_is_told_how_it_becomes_trusted",
    ),
    Claim(
        "What is told of a write",
        "us",
        "a proxy that refuses, hangs or cuts before the connection stands",
        "it counts as not sent, by the stage that was reached",
        "genesys.http.proxies.test_refusals.test_a_write_that_the_proxy_lets_nowhere_was_never_sent",
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
