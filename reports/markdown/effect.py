"""Whether what runs published helped: the page of one run's effect, and the section in the summary of an audit."""

from collections.abc import Iterable, Sequence

from reports.commands.next_steps import next_steps
from reports.effect_report import EffectReport
from reports.frames.compared.effect import EffectRow, effect_rows, effect_sentence, longest, share, worse_sentence
from reports.markdown.next_steps import next_section
from reports.markdown.text import LISTED, bullets, more, section, shortened, table
from reports.pictures.picture import Picture
from reports.words import joined
from timeouts.effect.effect import Figures, RunEffect
from timeouts.text.outlets import escaped

_COLUMNS = ("Action", "Changed", "Verdict", "Calls", "Lost", "Share lost", "At the limit", "p95", "Longest", "Note")
HOW_TO_READ = (
    "Each pair of figures is before → after, of all callers, in equal stretches around the change. Lost: failed, "
    "whatever the reason."
)


def effect_page(report: EffectReport, picture: Picture | None) -> str:
    """Write the page: what got worse first, then the verdicts, the way back, the picture and the figures."""
    effect = report.effect
    parts = [
        f"# Did it help? {escaped(effect.changes.run_name)} in {escaped(report.org.name)}",
        _worse(effect),
        f"**{escaped(effect_sentence(effect))}.**",
        next_section(next_steps(report)),
        "" if picture is None else f"![{escaped(picture.title)}]({picture.as_address()})",
        _table(effect_rows([effect])),
        bullets(_compared(effect)),
    ]
    return joined(parts, "\n\n") + "\n"


def effects_section(effects: Sequence[RunEffect]) -> str:
    """Write the section of an audit: what runs of ours published lately, and whether it helped."""
    parts = [
        *map(_worse, effects),
        bullets(escaped(effect_sentence(effect)) for effect in effects),
        _table(effect_rows(effects)),
    ]
    return section("Did our changes help?", joined(parts, "\n\n") if effects else "")


def _worse(effect: RunEffect) -> str:
    said = worse_sentence(effect)
    return f"**{escaped(said)}**" if said else ""


def _table(rows: Sequence[EffectRow]) -> str:
    compared = [row for row in rows if row.sides is not None]
    others = [row for row in rows if row.sides is None]
    parts = [
        f"{table(_COLUMNS, map(_cells, compared[:LISTED]))}{more(len(compared))}\n\n{HOW_TO_READ}" if compared else "",
        shortened([f"{escaped(row.name)}: {row.verdict}; {escaped(row.effect.why)}" for row in others]),
    ]
    return joined(parts, "\n\n")


def _cells(row: EffectRow) -> tuple[str, ...]:
    assert row.sides is not None, "only what was compared has cells"
    before, after = row.sides
    return (
        escaped(row.name),
        row.changed,
        f"**{row.verdict}**",
        _pair(f"{before.calls:,}", f"{after.calls:,}"),
        _pair(f"{before.lost:,}", f"{after.lost:,}"),
        _pair(share(before), share(after)),
        _pair(_at_limit(before), _at_limit(after)),
        _pair(before.p95, after.p95),
        _pair(longest(before), longest(after)),
        escaped(row.effect.why),
    )


def _pair(before: str, after: str) -> str:
    return f"{escaped(before) or '-'} → {escaped(after) or '-'}"


def _at_limit(figures: Figures) -> str:
    return "" if figures.at_limit is None else f"{figures.at_limit:,}"


def _compared(effect: RunEffect) -> Iterable[str]:
    """Say which hours were compared, once for all actions that share them."""
    return dict.fromkeys(f"Compared: {row.compared}" for row in effect_rows([effect]) if row.compared)
