"""Which process is given which secret, from where and for how long."""

from tests.security.claims.kinds import Holding

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
_COMPOSED = "deployments.containers.test_secrets.test_each_service_is_given_the_secrets_that_it_works_with_and_no_other"

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
        "deployments.containers.test_secrets.test_kubernetes_hands_out_secrets_by_reference_and_workers_get_one",
    ),
)
