"""The integration actions API: listing, reading, templates, functions, PATCH (docs/platform.md#changing-an-action)."""

from collections.abc import Callable
from typing import Any

from simulator.api.actions.presentation import shown_action, shown_function
from simulator.api.calls import Answer, Call, json_answer
from simulator.api.errors import Refusal
from simulator.api.listing import in_order, page
from simulator.org.actions.content import ActionContent
from simulator.org.actions.editing import patch
from simulator.org.actions.records import ActionRecord
from simulator.org.org import Org

_SORTS: dict[str, Callable[[ActionRecord], Any]] = {"id": lambda record: record.id, "name": lambda record: record.name}


def list_actions(org: Org, call: Call) -> Answer:
    """GET integrations/actions; `config` only with `includeConfig=true`."""
    config, all_kinds, switches = bool(call.flag("includeConfig")), call.flag("includeAuthActions"), org.world.switches
    found = [record for record in org.actions if not record.deleted and (all_kinds or not record.authenticates)]
    ordered = in_order(call, found, _SORTS, "id")
    return json_answer(page(call, ordered, lambda one: shown_action(switches, one, config=config)))


def get_action(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}; `contract` with `expand=contract`, `config` with `includeConfig=true`."""
    record = org.actions.live(call.params["actionId"])
    config, contract = bool(call.flag("includeConfig")), "contract" in call.texts("expand")
    return json_answer(shown_action(org.world.switches, record, config=config, contract=contract))


def get_template(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}/templates/{fileName}: the text that `config` only gives by URI."""
    return template(org.actions.live(call.params["actionId"]).content, call)


def template(content: ActionContent, call: Call) -> Answer:
    """Answer with a template's text. Raises Refusal 404."""
    name = call.params["fileName"]
    if name not in content.templates:
        raise Refusal(404, "not.found", "The template '{name}' was not found.", params={"name": name})
    return Answer(200, content.templates[name].encode(), "text/plain; charset=utf-8")


def get_function(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}/function: where a function data action keeps its timeout."""
    return json_answer(shown_function(org.world.switches, org.actions.live(call.params["actionId"])))


def patch_action(org: Org, call: Call) -> Answer:
    """PATCH integrations/actions/{actionId}: publishes at once."""
    record = org.actions.live(call.params["actionId"])
    patch(org.world.switches, record, call.document())
    return json_answer(shown_action(org.world.switches, record))
