"""The files that run it in containers. No container engine is at hand here: what their own tools can tell, they tell
(hadolint, the schema of the Compose specification, Docker's own reading of .dockerignore), and what can be known from
the files themselves is checked here. What the images would run, test_topology.py runs. docs/containers.md says what
was checked besides, with the real Helm charts.
"""

import importlib.metadata
import importlib.util
import inspect
import os
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
from cryptography.fernet import Fernet
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from prefect.server.utilities import encryption
from prefect.settings.base import PrefectBaseSettings
from pydantic import AliasChoices

from deployments.supply.lock import PATH, PROJECT, needed_by, read_lock
from flows.approval import approvers
from tests.deployments.containers.context import WANTED, context_of, make_files
from tests.deployments.files import (
    DEPLOYMENTS,
    IMAGE_FILES,
    KUBERNETES,
    ROOT,
    SECRETS,
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
    named = {name if name in known_settings() else name.removesuffix("_FILE") for name in named}  # the entrypoint's
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
    context = context_of(ROOT)
    for source in copied():
        assert (ROOT / source).exists(), source
        assert any(Path(path).is_relative_to(source) for path in context), source


def test_no_history_environment_demo_secret_key_dump_or_backup_gets_into_the_image(tmp_path: Path) -> None:
    make_files(tmp_path)
    assert context_of(tmp_path) == set(WANTED)


def test_every_tracked_file_of_a_package_gets_past_dockerignore_or_is_known_not_to_be_needed() -> None:
    context = context_of(ROOT)
    listed = subprocess.run(["git", "ls-files", *copied()], cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no checkout")
    left_out = {path for path in listed.stdout.splitlines() if path not in context}
    in_containers_of_others = {"Dockerfile", "compose.yaml", "nginx.conf", "database.sql"}
    with_a_checkout = {"secrets.sh", "setup.sh", "test-packages.sh"}
    assert {Path(path).name for path in left_out if not path.startswith(NOT_IN_THE_IMAGE)} <= (
        in_containers_of_others | with_a_checkout
    )


NOT_IN_THE_IMAGE = (
    "deployments/kubernetes/",
    "deployments/approvers/",
    "deployments/monitoring/",
    "deployments/pools/",
)
"""What others read: Helm, a folder that is mounted, monitoring, and work pools of containers."""


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


def test_make_containers_says_in_a_sentence_that_there_is_no_engine(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.containers"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": str(tmp_path)}, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == (
        "containers: there is no `docker` here: a Docker engine with Compose 2.24 or newer is needed\n"
    )


# The services


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that deployments/containers/secrets.sh makes."""
    folder = tmp_path_factory.mktemp("secrets") / "made"
    subprocess.run(["sh", DEPLOYMENTS / "containers" / "secrets.sh", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def test_every_secret_that_compose_mounts_is_made_by_the_script_and_has_no_value_in_it(secrets: Path) -> None:
    files = {name: each["file"] for name, each in composed({})["secrets"].items()}
    assert files == {path.name: f"./secrets/{path.name}" for path in secrets.iterdir()}
    text = (DEPLOYMENTS / "compose.yaml").read_text("utf-8")
    assert not re.search(r"PASSWORD: |SECRET: .|AUTH_STRING: |requirepass \w", text)


def test_secrets_are_random_fit_together_and_lie_in_a_folder_of_their_owner(secrets: Path, tmp_path: Path) -> None:
    made = {path.name: path.read_text("ascii").strip() for path in secrets.iterdir()}
    subprocess.run(["sh", DEPLOYMENTS / "containers" / "secrets.sh", tmp_path], check=True, stdout=subprocess.DEVNULL)
    others = {path.name: path.read_text("ascii").strip() for path in tmp_path.iterdir()}

    assert {name for name in made if made[name] == others[name]} == set()
    assert made["redis_url"] == f"redis://:{made['redis.conf'].removeprefix('requirepass ')}@redis:6379/0"
    Fernet(made["encryption_key"])
    assert len(bytes.fromhex(made["seal_keys"])) == 32
    assert re.fullmatch(r"operator:[0-9a-f]{48}", made["api_auth"])
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o444}


def test_a_secret_that_is_there_stays(secrets: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}
    (secrets / "redis_url").unlink()
    (secrets / "seal_keys").unlink()
    subprocess.run(["sh", DEPLOYMENTS / "containers" / "secrets.sh", secrets], check=True, stdout=subprocess.DEVNULL)
    after = {path.name: path.read_bytes() for path in secrets.iterdir()}

    assert {name for name in before if before[name] != after[name]} == {"seal_keys"}


def entered(folder: Path, *names: str) -> "subprocess.CompletedProcess[str]":
    """Run `env` by the entrypoint, whose folder of secrets is another one here."""
    text = (DEPLOYMENTS / "containers" / "entrypoint.sh").read_text("utf-8").replace("/run/secrets", str(folder))
    given = {name: f"{folder}/{name.lower()}" for name in names} | {"PATH": os.environ["PATH"]}
    return subprocess.run(
        ["sh", "-c", text, "entrypoint", "env"], env=given, check=False, capture_output=True, text=True
    )


def test_the_entrypoint_hands_prefect_what_files_hold_and_leaves_the_rest(tmp_path: Path) -> None:
    for name in ("prefect_api_auth_string_file", "genesys_timeouts_seal_keys_file", "prefect_api_ssl_cert_file"):
        (tmp_path / name).write_text(f"of {name} with $HOME 'and' \"more\"\n", "utf-8")
    names = ("PREFECT_API_AUTH_STRING_FILE", "GENESYS_TIMEOUTS_SEAL_KEYS_FILE", "PREFECT_API_SSL_CERT_FILE")

    done = entered(tmp_path, *names)

    found = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert found["PREFECT_API_AUTH_STRING"] == "of prefect_api_auth_string_file with $HOME 'and' \"more\""
    assert "PREFECT_API_AUTH_STRING_FILE" not in found
    assert {name: found[name] for name in names[1:]} == {name: f"{tmp_path}/{name.lower()}" for name in names[1:]}
    assert "PREFECT_API_SSL_CERT" not in found


def test_the_entrypoint_starts_nothing_without_a_secret_that_is_named(tmp_path: Path) -> None:
    done = entered(tmp_path, "PREFECT_API_AUTH_STRING_FILE")

    assert (done.returncode, done.stdout) == (78, "")
    assert "for PREFECT_API_AUTH_STRING) is empty or cannot be read by user" in done.stderr


def test_every_service_has_limits(secrets: Path) -> None:
    assert secrets.exists()
    for name, service in services().items():
        assert set(service["deploy"]["resources"]["limits"]) == {"memory", "pids"}, name


def test_one_service_builds_and_gives_the_image_its_version_and_revision() -> None:
    builds = {name: each["build"] for name, each in services().items() if "build" in each}
    assert set(builds) == {"migrate"}
    arguments = {rest.split("=")[0] for keyword, rest in instructions() if keyword == "ARG"}
    assert set(builds["migrate"]["args"]) == arguments == {"PYTHON_IMAGE", "VERSION", "REVISION"}


def test_every_image_of_others_can_be_pinned_by_its_digest() -> None:
    names = ("PYTHON", "POSTGRES", "REDIS", "NGINX")
    pinned = {f"GENESYS_TIMEOUTS_{name}_IMAGE": f"{name.lower()}:1.2@sha256:{'0' * 64}" for name in names}
    whole = composed(pinned)["services"]
    used = {each["image"] for name, each in whole.items() if name not in ours()}
    assert used | {whole["migrate"]["build"]["args"]["PYTHON_IMAGE"]} == set(pinned.values())


def test_no_secret_has_a_value_in_compose() -> None:
    for service in documents(DEPLOYMENTS / "compose.yaml")[0]["services"].values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert value is None or value.startswith(SECRETS), name


_SEAL = "GENESYS_TIMEOUTS_SEAL_KEYS"
_SERVER = {"database_password", "redis_url", "encryption_key", "api_auth"}
WORKED_WITH = {
    "postgres": {"postgres_password", "database_password"},
    "redis": {"redis.conf"},
    "migrate": _SERVER,
    "api": _SERVER,
    "services": _SERVER,
    "proxy": set[str](),
    "register": {"api_auth", "GENESYS_WRITER_CLIENT_SECRET", "NOTIFY_URL", "AUDIT_FILES_TOKEN"},
    "worker": {"api_auth", "seal_keys"},
    "org": set[str](),
}
"""By the names of their files, or those that they have in deployments/.env."""


def test_each_service_is_given_the_secrets_that_it_works_with_and_no_other() -> None:
    given = {"GENESYS_WRITER_CLIENT_SECRET": "of-the-writer", "NOTIFY_URL": "https://hook.example/x"}
    given["AUDIT_FILES_TOKEN"] = "of-the-repository"
    whole = composed(given)["services"]
    by_name = {name: environment({"environment": {}, **service}, given) for name, service in whole.items()}

    assert {
        name: {*service.get("secrets", []), *(secret for secret, value in given.items() if value in str(by_name[name]))}
        for name, service in whole.items()
    } == WORKED_WITH


def test_a_service_reads_only_secrets_that_are_mounted_into_it() -> None:
    for name, service in services().items():
        text = str([service.get("environment"), service.get("command"), service.get("healthcheck")])
        assert set(re.findall(r"/run/secrets/([\w.]+)", text)) <= set(service.get("secrets", [])), name


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
    always = {"PREFECT_API_URL", "PREFECT_API_AUTH_STRING", "PREFECT_UI_URL", "NO_PROXY", "no_proxy"}
    always |= {"PREFECT_CLIENT_RETRY_EXTRA_CODES", "PREFECT_CLIENT_MAX_RETRIES"}
    assert set(environment(register, {})) == always
    assert environment(register, {"NOTIFY_URL": "https://chat"})["NOTIFY_URL"] == "https://chat"


def test_the_key_that_seals_what_runs_keep_reaches_the_workers_alone() -> None:
    name = "GENESYS_TIMEOUTS_SEAL_KEYS"
    with_it = {service for service, each in services().items() if f"{name}_FILE" in each.get("environment", {})}
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


@pytest.mark.parametrize("host", ["proxy", "api", "postgres", "redis", "org", "127.0.0.1", "localhost"])
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
        defaults = dict(rest.split("=", 1) for keyword, rest in instructions() if keyword == "ARG")
        stages = [rest.split(" AS ") for keyword, rest in instructions() if keyword == "FROM"]
        stages = [[re.sub(r"^\$\{(\w+)\}$", lambda found: defaults[found[1]], name), *more] for name, *more in stages]
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
