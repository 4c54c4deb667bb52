"""What each process of `make serve` finds in its environment: what it needs, and no secret that it does not need.

Whoever may read a process's environment, or takes over what runs in it, finds no more than that process works with.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from genesys import keep_loopback_direct

PASSWORD = "PREFECT_SERVER_API_AUTH_STRING"  # noqa: S105 - the name of the variable
"""`name:password` that the Prefect server asks everybody for."""

_GIVEN = "PREFECT_API_AUTH_STRING"
"""The same, as a client gives it."""

_OF_THE_SERVER = ("PREFECT_SERVER_", "PREFECT_API_DATABASE_", "PREFECT_ORION_", "ORION_", "PREFECT_REDIS_")
"""Its database's address and password, the key of its blocks, its broker; under the names that Prefect still knows."""

_TO_REGISTER = ("GENESYS_", "NOTIFY_", "AUDIT_FILES_")
"""Credentials, a webhook, a repository and its token: they become blocks and variables, which workers read."""

_APPROVERS = "GENESYS_TIMEOUTS_APPROVERS"
"""Who may approve, for workers alone: it never lies on the server, where whoever has its password edits everything."""

_OF_RUNS = ("GENESYS_READ_TIMEOUT",)
_TO_SEAL = ("GENESYS_TIMEOUTS_SEAL_KEYS", "GENESYS_TIMEOUTS_SEAL_KEYS_FILE")
"""The keys of what runs keep, which are for workers alone: who registers, or serves, cannot seal."""

SERVER_IN_OUTAGES = {
    "PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER": "PT30M",
    "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
    "PREFECT_REDIS_MESSAGING_PUBLISHER_BATCH_SIZE": "1",
    "PREFECT_REDIS_MESSAGING_CONSUMER_TRIM_IDLE_THRESHOLD": "21600",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_MAX_FLUSH_RETRIES": "1000",
}
"""How long the server keeps what an automation waits for beyond its time, waits for its database, and keeps events.

Prefect's minute is too short: what looks at it is itself delivered again only after five minutes where Redis was away
(ISO 8601: a bare number is refused). And where five seconds are too short, as on a machine that is busy with the start
of the services, what evaluates the automations ends without a word: then no run is crashed that has died.

Events go to Redis one by one: in batches of five, the API waits for the fifth heartbeat of a run, 150 s, once Redis
was away (its flush every 10 s ends with the first error). What waits for services that are away is kept for six hours:
after Prefect's five minutes the API throws it away. And what Postgres did not take is tried again a thousand times,
each second or so, and not five times.
"""

CLIENT_IN_OUTAGES = {"PREFECT_CLIENT_RETRY_EXTRA_CODES": "500,504", "PREFECT_CLIENT_MAX_RETRIES": "6"}
"""For workers, their runs, and whoever registers: the API answers 500 while its database is away, and a proxy 504 for a
replica that hangs. Six times, after 2, 4, ... 64 s: two minutes in all. compose.yaml and Helm's values say so, too."""

_HOME = "GENESYS_TIMEOUTS_HOME"
_OF_NOBODY = ("PREFECT_PROFILE", "PREFECT_API_KEY", _GIVEN)


@dataclass(frozen=True, slots=True)
class Environments:
    """Made from the environment that `make serve` was `given`, with its own settings, `own`, and the `password`."""

    given: Mapping[str, str]
    own: Mapping[str, str]
    password: str

    def of_everybody(self) -> dict[str, str]:
        """Return what every process finds: no secret of ours."""
        narrow = (*_OF_THE_SERVER, *_TO_REGISTER)
        shared = {
            name: value
            for name, value in self.given.items()
            if name not in _OF_NOBODY and (name in _OF_RUNS or not name.startswith(narrow))
        }
        whole = {**shared, **self.own}
        keep_loopback_direct(whole)  # server, demo org and workers are all on this machine
        return whole

    def of_the_server(self, origins: str) -> dict[str, str]:
        """Return what the Prefect server finds besides; `origins`: from which pages a browser may call it."""
        settings = {name: value for name, value in self.given.items() if name.startswith(_OF_THE_SERVER)}
        return {
            **SERVER_IN_OUTAGES,
            **settings,
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": origins,
            PASSWORD: self.password,
        }

    def of_a_client(self) -> dict[str, str]:
        """Return what every client of the server finds besides: how to log in, and how long to wait for it."""
        patience = {name: self.given.get(name, value) for name, value in CLIENT_IN_OUTAGES.items()}
        return {_GIVEN: self.password, **patience}

    def of_a_worker(self, home: str, demo: Mapping[str, str]) -> dict[str, str]:
        """Return what a worker finds besides: who may approve, and what seals what its runs keep.

        `home`: where the key of these workers lies, unless the environment names keys. `demo`: who may approve in the
        demo org, empty for another org.
        """
        keys = {name: value for name, value in self.given.items() if name in _TO_SEAL}
        approvers = {name: value for name, value in (demo or self.given).items() if name == _APPROVERS}
        return {**self.of_a_client(), _HOME: home, **keys, **approvers}

    def of_register(self, org: Mapping[str, str]) -> dict[str, str]:
        """Return what else makes the blocks; `org` names the demo org, empty where the environment names one."""
        names = _TO_REGISTER if not org else ("NOTIFY_", "AUDIT_FILES_")
        kept_back = (*_TO_SEAL, _APPROVERS)
        named = {name: value for name, value in self.given.items() if name.startswith(names) and name not in kept_back}
        return {**named, **org, **self.of_a_client()}
