"""What no source answers: each open question of docs/platform.md#open-questions that bears on a client is a switch.

A client has to be right under every setting. The defaults are what docs/platform.md supports best.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_type_hints

_MIB = 1024 * 1024


def _switch(default: Any, question: str, meaning: str) -> Any:
    return dataclasses.field(default=default, metadata={"question": question, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How this org behaves where the real one is not known. Frozen: set others with `dataclasses.replace`.

    Each field carries its question (a section of docs/platform.md) and its meaning in `metadata`, from which
    docs/simulator.md is made.
    """

    second_checkout: Literal["conflict", "ok"] = _switch(
        "conflict",
        "open-own-lock",
        "A checkout by the OAuth client that already holds the lock: 409, or 200 and the lock stays.",
    )
    locked_client_shows: Literal["client_id", "other_id"] = _switch(
        "client_id",
        "open-own-lock",
        "Whether `lockedClient.id` is the OAuth client's id, or one that the client cannot know.",
    )
    checkout_makes_saved_version: bool = _switch(
        default=True,
        question="editing-calls",
        meaning="A checkout alone already shows a `savedVersion` with the latest content.",
    )
    save_needs_checkout: bool = _switch(
        default=True,
        question="open-save",
        meaning="POST versions without a lock of one's own is 409 not.locked.by.user; otherwise it takes the lock.",
    )
    publish_of_saved: Literal["checks_in", "refuses", "fails"] = _switch(
        "checks_in",
        "open-publish-checks-in",
        "Publish without a version while a saved draft exists: checks it in first, answers 409, or ends as FAILURE.",
    )
    publish_of_older: Literal["nothing", "works", "works_as_new"] = _switch(
        "nothing",
        "open-publish-older",
        "Publish with the label of an older version: 200 and nothing happens, it goes live again, or as a new label.",
    )
    missing_dependency: Literal["conflict", "fails", "publishes"] = _switch(
        "conflict",
        "errors",
        "Publish of a configuration that calls a deleted action: 409, an Operation that fails, or fine.",
    )
    revert_leaves: Literal["nothing", "lock", "saved_draft"] = _switch(
        "nothing", "open-revert", "What a revert leaves behind: neither draft nor lock, the lock, or the saved draft."
    )
    revert_of_running: Literal["conflict", "cancels"] = _switch(
        "conflict",
        "open-revert",
        "A revert while an Operation runs: 409 operation.already.in.progress, or the Operation is gone with the draft.",
    )
    unlock_of_bare_checkout: Literal["nothing", "checks_in"] = _switch(
        "nothing",
        "open-revert",
        "What unlock does when nothing was saved: no version, or a new version of the same content.",
    )
    normalises: Literal["nothing", "key_order", "adds_field", "reformats"] = _switch(
        "nothing", "open-save", "What the server does to a saved configuration before it stores it."
    )
    accepts_what_it_served: bool = _switch(
        default=True,
        question="open-save",
        meaning="What is wrong in the latest configuration already is accepted again; otherwise everything is checked.",
    )
    refuses_steps_over_60s: bool = _switch(
        default=False, question="open-server-checks", meaning="A literal above 60 s in a step is refused with 400."
    )
    refuses_out_of_service_literals: bool = _switch(
        default=False,
        question="open-server-checks",
        meaning="A step with `useSuggestedTimeout` false whose timeout still has `outOfService` is refused with 400.",
    )
    request_bytes_max: int = _switch(
        6 * _MIB, "open-request-size", "The largest request body; above it 413. The other candidate is 512000."
    )
    publish_accepts_unlock_permission: bool = _switch(
        default=True,
        question="open-publish-permission",
        meaning="architect:flow:unlock alone is enough to publish, as PYD prints it.",
    )
    retry_after: bool = _switch(
        default=True, question="open-limits", meaning="The rate limit's 429 carries `Retry-After`."
    )
    action_patch_keeps_templates: bool = _switch(
        default=False,
        question="open-actions",
        meaning="A PATCH of an action whose config names no templates keeps the old ones.",
    )
    action_patch_and_draft: Literal["keeps", "discards", "conflict"] = _switch(
        "keeps",
        "open-actions",
        "A PATCH of an action that has a draft: the draft stays, is dropped, or the PATCH is 409.",
    )
    action_normalises: Literal["nothing", "adds_field"] = _switch(
        "nothing",
        "open-actions",
        "What the server does to the config of an action on every write: adds a key to `response`.",
    )
    action_writes: Literal["happen", "nothing"] = _switch(
        "happen",
        "open-actions",
        "A PATCH of an action, or the publish of its draft, that is answered 200: done, or nothing is.",
    )
    draft_version: Literal["own", "published"] = _switch(
        "own",
        "open-actions",
        "The `version` of a draft: the published one and one more for each edit, or always the published one.",
    )
    draft_publish_wants: Literal["draft", "next"] = _switch(
        "draft",
        "open-actions",
        "The `version` that a publish of a draft has to name: the one that the draft shows, or the next.",
    )
    second_draft: Literal["conflict", "ok"] = _switch(
        "conflict", "open-actions", "POST draft of an action that has one: 409, or 200 with the draft that is there."
    )
    stale_draft_publish: Literal["conflict", "overwrites"] = _switch(
        "conflict",
        "open-actions",
        "Publish of a draft whose action was changed since: 409, or it goes live over that change.",
    )
    function_limit_in_config: bool = _switch(
        default=False,
        question="open-actions",
        meaning="`config.timeoutSeconds` of a function data action shows its function's timeout; else it is absent.",
    )
    function_put_merges: bool = _switch(
        default=False, question="open-actions", meaning="A PUT of a function keeps the fields that are not sent."
    )
    action_version_mismatch: Literal[409, 400] = _switch(
        409,
        "open-actions",
        "The status of a PATCH of an action (or of a draft, or its publish) with an outdated `version`.",
    )
    analytics_percentiles: bool = _switch(
        default=False, question="open-analytics", meaning="The aggregates of actions fill `p95` and `p99`."
    )
    analytics_timeout_error: Literal["TIMEOUT", "EXECUTION_TIMEOUT", "REQUEST_TIMEOUT"] = _switch(
        "TIMEOUT",
        "open-analytics",
        "The `errorType` of calls that ended at the action's limit, with the status 408: no source names either.",
    )
    analytics_longest_days: int = _switch(
        0,
        "analytics",
        "The longest interval that analytics answers for; a longer one is 400. 0: any. No source names a bound.",
    )
    suggested_without_limit_ms: int = _switch(
        60_000, "open-suggested-default", "What a suggested timeout is worth where the action sets no limit."
    )
    step_over_action_limit: Literal["smaller", "step"] = _switch(
        "smaller",
        "open-step-over-action",
        "A literal that is longer than the action's limit: the smaller ends the wait, or the step has its own.",
    )


def switched(switches: Switches, values: dict[str, Any]) -> Switches:
    """Return these switches with some set anew, from JSON.

    Raises ValueError for a name or a value that no switch has.
    """
    hints = get_type_hints(Switches)
    for name, value in values.items():
        if name not in hints:
            raise ValueError(f"There is no switch {name!r}; there are {', '.join(hints)}.")
        allowed = get_args(hints[name])
        if (allowed and value not in allowed) or (not allowed and type(value) is not hints[name]):
            raise ValueError(f"The switch {name} cannot be {value!r}; it takes {allowed or hints[name].__name__}.")
    return dataclasses.replace(switches, **values)
