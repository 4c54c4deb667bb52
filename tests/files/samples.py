"""Makers of small files of the shapes in which teams keep Architect flows and actions: exports, Archy YAML, Terraform.

Names and content are made up; keys, their order and the forms of encoding are those of real files.
Source: docs/platform.md#archy-yaml, #exports, #actions-in-terraform.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.files.conftest import write_files
from tests.timeouts.conftest import computed, literal, node, unset

Json = dict[str, Any]

MINUTE = "lit:\n  minutes: 1"
"""What an export writes for nearly every suggested timeout, and for a literal of one minute, too."""

EXPORTED = " - Exported 2021-04-15 @ 18:58"
"""What the platform appends to the name of an action that is exported."""

_KEPT_BY_ENCODE_URI_COMPONENT = "-_.!~*'()"
_NODE_TYPES = {"callData": "DataAction", "callDataSecure": "SecureAction", "callBridge": "BridgeServerAction"}
_WITH_STATES = frozenset({"workflow", "inboundShortMessage", "bot", "digitalBot"})


@dataclass(frozen=True, slots=True)
class SampleStep:
    """A step as a configuration holds it. `timeout_ms` None: computed at run time; `kind`: Archy's word."""

    action: str = "Look up customer"
    category: str = "CRM"
    name: str = "Call Data Action"
    timeout_ms: int | None = 60_000
    suggested: bool = True
    out_of_service: bool = False
    kind: str = "callData"
    action_id: str = ""


@dataclass(frozen=True, slots=True)
class ArchyStep:
    """A step as Archy YAML holds it. `timeout`: the text below the key, or None for no key; `name` None: no name."""

    action: str = "Look up customer"
    category: str = "CRM"
    name: str | None = "Call Data Action"
    timeout: str | None = MINUTE
    kind: str = "callData"
    depth: int = 0
    """In how many decisions it lies."""


@dataclass(frozen=True, slots=True)
class SampleAction:
    """A resource of Terraform. `timeout` and `function_timeout`: the text behind `=`, or None for no such line."""

    label: str = "look_up_customer"
    name: str = '"Look up customer"'
    category: str = '"CRM"'
    timeout: str | None = None
    function_timeout: str | None = None
    has_function: bool = False
    heredoc: bool = False


def as_exported(step: SampleStep, depth: int = 0) -> ArchyStep:
    """Return the step as an export of the same Architect flow writes it in YAML (docs/platform.md#archy-yaml)."""
    written = "exp: MakeDuration(0, 0, 0, Flow.patience)"
    if step.timeout_ms is not None:
        minutes, rest_ms = divmod(step.timeout_ms, 60_000)
        seconds, ms = divmod(rest_ms, 1_000)
        parts = {"minutes": minutes, "seconds": seconds, "milliseconds": ms}
        written = "lit:" + "".join(f"\n  {unit}: {value}" for unit, value in parts.items() if value)
    left_out = step.out_of_service
    return ArchyStep(step.action, step.category, step.name, None if left_out else written, step.kind, depth)


def configuration(
    steps: Iterable[SampleStep] = (SampleStep(),), *, name: str = "Support", kind: str = "inboundcall"
) -> Json:
    """Return an Architect configuration as the editor exports it, with its manifest and its cache of actions."""
    made = [_node(number, step) for number, step in enumerate(steps, start=1)]
    used = {one["actionId"]: one for one in made}
    return {
        "defaultLanguage": "en-US",
        "initialSequence": "task-1",
        "name": name,
        "nextTrackingNumber": len(made) + 10,
        "uiMetaData": {
            "bridgeServerActions": [],
            "screenPops": [],
            "actionServiceActions": [
                {"id": key, "name": one["actionName"], "category": one["category"]["name"], "contract": {}}
                for key, one in used.items()
            ],
        },
        "supportedLanguages": [{"language": "en-US", "isDefault": True}],
        "manifest": {"dataAction": [_manifest_entry(key, made) for key in used], "language": [{"id": "en-US"}]},
        "type": kind,
        "debugSettings": {},
        "errorHandling": {"audio": {"text": 'ToAudioTTS("Sorry, \\"Grüß Gott\\" 🙂 100 %")', "type": "aud"}},
        "defaultSettings": {
            "PlayAudioOnSilence": {"timeout": literal(40_000)},
            "DataAction": {"processingPrompt": unset()},
        },
        "flowMetaData": {"flowDocumentVersion": "1.0", "minimumServerVersion": "1.0"},
        "flowSequenceItemList": [
            {"id": "task-1", "name": "Main", "__type": "Task", "variables": [], "actionList": made},
        ],
        "supportedLanguageOptions": {"en-us": {"defaultLanguageSkill": {"noValue": True}}},
        "variables": [],
    }


def configuration_json(
    steps: Iterable[SampleStep] = (SampleStep(),),
    *,
    name: str = "Support",
    kind: str = "inboundcall",
    pretty: bool = False,
) -> bytes:
    """Return a configuration as plain JSON, compact as the API sends it, or pretty as people keep it."""
    return _json(configuration(steps, name=name, kind=kind), pretty=pretty)


def i3_export(
    steps: Iterable[SampleStep] = (SampleStep(),), *, name: str = "Support", kind: str = "inboundcall"
) -> bytes:
    """Return an Architect export: base64, without line breaks, of percent-encoded compact JSON."""
    return encode_i3(configuration_json(steps, name=name, kind=kind))


def encode_i3(document: bytes) -> bytes:
    """Encode JSON as the editor does: `encodeURIComponent`, then base64."""
    return base64.b64encode(quote(document, safe=_KEPT_BY_ENCODE_URI_COMPONENT).encode("ascii"))


def archy_yaml(
    steps: Iterable[ArchyStep] = (ArchyStep(),),
    *,
    name: str = "Support",
    kind: str = "inboundCall",
    indentation: int = 2,
    newline: str = "\n",
    comments: bool = False,
    last_newline: bool = True,
) -> bytes:
    """Return an Architect flow as Archy YAML.

    Args:
        steps: Its steps, in order.
        name: As it is written, with quotation marks where it needs some: a placeholder is `"{{flow_name}}"`.
        kind: The flow's type, in Archy's word: the key at the top.
        indentation: Of a level; 2 in exports.
        newline: `\\r\\n` in files of Windows.
        comments: Whether there are comments, among them one behind a timeout.
        last_newline: Whether the file ends with a line break.

    Some durations in it belong to no step: those of `settingsActionDefaults`, of a wait, and of a variable.
    """
    container = "state" if kind in _WITH_STATES else "task"
    actions = [line for step in steps for line in _nested(_call(step), step.depth)]
    lines = [
        *(["# Deployed with CX as Code", ""] if comments else []),
        f"{kind}:",
        f"  name: {name}",
        '  description: ""',
        "  division: Home",
        f'  startUpRef: "/{kind}/{container}s/{container}[Main_10]"',
        "  defaultLanguage: en-us",
        *_SETTINGS,
        f"  {container}s:",
        f"    - {container}:",
        "        name: Main",
        "        refId: Main_10",
        *_VARIABLES,
        "        actions:",
        *(f"          {line}" for line in [*_WAIT, *actions]),
    ]
    if comments:
        lines = [f"{line} # agreed with the CRM team" if line.endswith("timeout:") else line for line in lines]
    wider = [" " * ((indentation // 2 - 1) * (len(line) - len(line.lstrip()))) + line for line in lines]
    return (newline.join(wider) + (newline if last_newline else "")).encode()


def action_export(
    name: str = "Look up customer" + EXPORTED,
    *,
    kind: str = "custom",
    timeout_seconds: int | None = None,
    category: str | None = None,
    pretty: bool = True,
) -> bytes:
    """Return an export of an action, as the platform writes it: the name may carry the moment of the export.

    `kind`: custom or customAuth; `timeout_seconds` None: no such key; real exports name no category.
    """
    timeout = {} if timeout_seconds is None else {"timeoutSeconds": timeout_seconds}
    exported: Json = {
        "name": name,
        "integrationType": "custom-rest-actions",
        "actionType": kind,
        **({} if category is None else {"category": category}),
        "config": {
            "request": {
                "requestUrlTemplate": "https://crm.example/customers/${input.phone}",
                "requestType": "GET",
                "headers": {"Accept": 'application/json; charset="utf-8"'},
                "requestTemplate": "${input.rawRequest}",
            },
            "response": {"translationMap": {}, "translationMapDefaults": {}, "successTemplate": "${rawResult}"},
            **timeout,
        },
        "contract": {
            "input": {"inputSchema": {"type": "object", "properties": {"timeoutSeconds": {"type": "integer"}}}},
            "output": {"successSchema": {"type": "object", "properties": {}}},
        },
        "secure": False,
    }
    return _json(exported, pretty=pretty)


def terraform_actions(
    actions: Sequence[SampleAction] = (SampleAction(),), *, newline: str = "\n", last_newline: bool = True
) -> bytes:
    """Return a file of CX as Code: one resource for each action, beside comments and resources that are none."""
    lines = ["// Actions of the CRM", 'data "genesyscloud_integration" "crm" {', "  name = var.integration_name", "}"]
    for action in actions:
        lines += ["", *_resource(action)]
    lines += ["", *_OTHER_RESOURCES]
    return (newline.join(lines) + (newline if last_newline else "")).encode()


@dataclass(frozen=True, slots=True)
class SampleRepository:
    """What `write_repository` wrote: the counts that an audit of the folder has to come to."""

    folder: Path
    architect_flows: int = 6
    """Files that hold an Architect flow, the unreadable one included."""
    unreadable: tuple[str, ...] = ("flows/Torn.i3InboundFlow",)
    steps: int = 11
    """Steps of all kinds, a Call Bridge among them."""
    actions: int = 5
    left_alone: tuple[str, ...] = ("README.md", "pipeline.yaml", "package.json", "terraform/main.tf")
    twins: tuple[str, str] = ("flows/Orders.i3InboundFlow", "flows/Orders.yaml")


def write_repository(folder: Path) -> SampleRepository:
    """Write a small repository of a team that keeps its Architect flows as files, and say what is in it."""
    return SampleRepository(write_files(folder, _repository()))


def _repository() -> dict[str, bytes]:
    orders = (
        SampleStep("Read order", "Shop", "Read the order", timeout_ms=4_000, suggested=False),
        SampleStep("Look up customer", "CRM", "Look up the customer"),
        SampleStep("Look up customer", "CRM", "Look up again", out_of_service=True),
    )
    torn = i3_export(name="Torn")
    return {
        "README.md": b"# Flows of the shop\n",
        "pipeline.yaml": b"steps:\n  - run: terraform apply\n",
        "package.json": b'{"name": "shop", "private": true}\n',
        "flows/Orders.i3InboundFlow": i3_export(orders, name="Orders"),
        "flows/Orders.yaml": archy_yaml(map(as_exported, orders), name="Orders"),
        "flows/Returns.yaml": archy_yaml(
            (ArchyStep(timeout="lit:\n  seconds: 5"), ArchyStep("Read order", "Shop", timeout=None, depth=2)),
            name='"{{prefix}} Returns"',
            kind="workflow",
            comments=True,
            last_newline=False,
        ),
        "flows/Queue.yml": archy_yaml(
            (ArchyStep("Read order", "Shop", None, None), ArchyStep("Old system", "Bridge", "Ask", kind="callBridge")),
            name="Queue",
            kind="inqueueCall",
            newline="\r\n",
        ),
        "flows/Survey.json": configuration_json(
            (SampleStep("Save survey", "Survey", timeout_ms=2_000, suggested=False),), name="Survey", pretty=True
        ),
        "flows/Torn.i3InboundFlow": torn[: len(torn) // 2 - 1],
        "actions/Look-up-customer.custom.json": action_export(timeout_seconds=3, category="CRM"),
        "actions/Save-survey.json": action_export("Save survey", pretty=False),
        "actions/Login.customAuth.json": action_export("Login", kind="customAuth"),
        "terraform/main.tf": b'resource "genesyscloud_flow" "orders" {\n  filepath = "../flows/Orders.yaml"\n}\n',
        "terraform/actions.tf": terraform_actions(
            (
                SampleAction("read_order", '"Read order"', '"Shop"', timeout="8", heredoc=True),
                SampleAction("price", '"Compute price"', "var.category", has_function=True, function_timeout="10"),
            )
        ),
    }


def _node(number: int, step: SampleStep) -> Json:
    timeout = computed() if step.timeout_ms is None else literal(step.timeout_ms)
    if step.out_of_service:
        timeout |= {"outOfService": True}
    return node(
        number,
        timeout,
        suggested=step.suggested,
        actionName=step.action,
        actionId=step.action_id or f"custom_-_{step.action.lower().replace(' ', '-')}",
        category={"id": step.category, "name": step.category},
        name=step.name,
        __type=_NODE_TYPES[step.kind],
    )


def _manifest_entry(action_id: str, nodes: Iterable[Json]) -> Json:
    callers = [one for one in nodes if one["actionId"] == action_id]
    context = [{"actionName": one["actionName"], "id": one["id"], "name": one["name"]} for one in callers]
    return {"name": callers[0]["actionName"], "id": action_id, "context": context}


def _json(document: Json, *, pretty: bool) -> bytes:
    if pretty:
        return json.dumps(document, indent=2, ensure_ascii=False).encode()
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _call(step: ArchyStep) -> list[str]:
    timeout = [] if step.timeout is None else ["timeout:", *(f"  {line}" for line in step.timeout.splitlines())]
    action_key = "bridgeAction" if step.kind == "callBridge" else "dataAction"
    members = [
        *([] if step.name is None else [f"name: {step.name}"]),
        *timeout,
        *("category:", f"  {step.category}:", f"    {action_key}:", f"      {step.action}:"),
        *("        inputs:", "          phone:", "            exp: Call.Ani"),
        *("        successOutputs:", "          timeout:", "            noValue: true"),
    ]
    return [f"- {step.kind}:", *(f"    {line}" for line in members)]


def _nested(lines: Sequence[str], depth: int) -> list[str]:
    found = list(lines)
    for level in range(depth, 0, -1):
        before = ["- decision:", f"    name: Known {level}?", "    condition:", "      exp: IsSet(Call.Ani)"]
        found = [*before, "    outputs:", '      "yes":', "        actions:", *(f"          {line}" for line in found)]
    return found


_SETTINGS = (
    "  settingsActionDefaults:",
    "    playAudioOnSilence:",
    "      timeout:",
    "        lit:",
    "          seconds: 40",
    "    callData:",
    "      processingPrompt:",
    "        noValue: true",
)

_VARIABLES = (
    "        variables:",
    "          - durationVariable:",
    "              name: Task.timeout",
    "              initialValue:",
    "                lit:",
    "                  minutes: 5",
)

_WAIT = ("- wait:", "    name: Wait", "    duration:", "      lit:", "        seconds: 3")


def _resource(action: SampleAction) -> list[str]:
    timeout = [] if action.timeout is None else [f"  config_timeout_seconds = {action.timeout}"]
    template = ['"$${input.rawRequest}"']
    if action.heredoc:
        template = ["<<-EOT", "    {", '      "note": "config_timeout_seconds = 5 }"', "    }", "    EOT"]
    function = ['    description     = "Computes"', '    handler         = "index.handler"']
    if action.function_timeout is not None:
        function.append(f"    timeout_seconds = {action.function_timeout}")
    return [
        f'resource "genesyscloud_integration_action" "{action.label}" {{',
        f"  name                   = {action.name}",
        f"  category               = {action.category}",
        '  integration_id         = "${data.genesyscloud_integration.crm.id}"',
        *timeout,
        *("  contract_input = jsonencode({", '    "type" = "object",', '    "properties" = {}', "  })"),
        "  config_request {",
        "    # Use '$${' for a literal '${'",
        '    request_url_template = "/api/v2/customers/$${input.phone}"',
        f"    request_template     = {template[0]}",
        *template[1:],
        "  }",
        *(["  function_config {", *function, "  }"] if action.has_function else []),
        "}",
    ]


_OTHER_RESOURCES = (
    'resource "genesyscloud_flow" "orders" {',
    '  filepath = "${path.module}/Orders.yaml"',
    "}",
)
