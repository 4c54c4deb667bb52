"""A diagnosis in the terminal: a table for each topic, what to do first, and the next command."""

from rich.console import Console
from rich.text import Text

from reports.frames.doctor import (
    by_topic,
    counts_sentence,
    diagnosis_sentence,
    findings_shown,
    open_sentence,
    to_do,
)
from reports.terminal.layout import WIDE, row, say, table
from reports.terminal.plain import one_line, plain
from timeouts.doctor.finding import Diagnosis, Finding

STYLES = {"ok": "green", "missing": "red", "could not tell": "yellow", "settled": "green", "open": ""}
_TITLES = {"platform": "questions about the platform that no source answers"}


def show_diagnosis(out: Console, diagnosis: Diagnosis, *, whole: bool = False) -> None:
    """Print a diagnosis. `whole`: with the questions that stay open."""
    out.rule(plain(one_line(f"doctor: {diagnosis.org.name if diagnosis.org else 'no org'}")))
    for topic, findings in by_topic(findings_shown(diagnosis, whole=whole)):
        _show_topic(out, _TITLES.get(topic, topic), findings)
    say(out, f"{counts_sentence(diagnosis)}.")
    if not whole and (more := open_sentence(diagnosis)):
        say(out, f"{more}.")
    _show_end(out, diagnosis)


def _show_topic(out: Console, topic: str, findings: tuple[Finding, ...]) -> None:
    if out.width >= WIDE:
        shown = table(topic, "check", "result", "what it means", "what to do")
        for each in findings:
            row(shown, each.check, _result(each), each.meaning, each.advice)
    else:
        shown = table(topic, "check", "result", "what it means, and what to do")
        for each in findings:
            row(shown, each.check, _result(each), "\n".join(filter(None, (each.meaning, _arrow(each.advice)))))
    out.print(shown)


def _result(finding: Finding) -> Text:
    return plain(finding.result, STYLES[finding.result])


def _arrow(advice: str) -> str:
    return f"→ {advice}" if advice else ""


def _show_end(out: Console, diagnosis: Diagnosis) -> None:
    style = "red" if diagnosis.missing else "yellow" if diagnosis.untold else "green"
    say(out, f"{diagnosis_sentence(diagnosis)}.", style)
    for number, advice in enumerate(to_do(diagnosis), start=1):
        say(out, f"{number}. {advice}")
    again = bool(diagnosis.missing or diagnosis.untold)
    say(out, f"Next: genesys-timeouts {'doctor, again' if again else 'audit'}")
