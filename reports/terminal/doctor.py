"""A diagnosis in the terminal: one table, what to do first, and the next command."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from reports.frames.doctor import (
    by_topic,
    counts_sentence,
    diagnosis_sentence,
    findings_shown,
    missing_sentence,
    questions_sentence,
    to_do,
)
from reports.terminal.layout import WIDE, heading, row, say, show_table, table, whole
from reports.terminal.plain import plain, stacked
from timeouts.doctor.finding import Diagnosis, Finding

_STYLES = {"ok": "green", "missing": "red", "could not tell": "yellow", "settled": "green", "open": ""}
_BOLD = "bold"


def show_diagnosis(out: Console, diagnosis: Diagnosis, *, whole: bool = False, options: str = "") -> None:
    """Print a diagnosis. `whole`: with the questions that stay open. `options`: what names the org in a command."""
    heading(out, f"doctor: {diagnosis.org.name if diagnosis.org else 'no org was reached'}")
    _show_findings(out, findings_shown(diagnosis, whole=whole))
    say(out, f"{counts_sentence(diagnosis)}.")
    if not whole and (more := questions_sentence(diagnosis)):
        say(out, more)
    _show_end(out, diagnosis, options)


def show_diagnosis_briefly(out: Console, diagnosis: Diagnosis, options: str = "") -> None:
    """Print what stands in the way and the next command, without the rows."""
    say(out, f"{counts_sentence(diagnosis)}.")
    _show_end(out, diagnosis, options)


def _show_findings(out: Console, findings: Iterable[Finding]) -> None:
    """Print the findings; in little room one column is less: names of permissions leave no room for two."""
    wide, said = out.width >= WIDE, "what it means, and what to do"
    shown = table("", "check", "result", said) if wide else table("", "result", f"check: {said}")
    if wide:
        shown.columns[0].no_wrap = True  # the name of a permission in two pieces cannot be copied
    for topic, found in by_topic(findings):
        row(shown, plain(topic, _BOLD), *[""] * (len(shown.columns) - 1))
        for each in found:
            if wide:
                row(shown, each.check, _result(each), _said(each.meaning, each.advice))
            else:
                row(shown, _result(each), _said(f"{each.check}: {each.meaning}", each.advice))
        shown.add_section()
    show_table(out, shown)


def _said(text: str, advice: str) -> Text:
    return stacked(text, f"→ {advice}") if advice else stacked(text)


def _result(finding: Finding) -> Text:
    is_worth_knowing = finding.result == "missing" and not finding.stops_work
    return plain(finding.result, "yellow" if is_worth_knowing else _STYLES[finding.result])


def _show_end(out: Console, diagnosis: Diagnosis, options: str) -> None:
    style = "red" if diagnosis.missing else "yellow" if diagnosis.untold else "green"
    say(out, f"{diagnosis_sentence(diagnosis)}.", style)
    if also := missing_sentence(diagnosis):
        say(out, f"{also}.", "yellow")
    for number, advice in enumerate(to_do(diagnosis), start=1):
        say(out, f"{number}. {advice}")
    command = "doctor" if diagnosis.missing or diagnosis.untold else "audit"
    whole(out, f"Next: genesys-timeouts {command}{options}")
