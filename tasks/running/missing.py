"""What a run can do without: read where the platform gives it, and told why where it does not."""

import logging
from collections.abc import Callable
from typing import TypeVar

from prefect import get_run_logger

from genesys import GenesysError, about, fields, of_org, read_or
from timeouts.model.org import Organization

Value = TypeVar("Value")


def read_or_say_why(
    organization: Organization,
    read: Callable[[], Value],
    without: Callable[[str], Value],
    *,
    missing: str,
    level: int = logging.WARNING,
) -> Value:
    """Return what `read` gives, or where the platform refuses what `without` makes of the reason; that is logged.

    `missing`: what there is none of then, for the log. What ends a run is raised all the same.
    """

    def read_about_it() -> Value:
        with about(of_org(organization)):
            return read()

    def told(problem: GenesysError) -> Value:
        get_run_logger().log(level, "%s: %s", missing, problem, extra=fields(of_org(organization)))
        return without(str(problem))

    return read_or(read_about_it, told)
