"""What a registration leaves on a real server that was registered at before."""

import subprocess
import sys

import pytest

from tests.deployments.served import ROOT, Json, Served

pytestmark = pytest.mark.timeout(600)


def test_limits_that_an_older_registration_has_set_are_gone_from_all_that_writes(on_postgres: Served) -> None:
    """A lease that is lost would end a run in the middle of a publish."""
    before: list[Json] = on_postgres.post("/deployments/filter", {})
    for each in before:
        if not each["name"].startswith("audit"):
            on_postgres.api.patch(f"/deployments/{each['id']}", json={"concurrency_limit": 8}).raise_for_status()

    done = subprocess.run(
        [sys.executable, "-m", "cli", "register"],
        cwd=ROOT, env=on_postgres.environment, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    limited = [each["name"] for each in on_postgres.post("/deployments/filter", {}) if has_limit(each)]
    assert len(before) == 9
    assert sorted(limited) == ["audit", "audit-nightly"]


def has_limit(deployment: Json) -> bool:
    return deployment["concurrency_limit"] is not None or deployment["global_concurrency_limit"] is not None
