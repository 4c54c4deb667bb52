"""What every test stands on: homes of its own, so that neither the user's settings nor an earlier run's files count."""

import contextlib
import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

from tests.warm import warm_pythons

_HOME = tempfile.mkdtemp(prefix="genesys-timeouts-tests-")
os.environ["HOME"] = _HOME  # the SDK reads ~/.genesyscloudpython/config when it is imported
os.environ["PREFECT_HOME"] = os.path.join(_HOME, "prefect")  # noqa: PTH118 - before anything is imported
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each process that a test starts compiles all of ours again
# The recorder, the persister and the triggers of the test server cost more than all tests (docs/measured.md#tests).
for _service in ("TASK_RUN_RECORDER", "EVENT_PERSISTER", "TRIGGERS"):
    os.environ[f"PREFECT_SERVER_SERVICES_{_service}_ENABLED"] = "false"
for _name in ("CLIENT_ID", "CLIENT_SECRET", "REGION", "API_URL"):
    os.environ.pop(f"GENESYS_{_name}", None)
for _name in ("PREFECT_API_URL", "PREFECT_PROFILE", "TARGET_FLOW_ID", "TARGET_ACTION_NAME", "NEW_TIMEOUT_MS"):
    os.environ.pop(_name, None)

# A machine that is busy with other tests is slow; what is slow by itself, the benchmark shows.
hypothesis.settings.register_profile("all", deadline=None)
hypothesis.settings.load_profile("all")

_FILE_BY_FILE = ("deployments", "flows", "terminal")
"""Rooms whose fixtures start servers: the tests of a file stay in one process, which pays for them once."""

_MEASURED = ("genesys", "timeouts")
"""Rooms whose tests count for the coverage of what they mirror: to trace what the others call takes too long."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests stay together, and during which coverage is measured."""
    for item in items:
        file = item.path.relative_to(Path(__file__).parent)
        if file.parts[0] in _FILE_BY_FILE and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(file.as_posix()))
        if file.parts[0] not in _MEASURED:
            item.add_marker(pytest.mark.no_cover)


def pytest_configure(config: pytest.Config) -> None:
    """Share one fork server among the workers of a run."""
    warm = contextlib.ExitStack()
    warm.enter_context(warm_pythons())
    config.add_cleanup(warm.close)
