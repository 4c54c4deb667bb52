"""How facts are put into words, once for all views: limits, waits, what became of something, what goes before what."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from timeouts.inventory import Coverage
from timeouts.model.durations import format_duration
from timeouts.model.effective import own_bound
from timeouts.model.org import Organization
from timeouts.model.settings import TimeoutSetting
from timeouts.model.steps import StepKind
from timeouts.model.wording import UNKNOWN, duration_or

NO_LIMIT = "none"

WORST_FIRST = ("unknown", "failed", "not started", "skipped", "published", "unchanged")
"""The outcomes of a target, those that people have to look into first."""


def limit(limit_ms: int | None, *, is_known: bool = True) -> str:
    """Return the limit of an action in words: an action that is not listed has an unknown one, others may have none."""
    return duration_or(NO_LIMIT if is_known else UNKNOWN, limit_ms)


def wait(wait_ms: int | None, setting: TimeoutSetting | None = None, default_ms: int | None = None) -> str:
    """Return what a caller waits in words; None is what is computed at run time, or not known.

    `setting`, `default_ms`: of the step. Where the limit of its action is not known, they bound the wait: `at most 5s`.
    """
    bound_ms = None if setting is None or wait_ms is not None else own_bound(setting, default_ms)
    return duration_or(UNKNOWN, wait_ms) if bound_ms is None else f"at most {format_duration(bound_ms)}"


def shortest_first(wait_ms: int | None) -> int:
    """Return what sorts waits, the shortest first; one that is not known is odder than any."""
    return -1 if wait_ms is None else wait_ms


def published_in(organization: Organization) -> str:
    """Return what was done to what a run changed: files are written, and go live by somebody's deploy."""
    return "written" if organization.is_files else "published"


def joined(parts: Iterable[str], separator: str = "; ") -> str:
    """Return the parts that say something, with a separator between them."""
    return separator.join(part for part in parts if part)


def utc(at_ms: int) -> str:
    """Return a moment, in milliseconds since 1970, as people read it."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def has_kinds(kinds: Iterable[StepKind]) -> bool:
    """Return whether a table of few columns says of what kind its steps are: not where all are Call Data Actions."""
    return any(kind != "data" for kind in kinds)


def became(before: str, after: str) -> str:
    """Return two labels with an arrow between them; one of them where the other is empty or the same."""
    return joined((before, after if after != before else ""), " → ")


def missing_in(coverage: Coverage, notes: Sequence[str]) -> tuple[str, ...]:
    """Return what a run could not read, and what it counts as: a sentence each, none where it has seen everything."""
    count = len(coverage.problems)
    unread = (f"{count} of {coverage.listed} Architect flows could not be read",) if count else ()
    return (*unread, *notes)
