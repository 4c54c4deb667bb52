"""What runs leave in Prefect's result storage: their reports, by run and attempt, and their plans, by checksum."""

import json
import re

from prefect import runtime

from flows.report import SCHEMA_VERSION, Report
from tasks.moments import now_ms
from tasks.storage import ResultStorage
from timeouts.plan import Plan
from timeouts.saved_plan import save_plan

_CHECKSUM = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class NoRecordError(ValueError):
    """There is no record under that name in this machine's result storage."""


def keep_before(storage: ResultStorage, report: Report) -> None:
    """Store the report as it is before the first write, for the way back, and the plan for a later apply.

    Never written again: a run that is retried keeps one for each attempt.
    """
    storage.write(_name(report.run.id, _attempt(), "before"), report.to_json())
    if report.plan is not None:
        saved = save_plan(report.plan, now_ms=now_ms())
        storage.write(_plan_name(report.plan.checksum), saved.model_dump_json().encode())


def keep_report(storage: ResultStorage, report: Report) -> None:
    """Store the report of the current attempt; a later one replaces it."""
    storage.write(_name(report.run.id, _attempt(), "report"), report.to_json())


def kept_attempts(storage: ResultStorage, run_id: str) -> list[Report]:
    """Give the reports of all attempts of a run, the first one first. Raises NoRecordError when there is none."""
    attempts: list[Report] = []
    while (report := _kept(storage, run_id, len(attempts) + 1)) is not None:
        attempts.append(report)
    if not attempts:
        raise NoRecordError(
            f"there is no record of a run {run_id} here: name the id of a Prefect flow run whose results are in this "
            "machine's result storage"
        )
    return attempts


def kept_report(storage: ResultStorage, run_id: str) -> Report:
    """Give the report of the last attempt of a run. Raises NoRecordError when there is none."""
    return kept_attempts(storage, run_id)[-1]


def saved_plan_text(storage: ResultStorage, plan: str) -> bytes:
    """Give the stored document of a plan, by the id of the run that made it or by the plan's checksum, unchecked.

    Raises NoRecordError when there is none.
    """
    checksum = _CHECKSUM.fullmatch(plan.strip())
    name = checksum[1] if checksum else _checksum_of(kept_report(storage, plan.strip()).plan, plan)
    try:
        return storage.read(_plan_name(name))
    except (ValueError, OSError):
        raise NoRecordError(
            f"there is no saved plan {plan} here: make a dry run, it says which plan it saved"
        ) from None


def _checksum_of(plan: Plan | None, run_id: str) -> str:
    if plan is None:
        raise NoRecordError(f"the run {run_id} was an audit and made no plan: make a dry run of raise")
    return plan.checksum


def _kept(storage: ResultStorage, run_id: str, attempt: int) -> Report | None:
    """Give what one attempt left; what it stored before its first write where a kill damaged the later report."""
    for what in ("report", "before"):
        try:
            stored = storage.read(_name(run_id, attempt, what))
        except (ValueError, OSError):
            continue
        try:
            return Report.model_validate_json(stored)
        except ValueError:
            _refuse_other_schema(run_id, stored)
    return None


def _refuse_other_schema(run_id: str, stored: bytes) -> None:
    """Say so where a report is whole and of another version of this program: it must not look like none at all."""
    try:
        found = json.loads(stored)
    except ValueError:
        return
    schema = found.get("schema_version") if isinstance(found, dict) else None
    if isinstance(schema, int) and schema != SCHEMA_VERSION:
        raise NoRecordError(
            f"the record of the run {run_id} has schema {schema}, this version reads {SCHEMA_VERSION}: use the version "
            "that made it"
        )


def _attempt() -> int:
    return int(runtime.flow_run.run_count or 1)


def _name(run_id: str, attempt: int, what: str) -> str:
    return f"genesys-timeouts-run-{run_id}-{attempt}-{what}"


def _plan_name(checksum: str) -> str:
    return f"genesys-timeouts-plan-{checksum.removeprefix('sha256:')}"
