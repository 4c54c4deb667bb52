"""What CX as Code calls an action and its limits, and why a limit that is written may not be the one that counts."""

import re
from collections.abc import Collection

RESOURCE = "genesyscloud_integration_action"
LIMIT, FUNCTION, FUNCTION_LIMIT = "config_timeout_seconds", "function_config", "timeout_seconds"
NUMBER = re.compile(r"\d{1,9}")
COMPUTED_FUNCTION = f"its {FUNCTION} is computed"


def ignored_in(words: Collection[str], *, has_function: bool) -> str:
    """Say which limit is left as it is live, whatever the file says; `words`: those of an `ignore_changes`."""
    keys = (FUNCTION, LIMIT) if has_function else (LIMIT,)
    ignored = next((key for key in keys if not {key, "all", "*"}.isdisjoint(words)), "")
    return f"Terraform ignores changes of {ignored}" if ignored else ""
