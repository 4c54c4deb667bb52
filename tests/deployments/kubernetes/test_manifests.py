"""What stands in our own files for Kubernetes, which needs no chart to be looked at."""

import re

import pytest
from prefect.settings.models.root import Settings

from tests.deployments.files import KUBERNETES, ROOT, documents
from tests.deployments.kubernetes.rendering import may_reach, own, pod_template, selects, validate

MANIFESTS = ("accounts.yaml", "network.yaml", "network-jobs.yaml", "register.yaml", "results.yaml")
WITH_LINKS = ("server.yaml", "worker.yaml", "worker-jobs.yaml", "register.yaml")
OF_A_WORKER = {"app.kubernetes.io/name": "prefect-worker", "app.kubernetes.io/component": "worker"}
OF_THE_API = {"app.kubernetes.io/name": "prefect-server", "app.kubernetes.io/component": "server"}


@pytest.mark.parametrize("file", MANIFESTS)
def test_every_object_is_valid_by_the_schema_of_kubernetes(file: str) -> None:
    for manifest in own(file):
        validate(manifest)


def test_the_page_installs_the_versions_of_the_charts_that_the_values_are_for() -> None:
    named = {
        version
        for path in KUBERNETES.glob("*.yaml")
        for version in re.findall(r"chart prefect-\w+, version ([\d.]+\d)", path.read_text("utf-8"))
    }
    page = (ROOT / "docs/containers.md").read_text("utf-8")
    installed = re.findall(r"helm (?:upgrade|pull|template)[^\n]* prefect/prefect-\w+(.*)", page)
    assert len(named) == 1
    assert installed
    assert all(f"--version {next(iter(named))}" in options or "$CHART" in options for options in installed), installed
    assert f"CHART={next(iter(named))}" in page


@pytest.mark.parametrize("file", WITH_LINKS)
def test_prefect_takes_the_value_of_every_setting(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (KUBERNETES / file).read_text("utf-8")
    given = dict(re.findall(r"name: (PREFECT_\w+)\n +value: \"?([^\"\n]+)", text))
    assert given
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    Settings()


def test_links_lead_to_the_address_that_the_ingress_serves() -> None:
    ingress = documents(KUBERNETES / "server.yaml")[0]["ingress"]
    address = f"https://{ingress['host']['hostname']}"
    for file in WITH_LINKS:
        text = (KUBERNETES / file).read_text("utf-8")
        assert re.findall(r"name: PREFECT_UI_URL\n +value: (\S+)", text) == [address], file


def test_only_clients_of_ours_the_services_and_the_ingress_reach_the_api() -> None:
    (policy,) = [each for each in own("network.yaml") if each["metadata"]["name"] == "genesys-timeouts-to-api"]
    assert selects(policy["spec"]["podSelector"], OF_THE_API)
    (rule,) = policy["spec"]["ingress"]
    pods, services, ingress = rule["from"]
    assert selects(pods["podSelector"], OF_A_WORKER)
    assert not selects(pods["podSelector"], {"app.kubernetes.io/name": "another"})
    assert selects(services["podSelector"], OF_THE_API | {"app.kubernetes.io/component": "background-services"})
    assert not selects(services["podSelector"], OF_THE_API)
    assert set(ingress) == {"namespaceSelector"}


def test_nobody_reaches_a_worker_or_a_run() -> None:
    ingress = [each for each in own("network.yaml") if selects(each["spec"]["podSelector"], OF_A_WORKER)]
    assert any("Ingress" in each["spec"]["policyTypes"] for each in ingress)
    assert not [each for each in ingress if each["spec"].get("ingress")]


def test_what_registers_reaches_the_api_and_asks_for_names_and_nothing_else() -> None:
    (job,) = own("register.yaml")
    assert may_reach(own("network.yaml"), pod_template(job)["metadata"]["labels"]) == {53, 4200}


def test_a_cloud_s_credentials_are_out_of_reach() -> None:
    blocks = [
        target["ipBlock"]
        for each in own("network.yaml")
        for rule in each["spec"].get("egress", [])
        for target in rule.get("to", [])
        if "ipBlock" in target
    ]
    assert [each["cidr"] for each in blocks] == ["0.0.0.0/0"]
    assert "169.254.0.0/16" in blocks[0]["except"]
