"""Prefect's charts as Helm renders them with our values, and how what comes out is looked at.

The charts come from no package index. Where the environment variable GENESYS_TIMEOUTS_CHARTS names a folder with
`prefect-server` and `prefect-worker`, what they depend on in their folders `charts/`, and Helm is on the PATH, the
tests run; elsewhere they are skipped and say so. docs/containers.md says how to get both.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
from ruamel.yaml import YAML

from tests.deployments.files import DEPLOYMENTS, KUBERNETES, documents

CHARTS = "GENESYS_TIMEOUTS_CHARTS"
NAMESPACE = "genesys-timeouts"
VERSION = "1.33"
"""Of Kubernetes: the oldest that is maintained."""

SECRET = re.compile(r"PASSWORD|SEAL_KEYS|AUTH_STRING$|TOKEN|ENCRYPTION_KEY|_URL$")
ADDRESSES = {"PREFECT_API_URL", "PREFECT_UI_URL", "PREFECT_UI_API_URL"}


@dataclass(frozen=True)
class Release:
    """What is installed together: a chart with our values, and more options of Helm."""

    chart: str
    values: str
    options: tuple[str, ...] = ()


SERVER = Release("prefect-server", "server.yaml")
WORKER = Release("prefect-worker", "worker.yaml")
POOL = DEPLOYMENTS / "pools" / "kubernetes.json"
JOBS = Release(
    "prefect-worker", "worker-jobs.yaml", ("--set-file", f"worker.config.baseJobTemplate.configuration={POOL}")
)
RELEASES = (SERVER, WORKER, JOBS)


def charts() -> Path:
    """Return the folder of the charts; skips the test where there is none, or no Helm."""
    if CHARTS not in os.environ:
        pytest.skip(f"no charts at hand: {CHARTS} names no folder with prefect-server and prefect-worker")
    if shutil.which("helm") is None:
        pytest.skip("no Helm at hand")
    return Path(os.environ[CHARTS])


def rendered(release: Release) -> list[Any]:
    """Return the objects that Helm makes."""
    command = ["helm", "template", release.chart, str(charts() / release.chart), "--namespace", NAMESPACE]
    command += ["--values", str(KUBERNETES / release.values), *release.options]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [each for each in YAML(typ="safe").load_all(done.stdout) if each]


def all_rendered() -> Iterator[tuple[str, Any]]:
    """Yield every object of every release, by the file of its values."""
    for release in RELEASES:
        yield from ((release.values, each) for each in rendered(release))


def own(*files: str) -> list[Any]:
    """Return the objects that stand in files of ours."""
    return [each for file in files for each in documents(KUBERNETES / file)]


def validate(manifest: Any) -> None:
    """Check an object by the schema of Kubernetes; raises where it is wrong, or names a field that there is not."""
    kubernetes_validate.validate(manifest, VERSION, strict=True)


def pod_template(manifest: Any) -> Any:
    """Return the template of the pods that an object makes, None where it makes none."""
    return manifest["spec"]["template"] if manifest["kind"] in {"Deployment", "Job"} else None


def containers(template: Any) -> list[Any]:
    """Return the containers of a pod, those that prepare it included."""
    return [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]


def selects(selector: Any, labels: dict[str, str]) -> bool:
    """Tell whether a selector is for a pod with these labels."""
    wanted = selector.get("matchLabels", {}).items()
    among = selector.get("matchExpressions", [])
    assert all(each["operator"] == "In" for each in among)
    return wanted <= labels.items() and all(labels.get(each["key"]) in each["values"] for each in among)


def may_reach(policies: list[Any], labels: dict[str, str]) -> set[int] | None:
    """Return the ports that policies let a pod with these labels reach, None where it may reach all."""
    found = [
        each["spec"]
        for each in policies
        if "Egress" in each["spec"]["policyTypes"] and selects(each["spec"]["podSelector"], labels)
    ]
    rules = [rule for spec in found for rule in spec.get("egress", [])]
    return {port["port"] for rule in rules for port in rule["ports"]} if found else None
