"""How the runs of tasks are called in Prefect: after what they are about."""

from prefect import runtime

from timeouts.text.outlets import inert


def after_the_target() -> str:
    """Return the name of the current task run: the task, and the Architect flow or action of its order."""
    run = runtime.task_run
    return inert(f"{run.task_name} {run.parameters['order'].target.name}")
