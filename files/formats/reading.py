"""Which form a file has: told by its name, then by a search of its text, before any of it is parsed."""

import codecs

from files.formats import action_json, archy, configurations, hcl, i3, terraform_json
from files.formats.action_file import ActionFile
from files.formats.flow_file import FlowFile
from files.formats.terraform import RESOURCE

_YAML = (".yaml", ".yml")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OVERRIDES = ("_override.tf", "_override.tf.json")


def may_be_flow(body: bytes, name: str) -> bool:
    """Return whether a file may hold an Architect flow."""
    lowered = name.lower()
    if i3.is_i3(name):
        return True
    text = _searched(body)
    if lowered.endswith(_YAML):
        return archy.may_be_archy(text)
    return lowered.endswith(".json") and configurations.may_be_configuration(text)


def read_flow(body: bytes, name: str) -> FlowFile | None:
    """Read the Architect flow of a file; None where it holds none. Raises UnreadableFile."""
    lowered = name.lower()
    if i3.is_i3(name):
        return i3.read_i3(body)
    if lowered.endswith(_YAML):
        return archy.read_yaml(body)
    return configurations.read_configuration(body)


def may_be_actions(body: bytes, name: str) -> bool:
    """Return whether a file may hold actions."""
    lowered, text = name.lower(), _searched(body)
    if lowered.endswith(".tf"):
        return hcl.may_hold_actions(text)
    if lowered.endswith(".tf.json"):
        return f'"{RESOURCE}"'.encode() in text
    if lowered.endswith(".json"):
        return action_json.is_named_as_action(name) or action_json.may_be_action(text)
    return False


def read_actions(body: bytes, name: str) -> ActionFile | None:
    """Read the actions of a file; None where it holds none. Raises UnreadableFile."""
    lowered = name.lower()
    if lowered.endswith(".tf"):
        return hcl.read_terraform(body)
    if lowered.endswith(".tf.json"):
        return terraform_json.read_terraform_json(body)
    return action_json.read_action(body, name)


def is_override(name: str) -> bool:
    """Return whether Terraform takes what a file says for a part of the resources of the other files in its folder."""
    return name.endswith(_OVERRIDES) or name in {"override.tf", "override.tf.json"}


def _searched(body: bytes) -> bytes:
    """Return the text to search: of UTF-16, as some shells of Windows write it, in UTF-8, so that it is told."""
    return body.decode("utf-16", "ignore").encode("utf-8", "ignore") if body.startswith(_UTF_16) else body
