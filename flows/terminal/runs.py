"""Runs a Prefect flow from the terminal: asks for what it needs, shows what came of it, gives the exit code."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from flows.terminal import surroundings
from flows.terminal.demo_org import DemoOrgError, demo_org
from flows.terminal.exits import Exit
from timeouts.durations import DurationError, parse_duration
from timeouts.policy import Policy
from timeouts.policy_file import PolicyError, read_policy_file

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

DEMO = "demo"

out = Console(highlight=False)
problems = Console(stderr=True, highlight=False, soft_wrap=True)


class UsageError(Exception):
    """What was asked for cannot be done; the text says what to type instead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What `raise` was asked for: `to` with its two filters, or a policy file."""

    to: str | None = None
    action: str | None = None
    architect_flow: str | None = None
    policy_file: Path | None = None

    def policy(self) -> Policy:
        """The policy that is meant. Raises UsageError, PolicyError or DurationError, which say what to correct."""
        if self.policy_file is not None:
            if self.to or self.action or self.architect_flow:
                raise UsageError("--policy says everything: leave --to, --action and --architect-flow out")
            return read_policy_file(self.policy_file)
        if self.to is None:
            raise UsageError("say what to raise: --to 10s, or --policy FILE")
        try:
            return Policy.raise_to(parse_duration(self.to), action=self.action, architect_flow=self.architect_flow)
        except ValidationError as problem:
            raise UsageError(
                "; ".join(error["msg"].removeprefix("Value error, ") for error in problem.errors())
            ) from None


def audit(org: str | None, policy_file: Path | None, json: Path | None, *, verbose: bool) -> Exit:
    """Run the Prefect flow audit."""

    def prepare() -> dict[str, Any]:
        return {"policy": read_policy_file(policy_file) if policy_file else None}

    return _run("audit", org, prepare, json, verbose=verbose)


def raise_timeouts(org: str | None, asked: Asked, json: Path | None, *, apply: bool, verbose: bool) -> Exit:
    """Run the Prefect flow raise-timeouts."""
    return _run("raise", org, lambda: {"policy": asked.policy(), "apply": apply}, json, verbose=verbose)


@contextmanager
def org_of(org: str | None) -> Iterator[str | None]:
    """Make the org reachable; yields the name of its credentials block, None when the environment holds them."""
    with demo_org(surroundings.home() / "org") if org == DEMO else nullcontext():
        yield None if org == DEMO else org


def _run(
    kind: str, org: str | None, prepare: Callable[[], dict[str, Any]], json: Path | None, *, verbose: bool
) -> Exit:
    surroundings.prepare(verbose=verbose)
    from genesys import AuthenticationFailed, ConfigurationProblem

    try:
        parameters = prepare()
        with org_of(org) as block:
            _check_credentials(block)
            return _run_and_show(kind, {"org": block, **parameters}, json)
    except (
        UsageError,
        PolicyError,
        DurationError,
        DemoOrgError,
        ConfigurationProblem,
        AuthenticationFailed,
    ) as problem:
        problems.print(str(problem), style="red", markup=False)
        return Exit.USAGE


def _check_credentials(block: str | None) -> None:
    """Fail before a Prefect server is started for nothing."""
    if block is None:
        from genesys import Credentials

        Credentials.from_environment()


def _run_and_show(kind: str, parameters: dict[str, Any], json: Path | None) -> Exit:
    from flows.audit import audit as audit_flow
    from flows.raise_timeouts import raise_timeouts as raise_flow
    from flows.report import kept_report
    from flows.terminal.show import show
    from tasks.progress import listening
    from tasks.storage import default_storage

    run_flow: Any = audit_flow if kind == "audit" else raise_flow
    with _bars() as listener, listening(listener):
        state: State[Any] = run_flow(**parameters, return_state=True)
    run_id = state.state_details.flow_run_id
    try:
        report = kept_report(default_storage(), str(run_id))
    except (ValueError, OSError):
        return _without_report(state)
    show(out, report)
    if json is not None:
        json.write_text(report.model_dump_json(indent=2) + "\n", "utf-8")
        out.print(f"\nThe whole run as JSON: {json}", markup=False)
    return exit_of(state)


def exit_of(state: "State[Any]") -> Exit:
    """The exit code that a run's final state stands for."""
    if state.is_completed():
        return Exit.DONE
    return Exit.INCOMPLETE if state.name == "Incomplete" else Exit.FAILED


def _without_report(state: "State[Any]") -> Exit:
    """The run ended before there was anything to report: raise what stopped it, or show it."""
    from genesys import AuthenticationFailed, ConfigurationProblem

    found = state.result(raise_on_failure=False)
    if isinstance(found, (ConfigurationProblem, AuthenticationFailed)):
        raise found
    problems.print(f"The run did not get anywhere: {found or state.message}", style="red", markup=False)
    return Exit.FAILED


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    """Progress bars, one a stage; yields what listens to the run's progress."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=problems, transient=True) as progress:
        start = progress.add_task("Starting Prefect", total=None)
        bars: dict[str, Any] = {}

        def listener(stage: str, done: int, total: int) -> None:
            progress.update(start, visible=False)
            if stage not in bars:
                bars[stage] = progress.add_task(stage, total=total)
            progress.update(bars[stage], completed=done)

        yield listener
