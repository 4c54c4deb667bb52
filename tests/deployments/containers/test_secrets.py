"""How secrets are made, and who is given which."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.deployments.containers.reading import SECRET, services
from tests.deployments.files import DEPLOYMENTS, KUBERNETES, SECRETS, composed, documents, environment


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
