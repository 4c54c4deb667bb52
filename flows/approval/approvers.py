"""Where the register of approvers is read: a file of the machine, or the worker's own environment.

It never comes from the Prefect server, where whoever has the password edits blocks, deployments and variables. Those
reach the environment of a run by its job variables: flows/guards/job_variables.py refuses such a run.
"""

import json
import os
import stat
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from genesys import ConfigurationProblem
from timeouts.model.values import reasons_of
from timeouts.planning.approval.register import Register

FILE = Path("/etc/genesys-timeouts/approvers.yaml")
"""Where this file is, nothing else counts."""

VARIABLE = "GENESYS_TIMEOUTS_APPROVERS"
_MOST_BYTES = 2**20

HOW_TO = (
    "Approvals are given by signature: each approver runs `genesys-timeouts approver init` on their own machine, and "
    f"an administrator writes the public keys that it prints into {FILE}, or into {VARIABLE} of the workers "
    "(docs/operate.md)."
)


def register_here() -> Register:
    """Return the register of this machine; raises ConfigurationProblem where there is none that can be used."""
    if os.path.lexists(FILE):
        return _checked(_in_file(), str(FILE))
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        raise ConfigurationProblem(f"Nobody can approve: there is no register of approvers here. {HOW_TO}")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):  # its own text would show what was given
        raise ConfigurationProblem(f"{VARIABLE} is not JSON. {HOW_TO}") from None
    return _checked(given, VARIABLE)


def _in_file() -> Any:
    try:
        about = FILE.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST_BYTES:
            raise ConfigurationProblem(f"{FILE} cannot be used: it is no file, or far too large. {HOW_TO}")
        if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise ConfigurationProblem(
                f"{FILE} may be written by others than its owner, who could then name approvers: chmod 644 it."
            )
        return YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError, RecursionError) as problem:
        raise ConfigurationProblem(f"{FILE} cannot be read: {type(problem).__name__}. {HOW_TO}") from None


def _checked(given: Any, where: str) -> Register:
    try:
        return Register.model_validate(given)
    except ValidationError as problem:
        raise ConfigurationProblem(f"{where} cannot be used: {reasons_of(problem)}. {HOW_TO}") from None
