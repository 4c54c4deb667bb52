"""Registers everything on a Prefect server: work pool, queues, blocks, the deployments, and the automations.

    genesys-timeouts register                # as often as you like
    genesys-timeouts register org NAME       # the credentials of one more org, from GENESYS_CLIENT_ID, ...

Secrets come from the environment, so that they stand in no process list. What the environment does not name stays as
it is on the server.
"""

import contextlib
import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import typer
from prefect import get_client
from prefect.blocks.core import Block
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentUpdate, WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.types import SecretDict
from pydantic import SecretStr

from deployments.automations import make_automations
from deployments.repository import FILES, save_repository
from genesys import ConfigurationProblem, Credentials
from genesys.block import GenesysCloudCredentials
from timeouts.text.last_words import last_words

POOL = "genesys-timeouts"
QUEUES = {"write": 1, "fleet": 2, "audit": 3}
"""The queues by priority: who waits for a publish should not wait for an audit."""

ROOT = Path(__file__).resolve().parent.parent
_DEPLOY = (sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file")
_ALWAYS, _OF_A_REPOSITORY = "deployments/prefect.yaml", "deployments/files.yaml"
_AUDIT_FILES = "audit/audit-files"
_BLOCK_NAME = re.compile(r"[a-z0-9-]+")
_NOTIFY = "genesys-timeouts"


class NotDeployedError(Exception):
    """Prefect did not make the deployments; the text says what it said, and what to do."""


def register(*, dead_runs: bool) -> None:
    """Register the work pool, its queues, the blocks that the environment names, deployments and automations.

    `dead_runs`: with the automation that crashes runs whose heartbeats have stopped. Raises ConfigurationProblem and
    NotDeployedError.
    """
    anyio.run(partial(_register, dead_runs=dead_runs))


def register_org(name: str) -> None:
    """Register the credentials of one more org, as the run form shall call them. Raises ConfigurationProblem."""
    if not _BLOCK_NAME.fullmatch(name):
        raise ConfigurationProblem(
            f"'{name}' cannot be the name of credentials: Prefect takes lower-case letters, digits and dashes, such as "
            "emea-1. Nothing was saved."
        )
    if not anyio.run(_register_org, name):
        raise ConfigurationProblem("Nothing was saved: set GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET.")


async def _register_org(name: str) -> bool:
    async with get_client() as client:
        return await _save_credentials(client, name, "")


async def _register(*, dead_runs: bool) -> None:
    async with get_client() as client:
        await _make_pool(client)
        for block_type in (GenesysCloudCredentials, CustomWebhookNotificationBlock):
            await block_type.register_type_and_schema(client=client)
        await _save_credentials(client, "audit", "AUDIT_")
        await _save_credentials(client, "writer", "WRITER_")
        has_files = await save_repository(client) or await _is_deployed(client, _AUDIT_FILES)
        for file in (_ALWAYS, *([_OF_A_REPOSITORY] if has_files else [])):
            await _deploy(file)
        names = await make_automations(
            client,
            notify=await _notify_block(client),
            raise_deployment=await _raise_deployment(client),
            dead_runs=dead_runs,
        )
        typer.echo(f"automations: {', '.join(names) or 'none'}")
        await _show_credentials_in_forms(client)


async def _deploy(file: str) -> None:
    """Make the deployments of a file, and show what Prefect says of it, but for its traceback where it fails."""
    done = await anyio.run_process(
        (*_DEPLOY, file), cwd=ROOT, env=_without_secrets(), stderr=subprocess.STDOUT, check=False
    )
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        raise NotDeployedError(
            f"`prefect deploy` of {file} ended with {done.returncode} and said last: {last_words(said) or 'nothing'}\n"
            "What was registered before that stays: put that right and run `genesys-timeouts register` again, as often "
            "as you like."
        )
    typer.echo(said.rstrip())


def _without_secrets() -> dict[str, str]:
    """Return the environment for what deploys: credentials are in their blocks by then."""
    secret = ("GENESYS_", "NOTIFY_", FILES)
    return {name: value for name, value in os.environ.items() if not name.startswith(secret)}


async def _make_pool(client: PrefectClient) -> None:
    with contextlib.suppress(ObjectAlreadyExists):
        await client.create_work_pool(WorkPoolCreate(name=POOL, type="process", description="Runs of genesys-timeouts"))
    await client.update_work_pool(POOL, WorkPoolUpdate(is_paused=False))  # `make serve` pauses it when it ends
    for name, priority in QUEUES.items():
        with contextlib.suppress(ObjectAlreadyExists):
            await client.create_work_queue(name=name, work_pool_name=POOL)
        queue = await client.read_work_queue_by_name(name, work_pool_name=POOL)
        if queue.priority != priority:
            await client.update_work_queue(queue.id, priority=priority)
    typer.echo(f"work pool: {POOL} with the queues {', '.join(QUEUES)}")


async def _is_deployed(client: PrefectClient, name: str) -> bool:
    """Tell whether an earlier registration has made a deployment: it is made anew, be it of an earlier version."""
    try:
        await client.read_deployment_by_name(name)
    except ObjectNotFound:
        return False
    return True


async def _save_credentials(client: PrefectClient, name: str, part: str) -> bool:
    """Save a credentials block from GENESYS_<part>CLIENT_ID and so on; False where the environment names none.

    Where it names neither a region nor an address, the block keeps its own: a new secret must not move an org.
    """
    client_id = os.environ.get(f"GENESYS_{part}CLIENT_ID", "").strip()
    secret = os.environ.get(f"GENESYS_{part}CLIENT_SECRET", "").strip()
    if not client_id or not secret:
        typer.echo(
            f"credentials '{name}': not named (GENESYS_{part}CLIENT_ID, GENESYS_{part}CLIENT_SECRET), left alone"
        )
        return False
    named = {"region": os.environ.get("GENESYS_REGION", ""), "api_url": os.environ.get("GENESYS_API_URL", "")}
    place = {key: value for key, value in named.items() if value.strip()} or await _place_of(client, name)
    checked = Credentials(client_id=client_id, client_secret=SecretStr(secret), **place)
    await _save(GenesysCloudCredentials(**checked.model_dump()), name)
    typer.echo(f"credentials '{name}': saved")
    return True


async def _place_of(client: PrefectClient, name: str) -> dict[str, str]:
    """Return the region and the address of a credentials block, as far as it has them; nothing where there is none."""
    slug = GenesysCloudCredentials.get_block_type_slug()
    try:
        block = await client.read_block_document_by_name(name, slug, include_secrets=False)
    except ObjectNotFound:
        return {}
    return {key: block.data[key] for key in ("region", "api_url") if block.data.get(key)}


async def _notify_block(client: PrefectClient) -> Any:
    """Return the block that people are told through: NOTIFY_BLOCK names one of any type, NOTIFY_URL makes a webhook."""
    named, url = os.environ.get("NOTIFY_BLOCK", "").strip(), os.environ.get("NOTIFY_URL", "").strip()
    if url and not named:
        webhook = CustomWebhookNotificationBlock(
            name=_NOTIFY,
            url="{{address}}",  # an address of a webhook lets everybody write there, so it is kept as a secret
            json_data={"subject": "{{subject}}", "text": "{{body}}"},
            secrets=SecretDict({"address": url}),
        )
        await _save(webhook, _NOTIFY)
        named = f"custom-webhook/{_NOTIFY}"
    if not named:
        typer.echo("notifications: nobody is told (name NOTIFY_URL, or NOTIFY_BLOCK such as slack-webhook/ops)")
        return None
    slug, _, document = named.partition("/")
    try:
        return (await client.read_block_document_by_name(document, slug)).id
    except ObjectNotFound:
        raise ConfigurationProblem(
            f"NOTIFY_BLOCK: there is no block {named}; make it in the UI, or name another"
        ) from None


async def _raise_deployment(client: PrefectClient) -> Any:
    """Return the deployment that plans after a drift."""
    return (await client.read_deployment_by_name("raise-timeouts/raise")).id


async def _show_credentials_in_forms(client: PrefectClient) -> None:
    """Name the credentials of each deployment by the id of their block, for a run form shows no other reference.

    `prefect deploy` names them by slug again (prefect.yaml says why), which works as well, but the form looks empty.
    """
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[POOL]))  # a server may have many of other teams
    for deployment in await client.read_deployments(deployment_filter=ours):
        match deployment.parameters.get("org"):
            case {"$ref": {"block_document_slug": str(named)}}:
                slug, _, name = named.partition("/")
            case _:
                continue
        if slug != GenesysCloudCredentials.get_block_type_slug():
            continue
        with contextlib.suppress(ObjectNotFound):
            block = await client.read_block_document_by_name(name, slug)
            shown = {**deployment.parameters, "org": {"$ref": {"block_document_id": str(block.id)}}}
            await client.update_deployment(deployment.id, DeploymentUpdate(parameters=shown))


async def _save(block: Block, name: str) -> None:
    saved: Any = block.save(name, overwrite=True)
    await saved
