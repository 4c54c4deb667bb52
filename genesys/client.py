"""Making a client of an org. An audit is given one that can only read."""

import threading
from typing import Literal, overload

from genesys.clock import Clock, SystemClock
from genesys.credentials import Credentials
from genesys.http.settings import TransportSettings
from genesys.http.transport import Transport
from genesys.read_client import ReadClient
from genesys.routes import READS, WRITES
from genesys.write_client import WriteClient


@overload
def connect(
    credentials: Credentials,
    *,
    write: Literal[False] = False,
    settings: TransportSettings = ...,
    clock: Clock = ...,
    stop: threading.Event | None = ...,
    at_once: bool = ...,
) -> ReadClient: ...
@overload
def connect(
    credentials: Credentials,
    *,
    write: Literal[True],
    settings: TransportSettings = ...,
    clock: Clock = ...,
    stop: threading.Event | None = ...,
    at_once: bool = ...,
) -> WriteClient: ...
def connect(
    credentials: Credentials,
    *,
    write: bool = False,
    settings: TransportSettings = TransportSettings(),  # noqa: B008 - frozen
    clock: Clock = SystemClock(),  # noqa: B008 - has no state
    stop: threading.Event | None = None,
    at_once: bool = False,
) -> ReadClient:
    """Make a client of the org. Call it before threads start: it loads the SDK.

    `stop`: once set, whoever waits for the platform gets Stopped at once. `at_once`: log in while the SDK is loaded;
    otherwise nothing is sent yet. What comes of the login is met by the first request.
    """
    routes = READS + WRITES if write else READS
    transport = Transport(credentials, routes, settings, clock, stop or threading.Event())
    if at_once:
        transport.log_in_ahead()
    from genesys.sdk.api import Sdk  # noqa: PLC0415 - only a run should pay for it (docs/decisions/0015)

    kind = WriteClient if write else ReadClient
    return kind(credentials.client_id, credentials.api_base, transport, Sdk(transport, credentials.api_base))
