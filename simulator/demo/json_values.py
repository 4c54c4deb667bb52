"""How the generators of the demo org speak of JSON."""

from typing import Any

Json = dict[str, Any]
"""An object of a JSON document in the making; the order of its keys is the order in the document."""
