"""What a run from a terminal needs around it: quiet Prefect settings and a place for the demo org's state."""

import os
import shlex
import warnings
from pathlib import Path

from platformdirs import user_state_path

_DEFAULTS = {
    # Offline but for the org: Prefect's server and client would report home.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # The temporary server of a terminal run serves one run: what watches over deployments only costs it start-up.
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
}


def prepare(*, verbose: bool = False) -> None:
    """Set what Prefect reads when it is imported; call it first. What the user has set himself stays.

    The console shows our tables and not Prefect's log lines, unless `verbose`; the log in the Prefect UI is whole.
    Raises ConfigurationProblem for proxies and certificates that cannot be used: Prefect trips over them on its import.
    """
    _forget_blanks()
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "INFO" if verbose else "CRITICAL")
    prepare_network()


def prepare_network() -> None:
    """Make loopback direct, and check the ways out; the settings of Prefect stay, for what goes on to serve by them.

    Raises ConfigurationProblem, as `prepare` does.
    """
    _forget_blanks()
    # Said by whoever needs that folder, with what to do about it.
    warnings.filterwarnings("ignore", "Failed to create the Prefect home directory")
    from genesys import check_certificates, check_proxies, keep_loopback_direct

    keep_loopback_direct(os.environ)  # Prefect's client and the demo org, here and in what this process starts
    check_proxies()
    check_certificates()


def _forget_blanks() -> None:
    """Take variables of Prefect's that hold only blanks for not set: it would take one for a server's address.

    An empty one stays: it says that what a profile sets shall not count.
    """
    for name, value in list(os.environ.items()):
        if name.startswith("PREFECT_") and value.isspace():
            del os.environ[name]


def of_a_child(*besides: str) -> dict[str, str]:
    """Return this process's environment for one that it starts, without the org's secrets and the logins at servers.

    `besides`: what else it has no use for, by the beginning of the names.
    """
    kept_back = ("GENESYS_", "NOTIFY_", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING", *besides)
    return {name: value for name, value in os.environ.items() if not name.startswith(kept_back)}


def where_to_look(run_id: str, *, temporary: bool) -> str:
    """Say where a person opens a run's artifacts: on the server that it ran with, or on one that is still to start."""
    from prefect.settings import PREFECT_API_URL, PREFECT_UI_URL

    address = PREFECT_UI_URL.value() if PREFECT_API_URL.value() and not temporary else None
    if address:
        return f"Open its artifacts: {str(address).rstrip('/')}/runs/flow-run/{run_id}"
    same_home = f"PREFECT_HOME={shlex.quote(named)} " if (named := os.environ.get("PREFECT_HOME")) else ""
    return f"Open its artifacts: {same_home}genesys-timeouts ui, then http://127.0.0.1:4200/artifacts"


def home() -> Path:
    """Return where the demo org keeps its state: GENESYS_TIMEOUTS_HOME, or the user's own state folder.

    Raises ConfigurationProblem for a path that is not whole.
    """
    if not (folder := home_as_named()).is_absolute():
        from tasks.storage.files.private_files import named_home

        named_home()
    return folder


def home_as_named() -> Path:
    """Return the same, whole or not, and load nothing for it: a shell that completes a name waits."""
    named = os.environ.get("GENESYS_TIMEOUTS_HOME")
    if not named:
        return user_state_path("genesys-timeouts")
    return Path(os.path.expanduser(named))  # noqa: PTH111 - pathlib's raises for a user that is not there
