"""What a process is told of the org that it works on, and how a test waits for what a process does."""

import os
import sys
import time
from collections.abc import Callable

import pytest

COMMAND = [sys.executable, "-c", "from cli.__main__ import main; main()"]
SEAL_KEYS = "GENESYS_TIMEOUTS_SEAL_KEYS"
WRITER = {"GENESYS_CLIENT_ID": "demo-writer", "GENESYS_CLIENT_SECRET": "demo-writer-secret"}


def environment(org: str | None = None, **given: str) -> dict[str, str]:
    """The environment of another process: this one's without its org, the org at this address, and what is given.

    It has the key that seals what runs keep, so that it reads what this one has kept.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GENESYS_") or name == SEAL_KEYS}
    return {**kept, **({**WRITER, "GENESYS_API_URL": org} if org else {}), **given}


def without_settings() -> dict[str, str]:
    """The environment of this process without any setting of Prefect or of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GENESYS_"))}


def point_at(org: str, monkeypatch: pytest.MonkeyPatch, read_timeout: str = "250ms") -> None:
    """Set the environment of this process as a user would."""
    for name, value in {**WRITER, "GENESYS_API_URL": org, "GENESYS_READ_TIMEOUT": read_timeout}.items():
        monkeypatch.setenv(name, value)


def wait_for(happens: Callable[[], object], seconds: float = 90.0) -> None:
    """Wait until it happens."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.01)
