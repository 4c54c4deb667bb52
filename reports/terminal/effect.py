"""Whether what runs published helped, in the terminal."""

from collections.abc import Sequence

from rich.console import Console

from reports.effect_report import EffectReport
from reports.frames.compared.effect import EffectRow, effect_rows, effect_sentence, longest, share, worse_sentence
from reports.terminal.layout import aligned, heading, row, say, show_table, table, whole
from reports.terminal.plain import below, plain, stacked
from reports.terminal.view import USUAL, View
from reports.words import joined
from timeouts.effect.effect import RunEffect

STYLES = {"more lost": "red", "fewer lost": "green", "no change": "", "too few calls to say": "yellow"}


def show_effect(out: Console, report: EffectReport, where: str = "", view: View = USUAL) -> None:
    """Print the effect of one run. `where`: the sentence that says where to open the artifacts."""
    heading(
        out,
        joined((f"{report.org.name}: {report.run.kind} of {report.effect.changes.run_name}", report.run.began), ", "),
    )
    show_effects(out, [report.effect], view)
    _show_end(out, report, where)


def show_effect_briefly(out: Console, report: EffectReport, where: str = "") -> None:
    """Print what came of it, without the figures."""
    _show_sentences(out, [report.effect])
    _show_end(out, report, where)


def _show_end(out: Console, report: EffectReport, where: str) -> None:
    say(out, f"Requests: {report.requests.total}")
    say(out, f"Prefect run: {report.run.name} ({report.run.id})")
    if where:
        whole(out, where)


def show_effects(out: Console, effects: Sequence[RunEffect], view: View = USUAL) -> None:
    """Say what got worse, then what became of each run, and the figures."""
    _show_sentences(out, effects)
    rows = effect_rows(effects)
    _show_figures(out, [each for each in rows if each.sides is not None], view)
    aligned(out, [(each.name, each.verdict, each.effect.why) for each in rows if each.sides is None], rows=view.rows)


def _show_sentences(out: Console, effects: Sequence[RunEffect]) -> None:
    for effect in effects:
        if worse := worse_sentence(effect):
            say(out, worse, "red")
    for effect in effects:
        say(out, f"{effect_sentence(effect)}.", "yellow" if effect.problem else "")


def _show_figures(out: Console, rows: Sequence[EffectRow], view: View) -> None:
    if not rows:
        return
    heads = ("action", "verdict", "calls", "lost", "share", "p95", "longest", "note")
    shown = table("Calls before and after the change, in equal stretches", *heads)
    for each in rows[: view.rows]:
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
    show_table(out, shown, len(rows))
