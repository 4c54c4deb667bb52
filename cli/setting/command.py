"""The founding tutorial's promise: set the timeout of one step, publish, and confirm it from a fresh read.

Works on both kinds of definition. What stands in the way is told before a Prefect server is needed; publishing is the
Prefect flow set-timeout, so that it leaves a record, from which it can be rolled back.
"""

from cli import environment
from cli.exits import Exit, NotDoneError, UsageError, saying_problems
from cli.kept import confirming
from cli.setting.finding import UNTOUCHED, find_step, refused
from cli.setting.wish import Wish
from cli.setting.wording import described, shown, tell
from cli.showing.screens import out
from cli.sources import org_of
from genesys import AuthenticationFailed, ConfigurationProblem, Credentials, GenesysError, PermissionDenied
from genesys.reading.one_step import OneStep
from reports.frames.planned.callers import shipped, shipping
from reports.words import wait
from timeouts.model.durations import format_duration
from timeouts.planning.changes import Change
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy
from timeouts.text.phrases import first_few
from timeouts.text.visible import one_line

_NAMED = 5


@saying_problems
def set_timeout(wish: Wish, *, dry_run: bool, yes: bool) -> Exit:
    """Set one step's timeout; prints old and new. Nothing is changed unless everything is clear.

    `yes`: without asking in a terminal.
    """
    try:
        environment.prepare()
        wanted_ms = wish.wanted_ms()
        with org_of(wish.org) as block:
            _set(block, wish, wanted_ms, dry_run=dry_run, yes=yes)
    except (UsageError, ConfigurationProblem, AuthenticationFailed) as problem:
        raise UsageError(f"{problem}\n{UNTOUCHED}") from None
    except GenesysError as problem:  # before anything was written: later ones are told with what is there then
        raise NotDoneError(f"{problem}\n{_way_out(problem)}\n{UNTOUCHED}") from None
    return Exit.DONE


def _set(block: str | None, wish: Wish, wanted_ms: int, *, dry_run: bool, yes: bool) -> None:
    from flows.sources.connections import credentials_of_block

    credentials = credentials_of_block(block)
    meant, plan = _look(credentials, wish, wanted_ms)
    if plan.left_alone:
        raise refused(meant, plan.left_alone[0], wanted_ms)
    if not plan.changes:
        tell("New timeout:", f"{format_duration(wanted_ms)}, which it is already: nothing to do", "green")
        return
    (change,) = plan.changes
    if dry_run:
        tell("New timeout:", f"{format_duration(wanted_ms)} (dry run: nothing was changed)", "green")
    _tell_wait(change)
    if meant.architect_flow.type.casefold() == "commonmodule":
        tell(
            "Note:", "this is a common module: Architect flows that embed it wait as before until republished", "yellow"
        )
    _tell_what_ships(plan, meant)
    if dry_run:
        tell("To publish it:", wish.command(meant.step.id))
        return
    if confirming.is_asked(apply=True, yes=yes) and not confirming.confirmed(plan, out, UNTOUCHED):
        return
    from cli.setting.publishing import Setting

    Setting(credentials, block, wish, meant).publish()


def _look(credentials: Credentials, wish: Wish, wanted_ms: int) -> tuple[OneStep, Plan]:
    """Read the step that is meant, tell it, and compute what would change; the run that publishes does so anew."""
    from flows.sources.connections import read_client

    with read_client(credentials) as client:
        meant = find_step(client, wish.architect_flow_id, wish.name)
        tell("Architect flow:", f"{meant.architect_flow.name} ({meant.architect_flow.id})")
        tell("Step:", shown(meant.step))
        tell("Old timeout:", described(meant.step.setting, meant.step.default_ms, meant.action))
        policy = Policy.set_to(wanted_ms, meant.architect_flow.id, allow_lowering=wish.allow_lowering)
        return meant, compute_plan(meant.inventory(client.organization()), policy)


def _tell_wait(change: Change) -> None:
    """Say what callers get, which the limit of the action may decide, and whether that is less than now."""
    before_ms, after_ms = change.before_effective_ms, change.after_effective_ms
    is_shorter = before_ms is not None and after_ms is not None and after_ms < before_ms
    instead = f"instead of {wait(before_ms)}{': shorter than now' if is_shorter else ''}"
    tell("Callers wait:", f"{wait(after_ms)} at most, {instead}", "yellow" if is_shorter else "")


def _tell_what_ships(plan: Plan, meant: OneStep) -> None:
    """Say what else goes live with the publish, and what of that is not known."""
    for pin in shipping(plan):
        tell("Goes live too:", shipped(pin), "yellow")
    if meant.unread_modules:
        names = first_few([one_line(name) for name in meant.unread_modules], _NAMED)
        tell("Goes live too:", f"perhaps newer versions of these modules, which could not be read: {names}", "yellow")
    if plan.ships_problem:
        tell("Goes live too:", f"perhaps newer prompts, which is not known: {plan.ships_problem}", "yellow")


def _way_out(problem: GenesysError) -> str:
    if isinstance(problem, PermissionDenied):
        return "Ask an admin to give the OAuth client's role that permission."
    return "Run the same command again later."
