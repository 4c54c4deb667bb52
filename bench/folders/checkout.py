"""A checkout of many files: Architect exports, Archy YAML, exports of actions, Terraform, of the sizes of real ones."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from urllib.parse import quote

from simulator.demo.actions import demo_actions
from simulator.demo.org import build_demo_org

_SHARES = {"exports": 0.35, "yaml": 0.4, "actions": 0.2, "terraform": 0.05}
_ALWAYS_KEPT = "-_.!~*'()"
_STEPS_OF_YAML = 4
_NODES_BETWEEN = 4
_RESOURCES_OF_A_FILE = 4
_TIMEOUTS = ("lit:\n  minutes: 1", "", "lit:\n  seconds: 5", "lit:\n  minutes: 1")
_ACTIONS = demo_actions(1)


@dataclass(frozen=True, slots=True)
class Checkout:
    """What was written."""

    folder: Path
    files: int
    architect_flows: int
    bytes: int


def write_checkout(folder: Path, files: int) -> Checkout:
    """Write so many files into a folder; the same each time."""
    counts = {kind: round(files * share) for kind, share in _SHARES.items()}
    counts["yaml"] += files - sum(counts.values())
    sizes = []
    for kind, contents in _contents(counts["exports"]).items():
        for path, content in islice(contents, counts[kind]):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            sizes.append(target.write_bytes(content))
    return Checkout(folder, len(sizes), counts["exports"] + counts["yaml"], sum(sizes))


def _contents(exports: int) -> dict[str, Iterator[tuple[str, bytes]]]:
    return {
        "exports": _exports(exports),
        "yaml": ((f"yaml/{number // 50}/flow-{number}.yaml", _yaml(number)) for number in count()),
        "actions": ((f"actions/action-{number}.custom.json", _action(number)) for number in count()),
        "terraform": ((f"terraform/{number}/main.tf", _terraform(number)) for number in count()),
    }


def _exports(wanted: int) -> Iterator[tuple[str, bytes]]:
    """Encode the configurations of the demo org as Architect does."""
    org = build_demo_org(architect_flows=min(5_000, wanted * 2))
    for number, seed in enumerate(one for one in org.architect_flows if one.published_versions):
        encoded = quote(seed.configuration(seed.published_versions[-1]), safe=_ALWAYS_KEPT)
        yield f"exports/{number // 50}/flow-{number}.i3InboundFlow", base64.b64encode(encoded.encode("ascii"))


def _yaml(number: int) -> bytes:
    lines = [f"workflow:\n  name: Flow {number}\n  division: Home\n  states:\n    - state:\n        name: Main"]
    lines += ["        actions:"]
    for step in range(number % (2 * _STEPS_OF_YAML + 1)):
        lines += [_node(number, step, node) for node in range(_NODES_BETWEEN)]
        lines += [_call(number, step)]
    return ("\n".join(lines) + "\n").encode()


def _node(number: int, step: int, node: int) -> str:
    return _indented(
        f"- updateData:\n    name: Note {node}\n    statements:\n      - string:\n          variable: Flow.note{node}\n"
        f"          value:\n            exp: ToString({number}) + Flow.note{step}"
    )


def _call(number: int, step: int) -> str:
    action = _ACTIONS[(number + step) % len(_ACTIONS)].seed
    written = _TIMEOUTS[(number + step) % len(_TIMEOUTS)]
    timeout = "\n    timeout:\n" + "\n".join(f"      {line}" for line in written.splitlines()) if written else ""
    outputs = "".join(f"\n              output{each}:\n                noValue: true" for each in range(12))
    return _indented(
        f"- callData:\n    name: Call {step}{timeout}\n    category:\n      {json.dumps(action.category)}:\n"
        f"        dataAction:\n          {json.dumps(action.name)}:\n            inputs:\n              phone:\n"
        f"                exp: Call.Ani\n            failureOutputs:{outputs}"
    )


def _indented(text: str) -> str:
    return "\n".join(f"          {line}" for line in text.splitlines())


def _action(number: int) -> bytes:
    seed = _ACTIONS[number % len(_ACTIONS)].seed
    fields = {f"field{each}": {"type": "string"} for each in range(20)}
    exported = {
        "name": f"{seed.name} {number}" if number >= len(_ACTIONS) else f"{seed.name} - Exported 2026-01-02 @ 3:04",
        "integrationType": "custom-rest-actions",
        "actionType": "custom",
        "config": {"request": {"requestTemplate": seed.request_template}, "response": {}},
        "contract": {
            "input": {"inputSchema": {"type": "object", "properties": fields}},
            "output": {"successSchema": {"type": "object", "properties": fields}},
        },
        "secure": seed.secure,
    }
    return json.dumps(exported, indent=2, ensure_ascii=False).encode()


def _terraform(number: int) -> bytes:
    return "\n".join(_resource(number * _RESOURCES_OF_A_FILE + each) for each in range(_RESOURCES_OF_A_FILE)).encode()


def _resource(number: int) -> str:
    return f"""resource "genesyscloud_integration_action" "action_{number}" {{
  name                   = "Action {number}"
  category               = "Integration {number % 20}"
  integration_id         = genesyscloud_integration.crm.id
  config_timeout_seconds = {number % 60}
  contract_input = jsonencode({{
    "type" = "object",
    "properties" = {{
      "conversationId" = {{ "type" = "string" }}
    }}
  }})
  config_request {{
    request_url_template = "/api/v2/conversations/$${{input.conversationId}}"
    request_template     = "$${{input.rawRequest}}"
    headers              = {{}}
  }}
  config_response {{
    success_template = "{{\\"state\\": $${{state}}}}"
  }}
}}
"""
