"""The usual ways to read an org, as processes of their own: `python -m bench.peers tutorial|threads URL`.

Both use the official SDK as it is shipped, with its models, its pool and its retries: pages of 100 Architect flows,
and the latest configuration of each. `tutorial`: one after the other, as in the founding tutorial and most scripts.
`threads`: 16 of them.
"""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.memory import peak_mb
from bench.simulators import CLIENT_ID, CLIENT_SECRET

THREADS = {"tutorial": 1, "threads": 16}
"""How many of them each way has."""

_PAGE = 100
_NOT_FOUND = 404


def read_org(url: str, threads: int) -> dict[str, int]:
    """Read all Architect flows and find their Call Data Action steps; counts both."""
    from PureCloudPlatformClientV2.api_client import ApiClient  # noqa: PLC0415 - takes 1.5 s, and counts
    from PureCloudPlatformClientV2.apis.architect_api import ArchitectApi  # noqa: PLC0415

    client = ApiClient(host=url)
    client.get_client_credentials_token(CLIENT_ID, CLIENT_SECRET)
    api = ArchitectApi(client)
    ids = list(_listed(api))
    with ThreadPoolExecutor(threads) as pool:
        counts = list(pool.map(lambda one: _steps_of(api, one), ids))
    return {"read": sum(count is not None for count in counts), "steps": sum(count or 0 for count in counts)}


def _listed(api: Any) -> Iterator[str]:
    number = pages = 1
    while number <= pages:
        page = api.get_flows(page_number=number, page_size=_PAGE)
        yield from (entity.id for entity in page.entities)
        number, pages = number + 1, page.page_count


def _steps_of(api: Any, architect_flow_id: str) -> int | None:
    from PureCloudPlatformClientV2.rest import ApiException  # noqa: PLC0415

    try:
        found = api.get_flow_latestconfiguration(architect_flow_id)
    except ApiException as problem:
        if problem.status != _NOT_FOUND:  # never saved
            raise
        return None
    return sum(1 for _ in _data_actions(found))


def _data_actions(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("__type") == "DataAction":
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _data_actions(item)


if __name__ == "__main__":
    print(json.dumps({**read_org(sys.argv[2], THREADS[sys.argv[1]]), "peak_mb": peak_mb()}))
