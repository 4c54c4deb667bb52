"""What is live of Architect flows and who holds them, to be compared before and after runs."""

from hashlib import sha256

from simulator.server import Running
from timeouts.definitions import read_definition


def published(org: Running) -> dict[str, str | None]:
    """The version of each Architect flow that is live, by id."""
    return {key: each["published"] for key, each in org.org.state()["architectFlows"].items()}


def ours(org: Running) -> list[str]:
    """The Architect flows that our client holds."""
    state = org.org.state()["architectFlows"]
    return [key for key, each in state.items() if each["lock"] and each["lock"]["kind"] == "client"]


def own_content(body: bytes) -> str:
    """A digest of every byte; where common modules are embedded, of all that is the Architect flow's own.

    Snapshots are renewed by every publish, and nothing takes them back.
    """
    is_caller = b'"commonModules"' in body and read_definition(body).snapshots
    return read_definition(body).fingerprint if is_caller else sha256(body).hexdigest()
