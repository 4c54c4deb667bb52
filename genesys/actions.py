"""Integration actions and their limits, from `GET /api/v2/integrations/actions` (genesys-cloud.md 5)."""

from typing import Any, Literal

from genesys.parsing import Json, text
from timeouts.org import DataAction


def data_action(found: Json) -> DataAction:
    """Read one Action. Its id must be there (else BadPayload); a limit of an odd type counts as not set."""
    what = f"The action {found.get('name')!r} ({found.get('id')!r})"
    version = found.get("version")
    return DataAction(
        id=text(found, "id", what, required=True),
        name=text(found, "name", what),
        category=text(found, "category", what),
        integration_id=text(found, "integrationId", what),
        kind=_kind(found, what),
        limit_ms=_limit_ms(found.get("config")),
        version=version if isinstance(version, int) and not isinstance(version, bool) else None,
        secure=found.get("secure") is True,
    )


def _kind(found: Json, what: str) -> Literal["custom", "static", "function", "custom_auth"]:
    """Genesys-owned actions start with `static`; the others are told apart as Terraform's provider does."""
    identifier = text(found, "id", what)
    if identifier.startswith("static"):
        return "static"
    if identifier.startswith("custom_auth"):
        return "custom_auth"
    if "function data action" in text(found, "category", what).lower():
        return "function"
    return "custom"


def _limit_ms(config: Any) -> int | None:
    """`timeoutSeconds` in milliseconds; None where it is not set or is no number of seconds."""
    seconds = config.get("timeoutSeconds") if isinstance(config, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 10**6:
        return None
    return round(seconds * 1000)
