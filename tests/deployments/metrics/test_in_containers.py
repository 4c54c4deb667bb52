"""The exporter in containers: the same command both ways, with the API's password and nothing else that is secret."""

import inspect
import re
import subprocess
import tomllib
from typing import Any

from cli.servers import commands
from tests.deployments.files import ROOT, documents, environment
from tests.environment import COMMAND

MONITORING = ROOT / "deployments" / "monitoring"


def service() -> dict[str, Any]:
    found: dict[str, Any] = documents(MONITORING / "compose.yaml")[0]["services"]["metrics"]
    return found


def kubernetes() -> tuple[dict[str, Any], dict[str, Any]]:
    deployment, in_front = documents(MONITORING / "kubernetes.yaml")
    return deployment, in_front


def container() -> dict[str, Any]:
    (found,) = kubernetes()[0]["spec"]["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def test_both_ways_run_the_same_command_of_this_version_which_there_is() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert container()["args"] == service()["command"]
    assert container()["image"] == f"genesys-timeouts:{version}"
    assert service()["image"] == f"genesys-timeouts:${{GENESYS_TIMEOUTS_VERSION:-{version}}}"
    helped = subprocess.run(
        [*COMMAND, *container()["args"][1:], "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert helped.returncode == 0, helped.stderr


def test_it_gets_the_password_of_the_api_and_nothing_else_that_is_secret() -> None:
    in_kubernetes = {each["name"] for each in container()["env"]}
    in_compose = set(environment(service(), {})) - {"NO_PROXY", "no_proxy"}
    assert in_kubernetes == in_compose == {"PREFECT_API_URL", "PREFECT_API_AUTH_STRING"}
    assert "envFrom" not in container()
    assert "volumes" not in service()
    assert [each["name"] for each in container()["volumeMounts"]] == ["tmp"]


def test_it_cannot_write_and_has_limits() -> None:
    here, there = service(), container()
    assert (here["read_only"], here["cap_drop"], here["user"]) == (True, ["ALL"], "1001:1001")
    assert there["securityContext"]["readOnlyRootFilesystem"]
    assert there["resources"]["limits"]["memory"] == "512Mi"
    assert here["deploy"]["resources"]["limits"]["memory"] == "512m"


def test_all_ask_at_the_port_on_which_it_listens() -> None:
    deployment, in_front = kubernetes()
    (port,) = {each["containerPort"] for each in container()["ports"]}
    assert deployment["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"] == str(port)
    assert in_front["spec"]["ports"] == [{"name": "metrics", "port": port, "targetPort": "metrics"}]
    assert in_front["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]
    assert re.findall(r":(\d+)/metrics", service()["healthcheck"]["test"][-1]) == [str(port)]
    assert service()["ports"][0].endswith(f":{port}")
    assert inspect.signature(commands.metrics).parameters["port"].default == port
