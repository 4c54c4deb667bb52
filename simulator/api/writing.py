"""The writing half of the Architect API: what each call of the editing cycle answers.

Source: docs/platform.md#editing-calls.
"""

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.errors import Refusal, bad_request
from simulator.api.oauth import require
from simulator.api.reading import visible
from simulator.org.editing import check_out, describe, locked, not_locked, refuse_while_busy, revert, save, unlock
from simulator.org.org import Org
from simulator.org.publishing import start_check_in, start_publish
from simulator.org.versions import ArchitectFlowRecord


def post_check_out(org: Org, call: Call) -> Answer:
    """POST flows/actions/checkout."""
    record = _named(org, call)
    check_out(org.world, record, call.actor)
    return json_answer(org.presenter.architect_flow(record))


def post_version(org: Org, call: Call) -> Answer:
    """POST flows/{flowId}/versions: the raw body becomes the draft."""
    record = visible(org, call, call.params["flowId"])
    _require_json(call)
    version = save(org.world, record, call.actor, call.body)
    return json_answer(org.presenter.version(record, version))


def post_check_in(org: Org, call: Call) -> Answer:
    """POST flows/actions/checkin: somebody else's lock needs the permission to unlock."""
    record = _named(org, call)
    refuse_while_busy(org.world, record)
    assert call.client is not None, "the route needs a token"
    if record.lock is None:
        raise not_locked(record)
    if record.lock != call.actor and "architect:flow:unlock" not in call.client.permissions:
        raise locked(record)
    return json_answer(org.presenter.operation(start_check_in(org.world, record, call.actor)))


def post_publish(org: Org, call: Call) -> Answer:
    """POST flows/actions/publish: 200 at once, which proves nothing (docs/platform.md#operations)."""
    record = _named(org, call)
    _require_publisher(org, call)
    refuse_while_busy(org.world, record)
    if record.lock is not None and record.lock != call.actor:
        raise locked(record)
    label = call.text("version")
    if label == "default" and record.seed.system:
        raise Refusal(405, "architect.flow.cannot.publish.default", "The default version cannot be published.")
    operation = start_publish(org.world, record, call.actor, label, org.actions)
    return json_answer(org.presenter.operation(operation))


def post_revert(org: Org, call: Call) -> Answer:
    """POST flows/actions/revert."""
    record = _named(org, call)
    revert(org.world, record, call.actor)
    return json_answer(org.presenter.architect_flow(record))


def post_unlock(org: Org, call: Call) -> Answer:
    """POST flows/actions/unlock."""
    record = _named(org, call)
    unlock(org.world, record)
    return json_answer(org.presenter.architect_flow(record))


def put_architect_flow(org: Org, call: Call) -> Answer:
    """PUT flows/{flowId}: metadata only."""
    record = visible(org, call, call.params["flowId"])
    describe(org.world, record, call.actor, call.document())
    return json_answer(org.presenter.architect_flow(record))


def _named(org: Org, call: Call) -> ArchitectFlowRecord:
    architect_flow_id = call.text("flow")
    if architect_flow_id is None:
        raise bad_request("The parameter {parameter} is required.", parameter="flow")
    return visible(org, call, architect_flow_id)


def _require_publisher(org: Org, call: Call) -> None:
    assert call.client is not None, "the route needs a token"
    if not org.world.switches.publish_accepts_unlock_permission:
        require(call.client, ["architect:flow:publish"])


def _require_json(call: Call) -> None:
    media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refusal(415, "unsupported.media.type", "Unsupported media type.")
    if not call.body or call.body == b"null":
        raise Refusal(400, "architect.flow.data.missing", "The flow data is missing.")
