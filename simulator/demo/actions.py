"""The integration actions of the demo org: names in the operators' words, and limits.

Source: docs/platform.md#action-limits.
"""

import random
from dataclasses import dataclass
from typing import Literal

from simulator.demo.ids import guid
from simulator.demo.json_values import Json
from simulator.demo.traffic import demo_traffic
from simulator.org.seeds import ActionSeed

Kind = Literal["custom", "secure", "static", "function", "auth"]

_ENOUGH_SECONDS = 10

_INTEGRATIONS = {
    "CRM": "CRM Nordwind",
    "Payment": "Payment Hub",
    "Booking": "Terminbuchung",
    "Order": "Order Service",
    "Platform": "Genesys Cloud Data Actions",
    "Pricing": "Function Data Actions",
}
"""Subject of the actions, and the integration (category) that they belong to."""

_FIELDS: dict[str, tuple[str, str]] = {
    "CRM": ("phone email customerNumber", "customerId name segment language vip openCases accountManager"),
    "Payment": ("customerId amount currency", "balance dueDate status reference receiptUrl"),
    "Booking": ("customerId site from", "slotId date time site duration employee"),
    "Order": ("orderNumber postcode", "status carrier eta trackingUrl items"),
    "Platform": ("queueId mediaType", "estimatedWait agentsOnQueue waiting"),
    "Pricing": ("article quantity customerId", "price discount currency validUntil"),
}
"""By subject: the fields that go in, and those that come out."""

_Entry = tuple[str, str, Kind, int | None, int]

_CATALOGUE: tuple[_Entry, ...] = (
    ("CRM", "CRM lookup by phone", "custom", None, 24),
    ("CRM", "CRM lookup by e-mail", "custom", None, 10),
    ("CRM", "CRM lookup by customer number", "custom", 20, 12),
    ("CRM", "CRM open cases", "custom", 5, 8),
    ("CRM", "CRM create case", "custom", 15, 6),
    ("CRM", "CRM add note", "custom", None, 4),
    ("CRM", "CRM update contact", "custom", 10, 3),
    ("CRM", "CRM customer value", "custom", 3, 5),
    ("CRM", "CRM merge contacts (do not use)", "custom", 30, 0),
    ("CRM", "CRM token", "auth", None, 0),
    ("Payment", "Payment due invoices", "custom", None, 9),
    ("Payment", "Payment account balance", "custom", 8, 6),
    ("Payment", "Payment link by SMS", "custom", 30, 3),
    ("Payment", "Payment take card", "secure", 60, 0),
    ("Payment", "Payment tokenise card", "secure", None, 0),
    ("Payment", "Payment refund", "custom", 12, 0),
    ("Booking", "Booking free slots", "custom", None, 8),
    ("Booking", "Booking reserve slot", "custom", 10, 5),
    ("Booking", "Booking cancel appointment", "custom", None, 3),
    ("Booking", "Booking next appointment", "custom", 4, 5),
    ("Booking", "Booking move appointment", "custom", 15, 2),
    ("Order", "Order status", "custom", None, 14),
    ("Order", "Order track parcel", "custom", 6, 7),
    ("Order", "Order return label", "custom", 25, 3),
    ("Order", "Order stock in shop", "custom", None, 2),
    ("Order", "Order status (old)", "custom", 5, 0),
    ("Platform", "Get Estimated Wait Time", "static", None, 6),
    ("Platform", "Get On Queue Agents Count", "static", None, 3),
    ("Platform", "Create Callback", "static", None, 0),
    ("Platform", "Update Conversation Attributes", "custom", None, 2),
    ("Pricing", "Price calculation", "function", 15, 4),
    ("Pricing", "Address check", "function", 8, 3),
    ("Pricing", "Language detection", "function", 5, 2),
)
"""Each action: subject, name, kind, limit in seconds (None: not set), and how popular it is with steps."""


@dataclass(frozen=True, slots=True)
class DemoAction:
    """One action as the generator of definitions needs it. `popularity` 0: no Call Data Action step calls it."""

    seed: ActionSeed
    subject: str
    category_id: str
    kind: Kind
    popularity: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def waits_enough(self) -> bool:
        """Whether a step may wait ten seconds for it: it has no limit, or a longer one (its function's, maybe)."""
        limit = self.seed.function_timeout_seconds or self.seed.config.get("timeoutSeconds")
        return limit is None or limit >= _ENOUGH_SECONDS

    @property
    def reference(self) -> Json:
        """The entry of `uiMetaData.actionServiceActions`, where the editor caches contracts (4.2)."""
        category = {"id": self.category_id, "name": self.seed.category}
        return {"id": self.seed.id, "name": self.seed.name, "category": category, "contract": self.seed.contract}


def demo_actions(seed: int) -> tuple[DemoAction, ...]:
    """Make all actions of the org, always in the same order."""
    rng = random.Random(f"actions/{seed}")
    integrations = {subject: guid(rng) for subject in _INTEGRATIONS}
    return tuple(_action(seed, rng, integrations[entry[0]], entry) for entry in _CATALOGUE)


def _action(org_seed: int, rng: random.Random, integration_id: str, entry: _Entry) -> DemoAction:
    subject, name, kind, limit, popularity = entry
    inputs, outputs = (names.split() for names in _FIELDS[subject])
    taken, given = inputs[: rng.randint(1, len(inputs))], outputs[: rng.randint(2, len(outputs))]
    prefix = {"static": "static_-_", "auth": "custom_auth_-_"}.get(kind, "custom_-_")
    seed = ActionSeed(
        id=prefix + guid(rng),
        name=name,
        category=_INTEGRATIONS[subject],
        integration_id=integration_id,
        secure=kind == "secure",
        version=rng.randint(1, 17),
        config=_config(name, subject, None if kind == "function" else limit),
        contract=_contract(name, taken, given),
        request_template='{"request": ${input.rawRequest}}' if kind == "custom" else "${input.rawRequest}",
        success_template='{"result": ${successTemplateUtils.firstFromArray("${rawResult}")}}',
        function_timeout_seconds=limit if kind == "function" else None,
        traffic=demo_traffic(org_seed, name, popularity, limit),
    )
    return DemoAction(seed, subject, integration_id, kind, popularity, tuple(taken), tuple(given))


def _config(name: str, subject: str, limit: int | None) -> Json:
    path = "-".join(name.lower().split())
    config: Json = {
        "request": {
            "requestUrlTemplate": f"https://{subject.lower()}.example.com/v2/{path}",
            "requestType": "POST",
            "headers": {"Content-Type": "application/json", "Accept-Language": "de-DE, en;q=0.8"},
        },
        "response": {"translationMap": {"status": "$.status"}, "translationMapDefaults": {"status": '"unknown"'}},
    }
    return config if limit is None else {"timeoutSeconds": limit, **config}


def _contract(name: str, inputs: list[str], outputs: list[str]) -> Json:
    return {
        "input": {"inputSchema": _schema(f"{name} request", inputs, required=inputs[:1])},
        "output": {"successSchema": _schema(f"{name} response", outputs, required=[])},
    }


def _schema(title: str, fields: list[str], *, required: list[str]) -> Json:
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": title,
        "type": "object",
        "required": required,
        "properties": {field: {"type": "string", "title": field, "description": ""} for field in fields},
        "additionalProperties": True,
    }
