"""`explain STEP`: reads the org, or files, and says in sentences why one step waits as long as it does."""

from typing import TYPE_CHECKING

from cli import environment
from cli.exits import Exit, UsageError, saying_problems
from cli.kept.reading import hand_out
from cli.outputs import Files
from cli.running.raise_options import RaiseOptions
from cli.servers.prefect_server import prefect_server
from cli.showing.screens import check_files, complain, out
from cli.sources import NamedSource, Reached, reached
from timeouts.text.nearest import did_you_mean, nearest
from timeouts.text.visible import one_line

if TYPE_CHECKING:
    from timeouts.inventory import Inventory, OrgStep
    from timeouts.policy.policy import Policy

_MOST_LISTED = 20


@saying_problems
def explain_step(source: NamedSource, step: str, architect_flow: str | None, asked: RaiseOptions, files: Files) -> Exit:
    """Explain one step, held against what is asked for, where anything is."""
    from reports.terminal.explanation import show_explanation
    from timeouts.planning.explaining.explain import explain

    if not step.strip():
        raise UsageError("STEP is empty: name it by its name, its id, or 'Architect flow / step'")
    environment.prepare()
    source.check()
    check_files(files, source)
    policy = None if asked == RaiseOptions() else asked.policy()
    with reached(source) as there, prefect_server():
        inventory = _read(there, policy)
    if isinstance(inventory, Exit):
        return inventory
    meant = _the_step(inventory, step, architect_flow)
    found = explain(inventory, meant, policy, asked.protected)
    return hand_out(found, files, lambda: show_explanation(out, found))


def _read(source: Reached, policy: "Policy | None") -> "Inventory | Exit":
    from files.errors import FilesError
    from flows.explain import read_for_explaining
    from genesys import AuthenticationFailed, ConfigurationProblem
    from timeouts.inventory import Inventory

    state = read_for_explaining(**source.parameters(), policy=policy, return_state=True)
    found = state.result(raise_on_failure=False)
    if isinstance(found, Inventory):
        return found
    if isinstance(found, ConfigurationProblem | AuthenticationFailed):
        raise found
    if isinstance(found, FilesError):
        raise UsageError(str(found))
    complain(f"{'the org' if source.folders is None else 'the files'} could not be read: {found or state.message}")
    return Exit.FAILED


def _the_step(inventory: "Inventory", text: str, architect_flow: str | None) -> "OrgStep":
    """Return the one step that is meant; raises UsageError, which lists the steps where there are several."""
    from reports.terminal.layout import place
    from timeouts.planning.explaining.meant import steps_meant

    meant = steps_meant(inventory, text, architect_flow)
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise UsageError(_nothing_called(inventory, text, architect_flow))
    is_in_one = len({each.architect_flow.id for each in meant}) == 1
    how = "name one by its id" if is_in_one else "add --architect-flow, or name one by its id"
    lines = [f"{one_line(text)} may be one of {len(meant)} steps: {how}"]
    for each in meant[:_MOST_LISTED]:
        where = place(each.step.container, each.step.name)
        lines.append(f"{one_line(each.architect_flow.label)}: {where}, id {one_line(each.step.id)}")
    if len(meant) > _MOST_LISTED:
        lines.append(f"and {len(meant) - _MOST_LISTED} more")
    raise UsageError("\n".join(lines))


def _nothing_called(inventory: "Inventory", text: str, architect_flow: str | None) -> str:
    """Say that no step is called so, and which names may be meant: of steps in the Architect flow that is named."""
    from timeouts.planning.explaining.meant import steps_within

    within = steps_within(inventory, architect_flow)
    if architect_flow is not None and not within:
        near = nearest(architect_flow, (each.architect_flow.name for each in inventory.steps))
        hint = did_you_mean(map(one_line, near)) or "."
        return f"--architect-flow: no step was read in an Architect flow called {one_line(architect_flow)}{hint}"
    names: list[str] = []
    for each in within:
        step, home = each.step, each.architect_flow.label
        if " / " in text:
            names += (f"{home} / {step.name}", f"{home} / {step.container} / {step.name}")
        else:
            names += (step.name, step.action_name)
    hint = did_you_mean(map(one_line, nearest(text.strip("*?"), names)))
    where = f" in {one_line(architect_flow)}" if architect_flow else ""
    return (
        f"no step is called {one_line(text)}{where}: name it by its name, its id, its action, or as"
        f" 'Architect flow / step'{hint}"
    )
