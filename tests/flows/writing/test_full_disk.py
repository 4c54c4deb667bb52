"""A disk that is full, a storage that goes away: told in a sentence, and no outcome is lost."""

import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL

from simulator.server import Running
from tasks.storage import default_storage
from tests.contents import ours
from tests.environment import COMMAND, environment, wait_for
from tests.flows.writing.ending.test_interruptions import PUBLISH, requests
from tests.publishing.scenes import FLOW, configuration, flow_ids, org_seed
from tests.warm import warm_python

LIMITED = (
    "import resource, sys; sys.dont_write_bytecode = True; "  # one that is cut short ends every later process
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0})); "
)
"""Whatever the user: no file may become larger, as on a disk that is full."""


@pytest.fixture
def three(small_org: Running) -> Running:
    """An org of three Architect flows."""
    small_org.org.reseed(org_seed(3))
    return small_org


def run(
    org: Running,
    results: Path,
    *arguments: str,
    most_bytes: int | None = None,
    python: str | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own that keeps its results in `results`; it starts warm without a `python`."""
    limit = "" if most_bytes is None else LIMITED.format(most_bytes)
    given = environment(
        org.url,
        HOME=str(results.parent),
        COLUMNS="160",
        PREFECT_API_URL=str(PREFECT_API_URL.value()),
        PREFECT_RESULTS_LOCAL_STORAGE_PATH=str(results),
    )
    beside = threading.Thread(target=meanwhile or (lambda: None))
    beside.start()
    done = subprocess.run(
        [python or warm_python(), "-c", limit + COMMAND[-1], *arguments],
        env=given,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    beside.join()
    return done


def test_who_applies_with_a_full_disk_publishes_nothing_and_is_told_so(three: Running, tmp_path: Path) -> None:
    done = run(three, tmp_path / "results", "raise", "--to", "10s", "--apply", most_bytes=2_000)

    assert done.returncode == 1
    assert "nothing was changed: what was there before has to be stored first, and could not be" in done.stdout
    assert "Prefect run: " in done.stdout
    assert requests(three, PUBLISH) == []
    assert three.org.configuration(FLOW) == configuration()
    assert not list((tmp_path / "results").glob("*-before"))


def test_a_storage_that_goes_away_in_the_middle_costs_no_outcome_and_starts_nothing_more(
    three: Running, tmp_path: Path
) -> None:
    """The first outcome that could not be stored ended the run, and none was told."""
    results = tmp_path / "results"

    def take_it_away() -> None:
        wait_for(lambda: requests(three, PUBLISH))
        results.rename(tmp_path / "taken")
        results.write_text("a file where a folder was")

    done = run(three, results, "raise", "--to", "10s", "--apply", meanwhile=take_it_away)

    assert done.returncode == 1, done.stderr
    assert "Outcomes: 1 published, 1 skipped, 1 failed" in done.stdout
    assert "not started: what was there before could not be recorded" in done.stdout
    assert "Prefect run: " in done.stdout
    assert len(requests(three, PUBLISH)) == 1
    assert ours(three) == []
    assert len([each for each in flow_ids(3) if three.org.configuration(each) == configuration(10)]) == 1


def test_who_asks_for_json_on_a_full_disk_is_told_after_the_tables(three: Running, tmp_path: Path) -> None:
    """The command ended in a traceback."""
    done = run(three, tmp_path / "results", "audit", "--json", "/dev/full", python=sys.executable)

    assert done.returncode == 1
    assert "Prefect run: " in done.stdout
    assert "All of it as JSON could not be written to /dev/full" in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path("/dev/full").is_file()


def test_an_output_that_cannot_be_written_whole_leaves_what_was_there(three: Running, tmp_path: Path) -> None:
    """Half a document took the place of a whole one."""
    for name in ("run.json", "run.html"):
        (tmp_path / name).write_text("of the run before")
    asked = ("audit", "--json", str(tmp_path / "run.json"), "--html", str(tmp_path / "run.html"))

    done = run(three, tmp_path / "results", *asked, most_bytes=1_000)

    assert done.returncode == 1
    assert "3 Architect flows: 3 read" in done.stdout
    assert done.stderr.count("what was there is as it was") == 2
    assert {path.name: path.read_text() for path in tmp_path.glob("*run*")} == {
        "run.json": "of the run before",
        "run.html": "of the run before",
    }


def test_an_output_goes_where_a_link_points_and_to_what_is_no_file(three: Running, tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("of the run before")
    (tmp_path / "run.json").symlink_to("real.json")

    linked = run(three, tmp_path / "results", "audit", "--json", str(tmp_path / "run.json"))
    printed = run(three, tmp_path / "results", "audit", "--json", "/dev/stdout")

    assert (linked.returncode, printed.returncode) == (0, 0)
    assert (tmp_path / "run.json").is_symlink()
    assert (tmp_path / "real.json").read_text().startswith('{\n  "schema_version"')
    assert '{\n  "schema_version"' in printed.stdout


def test_a_file_in_storage_is_replaced_whole_or_not_at_all() -> None:
    storage = default_storage()
    storage.write("an-entry", b"the one before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            storage.write("an-entry", b"x" * 2_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert storage.read("an-entry") == b"the one before"
    assert [path.name for path in Path(storage.where("an-entry")).parent.iterdir()] == ["an-entry"]
