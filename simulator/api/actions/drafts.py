"""The API of drafts of integration actions (docs/platform.md#changing-an-action)."""

from simulator.api.actions.live import template
from simulator.api.actions.presentation import shown_action, shown_function
from simulator.api.calls import Answer, Call, json_answer
from simulator.org.actions.drafts import (
    discard_draft,
    draft_of,
    make_draft,
    patch_draft,
    problems_of,
    publish_draft,
    put_function,
)
from simulator.org.actions.records import ActionRecord
from simulator.org.org import Org


def post_draft(org: Org, call: Call) -> Answer:
    """POST integrations/actions/{actionId}/draft: a draft that says what the published action says."""
    record = _named(org, call)
    make_draft(org.world.switches, record)
    return json_answer(shown_action(org.world.switches, record, draft=True))


def get_draft(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}/draft; `contract` and `config` as for the action itself."""
    config, contract = bool(call.flag("includeConfig")), "contract" in call.texts("expand")
    return json_answer(
        shown_action(org.world.switches, _named(org, call), draft=True, config=config, contract=contract)
    )


def patch_action_draft(org: Org, call: Call) -> Answer:
    """PATCH integrations/actions/{actionId}/draft: edits the draft alone."""
    record = _named(org, call)
    patch_draft(org.world.switches, record, call.document())
    return json_answer(shown_action(org.world.switches, record, draft=True))


def delete_draft(org: Org, call: Call) -> Answer:
    """DELETE integrations/actions/{actionId}/draft: 204."""
    discard_draft(_named(org, call))
    return Answer(204, b"")


def get_template(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}/draft/templates/{fileName}."""
    return template(draft_of(_named(org, call)).content, call)


def get_validation(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}/draft/validation: whether the draft could be published."""
    problems = problems_of(org.world, _named(org, call))
    errors = [problem.body(org.world.ids.new("context")) for problem in problems]
    return json_answer({"valid": not errors, "errors": errors})


def post_publish(org: Org, call: Call) -> Answer:
    """POST integrations/actions/{actionId}/draft/publish: at once; the answer is the action."""
    record = _named(org, call)
    publish_draft(org.world, record, call.document())
    return json_answer(shown_action(org.world.switches, record))


def get_function(org: Org, call: Call) -> Answer:
    """GET integrations/actions/{actionId}/draft/function."""
    return json_answer(shown_function(org.world.switches, _named(org, call), draft=True))


def put_action_function(org: Org, call: Call) -> Answer:
    """PUT integrations/actions/{actionId}/draft/function: replaces the draft's function whole."""
    record = _named(org, call)
    put_function(org.world.switches, record, call.document())
    return json_answer(shown_function(org.world.switches, record, draft=True))


def _named(org: Org, call: Call) -> ActionRecord:
    return org.actions.live(call.params["actionId"])
