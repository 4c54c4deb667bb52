"""Prefect's charts with our values: skipped where they are not at hand (rendering.py says how they come to be)."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.deployments.files import KUBERNETES, documents
from tests.deployments.kubernetes.rendering import (
    ADDRESSES,
    JOBS,
    RELEASES,
    SECRET,
    SERVER,
    WORKER,
    Release,
    all_rendered,
    charts,
    containers,
    may_reach,
    own,
    pod_template,
    rendered,
    validate,
)

NAMES, API, PLATFORM, DATA = {53}, {4200}, {443}, {5432, 6379}


@pytest.mark.parametrize("release", RELEASES, ids=lambda each: each.values)
def test_every_object_is_valid_by_the_schema_of_kubernetes(release: Release) -> None:
    found = rendered(release)
    for manifest in found:
        validate(manifest)
    assert len(found) >= 2


@pytest.mark.parametrize("release", RELEASES, ids=lambda each: each.values)
def test_the_chart_knows_every_value_that_we_give_it(release: Release) -> None:
    known = YAML(typ="safe").load((charts() / release.chart / "values.yaml").read_text("utf-8"))
    assert list(unknown(documents(KUBERNETES / release.values)[0], known)) == []


def test_the_ingress_serves_the_ui_over_tls() -> None:
    (ingress,) = [each for each in rendered(SERVER) if each["kind"] == "Ingress"]
    hosts = [rule["host"] for rule in ingress["spec"]["rules"]]
    assert ingress["spec"]["tls"] == [{"hosts": hosts, "secretName": "genesys-timeouts-tls"}]


def test_only_a_worker_that_starts_jobs_has_a_token_of_the_cluster() -> None:
    accounts = [*own("accounts.yaml"), *(each for _, each in all_rendered() if each["kind"] == "ServiceAccount")]
    without = {each["metadata"]["name"] for each in accounts if each.get("automountServiceAccountToken") is False}
    with_token = {
        (file, each["metadata"]["name"])
        for file, each in all_rendered()
        if (template := pod_template(each))
        and template["spec"].get("automountServiceAccountToken") is not False
        and template["spec"]["serviceAccountName"] not in without
    }
    assert with_token == {(JOBS.values, "genesys-timeouts-worker")}


def test_what_a_worker_that_starts_jobs_may_do_in_the_cluster_is_no_more_than_that() -> None:
    roles = [each for _, each in all_rendered() if each["kind"].endswith("Role")]
    assert [each["kind"] for each in roles] == ["Role"]
    allowed = {resource: set(rule["verbs"]) for rule in roles[0]["rules"] for resource in rule["resources"]}
    assert set(allowed) == {"events", "pods", "pods/log", "pods/status", "jobs"}
    assert all(verbs <= {"get", "list", "watch"} for resource, verbs in allowed.items() if resource != "jobs")


def test_every_container_asks_for_processor_and_memory_and_has_limits() -> None:
    for file, manifest in all_rendered():
        for container in containers(pod_template(manifest)) if pod_template(manifest) else ():
            for kind in ("requests", "limits"):
                assert set(container["resources"][kind]) == {"cpu", "memory"}, (file, container["name"])


def test_every_secret_is_handed_on_by_reference_and_nothing_is_set_twice() -> None:
    for file, manifest in all_rendered():
        for container in containers(pod_template(manifest)) if pod_template(manifest) else ():
            variables = container.get("env", [])
            names = [each["name"] for each in variables]
            assert len(names) == len(set(names)), (file, container["name"])
            open_ones = {each["name"] for each in variables if SECRET.search(each["name"]) and "valueFrom" not in each}
            assert open_ones <= ADDRESSES, (file, container["name"])


def test_each_reaches_what_it_works_with_and_nothing_else() -> None:
    policies = own("network.yaml")
    reached = {
        each["metadata"]["name"]: may_reach(policies, pod_template(each)["metadata"]["labels"])
        for each in [*rendered(SERVER), *rendered(WORKER), *own("register.yaml")]
        if pod_template(each)
    }
    assert reached == {
        "prefect-server": NAMES | DATA,
        "prefect-server-background-services": NAMES | DATA | API | PLATFORM,
        "prefect-server-db-migrations": NAMES | DATA,
        "genesys-timeouts-worker": NAMES | API | PLATFORM,
        "genesys-timeouts-register": NAMES | API,
    }


def test_the_probe_is_of_a_container_that_is_there_and_leaves_it_valid() -> None:
    (patch,) = own("services-probe.yaml")
    (probed,) = patch["spec"]["template"]["spec"]["containers"]
    (services,) = [each for each in rendered(SERVER) if each["metadata"]["name"].endswith("-background-services")
                   and each["kind"] == "Deployment"]  # fmt: skip
    (container,) = pod_template(services)["spec"]["containers"]
    assert (container["name"], "livenessProbe" in container) == (probed["name"], False)
    container.update(probed)
    validate(services)


def unknown(given: Any, known: Any, at: str = "") -> Any:
    """Yield what is given that the chart's own values do not have; what Kubernetes defines, its schema has checked."""
    if at.endswith(("SecurityContext", ".resources", ".affinity", ".lifecycle")):
        return
    if not isinstance(given, dict) or not isinstance(known, dict) or not known:
        return
    for name, value in given.items():
        if name not in known:
            yield f"{at}.{name}"
        else:
            yield from unknown(value, known[name], f"{at}.{name}")
