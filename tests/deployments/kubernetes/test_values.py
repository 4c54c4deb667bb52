"""What the values and manifests for Kubernetes say: secrets, rights, volumes."""

import re

from deployments.environments import CLIENT_IN_OUTAGES, SERVER_IN_OUTAGES
from flows.approval import approvers
from tests.deployments.containers.reading import DOCS, SECRET, services, variables
from tests.deployments.files import KUBERNETES, ROOT, documents


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


def test_the_server_and_its_clients_are_set_for_outages() -> None:
    for file, wanted in (("server", SERVER_IN_OUTAGES), ("worker", CLIENT_IN_OUTAGES), ("register", CLIENT_IN_OUTAGES)):
        found = {each["name"]: each.get("value") for each in variables(documents(KUBERNETES / f"{file}.yaml"))}
        assert wanted.items() <= found.items(), file


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
