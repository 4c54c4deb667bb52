"""Progress while a run works: a bar a stage with its rate and its end, and for how long the rate limit holds it up."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.text import Text

from reports.terminal.plain import plain
from timeouts.model.durations import format_duration
from timeouts.text.visible import one_line

_WORTH_A_LINE_MS = 5_000
"""Off a terminal, a shorter wait is not told: a log is read the next morning."""

_TOLD_EVERY_S = 30.0
_RATE_FROM_S = 2.0
"""So long after its beginning a stage is known well enough to say when it ends."""

_NARROW = 60
_MINUTE_S = 60
_FEW_A_SECOND = 1.0

Listener = Callable[[str, int, int], None]


def pace_in_words(done: int, total: int, elapsed_s: float) -> str:
    """Return how fast a stage goes and when it ends, such as `12/s, 40s left`; '' where that is not known yet."""
    if elapsed_s < _RATE_FROM_S or not done or done >= total:
        return ""
    rate = done / elapsed_s
    shown = f"{rate:.0f}/s" if rate >= _FEW_A_SECOND else f"{rate * _MINUTE_S:.0f}/min"
    left_s = round((total - done) / rate)
    if left_s > 2 * _MINUTE_S:
        left_s = round(left_s / _MINUTE_S) * _MINUTE_S
    return f"{shown}, {format_duration(max(1, left_s) * 1000)} left"


class _Pace(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(pace_in_words(int(task.completed), int(task.total or 0), task.elapsed or 0.0))


class Bars(Progress):
    """Progress bars, one a stage; where there is no terminal, a line now and then says as much.

    Stages tell of themselves in one thread, waits in any.
    """

    def __init__(self, console: Console) -> None:
        self._waits = threading.Lock()
        self._until_s = 0.0  # what is drawn at once asks for it
        is_ascii = not console.encoding.lower().startswith("utf")
        columns: list[ProgressColumn] = [
            SpinnerColumn("line" if is_ascii else "dots"),
            TextColumn("{task.description}", markup=False),
        ]
        if console.width >= _NARROW:
            columns.append(BarColumn(bar_width=min(40, console.width - _NARROW + 10)))
        super().__init__(
            *columns, MofNCompleteColumn(), _Pace(), console=console, transient=True, disable=not console.is_terminal
        )
        self._stages: dict[str, TaskID] = {}
        self._start = self.add_task("Starting Prefect", total=None)
        self._told_s: dict[str, float] = {}

    def get_renderables(self) -> Iterable[RenderableType]:
        """Draw the bars, and below them for how long the rate limit still holds all requests up."""
        yield from super().get_renderables()
        left_s = self._until_s - time.monotonic()
        if left_s > 0:
            yield Text(wait_in_words(left_s), style="yellow")

    def stage(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is; 0 of 0 for one that waits, 1 of 0 at its end."""
        self.update(self._start, visible=False)
        if stage not in self._stages:
            self._stages[stage] = self.add_task(one_line(stage), total=total or None)
            self._told_s[stage] = time.monotonic()
            if not total:
                self._tell(stage)  # what is waited for is for logs, too
        self.update(self._stages[stage], completed=done, visible=bool(total) or not done)
        self._tell_of_pace(stage, done, total)

    def wait(self, wait_ms: int) -> None:
        """Show that all requests wait for the rate limit from now on; many threads may be told the same."""
        now_s = time.monotonic()
        with self._waits:
            is_longer = now_s + wait_ms / 1000 > self._until_s + 1
            was_told = self._until_s > now_s
            self._until_s = max(self._until_s, now_s + wait_ms / 1000)
        if is_longer and not was_told and wait_ms >= _WORTH_A_LINE_MS:
            self._tell(wait_in_words(wait_ms / 1000))

    def _tell_of_pace(self, stage: str, done: int, total: int) -> None:
        now_s = time.monotonic()
        if not total or done >= total or now_s - self._told_s[stage] < _TOLD_EVERY_S:
            return
        self._told_s[stage] = now_s
        task = self.tasks[self.task_ids.index(self._stages[stage])]
        self._tell(f"{stage}: {done} of {total}, {pace_in_words(done, total, task.elapsed or 0.0)}")

    def _tell(self, text: str) -> None:
        if not self.console.is_terminal:
            self.console.print(plain(text))


def wait_in_words(left_s: float) -> str:
    """Say for how long all requests wait."""
    return f"waiting {format_duration(max(1, round(left_s)) * 1000)} for the platform's rate limit"


@contextmanager
def bars(console: Console, *, is_quiet: bool) -> Iterator[Listener]:
    """Show progress on a console; yields what listens to the run's progress. Quiet, nothing is shown."""
    if is_quiet:
        yield lambda *_: None
        return
    from genesys import hearing_of_waits

    with Bars(console) as shown, hearing_of_waits(shown.wait):
        yield shown.stage
