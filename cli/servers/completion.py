"""What a shell completes `--org` to: the demo org, and the blocks with credentials on the Prefect server.

A person waits for it at the prompt: Prefect, which takes a second to load, is left out, the server is asked once and
for half a second at most, and whatever is wrong is no affair of a completion.
"""

import base64
import contextlib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from reports.commands.command_line import DEMO, ENVIRONMENT

_ANSWER_S = 0.5
_BLOCKS = "/block_types/slug/genesys-cloud-credentials/block_documents?include_secrets=false"


def orgs(incomplete: str) -> list[str]:
    """Return what `--org` may be."""
    return [name for name in (DEMO, ENVIRONMENT, *_blocks()) if name.startswith(incomplete)]


def _blocks() -> Iterator[str]:
    with contextlib.suppress(Exception):
        settings = {**_active_profile(), **os.environ}
        request = Request(settings["PREFECT_API_URL"].rstrip("/") + _BLOCKS, headers=_login(settings))  # noqa: S310 - as Prefect asks it
        with urlopen(request, timeout=_ANSWER_S) as answer:  # noqa: S310 - as above
            for each in json.load(answer):
                if isinstance(each["name"], str) and each["name"].isprintable():
                    yield each["name"]


def _active_profile() -> Mapping[str, Any]:
    """Return the settings that Prefect keeps in a file, of the profile that is chosen."""
    home = Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()
    with contextlib.suppress(OSError, ValueError):
        kept = tomllib.loads((home / "profiles.toml").read_text("utf-8"))
        active: Mapping[str, Any] = kept["profiles"][os.environ.get("PREFECT_PROFILE") or kept["active"]]
        return active
    return {}


def _login(settings: Mapping[str, Any]) -> dict[str, str]:
    if auth_string := settings.get("PREFECT_API_AUTH_STRING"):
        return {"Authorization": f"Basic {base64.b64encode(auth_string.encode()).decode()}"}
    return {"Authorization": f"Bearer {key}"} if (key := settings.get("PREFECT_API_KEY")) else {}
