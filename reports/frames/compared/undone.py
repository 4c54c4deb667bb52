"""What the next deploy of a file would undo of a plan: sentences, and a row for each change."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reports.frames.compared.as_code import said_ms, said_setting
from reports.words import joined, limit
from timeouts.as_code.undone import Undone, UndoneLimit, UndoneStep
from timeouts.model.settings import Suggested, TimeoutSetting
from timeouts.model.wording import in_words, own_timeout_ms
from timeouts.text.phrases import number_of

_RESOURCE = re.compile(r"(?:(?<=\.tf)|(?<=\.tf\.json))#[^#/]*$")


def undone_sentences(undone: Sequence[Undone], most: int | None = None) -> list[str]:
    """Return what the next deploy of each file would put back: a sentence a file, of `most` of them and a count."""
    by_file: dict[str, list[Undone]] = defaultdict(list)
    for each in undone:
        by_file[_RESOURCE.sub("", each.path)].append(each)
    said = [f"The next deploy of {path} {_would(found)}." for path, found in sorted(by_file.items())]
    if most is None or len(said) <= most:
        return said
    more = number_of(len(said) - most, "more file")
    return [*said[:most], f"The next deploys of {more} would undo changes, too."]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneRow:
    """One change of a plan that the next deploy of a file would undo, in words; `*_ms` where that is a duration."""

    path: str
    what: str
    architect_flow_id: str = ""
    architect_flow: str = ""
    step: str = ""
    kind: str = ""
    action: str = ""
    planned: str
    planned_ms: int | None
    puts_back: str
    puts_back_ms: int | None


def undone_rows(undone: Sequence[Undone]) -> list[UndoneRow]:
    """Return one row for each change that a deploy would undo, in the order of the plan."""
    return [_undone_limit(each) if isinstance(each, UndoneLimit) else _undone_step(each) for each in undone]


def _would(found: Sequence[Undone]) -> str:
    """Say what one file puts back, where and how often; what it fills in with the deploy, or may mean, comes last."""
    sure = _put_back([each for each in found if _is_sure(each)])
    unsure = _put_back([each for each in found if not _is_sure(each)])
    return joined((f"would {sure}" if sure else "", f"may {unsure}" if unsure else ""), ", and ")


def _is_sure(each: Undone) -> bool:
    return each.difference != "unknown" and not (isinstance(each, UndoneStep) and each.is_guessed)


def _put_back(found: Sequence[Undone]) -> str:
    """Say it entry by entry: `put back 1m at 3 steps and 5s at 1 step of Main`."""
    limits = [f"{limit(each.puts_back_ms)} of {each.name}" for each in found if isinstance(each, UndoneLimit)]
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    gone: Counter[str] = Counter()
    for each in found:
        if isinstance(each, UndoneStep) and each.puts_back is None:
            gone[each.name] += 1
        elif isinstance(each, UndoneStep):
            steps[each.name][_in_a_sentence(each.puts_back)] += 1
    said = [f"put back the limit {_listed(limits)}"] if limits else []
    for name, counts in steps.items():
        at = [f"{what} at {number_of(count, 'step')}" for what, count in counts.items()]
        said.append(f"put back {_listed(at)} of {name}")
    said += (f"take away {number_of(count, 'changed step')} of {name}" for name, count in gone.items())
    return _listed(said)


def _listed(parts: Sequence[str]) -> str:
    return joined((", ".join(parts[:-1]), parts[-1]), " and ") if parts else ""


def _in_a_sentence(setting: TimeoutSetting | None) -> str:
    return "the suggested timeout" if isinstance(setting, Suggested) else said_setting(setting).removeprefix("literal ")


def _undone_step(each: UndoneStep) -> UndoneRow:
    return UndoneRow(
        path=each.path,
        what="step",
        architect_flow_id=each.architect_flow_id,
        architect_flow=each.name,
        step=each.step_name,
        kind=each.step_kind,
        action=each.action_name,
        planned=in_words(each.after),
        planned_ms=own_timeout_ms(each.after),
        puts_back=said_setting(each.puts_back),
        puts_back_ms=said_ms(each.puts_back),
    )


def _undone_limit(each: UndoneLimit) -> UndoneRow:
    return UndoneRow(
        path=each.path,
        what="action limit",
        action=each.name,
        planned=limit(each.after_ms),
        planned_ms=each.after_ms,
        puts_back=limit(each.puts_back_ms),
        puts_back_ms=each.puts_back_ms,
    )
