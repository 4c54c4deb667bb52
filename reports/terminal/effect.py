"""Whether what runs published helped, in the terminal."""

from collections.abc import Sequence

from rich.console import Console

from reports.effect_report import EffectReport
from reports.frames.effect import EffectRow, effect_rows, effect_sentence, longest, share, worse_sentence
from reports.terminal.layout import ROWS, aligned, more, row, say, table
from reports.terminal.plain import below, name, plain, stacked
from timeouts.effect.effect import RunEffect

STYLES = {"more lost": "red", "fewer lost": "green", "no change": "", "too few calls to say": "yellow"}


def show_effect(out: Console, report: EffectReport, where: str = "") -> None:
    """Print the effect of one run. `where`: the sentence that says where to open the artifacts."""
    out.rule(name(f"{report.org.name}: {report.run.kind} of {report.effect.changes.run_name}"))
    show_effects(out, [report.effect])
    say(out, f"Requests: {report.requests.total}")
    say(out, f"Prefect run: {report.run.name} ({report.run.id})")
    if where:
        out.print(plain(where), soft_wrap=True)  # an address in two pieces cannot be clicked


def show_effects(out: Console, effects: Sequence[RunEffect]) -> None:
    """Say what got worse and the way back, then what became of each run, and the figures."""
    for effect in effects:
        if worse := worse_sentence(effect):
            out.print(plain(worse, "red"), soft_wrap=True)  # a command in two pieces cannot be copied
    for effect in effects:
        say(out, f"{effect_sentence(effect)}.", "yellow" if effect.problem else "")
    rows = effect_rows(effects)
    _show_figures(out, [each for each in rows if each.sides is not None])
    aligned(out, [(each.name, each.verdict, each.effect.why) for each in rows if each.sides is None])


def _show_figures(out: Console, rows: Sequence[EffectRow]) -> None:
    if not rows:
        return
    heads = ("action", "verdict", "calls", "lost", "share", "p95", "longest", "note")
    shown = table("Calls before and after the change, in equal stretches", *heads)
    for each in rows[:ROWS]:
        assert each.sides is not None, "only what was compared is shown"
        before, after = each.sides
        row(
            shown,
            below(each.name, each.changed),
            plain(each.verdict, STYLES.get(each.verdict, "yellow")),
            stacked(f"{before.calls:,}", f"{after.calls:,}"),
            stacked(f"{before.lost:,}", f"{after.lost:,}"),
            stacked(share(before), share(after)),
            stacked(before.p95, after.p95),
            stacked(longest(before), longest(after)),
            each.effect.why,
        )
    out.print(shown)
    more(out, len(rows))
