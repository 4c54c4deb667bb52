"""Publishing the one step by the Prefect flow set-timeout, telling what came of it, and confirming it."""

import typing
from collections.abc import Mapping

from cli.running.executing import Ran, execute
from cli.servers.prefect_server import prefect_server
from cli.setting.finding import AGAIN, UNTOUCHED, NotSetError, read_steps, refused
from cli.setting.wish import Wish
from cli.setting.wording import described, tell
from cli.sources import parameter_for
from genesys import Credentials, GenesysError
from genesys.reading.one_step import OneStep
from timeouts.model.durations import format_duration
from timeouts.model.settings import LiteralTimeout, TimeoutSetting
from timeouts.planning.outcomes import REFUSED_AS_IT_IS, Outcome

if typing.TYPE_CHECKING:
    from reports.report import Report

_AFTER: Mapping[str, str] = {
    "skipped": "Once that is out of the way, run the same command again.",
    "failed": "See to what the platform names, then run the same command again.",
    "unknown": AGAIN,
}


class Setting:
    """One publish of one step, as somebody asked for it. `block`: the credentials block of the org, None without."""

    def __init__(self, credentials: Credentials, block: str | None, wish: Wish, meant: OneStep) -> None:
        self._credentials = credentials
        self._block = block
        self._wish = wish
        self._meant = meant
        self._name = meant.architect_flow.name
        self._wanted_ms = wish.wanted_ms()

    def publish(self) -> None:
        """Publish and verify; asked to end, it finishes what is in flight and lets go of the lock.

        Raises NotSetError, or the GenesysError that kept it from beginning.
        """
        tell("Publishing", "...")
        ran = self._run()
        report = typing.cast("Report | None", ran.report)  # no run of this kind has another one
        if report is None or not report.outcomes:
            self._not_begun(ran, report)
            return
        (outcome,) = report.outcomes
        undo = self._wish.undo(report.run.id) if outcome.may_be_live else ""
        if not outcome.is_done:
            raise self._not_done(outcome, undo)
        version = f", live as version {outcome.version_after}" if outcome.version_after else ""
        now = self._described(LiteralTimeout(timeout_ms=self._wanted_ms))
        tell("New timeout:", f"{now} (confirmed from a fresh read{version})", "green")
        for note in outcome.notes:
            tell("Note:", note, "yellow")
        if undo:
            tell("To undo it:", undo)

    def _run(self) -> Ran:
        from cli.kept.names import remember
        from flows.run.current_run import as_typed

        parameters = {
            "architect_flow": self._meant.architect_flow.id,
            "step": self._meant.step.id,
            "timeout": format_duration(self._wanted_ms),
            "allow_lowering": self._wish.allow_lowering,
            "org": parameter_for(self._block),
        }
        with prefect_server(), as_typed(self._wish.org):
            ran = execute("set", parameters)
        if ran.report is not None:
            remember([ran.report.run.name])
        if ran.untold:
            tell("Note:", ran.what_is_untold, "yellow")
        return ran

    def _not_begun(self, ran: Ran, report: "Report | None") -> None:
        """Say why the run did not come to publish: it found something else than we had, or it could not begin."""
        problem = ran.state.result(raise_on_failure=False)
        if isinstance(problem, GenesysError):
            raise problem
        plan = None if report is None or isinstance(problem, Exception) else report.plan
        if plan is None:
            raise NotSetError(f"{self._name} was not published: {problem or ran.state.message}", AGAIN, self._now())
        if plan.left_alone:
            raise refused(self._meant, plan.left_alone[0], self._wanted_ms)
        there = f"{format_duration(self._wanted_ms)}, which somebody else set a moment ago: nothing to do"
        tell("New timeout:", there, "green")

    def _not_done(self, outcome: Outcome, undo: str) -> NotSetError:
        notes = (note for note in outcome.notes if note != REFUSED_AS_IT_IS)  # here are no rules that could leave it
        what = "; ".join((f"{self._name}: {outcome.outcome}: {outcome.reason}", *notes))
        is_over = outcome.outcome != "unknown" and outcome.version_after is None
        return NotSetError(what, _AFTER[outcome.outcome], _lines(self._now(is_over=is_over), _way_back(undo)))

    def _now(self, *, is_over: bool = True) -> str:
        """Say what the step says now, from a fresh read: what a failed publish left is not for us to guess."""
        try:
            now = self._read_again()
        except (NotSetError, GenesysError):
            return "What it says now could not be read."
        untouched = f"{UNTOUCHED} " if is_over and now == self._meant.step.setting else ""
        return f"{untouched}A fresh read shows: {self._described(now)}."

    def _read_again(self) -> TimeoutSetting:
        from flows.sources.connections import read_client

        with read_client(self._credentials) as client:
            _, reading = read_steps(client, self._meant.architect_flow.id)
        step = next((step for step in reading.steps if step.id == self._meant.step.id), None)
        if step is None:
            raise NotSetError(f"the step is not in {self._name} any more", AGAIN)
        return step.setting

    def _described(self, setting: TimeoutSetting) -> str:
        return described(setting, self._meant.step.default_ms, self._meant.action)


def _way_back(undo: str) -> str:
    return f"To put back what may be live: {undo}" if undo else ""


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))
