"""What no source answers: each open question of docs/platform.md#open-questions that bears on a client is a switch.

A client has to be right under every setting. The defaults are what docs/platform.md supports best.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_type_hints

_MIB = 1024 * 1024
_OWN_LOCK, _SAVE, _REVERT = "open-own-lock", "open-save", "open-revert"
_CHECKS, _ACTIONS, _ANALYTICS, _SNAPSHOTS = "open-server-checks", "open-actions", "open-analytics", "open-snapshots"


def _switch(question: str, meaning: str, default: Any) -> Any:
    return dataclasses.field(default=default, metadata={"question": question, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How this org behaves where the real one is not known. Frozen: set others with `dataclasses.replace`.

    Each field carries its question (a section of docs/platform.md) and its meaning in `metadata`, from which
    docs/simulator.md is made.
    """

    token_revocation: Literal["works", "forbidden", "missing"] = _switch(
        "open-revocation",
        "DELETE tokens/me with a token of client credentials: 204 and the token answers 401, 403, or 404.",
        "works",
    )
    second_checkout: Literal["conflict", "ok"] = _switch(
        _OWN_LOCK,
        "A checkout by the OAuth client that already holds the lock: 409, or 200 and the lock stays.",
        "conflict",
    )
    locked_client_shows: Literal["client_id", "other_id"] = _switch(
        _OWN_LOCK,
        "Whether `lockedClient.id` is the OAuth client's id, or one that the client cannot know.",
        "client_id",
    )
    checkout_makes_saved_version: bool = _switch(
        "editing-calls", "A checkout alone already shows a `savedVersion` with the latest content.", default=True
    )
    save_needs_checkout: bool = _switch(
        _SAVE,
        "POST versions without a lock of one's own is 409 not.locked.by.user; otherwise it takes the lock.",
        default=True,
    )
    publish_of_saved: Literal["checks_in", "publishes_only", "refuses", "fails"] = _switch(
        "open-publish-checks-in",
        "Publish without a version while a saved draft exists: checks it in first; publishes it, and leaves what is "
        "checked in; answers 409; or ends as FAILURE.",
        "checks_in",
    )
    publish_of_older: Literal["nothing", "works", "works_as_new"] = _switch(
        "open-publish-older",
        "Publish with the label of an older version: 200 and nothing happens, it goes live again, or as a new label.",
        "nothing",
    )
    missing_dependency: Literal["conflict", "fails", "publishes"] = _switch(
        "errors",
        "Publish of a configuration that calls a deleted action: 409, an Operation that fails, or fine.",
        "conflict",
    )
    revert_leaves: Literal["nothing", "lock", "saved_draft"] = _switch(
        _REVERT, "What a revert leaves behind: neither draft nor lock, the lock, or the saved draft.", "nothing"
    )
    running_operation_blocks: Literal["edits", "publish"] = _switch(
        "open-running-operation",
        "What is 409 operation.already.in.progress while an Operation runs: every edit, or publish and check-in alone.",
        "edits",
    )
    revert_of_running: Literal["conflict", "cancels"] = _switch(
        _REVERT,
        "A revert while an Operation runs: 409 operation.already.in.progress, or the Operation is gone with the draft.",
        "conflict",
    )
    unpublished_shows: Literal["no_version", "inactive"] = _switch(
        "open-unpublished",
        "An Architect flow that somebody unpublished: without a `publishedVersion`, or with it and `active` false.",
        "no_version",
    )
    unlock_of_bare_checkout: Literal["nothing", "checks_in"] = _switch(
        _REVERT, "What unlock does when nothing was saved: no version, or a new version of the same content.", "nothing"
    )
    normalises: Literal["nothing", "key_order", "adds_field", "reformats"] = _switch(
        _SAVE, "What the server does to a saved configuration before it stores it.", "nothing"
    )
    drafts_show: Literal["same", "more_keys", "fewer_keys"] = _switch(
        _SAVE,
        "The configuration of a draft is shown as it was saved, with a key more, which is null, or without "
        "`versionMetaData` and `flowMetaData`.",
        "same",
    )
    accepts_what_it_served: bool = _switch(
        _SAVE,
        "What is wrong in the latest configuration already is accepted again; otherwise everything is checked.",
        default=True,
    )
    refuses_steps_over_60s: bool = _switch(
        _CHECKS, "A literal above 60 s in a step is refused with 400.", default=False
    )
    refuses_out_of_service_literals: bool = _switch(
        _CHECKS,
        "A step with `useSuggestedTimeout` false whose timeout still has `outOfService` is refused with 400.",
        default=False,
    )
    request_bytes_max: int = _switch(
        "open-request-size", "The largest request body; above it 413. The other candidate is 512000.", 6 * _MIB
    )
    publish_accepts_unlock_permission: bool = _switch(
        "open-publish-permission", "architect:flow:unlock alone is enough to publish, as PYD prints it.", default=True
    )
    snapshots_taken: Literal["publish", "check_out"] = _switch(
        _SNAPSHOTS,
        "When a caller takes the newest published version of its modules: at its publish, or at its checkout.",
        "publish",
    )
    nested_modules: Literal["beside", "inside"] = _switch(
        _SNAPSHOTS,
        "The modules of a module: beside it in the caller's `commonModules`, or inside its `model`, as it has them.",
        "beside",
    )
    shows_snapshots: bool = _switch(
        _SNAPSHOTS,
        "A configuration that is read shows the models of its modules; else neither those nor their manifest entries.",
        default=True,
    )
    posted_snapshots: Literal["ignored", "stored"] = _switch(
        _SNAPSHOTS, "What a save does with the `commonModules` that it gets: keeps its own, or stores them.", "ignored"
    )
    updated_consumers: Literal["published", "each_version"] = _switch(
        "what-a-republish-ships",
        "The rows of an Architect flow whose resources have moved: one for what is published, or one for each version.",
        "published",
    )
    own_roles: Literal["shown", "named", "forbidden", "missing"] = _switch(
        "org-limits",
        "What a client of client credentials is told of its own roles: their permissions, their names alone, 403, 404.",
        "shown",
    )
    tells_permitted_divisions: bool = _switch(
        "org-limits", "A client is told in which divisions it has a permission; else 403.", default=True
    )
    shows_limits: bool = _switch(
        "open-org-limits", "The namespaces show the limits that are known of them; else none at all.", default=True
    )
    retry_after: bool = _switch("open-limits", "The rate limit's 429 carries `Retry-After`.", default=True)
    action_patch_keeps_templates: bool = _switch(
        _ACTIONS, "A PATCH of an action whose config names no templates keeps the old ones.", default=False
    )
    action_shows_template_uris: bool = _switch(
        _ACTIONS,
        "The config of an action names the URIs of its templates; else nothing shows that it has any.",
        default=True,
    )
    action_patch_and_draft: Literal["keeps", "discards", "conflict"] = _switch(
        _ACTIONS, "A PATCH of an action that has a draft: the draft stays, is dropped, or the PATCH is 409.", "keeps"
    )
    action_normalises: Literal["nothing", "adds_field"] = _switch(
        _ACTIONS, "What the server does to the config of an action on every write: adds a key to `response`.", "nothing"
    )
    action_writes: Literal["happen", "nothing"] = _switch(
        _ACTIONS,
        "A PATCH of an action, or the publish of its draft, that is answered 200: done, or nothing is.",
        "happen",
    )
    draft_version: Literal["own", "published"] = _switch(
        _ACTIONS,
        "The `version` of a draft: the published one and one more for each edit, or always the published one.",
        "own",
    )
    draft_publish_wants: Literal["draft", "next"] = _switch(
        _ACTIONS,
        "The `version` that a publish of a draft has to name: the one that the draft shows, or the next.",
        "draft",
    )
    second_draft: Literal["conflict", "ok"] = _switch(
        _ACTIONS, "POST draft of an action that has one: 409, or 200 with the draft that is there.", "conflict"
    )
    stale_draft_publish: Literal["conflict", "overwrites"] = _switch(
        _ACTIONS,
        "Publish of a draft whose action was changed since: 409, or it goes live over that change.",
        "conflict",
    )
    function_limit_in_config: bool = _switch(
        _ACTIONS,
        "`config.timeoutSeconds` of a function data action shows its function's timeout; else it is absent.",
        default=False,
    )
    unset_limit_shows: Literal["absent", "null", "zero"] = _switch(
        _ACTIONS, "`config.timeoutSeconds` of an action that sets no limit: not there, null, or 0.", "absent"
    )
    action_drafts_show: Literal["same", "more_keys", "own_names", "other_contract"] = _switch(
        _ACTIONS,
        "The draft of an action shows what it holds; or keys more; or another name of its function and URL of its"
        " requests; or a schema that says more.",
        "same",
    )
    function_put_merges: bool = _switch(
        _ACTIONS, "A PUT of a function keeps the fields that are not sent.", default=False
    )
    action_version_mismatch: Literal[409, 400] = _switch(
        _ACTIONS, "The status of a PATCH of an action (or of a draft, or its publish) with an outdated `version`.", 409
    )
    analytics_percentiles: bool = _switch(_ANALYTICS, "The aggregates of actions fill `p95` and `p99`.", default=False)
    analytics_timeout_error: Literal["TIMEOUT", "EXECUTION_TIMEOUT", "REQUEST_TIMEOUT"] = _switch(
        _ANALYTICS,
        "The `errorType` of calls that ended at the action's limit, with the status 408: no source names either.",
        "TIMEOUT",
    )
    analytics_longest_days: int = _switch(
        "analytics",
        "The longest interval that analytics answers for; a longer one is 400. 0: any. No source names a bound.",
        0,
    )
    suggested_without_limit_ms: int = _switch(
        "open-suggested-default", "What a suggested timeout is worth where the action sets no limit.", 60_000
    )
    step_over_action_limit: Literal["smaller", "step"] = _switch(
        "open-step-over-action",
        "A literal that is longer than the action's limit: the smaller ends the wait, or the step has its own.",
        "smaller",
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
