"""Comparing the calls before and after what runs of ours published. Used by effect and audit."""

from collections.abc import Sequence

from genesys import ReadClient
from tasks.figures.read_figures import FiguresRead, read_figures
from tasks.running.clock import now_ms
from tasks.running.opaque_to_prefect import opaque_to_prefect
from timeouts.effect.changes import RunChanges
from timeouts.effect.effect import RunEffect, effect_of, limits_of
from timeouts.effect.stretches import LONGEST_DAYS, Stretches, stretches_for
from timeouts.model.org import Organization


def compare(
    client: ReadClient,
    organization: Organization,
    runs: Sequence[RunChanges],
    all_runs: Sequence[RunChanges],
    longest_days: int = LONGEST_DAYS,
) -> list[RunEffect]:
    """Compare the calls before and after each of these runs. Call it in the body of a Prefect flow.

    `all_runs`: what all runs around them published, themselves included. Nothing is asked for where nothing can be
    compared.
    """
    at_ms = now_ms()
    others = {run.run_id: [each for each in all_runs if each.run_id != run.run_id] for run in runs}
    planned = {
        run.run_id: {
            action.action_id: stretches_for(action.action_id, run, others[run.run_id], at_ms, longest_days)
            for action in run.actions
        }
        for run in runs
    }
    compared = [each for run in planned.values() for each in run.values() if isinstance(each, Stretches)]
    asked = dict.fromkeys(stretch for each in compared for stretch in (each.before, each.after))
    limits_ms = sorted({limit_ms for run in runs for limit_ms in limits_of(run)})
    read = read_figures(client, organization, opaque_to_prefect([*asked]), limits_ms) if asked else FiguresRead({})
    return [effect_of(run, planned[run.run_id], read.figures, read.problem) for run in runs]
