"""Running `genesys-timeouts` as a person does, and looking at what the org holds afterwards."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from cli.app import app
from simulator.org.org import Org
from simulator.org.seeds import ArchitectFlowSeed

UNTOUCHED = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    problems: str

    @property
    def all(self) -> str:
        return self.out + self.problems


def command(*arguments: str, environment: Mapping[str, str] | None = None) -> Said:
    """Run a command in this process."""
    result = CliRunner().invoke(app, arguments, env=environment, catch_exceptions=False)
    return Said(result.exit_code, result.stdout, result.stderr)


def assert_wrong_usage(told: str, *arguments: str) -> None:
    """Run a command that ends with 2 and this sentence on standard error, and that prints nothing else."""
    said = command(*arguments)

    assert said.code == 2
    assert told in " ".join(said.problems.replace("│", " ").split())
    assert said.out == ""
    assert "Traceback" not in said.problems


def set_step(architect_flow: str, step: str, *options: str, **environment: str) -> Said:
    """Run `set` with the tutorial's variables; ids and names as they are."""
    given = {"TARGET_FLOW_ID": architect_flow, "TARGET_ACTION_NAME": step, **environment}
    return command("set", *options, environment=given)


def named(org: Org, name: str) -> ArchitectFlowSeed:
    """The Architect flow of that name."""
    return next(one for one in org.seed.architect_flows if one.name == name)


def timeouts(org: Org, name: str) -> dict[str, Any]:
    """What a `flowData` document of the org says now: step id to timeout, None where it names none."""
    record = org.records.find(named(org, name).id)
    assert record.latest is not None
    nodes = json.loads(record.latest.content.body())
    nodes = nodes.get("flowData", nodes)["nodes"]
    return {node["id"]: node["dataAction"].get("timeout") for node in nodes if node["type"] == "dataAction"}


def ids_in(text: str) -> list[str]:
    """The ids after the word `id`, in the order in which they are printed."""
    return re.findall(r"\bid ([0-9a-f-]{36})", text)


def writes(org: Org) -> list[str]:
    """The requests that could have changed something; logins and the end of a token left out."""
    return [call.path for call in org.log if call.method != "GET" and "token" not in call.path]
