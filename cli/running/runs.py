"""Runs a Prefect flow from the terminal: checks what was typed, asks, shows what came of it, returns the exit code."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import environment
from cli.exits import Exit, UsageError, saying_problems
from cli.outputs import Files
from cli.running.executing import Ran, execute, present, without_report
from cli.running.raise_options import RaiseOptions
from cli.servers.prefect_server import prefect_server
from cli.showing.screens import check_files, complain, problems, screen_of, write_down
from cli.sources import NamedSource, Reached, reached
from reports.commands.command_line import COMPARING
from reports.terminal.plain import plain
from timeouts.model.periods import PeriodError, parse_days
from timeouts.planning.limits import UnknownLimitError, unwaived
from timeouts.policy.policy_file import read_policy_file

if TYPE_CHECKING:
    from reports.report import Report, WriteMode


def audit(source: NamedSource, policy_file: Path | None, evidence: str | None, files: Files, *, verbose: bool) -> Exit:
    """Run the Prefect flow audit."""

    def prepare() -> dict[str, Any]:
        source.check_figures(evidence)
        return {"policy": read_policy_file(policy_file) if policy_file else None, "evidence": _period(evidence)}

    return _run("audit", source, prepare, files, verbose=verbose, policy_file=policy_file)


def raise_timeouts(
    source: NamedSource, options: RaiseOptions, files: Files, *, apply: bool, verbose: bool, yes: bool = False
) -> Exit:
    """Run the Prefect flow raise-timeouts. `yes`: publish without asking in a terminal."""

    def prepare() -> dict[str, Any]:
        source.check_patch(files.patch, apply=apply)
        source.check_figures(options.evidence)
        _check_waivers(options.waive)
        return {
            "policy": options.policy(),
            "mode": _mode(apply),
            "waive": options.waive,
            "protected": options.protected,
            "evidence": _period(options.evidence),
        }

    given = options.policy_file
    return _run("raise", source, prepare, files, verbose=verbose, publishes=apply, yes=yes, policy_file=given)


def apply_plan(
    source: NamedSource, plan: str, waive: tuple[str, ...], files: Files, *, verbose: bool, yes: bool = False
) -> Exit:
    """Run the Prefect flow apply-plan. `yes`: as for a raise."""

    def prepare() -> dict[str, Any]:
        _check_waivers(waive)
        return {"plan": plan, "waive": waive}

    return _run("apply", source, prepare, files, verbose=verbose, publishes=True, yes=yes)


def roll_back(source: NamedSource, run: str, files: Files, *, apply: bool, verbose: bool, yes: bool = False) -> Exit:
    """Run the Prefect flow roll-back. `yes`: as for a raise."""

    def prepare() -> dict[str, Any]:
        source.check_patch(files.patch, apply=apply)
        return {"run": run, "mode": _mode(apply)}

    return _run("roll back", source, prepare, files, verbose=verbose, publishes=apply, yes=yes)


def effect(org: str | None, run: str, days: str | None, files: Files, *, verbose: bool) -> Exit:
    """Run the Prefect flow effect."""

    def prepare() -> dict[str, Any]:
        return {"run": run, "days": _period(days, "--days")}

    return _run("effect", NamedSource(org), prepare, files, verbose=verbose)


def _mode(apply: bool) -> "WriteMode":
    return "apply" if apply else "dry run"


def _period(days: str | None, option: str = "--evidence") -> str | None:
    """Check a period before a Prefect server is started; Prefect keeps it as it was typed."""
    if days is None:
        return None
    try:
        parse_days(days)
    except PeriodError as problem:
        raise UsageError(f"{option}: {problem}") from None
    return days


_INSTEAD = {
    "raise": "leave it out, or, to raise only some, name them: --architect-flow, --action, or the rules of a policy",
    "apply": "leave it out; to publish only some, plan those alone: raise --architect-flow, --action",
    "roll back": "leave it out; a roll back puts back all that its run changed",
}
"""What to do instead of choosing by `--where` what is published."""


def _check_where(kind: str, files: Files) -> None:
    """Refuse to list some steps where all are published: what is listed would look like what is published."""
    if files.shown.where:
        raise UsageError(f"--where chooses what is listed, not what is published: {_INSTEAD[kind]}")


def _check_waivers(waive: tuple[str, ...]) -> None:
    try:
        unwaived((), waive)
    except UnknownLimitError as problem:
        raise UsageError(f"--waive: {problem}") from None


@saying_problems
def _run(
    kind: str,
    source: NamedSource,
    prepare: Callable[[], dict[str, Any]],
    files: Files,
    *,
    verbose: bool,
    publishes: bool = False,
    yes: bool = False,
    policy_file: Path | None = None,
) -> Exit:
    """Run a Prefect flow. `publishes`: it may change the org, which somebody at a terminal is asked unless `yes`.

    `policy_file`: what its policy was read from.
    """
    from cli.kept import confirming, names

    environment.prepare(verbose=verbose)
    source.check(compares=kind in COMPARING)
    if publishes:
        _check_where(kind, files)
    parameters = prepare()
    check_files(files, source)
    names.check_kind(kind, parameters, source)
    with reached(source) as found, prefect_server() as temporary:
        from flows.run.current_run import as_typed

        parameters |= found.parameters()
        names.resolve(kind, parameters)
        with as_typed(source.org, policy_file):
            is_asked = confirming.is_asked(apply=publishes, yes=yes)
            if is_asked and kind != "apply":
                ran, code = confirming.after_a_dry_run(kind, parameters, files, temporary=temporary)
            elif is_asked and not confirming.for_a_saved_plan(parameters["plan"], parameters["waive"], files):
                return Exit.DONE
            else:
                ran = execute(kind, parameters, is_quiet=files.shown.quiet)
                code = present(ran, files, temporary=temporary)
            refused = Exit.FAILED if publishes else Exit.USAGE
            patch, code = _patch_of(ran, found, files, code, refused)
            return _finish(ran, code, files, patch)


def _patch_of(ran: Ran, source: Reached, files: Files, code: Exit, refused: Exit) -> tuple[bytes | None, Exit]:
    """Return the plan of a run as a diff of files, where that is asked for; what is not in it is told.

    None where there can be no such diff, which is told, too, and the code `refused` for what has not failed otherwise.
    """
    from files.errors import FilesError

    try:
        return _made_patch(ran, source, files, code)
    except FilesError as problem:
        complain(f"--patch: {problem}")
        return None, code or refused


def _made_patch(ran: Ran, source: Reached, files: Files, code: Exit) -> tuple[bytes, Exit]:
    if files.patch is None or ran.plan is None:
        return b"", code
    if source.compared_with is not None:
        from flows.comparison.beside_files import patch_of

        made = patch_of(source.compared_with, getattr(ran.report, "undone", ()))
    elif source.folders is not None:
        from flows.sources.drafting import drafted

        if files.is_printed:  # then no tables are shown, which would say them
            for remark in getattr(ran.report, "remarks", ()):
                problems.print(plain(remark, "yellow"))
        made = drafted(source.folders, ran.plan)
    else:
        return b"", code
    for each in made.left:
        complain(f"not in the patch: {each}")
    return made.patch, code or Exit.FAILED if made.left else code


def _finish(ran: Ran, code: Exit, files: Files, patch: bytes | None = b"") -> Exit:
    """Write a run down where that is wanted, and say last what can be typed next."""
    from cli.kept.names import remember
    from reports.terminal.next_steps import show_next

    if ran.report is None:
        return code
    code = write_down(ran.report, files, code, patch)
    remember([ran.report.run.name])
    show_next(screen_of(files), ran.report.next)
    return code


def audited(source: NamedSource, *, verbose: bool) -> "Report | None":
    """Audit an org, or files, for a command that makes something else of it; None where the run failed, which is told.

    Raises UsageError, ConfigurationProblem or AuthenticationFailed for what was wrong before.
    """
    from reports.report import Report

    environment.prepare(verbose=verbose)
    source.check()
    with reached(source) as found, prefect_server():
        from flows.run.current_run import as_typed

        with as_typed(source.org):
            ran = execute("audit", found.parameters())
        if isinstance(ran.report, Report):
            return ran.report
        without_report(ran.state)
        return None
