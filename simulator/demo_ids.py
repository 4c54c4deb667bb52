"""Ids of the demo org: drawn from seeded random numbers, or derived from a name where all Architect flows share one."""

import random
import uuid


def guid(rng: random.Random) -> str:
    """Draw the next id."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def shared_id(resource: str, name: str) -> str:
    """Return the id of a queue, prompt, data table ...: the same wherever it is named."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{resource}/{name}"))
