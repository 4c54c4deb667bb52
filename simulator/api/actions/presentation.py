"""Integration actions as the API shows them: the SDK's field names (docs/platform.md#actions)."""

import copy
from typing import Any

from simulator.org.actions.content import ActionContent
from simulator.org.actions.drafts import draft_of, draft_version, function_of
from simulator.org.actions.records import ActionRecord
from simulator.switches import Switches

_UNSET = {"null": None, "zero": 0}


def shown_action(
    switches: Switches, record: ActionRecord, *, draft: bool = False, config: bool = True, contract: bool = False
) -> dict[str, Any]:
    """Show an Action or its draft, which is an Action too; `config` and `contract` only where they were asked for."""
    content, version, uri = record.content, record.version, _uri(record)
    if draft:
        content, version, uri = draft_of(record).content, draft_version(switches, record), f"{uri}/draft"
    shown: dict[str, Any] = {
        "id": record.id,
        "name": content.name,
        "integrationId": record.seed.integration_id,
        "category": content.category,
        "version": version,
        "secure": content.secure,
        "selfUri": uri,
    }
    if contract and content.contract:
        shown["contract"] = copy.deepcopy(content.contract)
    if config:
        shown["config"] = _config(switches, content, uri)
    return _as_a_draft(switches, shown, contract=contract) if draft else shown


def _as_a_draft(switches: Switches, shown: dict[str, Any], *, contract: bool) -> dict[str, Any]:
    """Show what the server makes of a draft, by switch; nothing of it goes live."""
    config = shown.get("config", {})
    match switches.action_drafts_show:
        case "same":
            pass
        case "more_keys":
            shown["status"] = "Draft"
            config.setdefault("timeoutSeconds", None)
            _input_of(shown, contract=contract)["inputSchemaFlattened"] = None
        case "own_names":
            config.setdefault("request", {})["requestUrlTemplate"] = f"https://functions.example/{shown['id']}/draft"
        case "other_contract":
            _input_of(shown, contract=contract).setdefault("inputSchema", {})["title"] = "Input"
    return shown


def _input_of(shown: dict[str, Any], *, contract: bool) -> dict[str, Any]:
    """Return the input of a contract that is to be shown, or nobody's."""
    schemas = shown.setdefault("contract", {}) if contract else {}
    found: dict[str, Any] = schemas.setdefault("input", {})
    return found


def shown_function(switches: Switches, record: ActionRecord, *, draft: bool = False) -> dict[str, Any]:
    """Show the FunctionConfig of an action or of its draft; `zip` only where there is code. Raises Refusal 404."""
    content, uri = record.content, _uri(record)
    if draft:
        content, uri = draft_of(record).content, f"{uri}/draft"
    function = function_of(record, content)
    if draft and switches.action_drafts_show == "own_names":
        function = {**function, "name": f"{function['name']}-draft"}
    shown: dict[str, Any] = {"id": record.id, "function": dict(function), "selfUri": f"{uri}/function"}
    if zip_id := function.get("zipId"):
        shown["zip"] = {"status": "Available", "id": zip_id, "name": "function.zip"}
    return shown


def _uri(record: ActionRecord) -> str:
    return f"/api/v2/integrations/actions/{record.id}"


def _config(switches: Switches, content: ActionContent, uri: str) -> dict[str, Any]:
    """Return `config` with its templates by URI only, or by switch without them."""
    config = copy.deepcopy(content.config)
    if content.function is not None and switches.function_limit_in_config:
        config = {"timeoutSeconds": content.function["timeoutSeconds"], **config}
    if switches.unset_limit_shows != "absent":
        config.setdefault("timeoutSeconds", _UNSET[switches.unset_limit_shows])
    if not switches.action_shows_template_uris:
        return config
    config["request"]["requestTemplateUri"] = f"{uri}/templates/requesttemplate.vm"
    config["response"]["successTemplateUri"] = f"{uri}/templates/successtemplate.vm"
    return config
