"""What is measured, as processes of their own: `python -m bench.child JOB`, a name at the end of this file.

The environment names the org and the Prefect server. The last line printed is a JSON object with what there is to know,
`peak_mb` always. Each function imports what it needs, so that no process pays for what another one imports.

`tutorial` and `threads` are the usual ways to read an org, over the official SDK as it is shipped, with its models, its
pool and its retries: pages of 100 Architect flows, and the latest configuration of each, one after the other as in the
founding tutorial and most scripts, or by 16 threads.
"""

import base64
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

_STATUS = Path("/proc/self/status")
_PAGE_SIZE = 100
_NOT_FOUND = 404


def run_audit() -> dict[str, Any]:
    """Run the Prefect flow audit; exits where it does not complete."""
    from flows.audit import audit

    return _completed(audit(return_state=True))


def run_raise() -> dict[str, Any]:
    """Run the Prefect flow raise-timeouts, with the policy that stands on standard input as JSON."""
    from flows.raise_timeouts import raise_timeouts
    from timeouts.policy.policy import Policy

    policy = Policy.model_validate_json(sys.stdin.read())
    return _completed(raise_timeouts(mode="apply", policy=policy, return_state=True))


def run_empty() -> dict[str, Any]:
    """Run a Prefect flow that does nothing."""
    from prefect import flow

    @flow(name="empty")
    def empty() -> None:
        """Do nothing."""

    empty()
    return {}


def audit_files() -> dict[str, Any]:
    """Run the Prefect flow audit on the folder that standard input names."""
    from files.folders import Folders
    from flows.audit import audit

    folder = json.load(sys.stdin)["folder"]
    return _completed(audit(files=Folders(paths=(folder,)), return_state=True))


def parse_files() -> dict[str, Any]:
    """Read each file of the folder that standard input names, and parse it once; `ms`: without the imports."""
    import tree_sitter_hcl
    import yaml
    from tree_sitter import Language, Parser

    terraform = Parser(Language(tree_sitter_hcl.language()))

    def exported(content: bytes) -> None:
        json.loads(unquote_to_bytes(base64.b64decode(content)))

    def archy(content: bytes) -> None:
        for _ in yaml.parse(content.decode(), yaml.CSafeLoader):
            pass

    parsers: dict[str, Callable[[bytes], Any]] = {".json": json.loads, ".yaml": archy, ".tf": terraform.parse}
    folder, began = Path(json.load(sys.stdin)["folder"]), time.monotonic()
    for path in folder.rglob("*.*"):
        if path.is_file():
            parsers.get(path.suffix, exported)(path.read_bytes())
    return {"ms": round((time.monotonic() - began) * 1000)}


def read_with_sdk(threads: int) -> dict[str, Any]:
    """Read all Architect flows with the SDK, and count the Call Data Action steps in them."""
    from PureCloudPlatformClientV2.api_client import ApiClient
    from PureCloudPlatformClientV2.apis.architect_api import ArchitectApi

    client = ApiClient(host=os.environ["GENESYS_API_URL"])
    client.get_client_credentials_token(os.environ["GENESYS_CLIENT_ID"], os.environ["GENESYS_CLIENT_SECRET"])
    api = ArchitectApi(client)
    ids = list(_listed(api))
    with ThreadPoolExecutor(threads) as pool:
        counts = list(pool.map(lambda each: _count_steps(api, each), ids))
    return {"read": sum(count is not None for count in counts), "steps": sum(count or 0 for count in counts)}


def _completed(state: Any) -> dict[str, Any]:
    if not state.is_completed():
        sys.exit(f"{state.name}: {state.message}")
    return {"run_id": str(state.state_details.flow_run_id), "message": state.message}


def _listed(api: Any) -> Iterator[str]:
    number = pages = 1
    while number <= pages:
        page = api.get_flows(page_number=number, page_size=_PAGE_SIZE)
        yield from (entity.id for entity in page.entities)
        number, pages = number + 1, page.page_count


def _count_steps(api: Any, architect_flow_id: str) -> int | None:
    """Return the number of steps, None where the Architect flow was never saved."""
    from PureCloudPlatformClientV2.rest import ApiException

    try:
        configuration = api.get_flow_latestconfiguration(architect_flow_id)
    except ApiException as problem:
        if problem.status != _NOT_FOUND:
            raise
        return None
    return sum(1 for _ in _data_actions(configuration))


def _data_actions(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("__type") == "DataAction":
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _data_actions(item)


def _peak_mb() -> float:
    """Return the peak of this process's resident set in MB.

    Not what `wait4` tells the parent: Linux counts the parent's own memory into that, as of the moment of the fork.
    """
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1_000_000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1_000_000 if sys.platform == "darwin" else peak * 1024 / 1_000_000


_JOBS: dict[str, Callable[[], dict[str, Any]]] = {
    "audit": run_audit,
    "raise": run_raise,
    "empty": run_empty,
    "audit-files": audit_files,
    "parse-files": parse_files,
    "tutorial": partial(read_with_sdk, 1),
    "threads": partial(read_with_sdk, 16),
}

if __name__ == "__main__":
    print(json.dumps({**_JOBS[sys.argv[1]](), "peak_mb": _peak_mb()}))
