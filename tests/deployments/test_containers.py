"""The files that run it in containers. No container engine is at hand here: what their own tools can tell, they tell
(hadolint, the schema of the Compose specification, Docker's own reading of .dockerignore), and what can be known from
the files themselves is checked here. What the images would run, test_topology.py runs. docs/containers.md says what
was checked besides, with the real Helm charts.
"""

import importlib.metadata
import importlib.util
import inspect
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import proxy_bypass

import pytest
from docker.utils.build import exclude_paths  # type: ignore[import-untyped]
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from prefect.server.utilities import encryption
from prefect.settings.base import PrefectBaseSettings
from pydantic import AliasChoices

from deployments.supply.lock import PATH, PROJECT, needed_by, read_lock
from flows.approval import approvers
from tests.deployments.files import (
    DEPLOYMENTS,
    IMAGE_FILES,
    KUBERNETES,
    ROOT,
    MissingVariableError,
    composed,
    documents,
    environment,
    instructions,
)

PASSWORDS = {
    "POSTGRES_PASSWORD": "of-postgres",
    "REDIS_PASSWORD": "of-redis",
    "PREFECT_SERVER_ENCRYPTION_KEY": "b2YgdGhlIGJsb2NrcyBpbiB0ZXN0cywgMzIgYnl0ZXM=",
    "PREFECT_SERVER_API_AUTH_STRING": "operator:a-long-password",
    "GENESYS_TIMEOUTS_SEAL_KEYS": "5ea1" * 16,
}
FILES = [*IMAGE_FILES, *(str(path.relative_to(ROOT)) for path in sorted(KUBERNETES.glob("*.yaml")))]
DOCS = "docs/containers.md"
OURS = "genesys-timeouts:"
PINNED = re.compile(r"^[\w./-]+:v?\d+(\.\d+)+(-[\w.-]+)?$|^postgres:\d+-[a-z]+$")
SECRET = re.compile(r"PASSWORD|SECRET|SEAL_KEYS|AUTH_STRING|TOKEN|NOTIFY_URL|DOCKET_URL|REDIS_\w*URL|CONNECTION_URL")


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = composed(PASSWORDS)["services"]
    return found


def ours() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in services().items() if service["image"].startswith(OURS)}


# The files as a whole


def test_the_dockerfile_satisfies_its_linter() -> None:
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    if hadolint is None:
        pytest.skip("hadolint is not made for this machine; the lock names those that it is made for")
    done = subprocess.run([hadolint, DEPLOYMENTS / "Dockerfile"], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_is_valid_by_the_schema_of_its_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, DEPLOYMENTS / "compose.yaml"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", [*FILES, DOCS])
def test_prefect_knows_every_setting_that_a_file_names(file: str) -> None:
    named = set(re.findall(r"\bPREFECT_[A-Z0-9_]+", (ROOT / file).read_text("utf-8")))
    beside_settings = {name for name in named if name in inspect.getsource(encryption)}
    assert named - known_settings() - beside_settings == set()


@pytest.mark.parametrize("file", FILES)
def test_every_module_that_a_setting_names_is_there(file: str) -> None:
    for module in re.findall(r"prefect_redis(?:\.\w+)+", (ROOT / file).read_text("utf-8")):
        import_module(module)


@pytest.mark.parametrize("file", FILES)
def test_every_image_has_a_pinned_tag(file: str) -> None:
    assert [image for image in images(file) if not PINNED.match(image)] == []


def test_every_file_means_the_same_version() -> None:
    version = project()["version"]
    of_ours = [image for file in FILES for image in images(file) if image.startswith(OURS)]
    assert {f"ARG VERSION={version}", f"{OURS}{version}"} == {
        *(f"{keyword} {rest}" for keyword, rest in instructions() if rest.startswith("VERSION=") and keyword == "ARG"),
        *of_ours,
    }


def test_both_ways_register_by_the_same_commands() -> None:
    job = documents(KUBERNETES / "register.yaml")[0]
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == services()["register"]["command"]


def test_what_is_started_by_a_module_name_can_be_imported() -> None:
    deployed = documents(DEPLOYMENTS / "prefect.yaml")[0]["deployments"]
    for module, flow in (one["entrypoint"].rsplit(".", 1) for one in deployed):
        assert callable(getattr(import_module(module), flow))
    for file in (*FILES, DOCS):
        for module in re.findall(r"python -m ((?!venv|pip)[\w.]+)", (ROOT / file).read_text("utf-8")):
            assert importlib.util.find_spec(module), module


# The image


def test_what_the_dockerfile_copies_is_in_the_repository_and_gets_past_dockerignore() -> None:
    context = exclude_paths(str(ROOT), dockerignore())
    for source in copied():
        assert (ROOT / source).exists(), source
        assert any(Path(path).is_relative_to(source) for path in context), source


def test_no_history_environment_demo_or_secret_gets_into_the_image(tmp_path: Path) -> None:
    unwanted = [".git/config", ".venv/bin/python", ".demo/org.json", ".env", "deployments/.env", "secrets/client.txt"]
    unwanted += ["deployments/production.env", "flows/__pycache__/audit.pyc", "tests/conftest.py", "docs/safety.md"]
    for path in [*unwanted, "flows/audit.py", "deployments/prefect.yaml", "pyproject.toml"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    context = {path for path in exclude_paths(str(tmp_path), dockerignore()) if (tmp_path / path).is_file()}
    assert context == {"flows/audit.py", "deployments/prefect.yaml", "pyproject.toml"}


def test_every_package_of_the_wheel_is_copied() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) <= set(copied())


def test_every_package_that_the_image_installs_is_pinned() -> None:
    locked = {pin.name for pin in needed_by(read_lock(PATH.read_text("utf-8")), [PROJECT])}
    assert {name for name in installed_with(project()) if name not in locked} == set()


def test_nobody_in_the_image_is_root() -> None:
    users = [rest for keyword, rest in instructions() if keyword == "USER"]
    assert users == ["1001:1001"]
    for name, service in ours().items():
        assert (name, service["user"]) == (name, users[0])


# The services


def test_compose_refuses_to_start_without_passwords_and_says_what_to_set() -> None:
    for missing in PASSWORDS:
        given = {name: value for name, value in PASSWORDS.items() if name != missing}
        with pytest.raises(
            MissingVariableError,
            match=f"^{missing}: set it to (what openssl rand -hex (24|32) prints|a Fernet key|name:password)",
        ):
            composed(given)


def test_no_secret_has_a_value_in_compose() -> None:
    for service in documents(DEPLOYMENTS / "compose.yaml")[0]["services"].values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert value is None or re.search(r"\$\{\w+:\?", value), name


_SEAL = "GENESYS_TIMEOUTS_SEAL_KEYS"
WORKED_WITH = {
    "postgres": {"POSTGRES_PASSWORD"},
    "redis": {"REDIS_PASSWORD"},
    "migrate": set(PASSWORDS) - {_SEAL},
    "api": set(PASSWORDS) - {_SEAL},
    "services": set(PASSWORDS) - {_SEAL},
    "proxy": set(),
    "register": {
        "PREFECT_SERVER_API_AUTH_STRING",
        "GENESYS_WRITER_CLIENT_SECRET",
        "NOTIFY_URL",
        "AUDIT_FILES_TOKEN",
    },
    "worker": {"PREFECT_SERVER_API_AUTH_STRING", _SEAL},
}
"""By the names that they have in deployments/.env."""


def test_each_service_is_given_the_secrets_that_it_works_with_and_no_other() -> None:
    given = {**PASSWORDS, "GENESYS_WRITER_CLIENT_SECRET": "of-the-writer", "NOTIFY_URL": "https://hook.example/x"}
    given["AUDIT_FILES_TOKEN"] = "of-the-repository"
    whole = composed(given)["services"]
    handed = {name: str(environment({"environment": {}, **service}, given)) for name, service in whole.items()}

    assert {
        name: {secret for secret, value in given.items() if value in environment}
        for name, environment in handed.items()
    } == WORKED_WITH


def test_kubernetes_hands_out_secrets_by_reference_and_workers_get_one() -> None:
    texts = {path.name: path.read_text("utf-8") for path in KUBERNETES.glob("*.yaml")}
    named = {name: set(re.findall(r"genesys-timeouts-(auth|credentials|database|redis|encryption)\b", text))
             for name, text in texts.items()}  # fmt: skip

    assert {name: found for name, found in named.items() if found} == {
        "server.yaml": {"auth", "database", "redis", "encryption"},
        "register.yaml": {"auth", "credentials"},
        "worker.yaml": {"auth"},
        "worker-jobs.yaml": {"auth"},
    }
    values = [
        line
        for text in texts.values()
        for line in text.splitlines()
        if re.search(r"password: *[^{ ]|secret: *[^{ g]", line)
    ]
    assert values == []


def test_what_is_not_set_is_not_handed_on() -> None:
    register = services()["register"]
    assert set(environment(register, {})) == {"PREFECT_API_URL", "PREFECT_API_AUTH_STRING", "NO_PROXY", "no_proxy"}
    assert environment(register, {"NOTIFY_URL": "https://chat"})["NOTIFY_URL"] == "https://chat"


def test_the_key_that_seals_what_runs_keep_reaches_the_workers_alone() -> None:
    name = "GENESYS_TIMEOUTS_SEAL_KEYS"
    with_it = {service for service, each in services().items() if name in each.get("environment", {})}
    worker = documents(KUBERNETES / "worker.yaml")[0]["worker"]
    others = [(KUBERNETES / f"{file}.yaml").read_text("utf-8") for file in ("server", "register", "results")]

    assert with_it == {"worker"}
    assert [each["valueFrom"] for each in worker["extraEnvVars"] if each["name"] == name] == [
        {"secretKeyRef": {"name": "genesys-timeouts-seal", "key": "keys"}}
    ]
    assert not [text for text in others if "seal" in text]


def test_a_company_s_proxy_is_handed_to_what_goes_out_and_to_nothing_else() -> None:
    given = {"HTTPS_PROXY": "http://ada:canary@proxy.example:8080", "NO_PROXY": "corp.example"}
    services = composed({**PASSWORDS, **given})["services"]
    found = {name: environment(one, given) for name, one in services.items() if "environment" in one}

    goes_out = {"services", "worker"}
    assert {name for name, one in found.items() if "HTTPS_PROXY" in one} == goes_out
    assert {name for name, one in found.items() if "canary" in str(one)} == goes_out


@pytest.mark.parametrize("host", ["proxy", "api", "postgres", "redis", "127.0.0.1", "localhost"])
@pytest.mark.parametrize("theirs", ["", "corp.example"])
def test_what_is_inside_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch, host: str, theirs: str) -> None:
    """Docker may put proxies into every container."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:8080")
    for name in ours():
        whole = composed({**PASSWORDS, "NO_PROXY": theirs})["services"][name]["environment"]
        assert whole["NO_PROXY"] == whole["no_proxy"]
        monkeypatch.setenv("no_proxy", whole["no_proxy"])
        assert proxy_bypass(f"{host}:4200"), name
        assert bool(proxy_bypass("wiki.corp.example")) is bool(theirs)


def test_ours_cannot_write_to_their_image_nor_gain_rights() -> None:
    for name, service in ours().items():
        assert service["read_only"] is True, name
        assert service["tmpfs"] == ["/tmp"], name  # noqa: S108 - in the container
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_the_api_and_the_workers_are_several() -> None:
    assert services()["api"]["deploy"]["replicas"] >= 2
    assert services()["worker"]["deploy"]["replicas"] >= 2


def test_the_database_and_redis_are_reached_only_by_the_server() -> None:
    assert composed(PASSWORDS)["networks"]["data"] == {"internal": True}
    assert {name for name, service in services().items() if "data" in service["networks"]} == {
        "postgres", "redis", "migrate", "api", "services",
    }  # fmt: skip
    assert {name for name, service in services().items() if "ports" in service} == {"proxy"}
    assert services()["proxy"]["ports"] == ["127.0.0.1:4200:8080"]


def test_every_volume_network_and_service_that_is_named_exists() -> None:
    whole = composed(PASSWORDS)
    for service in services().values():
        assert set(service["networks"]) <= set(whole["networks"])
        assert set(service.get("depends_on", {})) <= set(services())
        for source, *_ in (volume.split(":") for volume in service.get("volumes", [])):
            assert source in whole["volumes"] or (DEPLOYMENTS / source).exists(), source
    used = {volume.split(":")[0] for service in services().values() for volume in service.get("volumes", [])}
    assert set(whole["volumes"]) <= used


def test_who_waits_for_another_to_be_healthy_can_know_it() -> None:
    for service in services().values():
        for name, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                other = services()[name]
                assert other.get("healthcheck", {}).get("test") or name == "api", name  # the image's own
                assert not other.get("healthcheck", {}).get("disable"), name


def test_the_page_names_every_variable_that_compose_reads() -> None:
    text = (DEPLOYMENTS / "compose.yaml").read_text("utf-8")
    handed_on = re.findall(r"^ +([A-Z_]+):$", text, re.MULTILINE)
    page = (ROOT / DOCS).read_text("utf-8")
    assert [name for name in {*re.findall(r"\$\{(\w+)", text), *handed_on} if f"`{name}`" not in page] == []


# Kubernetes


def test_no_secret_has_a_value_in_kubernetes() -> None:
    for path in KUBERNETES.glob("*.yaml"):
        for variable in variables(documents(path)):
            if SECRET.search(variable["name"]):
                assert set(variable) == {"name", "valueFrom"}, variable["name"]


def test_the_page_says_how_to_make_every_kubernetes_secret() -> None:
    page = (ROOT / DOCS).read_text("utf-8")
    made = set(re.findall(r"create secret generic ([\w-]+)", page))
    named = {
        name
        for path in KUBERNETES.glob("*.yaml")
        for name in re.findall(
            r"(?:existingSecret:|secretKeyRef: \{name:|secretRef: \{name:) ([\w-]+)", path.read_text()
        )
    }
    assert made == named


def test_all_in_kubernetes_run_unprivileged_on_a_read_only_root() -> None:
    server, worker = documents(KUBERNETES / "server.yaml")[0], documents(KUBERNETES / "worker.yaml")[0]
    job = documents(KUBERNETES / "register.yaml")[0]["spec"]["template"]["spec"]
    contexts = [
        server["server"]["containerSecurityContext"],
        server["migrations"]["securityContext"],
        server["backgroundServices"]["containerSecurityContext"],
        worker["worker"]["containerSecurityContext"],
        {**job["securityContext"], **job["containers"][0]["securityContext"]},
    ]
    for context in contexts:
        assert context["runAsNonRoot"] is True
        assert context["runAsUser"] == 1001
        assert context["readOnlyRootFilesystem"] is True
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}


def test_the_claim_of_the_workers_is_there_and_many_may_write_to_it() -> None:
    worker, claim = documents(KUBERNETES / "worker.yaml")[0]["worker"], documents(KUBERNETES / "results.yaml")[0]
    assert worker["extraVolumes"][0]["persistentVolumeClaim"] == {"claimName": claim["metadata"]["name"]}
    assert worker["extraVolumeMounts"][0] == {"name": worker["extraVolumes"][0]["name"], "mountPath": "/results"}
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]


def test_workers_find_who_may_approve_in_a_file_that_they_cannot_write_and_nobody_else_finds_it() -> None:
    mounts = documents(KUBERNETES / "worker.yaml")[0]["worker"]["extraVolumeMounts"]
    folder = str(approvers.FILE.parent)

    assert {"name": "approvers", "mountPath": folder, "readOnly": True} in mounts
    with_it = {name for name, each in services().items() if f":{folder}:ro" in " ".join(each.get("volumes", []))}
    assert with_it == {"worker"}
    assert not [name for name, each in services().items() if approvers.VARIABLE in each.get("environment", {})]


# How the files are read


def known_settings() -> set[str]:
    """Every environment variable that Prefect or prefect-redis reads, by their settings' own classes."""
    for module in ("client", "messaging", "cleanup_queue"):
        import_module(f"prefect_redis.{module}")
    return {name.upper() for settings in classes_below(PrefectBaseSettings) for name in names_of(settings)}


def classes_below(settings: type[PrefectBaseSettings]) -> Iterator[type[PrefectBaseSettings]]:
    yield settings
    for below in settings.__subclasses__():
        yield from classes_below(below)


def names_of(settings: type[PrefectBaseSettings]) -> Iterator[str]:
    for name, field in settings.model_fields.items():
        yield f"{settings.model_config.get('env_prefix', '')}{name}"
        if isinstance(field.validation_alias, AliasChoices):
            yield from (choice for choice in field.validation_alias.choices if isinstance(choice, str))


def images(file: str) -> list[str]:
    if file == "deployments/Dockerfile":
        stages = [rest.split(" AS ") for keyword, rest in instructions() if keyword == "FROM"]
        made_here = {stage[-1] for stage in stages if len(stage) > 1}
        return [stage[0] for stage in stages if stage[0] not in made_here]
    if file == "deployments/compose.yaml":
        return [service["image"] for service in services().values()]
    return [image for document in documents(ROOT / file) for image in images_in(document)]


def images_in(value: Any) -> Iterator[str]:
    """Return the images of a manifest, and of a chart's values, where name and tag stand apart."""
    if isinstance(value, dict):
        if isinstance(value.get("image"), str):
            yield value["image"]
        if "prefectTag" in value:
            yield f"{value['repository']}:{value['prefectTag']}"
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from images_in(one)


def variables(value: Any) -> Iterator[dict[str, Any]]:
    """Return all lists of environment variables in a manifest or a chart's values."""
    if isinstance(value, dict) and re.fullmatch(r"[A-Z_]+", str(value.get("name"))):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from variables(one)


def dockerignore() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def copied() -> list[str]:
    """Return what the Dockerfile takes from the repository."""
    from_context = [rest.split() for keyword, rest in instructions() if keyword == "COPY" and "--from=" not in rest]
    return [source for words in from_context for source in words[:-1]]


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def installed_with(wanted: dict[str, Any]) -> set[str]:
    """Return every package that the wanted ones need here, themselves included."""
    waiting = [Requirement(line) for line in (*wanted["dependencies"], *wanted["optional-dependencies"]["servers"])]
    found: dict[str, set[str]] = {}
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = requirement.extras or {""}
        if extras <= found.get(name, set()):
            continue
        found.setdefault(name, set()).update(extras)
        needed = [Requirement(line) for line in importlib.metadata.requires(name) or ()]
        waiting += [
            one for one in needed if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in extras)
        ]
    return set(found)
