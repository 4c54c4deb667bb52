"""The limits of an org by namespace: the documented defaults, and what this org was granted instead.

Source: docs/platform.md#org-limits, #concurrency.
"""

from collections.abc import Mapping

CONCURRENT_EXECUTIONS = "actions.concurrent.executions.max"

DEFAULTS: Mapping[str, Mapping[str, int]] = {
    "dataactions": {CONCURRENT_EXECUTIONS: 50, "requests.volume.max": 2_500},
    "architect": {},
    "platform.api": {"client.credentials.token.rate.per.minute": 300},
}
"""By namespace and key; no source tells keys of `architect` that matter here."""


class Limits:
    """What an org may use at most."""

    def __init__(self) -> None:
        self._granted: dict[tuple[str, str], int] = {}

    def of(self, namespace: str) -> dict[str, int]:
        """Return the limits of a namespace that is modelled; KeyError for another one."""
        granted = {key: value for (where, key), value in self._granted.items() if where == namespace}
        return {**DEFAULTS[namespace], **granted}

    def grant(self, namespace: str, key: str, value: int) -> None:
        """Set a limit. Raises ValueError for a namespace that is not modelled, and for what is no limit."""
        if namespace not in DEFAULTS:
            raise ValueError(f"There is no namespace {namespace!r}; there are {', '.join(DEFAULTS)}.")
        if type(value) is not int or value < 0:
            raise ValueError(f"A limit cannot be {value!r}.")
        self._granted[namespace, key] = value

    def reset(self) -> None:
        """Go back to the defaults."""
        self._granted.clear()
