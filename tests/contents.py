"""What is live of an Architect flow, to be compared before and after runs."""

from hashlib import sha256

from timeouts.definitions import read_definition


def own_content(body: bytes) -> str:
    """A digest of every byte; where common modules are embedded, of all that is the Architect flow's own.

    Snapshots are renewed by every publish, and nothing takes them back.
    """
    is_caller = b'"commonModules"' in body and read_definition(body).snapshots
    return read_definition(body).fingerprint if is_caller else sha256(body).hexdigest()
