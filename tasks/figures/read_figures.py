"""The task read-figures: what the platform counted of all actions in given stretches of time."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from genesys import ENDS_A_RUN, GenesysError, ReadClient, about, fetch_figures, fields, of_org
from tasks.running.retries import RETRIED
from timeouts.effect.effect import FiguresOf
from timeouts.effect.stretches import Stretch
from timeouts.model.evidence import usual_bounds
from timeouts.model.org import Organization


class FiguresRead(NamedTuple):
    """The figures by stretch, or why there are none."""

    figures: FiguresOf
    problem: str = ""


@task(
    name="read-figures",
    cache_policy=NO_CACHE,  # the platform may still count late calls
    persist_result=False,
    **RETRIED,
)
def read_figures(
    client: ReadClient, organization: Organization, stretches: Collection[Stretch], limits_ms: Sequence[int]
) -> FiguresRead:
    """Read the figures of each stretch, in two requests. Where that is not possible, the result says why.

    `limits_ms`: the limits of actions for which to count how many calls took as long.
    """
    bounds_ms = usual_bounds(limits_ms)
    try:
        with about(of_org(organization)):
            return FiguresRead(
                {each: fetch_figures(client, each.from_ms, each.until_ms, bounds_ms) for each in stretches}
            )
    except ENDS_A_RUN:
        raise
    except GenesysError as problem:
        get_run_logger().warning("no figures to compare: %s", problem, extra=fields(of_org(organization)))
        return FiguresRead({}, str(problem))
