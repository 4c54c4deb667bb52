"""Which versions of Architect flows our own runs published, so that an audit does not take them for somebody else's.

The platform shows the name of the OAuth client that published, and an audit may use another client than a raise: only
we know. One file an org, with the latest version of ours of each Architect flow.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from tasks.storage import ResultStorage
from timeouts.outcomes import Outcome, Published


class OurVersions:
    """The versions of one org."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        self._storage = storage
        self._name = f"genesys-timeouts-ours-{hashlib.sha256(organization_id.encode()).hexdigest()}"

    def runs(self) -> dict[tuple[str, str], str]:
        """Give the names of our runs, by the id of an Architect flow and the version that they published."""
        return {(key, version): run for key, (version, run) in self._stored().items()}

    def add(self, run_name: str, outcomes: Iterable[Outcome]) -> None:
        """Remember what a run published; only one run at a time applies to an org."""
        published = {
            outcome.architect_flow_id: (outcome.version_after, run_name)
            for outcome in outcomes
            if isinstance(outcome, Published) and outcome.version_after is not None
        }
        if published:
            self._storage.write(self._name, json.dumps({**self._stored(), **published}).encode())

    def _stored(self) -> dict[str, tuple[str, str]]:
        """Read the file; one that is damaged counts as none, and others are then told by the platform's name."""
        try:
            found: Any = json.loads(self._storage.read(self._name))
            return {str(key): (str(version), str(run)) for key, (version, run) in found.items()}
        except (ValueError, OSError, AttributeError, TypeError):
            return {}
