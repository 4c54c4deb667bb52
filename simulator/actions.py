"""Integration actions: the other timeout (genesys-cloud.md 5)."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import Refusal, bad_request
from simulator.seeds import ActionSeed
from simulator.switches import Switches

STATIC_PREFIX = "static"
CUSTOM_AUTH_PREFIX = "custom_auth_-_"
_LONGEST_SECONDS = 60


@dataclass(slots=True)
class ActionRecord:
    """One action as it is now. `config` has neither templates nor their URIs; those are added when it is shown."""

    seed: ActionSeed
    name: str
    category: str
    version: int
    config: dict[str, Any]
    request_template: str
    success_template: str
    deleted: bool = False
    touched: bool = False
    unsaved: bool = field(default=False)

    @property
    def id(self) -> str:
        """The action's id."""
        return self.seed.id

    @property
    def immutable(self) -> bool:
        """Whether Genesys owns it."""
        return self.id.startswith(STATIC_PREFIX)

    @property
    def authenticates(self) -> bool:
        """Whether it is a Custom Authentication Action, for which no timeout is valid."""
        return self.id.startswith(CUSTOM_AUTH_PREFIX)

    def touch(self) -> None:
        """Note that something changed."""
        self.touched = self.unsaved = True

    def shown_config(self) -> dict[str, Any]:
        """Give `config` as the API shows it: templates by URI only."""
        config = copy.deepcopy(self.config)
        base = f"/api/v2/integrations/actions/{self.id}/templates"
        config.setdefault("request", {})["requestTemplateUri"] = f"{base}/requesttemplate.vm"
        config.setdefault("response", {})["successTemplateUri"] = f"{base}/successtemplate.vm"
        return config


class ActionRecords:
    """All actions by id."""

    def __init__(self, seeds: Iterable[ActionSeed]) -> None:
        self._by_id = {seed.id: _built(seed) for seed in seeds}

    def __iter__(self) -> Iterator[ActionRecord]:
        return iter(self._by_id.values())

    @property
    def deleted(self) -> set[str]:
        """The ids of deleted actions."""
        return {record.id for record in self if record.deleted}

    def find(self, action_id: str) -> ActionRecord:
        """Give one action, even a deleted one. Raises Refusal 404."""
        record = self._by_id.get(action_id)
        if record is None:
            raise Refusal(
                404, "not.found", "The action '{id}' was not found.", params={"id": action_id}, entity_id=action_id
            )
        return record

    def live(self, action_id: str) -> ActionRecord:
        """Give one action that was not deleted. Raises Refusal 404."""
        record = self.find(action_id)
        if record.deleted:
            raise Refusal(
                404, "not.found", "The action '{id}' was not found.", params={"id": action_id}, entity_id=action_id
            )
        return record

    def put(self, record: ActionRecord) -> None:
        """Replace one action, as an earlier process left it."""
        self._by_id[record.id] = record

    def reset(self) -> None:
        """Put back what was touched."""
        for action_id, record in self._by_id.items():
            if record.touched:
                self._by_id[action_id] = _built(record.seed)


def patch(switches: Switches, record: ActionRecord, values: dict[str, Any]) -> None:
    """Change an action and publish it at once.

    `version` must be the current one. `config` replaces the old one whole: templates that are not sent are lost,
    which is why nobody may PATCH `timeoutSeconds` alone (a switch, since the effect is inferred).
    """
    if record.immutable:
        raise Refusal(400, "bad.request", "Static actions cannot be modified.", entity_id=record.id)
    if values.get("version") != record.version:
        raise Refusal(
            switches.action_version_mismatch,
            "version.mismatch",
            "Version mismatch: the current version is {version}.",
            params={"version": str(record.version)},
            entity_id=record.id,
        )
    config = values.get("config")
    if config is not None:
        _replace_config(switches, record, config)
    record.name = str(values.get("name") or record.name)
    record.category = str(values.get("category") or record.category)
    record.version += 1
    record.touch()


def _replace_config(switches: Switches, record: ActionRecord, config: Any) -> None:
    if not isinstance(config, dict):
        raise bad_request("config must be an object.")
    _check_limit(record, config.get("timeoutSeconds"))
    new = copy.deepcopy(config)
    keep = switches.action_patch_keeps_templates
    request, response = _part(new, "request"), _part(new, "response")
    request.pop("requestTemplateUri", None)
    response.pop("successTemplateUri", None)
    record.request_template = request.pop("requestTemplate", record.request_template if keep else "")
    record.success_template = response.pop("successTemplate", record.success_template if keep else "")
    record.config = {key: value for key, value in new.items() if value is not None}


def _part(config: dict[str, Any], name: str) -> dict[str, Any]:
    part = config.setdefault(name, {})
    if not isinstance(part, dict):
        raise bad_request("config.{part} must be an object.", part=name)
    return part


def _check_limit(record: ActionRecord, seconds: object) -> None:
    if seconds is None:
        return
    if record.authenticates:
        raise bad_request("timeoutSeconds is not valid for Custom Authentication Actions.")
    if type(seconds) is not int or not 1 <= seconds <= _LONGEST_SECONDS:
        raise bad_request("timeoutSeconds must be between 1 and 60.")


def _built(seed: ActionSeed) -> ActionRecord:
    config = copy.deepcopy(dict(seed.config))
    for part in ("request", "response"):
        config[part] = {
            key: value
            for key, value in dict(config.get(part) or {}).items()
            if key not in {"requestTemplate", "requestTemplateUri", "successTemplate", "successTemplateUri"}
        }
    return ActionRecord(
        seed, seed.name, seed.category, seed.version, config, seed.request_template, seed.success_template
    )
