"""The integration actions API: listing, reading, templates, functions, PATCH (genesys-cloud.md 5)."""

from collections.abc import Callable
from typing import Any

from simulator.actions import ActionRecord, patch
from simulator.calls import Answer, Call, json_answer
from simulator.errors import Refusal, bad_request
from simulator.listing import in_order, page
from simulator.org import Org

_MOST_IDS = 50
_SORTS: dict[str, Callable[[ActionRecord], Any]] = {
    "id": lambda record: record.id,
    "name": lambda record: record.name.lower(),
    "category": lambda record: record.category.lower(),
    "secure": lambda record: record.seed.secure,
    "version": lambda record: record.version,
}


def list_actions(org: Org, call: Call) -> Answer:
    """GET integrations/actions; `config` only with `includeConfig=true`."""
    found = [record for record in org.actions if not record.deleted and _wanted(call, record)]
    if len(call.texts("ids")) > _MOST_IDS:
        raise bad_request("At most 50 ids may be given.")
    config = bool(call.flag("includeConfig"))
    return json_answer(page(call, in_order(call, found, _SORTS, "id"), lambda one: _shown(one, config=config)))


def get_action(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}; `contract` with `expand=contract`, `config` with `includeConfig=true`."""
    record = org.actions.live(call.params["actionId"])
    contract = "contract" in call.texts("expand")
    return json_answer(_shown(record, config=bool(call.flag("includeConfig")), contract=contract))


def get_template(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}/templates/{fileName}: the text that `config` only gives by URI."""
    record = org.actions.live(call.params["actionId"])
    templates = {"requesttemplate.vm": record.request_template, "successtemplate.vm": record.success_template}
    name = call.params["fileName"]
    if name not in templates:
        raise Refusal(404, "not.found", "The template '{name}' was not found.", params={"name": name})
    return Answer(200, templates[name].encode(), "text/plain; charset=utf-8")


def get_function(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}/function: where a function data action keeps its timeout."""
    record = org.actions.live(call.params["actionId"])
    seconds = record.seed.function_timeout_seconds
    if seconds is None:
        raise Refusal(404, "not.found", "The action '{id}' has no function.", params={"id": record.id})
    function = {
        "id": record.id,
        "name": record.name,
        "handler": "src/index.handler",
        "runtime": "nodejs20.x",
        "timeoutSeconds": seconds,
    }
    uri = f"/api/v2/integrations/actions/{record.id}/function"
    return json_answer({"id": record.id, "function": function, "selfUri": uri})


def patch_action(org: Org, call: Call) -> Answer:
    """PATCH integrations/actions/{actionId}: publishes at once."""
    record = org.actions.live(call.params["actionId"])
    patch(org.world.switches, record, call.document())
    return json_answer(_shown(record, config=True))


def _wanted(call: Call, record: ActionRecord) -> bool:
    if record.authenticates and not call.flag("includeAuthActions"):
        return False
    ids, secure = call.texts("ids"), call.flag("secure")
    category, name = call.text("category"), call.text("name")
    return (
        (not ids or record.id in ids)
        and (secure is None or record.seed.secure is secure)
        and (category is None or record.category.lower() == category.lower())
        and (name is None or name.lower() in record.name.lower())
    )


def _shown(record: ActionRecord, *, config: bool, contract: bool = False) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": record.id,
        "name": record.name,
        "integrationId": record.seed.integration_id,
        "category": record.category,
        "version": record.version,
        "secure": record.seed.secure,
        "selfUri": f"/api/v2/integrations/actions/{record.id}",
    }
    if contract and record.seed.contract:
        shown["contract"] = dict(record.seed.contract)
    if config:
        shown["config"] = record.shown_config()
    return shown
