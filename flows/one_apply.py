"""One apply at a time per org: a Prefect concurrency limit that every writing run takes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from prefect import get_client, get_run_logger
from prefect.concurrency.sync import concurrency
from prefect.exceptions import ObjectAlreadyExists

from genesys import fields, of_org
from tasks.progress import report
from timeouts.org import Organization

WAIT_SECONDS = 1_800.0
"""How long a run waits for another one: longer than a night's batch of publishes takes."""

_AT_ONCE_SECONDS = 10.0
"""A free place is given within milliseconds, on a busy machine within seconds."""

_LEASE_SECONDS = 60.0
"""A run that is killed gives its place back after so long; a living one renews its lease."""


class AnotherApplyError(Exception):
    """Another run is applying to the same org and did not end in time. Nothing was changed."""


@contextmanager
def the_only_apply(organization: Organization, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the org's one place for a writing run; says so when it has to wait for another run.

    Raises AnotherApplyError when that run is still going after `wait_seconds`.
    """
    name = f"genesys-timeouts-apply-{organization.id}"
    make_place(name)
    with ExitStack() as place:
        if not _taken(place, name, _AT_ONCE_SECONDS):
            get_run_logger().warning(
                "another run is applying to %s: waiting for its end",
                organization.name,
                extra=fields(of_org(organization)),
            )
            report(f"Waiting for another run that is applying to {organization.name}", 0, 1)
            if not _taken(place, name, wait_seconds):
                raise AnotherApplyError(
                    f"another run has been applying to {organization.name} for {wait_seconds:.0f} s and goes on; "
                    "nothing was changed. Run again when it has ended."
                )
        yield


def make_place(name: str) -> None:
    """Make the limit where it is not there yet; of two runs that find none, the second is told that it is there."""
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.upsert_global_concurrency_limit_by_name(name, limit=1)


def _taken(place: ExitStack, name: str, timeout_seconds: float) -> bool:
    try:
        place.enter_context(
            concurrency(
                name,
                timeout_seconds=timeout_seconds,
                lease_duration=_LEASE_SECONDS,
                strict=True,
                # the protocol is safe beside another run; stopping in the middle for a lost lease is worse
                raise_on_lease_renewal_failure=False,
            )
        )
    except TimeoutError:
        return False
    return True
