"""A plan as it is stored between a dry run and the run that applies it, and everything that makes it unusable."""

import json
import typing

from pydantic import Field, ValidationError

from timeouts.model.durations import DAY_MS, format_duration
from timeouts.model.org import Organization
from timeouts.model.values import Value
from timeouts.planning.plan import Plan
from timeouts.planning.unmatched import Unmatched
from timeouts.text.bounds import quoted
from timeouts.text.visible import cut

SCHEMA_VERSION: typing.Literal[5] = 5

_LONGEST_CHECKSUM = 100

LIFETIME_MS = DAY_MS
"""How long a saved plan may be applied unless told otherwise: a night and a day, as what people approved grows old."""


class SavedPlanError(ValueError):
    """A document that is not applied; the message says why and what to do. Nothing was changed."""


class RollBackOf(Value):
    """The run that a plan puts back, by its id, and what was known of it when the plan was made.

    `published`: a checksum of all that its record said it had published, or might have.
    """

    run_id: str
    published: str


class SavedPlan(Value):
    """The stored document. Times are milliseconds since 1970; `checksum` is the plan's.

    `files_options`: how a command line names the folders that it is of, none for an org. `undoes`: how the run is
    called that it puts back, '' where it rolls nothing back; the plan itself knows that run by its plan alone.
    `roll_back_of`: that run as it was known then, None also in documents of earlier versions, which cannot tell.
    `unmatched`: what was asked for and matched nothing, for whoever is asked about the plan later. `protected`: the
    protected Architect flows that it may change, as they were named.

    The checksum says which plan it is, and not who made it: that, and until when it may be applied, the seal of the
    storage vouches for (docs/decisions/0028).
    """

    schema_version: typing.Literal[5] = SCHEMA_VERSION
    checksum: str
    organization: Organization
    created_ms: int
    expires_ms: int
    files_options: tuple[str, ...] = ()
    undoes: str = Field(default="", exclude_if=lambda name: not name)  # documents without one stay as they were
    roll_back_of: RollBackOf | None = Field(default=None, exclude_if=lambda run: run is None)
    unmatched: tuple[Unmatched, ...] = Field(default=(), exclude_if=lambda found: not found)
    protected: tuple[str, ...] = Field(default=(), exclude_if=lambda named: not named)
    plan: Plan


def save_plan(
    plan: Plan,
    *,
    now_ms: int,
    lifetime_ms: int = LIFETIME_MS,
    files_options: tuple[str, ...],
    undoes: str,
    roll_back_of: RollBackOf | None = None,
    unmatched: tuple[Unmatched, ...],
    protected: tuple[str, ...],
) -> SavedPlan:
    """Make the document of a plan; `model_dump_json` gives its text."""
    return SavedPlan(
        checksum=plan.checksum,
        organization=plan.organization,
        created_ms=now_ms,
        expires_ms=now_ms + lifetime_ms,
        files_options=files_options,
        undoes=undoes,
        roll_back_of=roll_back_of,
        unmatched=unmatched,
        protected=protected,
        plan=plan,
    )


def stored_plan(text: str | bytes) -> SavedPlan:
    """Return a stored document whose content fits its checksum, of any org and age. Raises SavedPlanError."""
    saved = _document(text)
    if saved.plan.checksum != saved.checksum or saved.plan.organization != saved.organization:
        raise SavedPlanError(
            f"the content of the plan does not fit its checksum {cut(saved.checksum, _LONGEST_CHECKSUM)}: {_ANEW}"
        )
    return saved


def applicable(saved: SavedPlan, *, now_ms: int, org_key: str) -> Plan:
    """Return the plan of a document, or raise the `SavedPlanError` that says why it must not be applied here, now.

    `org_key`: the key of the org in which it is to be applied.
    """
    plan = saved.plan
    if plan.organization.key != org_key:
        own = f"{plan.organization.name} ({plan.organization.key})"
        if plan.organization.is_files:
            raise SavedPlanError(f"the plan is for the files of {own}, these are others ({org_key}): name the same")
        raise SavedPlanError(f"the plan was made for the org {own}, this one is {org_key}: apply it in its own")
    lifetime = format_duration(max(0, saved.expires_ms - saved.created_ms))
    refuse_expired(saved.expires_ms, now_ms=now_ms, the_plan=f"the plan could be applied for {lifetime} and")
    if saved.expires_ms > now_ms + LIFETIME_MS:
        raise SavedPlanError(
            f"the plan could still be applied for longer than {format_duration(LIFETIME_MS)}: the clock of this "
            f"machine, or of the one that made it, is wrong: {_ANEW}"
        )
    return plan


def refuse_expired(expires_ms: int, *, now_ms: int, the_plan: str) -> None:
    """Raise SavedPlanError where a plan is too old; `the_plan`: how the sentence begins that says so."""
    if now_ms >= expires_ms:
        raise SavedPlanError(f"{the_plan} expired {format_duration(now_ms - expires_ms)} ago: {_ANEW}")


_ANEW = "make a new dry run, look at its plan and apply that one"


def _document(text: str | bytes) -> SavedPlan:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise SavedPlanError(
            f"this is not a saved plan, it is not even JSON ({problem}): give the right file"
        ) from problem
    if not isinstance(content, dict) or not {"schema_version", "checksum", "plan"} <= content.keys():
        raise SavedPlanError("this is JSON, but not a saved plan: give the file that a dry run has left")
    if content["schema_version"] != SCHEMA_VERSION:
        found = content["schema_version"]
        raise SavedPlanError(f"the plan has schema {quoted(found)}, this version reads {SCHEMA_VERSION}: {_ANEW}")
    try:
        return SavedPlan.model_validate_json(text)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = cut(".".join(str(part) for part in first["loc"]))
        raise SavedPlanError(f"the plan is not as it was stored ({where}: {cut(first['msg'])}): {_ANEW}") from problem
