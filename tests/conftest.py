"""What every test stands on: homes of its own, so that neither the user's settings nor an earlier run's files count."""

import contextlib
import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from coverage import Coverage
from xdist.scheduler import LoadScopeScheduling

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
for _name in ("HOME", "STORAGE", "SEAL_KEYS_FILE"):
    os.environ.pop(f"GENESYS_TIMEOUTS_{_name}", None)
os.environ["GENESYS_TIMEOUTS_SEAL_KEYS"] = "5ea1" * 16  # one for all processes: they read what another one has kept
for _name in ("PREFECT_API_URL", "PREFECT_PROFILE", "TARGET_FLOW_ID", "TARGET_ACTION_NAME", "NEW_TIMEOUT_MS"):
    os.environ.pop(_name, None)

# A machine that is busy with other tests is slow; what is slow by itself, the benchmark shows.
hypothesis.settings.register_profile("all", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=20)  # make check
hypothesis.settings.load_profile("all")

_FILE_BY_FILE = ("cli", "deployments", "flows", "simulator")
"""Rooms whose fixtures start servers or make large orgs: the tests of a file stay in one process, which pays once."""

_SHARING = {
    "tests/deployments/test_drain.py": "on SQLite",
    "tests/deployments/browser/test_hostile_names_in_the_browser.py": "on SQLite",
    "tests/deployments/browser/test_in_the_browser.py": "on SQLite",
    "tests/deployments/browser/test_the_page_next_door.py": "on SQLite",
    "tests/deployments/test_many_runs_on_servers.py": "on Postgres",
    "tests/deployments/test_metrics_on_servers.py": "on Postgres",
    "tests/deployments/test_register.py": "on Postgres",
    "tests/deployments/test_the_job_on_servers.py": "on Postgres",
    "tests/text/test_doors.py": "all modules, read once",
    "tests/text/test_outlets.py": "reports with each hostile name, made once",
}
"""Files that share what tests/deployments/conftest.py serves stay in one process, as do those that make much once."""

_MEASURED = ("genesys", "timeouts")
"""Rooms whose tests count for the coverage of what they mirror: to trace what the others call takes too long."""


class ByServers(LoadScopeScheduling):  # type: ignore[misc] # xdist ships no types
    """Hands out test by test, but for those that share servers. xdist's own groups do nothing under pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return _SHARING.get(file, file if file.split("/")[1] in _FILE_BY_FILE else nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Say which tests stay together."""
    return ByServers(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure no coverage during the tests of other rooms, nor during their fixtures, as the marker no_cover would."""
    coverage = Coverage.current()
    if coverage is None or item.path.relative_to(Path(__file__).parent).parts[0] in _MEASURED:
        return (yield)
    coverage.stop()
    try:
        return (yield)
    finally:
        coverage.start()


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every later collection of garbage: it stays to the end."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Share one fork server among the workers of a run."""
    warm = contextlib.ExitStack()
    warm.enter_context(warm_pythons())
    config.add_cleanup(warm.close)
