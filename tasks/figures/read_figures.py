"""The task read-figures: what the platform counted of all actions in given stretches of time."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from prefect import task

from genesys import ReadClient, fetch_figures
from tasks.running.missing import read_or_say_why
from tasks.running.retries import RETRIED
from timeouts.effect.effect import FiguresOf
from timeouts.effect.stretches import Stretch
from timeouts.model.evidence import usual_bounds
from timeouts.model.org import Organization


class FiguresRead(NamedTuple):
    """The figures by stretch, or why there are none."""

    figures: FiguresOf
    problem: str = ""


@task(name="read-figures", **RETRIED)
def read_figures(
    client: ReadClient, organization: Organization, stretches: Collection[Stretch], limits_ms: Sequence[int]
) -> FiguresRead:
    """Read the figures of each stretch, in two requests. Where that is not possible, the result says why.

    `limits_ms`: the limits of actions for which to count how many calls took as long.
    """
    bounds_ms = usual_bounds(limits_ms)

    def read() -> FiguresRead:
        return FiguresRead({each: fetch_figures(client, each.from_ms, each.until_ms, bounds_ms) for each in stretches})

    return read_or_say_why(
        organization, read, lambda problem: FiguresRead({}, problem), missing="no figures to compare"
    )
