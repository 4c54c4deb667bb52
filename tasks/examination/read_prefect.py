"""The task read-prefect: whether Prefect's server, its storage of results and what is registered there are usable."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar, cast

import prefect
from prefect import get_client, task
from prefect.client.base import ServerType
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import WorkerStatus
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.filesystems import LocalFileSystem, WritableFileSystem
from prefect.results import get_default_result_storage
from prefect.settings import (
    PREFECT_API_REQUEST_TIMEOUT,
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    PREFECT_DEFAULT_RESULT_STORAGE_BLOCK,
    PREFECT_HOME,
    PREFECT_RESULTS_LOCAL_STORAGE_PATH,
    temporary_settings,
)
from pydantic import TypeAdapter

from genesys.block import GenesysCloudCredentials
from tasks.running.addresses import without_secrets
from tasks.running.retries import OURS
from tasks.storage import ResultStorage
from tasks.storage.files.access import Access, access_to
from tasks.storage.results import own_area
from tasks.storage.seal_keys import SealKeys, why_no_keys
from timeouts.doctor.facts import Ask, Deployment, PrefectFacts, Said, Storage

PACKAGE = "genesys-timeouts"
"""The name of this tool: of its package, its work pool, and the tag of its deployments."""

_ANSWER_S = 10.0
_TIMEOUTS_S = (1.0, _ANSWER_S, _ANSWER_S, _ANSWER_S)
"""Of a connection, reading, writing, and waiting for a connection. Prefect's client tries to connect four times."""

_UNAUTHORIZED = (401, 403)
_NOT_FOUND = 404

Value = TypeVar("Value")


@task(name="read-prefect", **OURS)
def read_prefect() -> PrefectFacts:
    """Read it from the server that PREFECT_API_URL names; without one, only whether a temporary one could keep itself.

    Reads alone: access rights are asked for, and nothing is written to try them.
    """
    facts = read_server()
    if not facts.server.is_answered:
        return facts.model_copy(update={"storage": _own_storage(), "no_keys": why_no_keys()})
    with _asking() as client:
        storage = _access(cast("WritableFileSystem", get_default_result_storage()))
        return facts.model_copy(update={"storage": storage, "no_keys": why_no_keys(), **_registered(client)})


def read_server() -> PrefectFacts:
    """Ask the server that PREFECT_API_URL names for its version, and whether it is ready, and for nothing else.

    To be asked before anything is made there; it takes a few seconds at most.
    """
    address = PREFECT_API_URL.value() or ""
    facts: dict[str, Any] = {"version": version(PACKAGE), "client": prefect.__version__}
    facts["home"] = _as_fact(access_to(PREFECT_HOME.value()), str(PREFECT_HOME.value()))
    if not address:
        return PrefectFacts(**facts)
    with _asking() as client:
        ask, server_version = _ask(partial(_version_of, client))
        if server_version:
            ask, _ = _ask(partial(client.request, "GET", "/ready"))
    return PrefectFacts(**facts, address=without_secrets(address), server=ask, server_version=server_version or "")


@contextmanager
def _asking() -> Iterator[SyncPrefectClient]:
    """Hold a client that asks once: whoever waits for this is told that nothing came, and not kept."""
    with (
        temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0, PREFECT_API_REQUEST_TIMEOUT: _ANSWER_S}),
        get_client(sync_client=True, httpx_settings={"timeout": _TIMEOUTS_S}) as client,
    ):
        yield client


def _version_of(client: SyncPrefectClient) -> str:
    """Read the server's version; of Prefect Cloud, which is always new enough, this machine's."""
    if client.server_type == ServerType.CLOUD:
        return prefect.__version__
    return TypeAdapter(str).validate_python(client.api_version())  # a ValueError where something else answers


def _registered(client: SyncPrefectClient) -> dict[str, Any]:
    slug = GenesysCloudCredentials.get_block_type_slug()
    blocks_ask, blocks = _ask(partial(client.read_block_documents_by_type, slug, include_secrets=False))
    pool_ask, pool = _ask(partial(client.read_work_pool, PACKAGE))
    workers = None
    if pool is not None:
        _, listed = _ask(partial(client.read_workers_for_work_pool, PACKAGE))
        workers = sum(each.status == WorkerStatus.ONLINE for each in listed or ())
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[PACKAGE]))
    deployments_ask, deployments = _ask(partial(client.read_deployments, deployment_filter=ours))
    return {
        "blocks_ask": blocks_ask if blocks_ask.said != "absent" else Ask(said="answered"),
        "blocks": tuple(each.name for each in blocks or () if each.name),
        "pool": pool_ask if pool_ask.said != "absent" else Ask(said="answered"),
        "is_paused": pool is not None and pool.is_paused,
        "workers": workers,
        "deployments_ask": deployments_ask,
        "deployments": tuple(Deployment(name=each.name, version=each.version or "") for each in deployments or ()),
    }


def _ask(read: Callable[[], Value]) -> tuple[Ask, Value | None]:
    """Ask once; returns the answer, or why there is none."""
    said: Said
    try:
        return Ask(said="answered"), read()
    except ObjectNotFound:
        return Ask(said="absent", why="it is not there"), None
    except PrefectHTTPStatusError as problem:
        status = problem.response.status_code
        said = "refused" if status in _UNAUTHORIZED else "absent" if status == _NOT_FOUND else "failed"
        return Ask(said=said, why=f"it answers {status}"), None
    except ValueError:
        return Ask(said="absent", why="what answers there is no API of Prefect"), None
    except Exception as problem:  # noqa: BLE001 - whatever Prefect's client raises for a server that is away
        return Ask(said="unreachable", why=f"it cannot be reached ({problem or type(problem).__name__})"), None


def _own_storage() -> Storage:
    """Look at the storage that the settings name; one that a server names cannot be known without it."""
    block = PREFECT_DEFAULT_RESULT_STORAGE_BLOCK.value()
    if block:
        return Storage(where=f"the block {block}", is_readable=None, is_writable=None)
    return _access(LocalFileSystem(basepath=str(PREFECT_RESULTS_LOCAL_STORAGE_PATH.value())))


def _access(place: WritableFileSystem) -> Storage:
    """Look at a storage without keys: the user's own is made where it is first asked for."""
    storage = ResultStorage(place, own_area(), SealKeys(()))
    return _as_fact(storage.access(), storage.where("").rstrip("/"))


def _as_fact(found: Access, where: str) -> Storage:
    return Storage(where=where, is_readable=found.is_readable, is_writable=found.is_writable, problem=found.problem)
