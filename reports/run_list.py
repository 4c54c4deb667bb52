"""A list of runs as one document: what `runs` shows, and writes as JSON."""

from reports.words import joined, utc
from timeouts.model.values import Value


class RunLine(Value):
    """One run. `what`: kind and mode; `began_ms`: milliseconds since 1970; `state`: that of Prefect, by its name.

    `said`: what it found, planned or did, else what its state says. `checksum`: of its plan, '' for none. `is_kept`:
    what is told of it was found in result storage, `org` and `checksum` too; else the Prefect server alone knows it.
    `is_unreadable`: something of it was found there, and is refused or cannot be read.
    """

    id: str
    name: str
    what: str
    began_ms: int
    org: str = ""
    org_id: str = ""
    state: str
    said: str = ""
    checksum: str = ""
    is_kept: bool
    is_unreadable: bool = False

    @property
    def began(self) -> str:
        """When it began, in words."""
        return utc(self.began_ms)

    @property
    def outcome(self) -> str:
        """How it ended, or that it runs, in words."""
        return joined((self.state, self.said), ": ")


class RunList(Value):
    """Runs, the latest first."""

    runs: tuple[RunLine, ...] = ()
