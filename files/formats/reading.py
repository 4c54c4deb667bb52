"""Which form a file has: told by its name, then by a search of its text, before any of it is parsed."""

from files.formats import action_json, archy, configurations, hcl, i3
from files.formats.action_file import ActionFile
from files.formats.flow_file import FlowFile, UnreadableFile

_YAML = (".yaml", ".yml")
_TERRAFORM_JSON = b'"genesyscloud_integration_action"'


def may_be_flow(body: bytes, name: str) -> bool:
    """Return whether a file may hold an Architect flow."""
    lowered = name.lower()
    if _is_i3(lowered):
        return True
    if lowered.endswith(_YAML):
        return archy.may_be_archy(body)
    return lowered.endswith(".json") and configurations.may_be_configuration(body)


def read_flow(body: bytes, name: str) -> FlowFile | None:
    """Read the Architect flow of a file; None where it holds none. Raises UnreadableFile."""
    lowered = name.lower()
    if _is_i3(lowered):
        return i3.read_i3(body)
    if lowered.endswith(_YAML):
        return archy.read_yaml(body)
    return configurations.read_configuration(body)


def may_be_actions(body: bytes, name: str) -> bool:
    """Return whether a file may hold actions."""
    lowered = name.lower()
    if lowered.endswith(".tf"):
        return hcl.may_hold_actions(body)
    if lowered.endswith(".tf.json"):
        return _TERRAFORM_JSON in body
    if lowered.endswith(".json"):
        return action_json.is_named_as_action(name) or action_json.may_be_action(body)
    return False


def read_actions(body: bytes, name: str) -> ActionFile | None:
    """Read the actions of a file; None where it holds none. Raises UnreadableFile."""
    lowered = name.lower()
    if lowered.endswith(".tf"):
        return hcl.read_terraform(body)
    if lowered.endswith(".tf.json"):
        raise UnreadableFile("Terraform written as JSON is not read")
    return action_json.read_action(body, name)


def _is_i3(lowered: str) -> bool:
    return lowered.rpartition(".")[2].startswith("i3")
