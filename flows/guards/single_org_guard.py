"""One org at a time in a process: the SDK's process-wide settings must never serve two.

Source: docs/measured.md#sdk-failures.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from genesys import ConfigurationProblem, Credentials

_open: Counter[tuple[str, str]] = Counter()
_gate = threading.Lock()


@contextmanager
def single_org_guard(credentials: Credentials) -> Iterator[None]:
    """Keep the clients of every other org out of this process while the block lasts; safe for many threads.

    An org is known by its API address and its OAuth client. All orgs of a region share the address, and which org an
    OAuth client belongs to only the platform knows: another client counts as another org. Raises ConfigurationProblem
    while one of another org is open.
    """
    mine = (credentials.api_base, credentials.client_id)
    with _gate:
        if others := [each for each in _open if each != mine]:
            raise ConfigurationProblem(
                f"This process is at work on another org (OAuth client {others[0][1]} at {others[0][0]}), and what the "
                f"SDK keeps for the whole process must not serve two: OAuth client {mine[1]} at {mine[0]} was not "
                "opened and nothing was changed. Run each org in a process of its own: the deployment fleet does so."
            )
        _open[mine] += 1
    try:
        yield
    finally:
        with _gate:
            _open[mine] -= 1
            if not _open[mine]:
                del _open[mine]
