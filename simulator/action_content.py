"""What an integration action says, published or as a draft, and what an edit makes of it.

Source: docs/platform.md#changing-an-action.
"""

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any

from simulator.errors import bad_request
from simulator.functions import built_function
from simulator.seeds import ActionSeed
from simulator.switches import Switches

_LONGEST_SECONDS = 60
_TEMPLATE_KEYS = frozenset({"requestTemplate", "requestTemplateUri", "successTemplate", "successTemplateUri"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionContent:
    """One state of an action; an edit makes another, so that a draft may share it with its action.

    `config` has neither templates nor their URIs; those are added when it is shown. `function`: the Function of a
    function data action, with the API's own keys. It alone holds such an action's timeout, `config` never does.
    """

    name: str
    category: str
    secure: bool
    config: dict[str, Any]
    contract: dict[str, Any]
    request_template: str
    success_template: str
    function: dict[str, Any] | None = None

    @property
    def templates(self) -> dict[str, str]:
        """The templates by file name."""
        return {"requesttemplate.vm": self.request_template, "successtemplate.vm": self.success_template}


def built_content(seed: ActionSeed) -> ActionContent:
    """Make the content that an action starts with."""
    function = built_function(seed)
    config = copy.deepcopy(dict(seed.config))
    if function is not None:
        config.pop("timeoutSeconds", None)
    for part in ("request", "response"):
        entries = dict(config.get(part) or {}).items()
        config[part] = {key: value for key, value in entries if key not in _TEMPLATE_KEYS}
    return ActionContent(
        name=seed.name,
        category=seed.category,
        secure=seed.secure,
        config=config,
        contract=copy.deepcopy(dict(seed.contract)),
        request_template=seed.request_template,
        success_template=seed.success_template,
        function=function,
    )


def edited(switches: Switches, content: ActionContent, values: dict[str, Any], *, takes_timeout: bool) -> ActionContent:
    """Return a content with the name, category and config of an UpdateActionInput.

    `config` replaces the old one whole: templates that are not sent are lost, which is why nobody may PATCH
    `timeoutSeconds` alone (a switch, since the effect is inferred). Raises Refusal 400.
    """
    config = values.get("config")
    if config is not None:
        content = _with_config(switches, content, config, takes_timeout=takes_timeout)
    name, category = (str(values.get(key) or getattr(content, key)) for key in ("name", "category"))
    return dataclasses.replace(content, name=name, category=category)


def as_written(switches: Switches, content: ActionContent) -> ActionContent:
    """Return a content as the server stores it, whoever wrote what of it: by switch with a key of its own."""
    if switches.action_normalises == "nothing":
        return content
    response = {**content.config["response"], "lastSavedBy": "server"}
    return dataclasses.replace(content, config={**content.config, "response": response})


def _with_config(switches: Switches, content: ActionContent, config: Any, *, takes_timeout: bool) -> ActionContent:
    if not isinstance(config, dict):
        raise bad_request("config must be an object.")
    _check_timeout(config.get("timeoutSeconds"), takes_timeout=takes_timeout)
    new = copy.deepcopy(config)
    keep = switches.action_patch_keeps_templates
    request, response = _part(new, "request"), _part(new, "response")
    request_template = _taken_out(request, "requestTemplate", content.request_template if keep else "")
    success_template = _taken_out(response, "successTemplate", content.success_template if keep else "")
    if content.function is not None:
        new.pop("timeoutSeconds", None)
    return dataclasses.replace(
        content,
        config={key: value for key, value in new.items() if value is not None},
        request_template=request_template,
        success_template=success_template,
    )


def _part(config: dict[str, Any], name: str) -> dict[str, Any]:
    part = config.setdefault(name, {})
    if not isinstance(part, dict):
        raise bad_request("config.{part} must be an object.", part=name)
    return part


def _taken_out(part: dict[str, Any], name: str, otherwise: str) -> str:
    part.pop(f"{name}Uri", None)
    template = part.pop(name, None)
    if not isinstance(template, str | None):
        raise bad_request("{template} must be a text.", template=name)
    return otherwise if template is None else template


def _check_timeout(seconds: object, *, takes_timeout: bool) -> None:
    if seconds is None:
        return
    if not takes_timeout:
        raise bad_request("timeoutSeconds is not valid for Custom Authentication Actions.")
    if type(seconds) is not int or not 1 <= seconds <= _LONGEST_SECONDS:
        raise bad_request("timeoutSeconds must be between 1 and 60.")
