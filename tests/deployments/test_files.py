"""The nightly audit of a Git repository: registered where one is named, and run on a worker as it is registered."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deployments.repository import refuse_secrets_in
from genesys import ConfigurationProblem
from tests.company import of_nobody
from tests.deployments.files import DEPLOYMENTS, ROOT, documents
from tests.environment import without_settings
from tests.files.samples import SampleRepository, write_repository
from tests.git import committed, git
from tests.prefect_servers import make_prefect_home, prefect_server
from tests.warm import warm_python

pytestmark = pytest.mark.timeout(600)

FILE: dict[str, Any] = documents(DEPLOYMENTS / "files.yaml")[0]
TOKEN = "a-token-of-the-operator"

HOSTILE = dict.fromkeys(
    ("sitecustomize.py", "json.py", "flows/__init__.py", "flows/audit.py", "files/__init__.py"),
    b"import os, pathlib\npathlib.Path(os.environ['CANARY']).write_text('ran')\n",
)
"""What whoever may push to the repository could put there, hoping that a worker imports it."""


@dataclass(frozen=True, slots=True)
class Server:
    """A Prefect server at which the deployment is registered, and the repository that it audits."""

    api: httpx.Client
    environment: dict[str, str]
    repository: SampleRepository
    printed: str

    def deployments(self) -> list[str]:
        return [each["name"] for each in self.post("/deployments/filter", {})]

    def post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.api.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()


def bare_repository(folder: Path) -> tuple[SampleRepository, Path]:
    """A repository as a team has it on its server, with files in it that a worker must not run."""
    checkout, bare = folder / "work", folder / "crm-flows.git"
    written = write_repository(checkout)
    for name, content in HOSTILE.items():
        (checkout / name).parent.mkdir(exist_ok=True)
        (checkout / name).write_bytes(content)
    (checkout / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\ndependencies = ["prefect"]\n')
    committed(checkout)
    git(folder, "clone", "--bare", str(checkout), str(bare))
    return written, bare


def register(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [warm_python(), "-m", "cli", "register", "--no-dead-runs"],
        cwd=ROOT, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("files")
    make_prefect_home(folder / "home")
    repository, bare = bare_repository(folder)
    kept = {**without_settings(), **of_nobody(folder)}
    with prefect_server(folder / "home") as url, httpx.Client(base_url=url, timeout=60) as api:
        environment = {
            **kept,
            "PREFECT_API_URL": url,
            "PREFECT_HOME": str(folder / "home"),
            "GENESYS_TIMEOUTS_HOME": str(folder / "own"),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "CANARY": str(folder / "canary"),
        }
        named = {"AUDIT_FILES_REPOSITORY": f"file://{bare}", "AUDIT_FILES_TOKEN": TOKEN}
        assert "audit-files" not in (register(environment), *Server(api, environment, repository, "").deployments())
        yield Server(api, environment, repository, register({**environment, **named}))


def test_a_server_without_a_repository_gets_no_deployment_and_one_with_it_does(server: Server) -> None:
    """The fixture registers twice: the first time, the environment names no repository."""
    assert len(server.deployments()) == 10
    assert "is audited at night" in server.printed


def test_registering_again_without_the_names_leaves_all_as_it_was_and_makes_all_of_this_version(server: Server) -> None:
    """The deployment audit-files stayed of the old version; a text for `org`, of another team, was a traceback."""
    theirs = {"name": "theirs", "flow_id": server.post("/flows/", {"name": "of-another-team"})["id"]}
    theirs = server.post("/deployments/", {**theirs, "parameters": {"org": "acme"}})
    before = server.post("/deployments/filter", {}), server.post("/variables/filter", {})
    (files,) = (each for each in before[0] if each["name"] == "audit-files")
    server.api.patch(f"/deployments/{files['id']}", json={"version": "0.0.1"}).raise_for_status()
    assert server.api.get(f"/deployments/{files['id']}").json()["version"] == "0.0.1"

    assert "AUDIT_FILES_REPOSITORY" in register(server.environment)
    deployments, variables = server.post("/deployments/filter", {}), server.post("/variables/filter", {})
    server.api.delete(f"/deployments/{theirs['id']}")
    assert [(each["name"], each["version"]) for each in deployments] == [
        (each["name"], each["version"]) for each in before[0]
    ]
    assert variables == before[1]


def test_the_token_is_nowhere_but_in_its_block(server: Server) -> None:
    shown = json.dumps([server.post(f"/{what}/filter", {}) for what in ("deployments", "variables", "block_documents")])

    assert TOKEN not in shown + server.printed
    assert "prefect.blocks.secret.audit-files" in shown


def test_the_run_audits_the_clone_and_nothing_of_it_is_run(server: Server) -> None:
    deployment = server.api.get("/deployments/name/audit/audit-files").json()["id"]
    run_id = server.post(f"/deployments/{deployment}/create_flow_run", {})["id"]

    worked = subprocess.run(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", "genesys-timeouts", "--run-once"],
        env=server.environment, check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    state = server.api.get(f"/flow_runs/{run_id}").json()["state"]
    assert not Path(server.environment["CANARY"]).exists(), worked.stderr
    told = f"1 of {server.repository.architect_flows} Architect flows could not be read"
    assert (state["name"], state["message"]) == ("Incomplete", told), worked.stderr
    keys = [
        each["key"] for each in server.post("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run_id]}}})
    ]
    assert [key for key in keys if key and "crm-flows" in key], "it is called as its repository is, not as its folder"


def test_the_folder_that_python_looks_in_is_the_one_above_the_clone() -> None:
    """A worker puts the folder of the last step first on Python's path."""
    clone, last = (next(iter(step.items())) for step in FILE["pull"])

    assert clone[1]["clone_directory_name"] == "checkout"
    assert last == ("prefect.deployments.steps.set_working_directory", {"directory": "."})
    assert [each["parameters"] for each in FILE["deployments"]] == [{"files": {"paths": ["checkout"]}}]


@pytest.mark.parametrize(
    "repository",
    ["https://token@git.example/crm.git", "https://ana:secret@git.example/crm.git", "ssh://ana:secret@git.example/crm"],
)
def test_an_address_with_a_secret_in_it_is_refused(repository: str) -> None:
    with pytest.raises(ConfigurationProblem, match="AUDIT_FILES_TOKEN"):
        refuse_secrets_in(repository)


@pytest.mark.parametrize(
    "repository",
    ["https://git.example/crm.git", "git@git.example:crm.git", "ssh://git@git.example/crm", "/srv/crm.git"],
)
def test_an_address_without_one_is_taken(repository: str) -> None:
    refuse_secrets_in(repository)
