"""The task read-limits: how many executions of data actions the org allows."""

import logging

from prefect import task

from genesys import ReadClient
from tasks.running.missing import read_or_say_why
from tasks.running.retries import RETRIED
from timeouts.model.org import Organization
from timeouts.model.org_limits import OrgLimits


@task(name="read-limits", **RETRIED)
def read_limits(client: ReadClient, organization: Organization) -> OrgLimits:
    """Read the org's limits. Where that is not possible they say why, and the documented ones are counted with."""
    return read_or_say_why(
        organization,
        client.data_action_limits,
        lambda problem: OrgLimits(problem=problem),
        missing="no limits of the org",
        level=logging.INFO,  # the documented ones do as well
    )
