"""Which Git repository is audited at night, as the Prefect server keeps it: variables, and a token as a secret.

The deployment takes them when it runs (deployments/files.yaml).
"""

import os
import re
from typing import Any

import typer
from prefect.blocks.system import Secret
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound
from prefect.variables import Variable

from genesys import ConfigurationProblem

FILES = "AUDIT_FILES_"
"""How the names of the environment begin: REPOSITORY, BRANCH, TOKEN."""

_REPOSITORY, _BRANCH = "audit_files_repository", "audit_files_branch"
_TOKEN = "audit-files"  # noqa: S105 - the name of the block
_WITH_A_SECRET = re.compile(r"https?://[^/]*@|[a-z+]+://[^/@]*:[^/]*@", re.IGNORECASE)


async def save_repository(client: PrefectClient) -> bool:
    """Save what the environment names; False, and nothing is saved, where it names no repository.

    Raises ConfigurationProblem for an address that holds a secret.
    """
    repository, branch, token = (os.environ.get(FILES + name, "").strip() for name in ("REPOSITORY", "BRANCH", "TOKEN"))
    if not repository:
        typer.echo(f"files: no repository is named ({FILES}REPOSITORY), left alone")
        return False
    refuse_secrets_in(repository)
    await _set(_REPOSITORY, repository)
    if branch:
        await _set(_BRANCH, branch)
    if token or not await _is_there(client):
        secret: Secret[str] = Secret(
            value=token
        )  # Secret[str](...) would be another type of block, with a slug of its own
        saved: Any = secret.save(_TOKEN, overwrite=True)
        await saved
    typer.echo(f"files: {repository} is audited at night")
    return True


def refuse_secrets_in(repository: str) -> None:
    """Raise ConfigurationProblem where an address holds a token or a password: variables are kept in clear."""
    if _WITH_A_SECRET.match(repository):
        raise ConfigurationProblem(
            f"{FILES}REPOSITORY: the address has a token or a password in it, and would be kept in clear; take that"
            f" out, and name it in {FILES}TOKEN"
        )


async def _set(name: str, value: str) -> None:
    saved: Any = Variable.set(name, value, overwrite=True)
    await saved


async def _is_there(client: PrefectClient) -> bool:
    """Say whether there is a token already; without one, the deployment takes an empty one, and none is sent."""
    try:
        await client.read_block_document_by_name(_TOKEN, Secret.get_block_type_slug())
    except ObjectNotFound:
        return False
    return True
