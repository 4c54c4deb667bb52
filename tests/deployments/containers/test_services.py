"""What compose.yaml runs: limits, rights, networks, proxies."""

import re
from urllib.request import proxy_bypass

import pytest

from deployments.environments import CLIENT_IN_OUTAGES, SERVER_IN_OUTAGES
from tests.deployments.containers.reading import DOCS, PASSWORDS, ours, services
from tests.deployments.files import DEPLOYMENTS, ROOT, composed, environment, instructions


def test_every_service_has_limits() -> None:
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


def test_all_of_the_server_and_its_clients_are_set_for_outages() -> None:
    for name in ("migrate", "api", "services"):
        assert SERVER_IN_OUTAGES.items() <= environment(services()[name], PASSWORDS).items(), name
    for name in ("register", "worker"):
        assert CLIENT_IN_OUTAGES.items() <= environment(services()[name], PASSWORDS).items(), name


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


def test_an_upgrade_waits_for_one_replica_and_who_needs_answers_for_the_proxy() -> None:
    assert services()["proxy"]["depends_on"] == {"api": {"condition": "service_started"}}
    assert services()["proxy"]["healthcheck"]["start_period"] == services()["api"]["healthcheck"]["start_period"]
    assert services()["register"]["depends_on"] == {"proxy": {"condition": "service_healthy"}}


def test_the_page_names_every_variable_that_compose_reads() -> None:
    text = (DEPLOYMENTS / "compose.yaml").read_text("utf-8")
    handed_on = re.findall(r"^ +([A-Z_]+):$", text, re.MULTILINE)
    page = (ROOT / DOCS).read_text("utf-8")
    assert [name for name in {*re.findall(r"\$\{(\w+)", text), *handed_on} if f"`{name}`" not in page] == []
