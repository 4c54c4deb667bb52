"""Commands with `--files`: no org and no credentials, a patch to be reviewed, and next steps that can be typed."""

import json
import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import running_command
from tests.cli.scenes import Said, assert_wrong_usage, command
from tests.environment import WRITER, wait_for
from tests.files.conftest import contents, write_files
from tests.files.samples import (
    ArchyStep,
    SampleAction,
    SampleRepository,
    SampleStep,
    archy_yaml,
    configuration_json,
    terraform_actions,
    write_repository,
)
from tests.prefect_servers import make_prefect_home

BOTH = ("raise", "--to", "10s", "--levers", "step,action")
FIVE_S = "lit:\n  seconds: 5"
RUN = re.compile(r"Prefect run: (\S+) ")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SampleRepository:
    """A team's folder in the working directory, and a state folder of one's own."""
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return write_repository(Path("shop"))


def excluded_and_raised(*patterns: str) -> list[str]:
    """Raise all but what these patterns leave out; returns the files that were written, sorted."""
    before = contents(Path())
    said = command(*BOTH, "--files", ".", *(f"--exclude={each}" for each in patterns), "--apply", "--waive", "share")
    assert said.code == 0, said.all
    after = contents(Path())
    return sorted(name for name in before if before[name] != after[name])


def run_of(said: Said) -> str:
    found = RUN.search(said.out)
    assert found, said.all
    return found[1]


def next_command(said: Said, beginning: str) -> list[str]:
    line = next(each for each in said.out.splitlines() if each.strip().startswith(f"genesys-timeouts {beginning}"))
    return shlex.split(line)[1:]


@pytest.mark.usefixtures("prefect")
def test_an_audit_of_files_needs_no_credentials_and_names_what_is_not_understood(shop: SampleRepository) -> None:
    said = command("audit", "--files", "shop")

    assert said.code == 3
    assert "6 Architect flows: 5 read, 1 unreadable, 0 not read" in said.out
    assert f"unreadable  {shop.unreadable[0]}" in said.out
    assert next_command(said, "raise") == ["raise", "--to", "10s", "--files", "shop"]
    assert "doctor" not in said.out
    assert "Requests" not in said.out


@pytest.mark.usefixtures("prefect")
@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("Credit/Debit check", ["flows/Orders.yaml"]),  # a name with a slash
        ("flows/Orders.yaml", ["flows/Pay.yaml"]),
        ("Orders.yaml", ["flows/Pay.yaml"]),
        ("flows/P*", ["flows/Orders.yaml"]),
        ("Pay*", ["flows/Orders.yaml"]),
        ("Look*", ["flows/Pay.yaml"]),  # no file is called so, an action is
    ],
)
def test_what_raise_is_to_leave_alone_is_a_file_or_a_name_by_what_there_is(
    pattern: str, written: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path / "state"))
    folder = tmp_path / "repository"
    files = {"flows/Pay.yaml": "Credit/Debit check", "flows/Orders.yaml": "Look up"}
    steps = {path: ArchyStep(action=called, timeout=FIVE_S) for path, called in files.items()}
    write_files(folder, {path: archy_yaml([step]) for path, step in steps.items()})
    monkeypatch.chdir(folder)

    assert excluded_and_raised(pattern) == written


@pytest.mark.usefixtures("prefect", "shop")
def test_what_is_excluded_is_not_read() -> None:
    said = command("audit", "--files", "shop", "--exclude", "Torn*", "--include", "*.i3*", "--json", "-")

    report = json.loads(said.out)
    assert (said.code, report["coverage"]["listed"], report["actions"]) == (0, 1, [])


@pytest.mark.usefixtures("prefect")
def test_a_patch_changes_nothing_and_git_makes_of_it_what_an_apply_writes(shop: SampleRepository) -> None:
    before = contents(shop.folder)
    patched = command(*BOTH, "--files", "shop", "--exclude", "*.i3*", "--patch", "raise.patch")
    assert (patched.code, contents(shop.folder)) == (0, before)

    subprocess.run(["git", "apply", "-p1", "../raise.patch"], cwd=shop.folder, check=True)
    of_git = contents(shop.folder)
    for path, content in before.items():
        (shop.folder / path).write_bytes(content)
    applied = command(*next_command(patched, "apply"))

    assert applied.code == 0, applied.all
    assert contents(shop.folder) == of_git != before


@pytest.mark.usefixtures("prefect")
def test_what_a_raise_writes_is_put_back_by_the_command_that_it_offers(shop: SampleRepository) -> None:
    before = contents(shop.folder)
    done = command(*BOTH, "--files", "shop", "--exclude", "*.i3*", "--exclude", "Queue", "--apply")
    assert done.code == 0, done.all
    assert contents(shop.folder) != before

    back = command(*next_command(done, "roll-back"), "--apply")

    assert back.code == 0, back.all
    assert contents(shop.folder) == before
    assert "effect" not in done.out


@pytest.mark.usefixtures("prefect", "shop")
def test_a_patch_can_be_printed_alone() -> None:
    said = command("raise", "--to", "10s", "--files", "shop", "--exclude", "*.i3*", "--patch", "-")

    assert said.out.startswith("diff --git a/flows/Survey.json b/flows/Survey.json\n")


@pytest.mark.usefixtures("prefect")
def test_a_patch_that_is_printed_is_told_with_the_limits_that_are_not_known(shop: SampleRepository) -> None:
    computed = terraform_actions([SampleAction("look", '"Look"', timeout="var.limit")])
    (shop.folder / "dev.tf").write_bytes(computed)

    said = command("raise", "--to", "10s", "--files", "shop", "--exclude", "*.i3*", "--patch", "-")

    assert said.out.startswith("diff --git ")
    assert "The limit of dev.tf#look counts as unknown and is never changed" in " ".join(said.problems.split())


@pytest.mark.usefixtures("prefect", "shop")
@pytest.mark.parametrize("credentials", [{}, WRITER], ids=["no org in reach", "an org in reach"])
def test_without_its_folders_a_run_says_which_to_name(credentials: dict[str, str]) -> None:
    done = run_of(command(*BOTH, "--files", "shop", "--exclude", "*.i3*", "--apply"))

    said = command("roll-back", done, environment=credentials)

    assert said.code == 2
    assert "is of files, those of shop: add --files shop --exclude '*.i3*'" in said.problems


@pytest.mark.usefixtures("prefect", "shop")
def test_what_is_kept_of_a_run_is_shown_with_its_folders() -> None:
    planned = command(*BOTH, "--files", "shop", "--exclude", "*.i3*")
    checksum = next_command(planned, "apply")[1]

    for shown in (command("show", run_of(planned)), command("plan", checksum)):
        assert next_command(shown, "apply") == ["apply", checksum, "--files", "shop", "--exclude", "*.i3*"]


@pytest.mark.usefixtures("prefect", "shop")
def test_a_step_in_a_file_is_explained_without_an_org() -> None:
    said = command("explain", "Save survey", "--to", "10s", "--files", "shop", "--exclude", "*.i3*")

    told = " ".join(said.out.split())
    assert said.code == 0, said.all
    assert "2s: the step says so itself (literal 2s). The limit of its action Save survey: none." in told
    assert "The step, to 10s: callers would wait 10s." in told


@pytest.mark.usefixtures("prefect", "shop")
def test_a_step_whose_action_no_file_holds_is_explained_as_that() -> None:
    chosen = ("--exclude", "*.i3*", "--exclude", "actions")

    said = command("explain", "Look up the customer", "--files", "shop", *chosen)

    assert said.code == 0, said.all
    assert "unknown: it calls Look up customer, which is not listed, so its limit is not known." in " ".join(
        said.out.split()
    )


@pytest.mark.usefixtures("prefect", "shop")
def test_files_are_explained_by_no_figures() -> None:
    Path("policy.yaml").write_text("rules:\n  - {name: by figures, at_least: evidence}\n")

    said = command("explain", "Save survey", "--policy", "policy.yaml", "--files", "shop")

    assert said.code == 2
    assert "files hold no figures of calls" in said.problems


@pytest.mark.usefixtures("prefect", "shop")
def test_a_policy_is_drafted_from_files_and_asks_for_nothing_that_they_do_not_hold() -> None:
    said = command("policy", "init", "--files", "shop", "--exclude", "Torn*", "--output", "policy.yaml")

    drafted = Path("policy.yaml").read_text("utf-8")
    assert (said.code, said.problems) == (0, ""), said.all
    assert "genesys-timeouts raise --policy policy.yaml --files shop --exclude '**/Torn*'\n" in drafted
    assert "evidence" not in drafted
    assert command("policy", "check", "policy.yaml").code == 0


@pytest.mark.usefixtures("prefect", "shop")
def test_a_draft_from_files_that_are_not_all_understood_says_so() -> None:
    said = command("policy", "init", "--files", "shop")

    assert said.code == 3
    assert "# Incomplete: 1 of 6 Architect flows" in said.out


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("told", "arguments"),
    [
        ("name one of the two", ("apply", "sha256:0", "--files", "shop", "--org", "demo")),
        ("files hold no figures of calls", ("audit", "--files", "shop", "--evidence", "14d")),
        ("name the folder with --files DIR", ("audit", "--org", "demo", "--include", "*.yaml")),
        ("--patch is a diff of files", ("raise", "--to", "10s", "--org", "demo", "--patch", "raise.patch")),
        ("leave one of the two out", (*BOTH, "--files", "shop", "--patch", "raise.patch", "--apply")),
        ("does not exist", ("audit", "--files", "shed")),
        ("it is empty: name a folder", (*BOTH, "--files", "", "--apply")),
        ("is no folder", ("audit", "--files", "shop/flows/Survey.json")),
        ("name one of the two", ("explain", "Save survey", "--files", "shop", "--org", "demo")),
        ("name one of the two", ("policy", "init", "--files", "shop", "--org", "demo")),
        ("leave --files or --from out", ("policy", "init", "--files", "shop", "--from", "shop/flows/Survey.json")),
    ],
)
def test_options_that_do_not_go_together_are_refused_before_anything_starts(
    told: str, arguments: tuple[str, ...]
) -> None:
    assert_wrong_usage(told, *arguments)


@pytest.mark.usefixtures("server")
def test_in_a_terminal_a_raise_asks_before_it_writes(home: Path, tmp_path: Path) -> None:
    shop = write_repository(tmp_path / "shop")
    before = contents(shop.folder)
    asked = (*BOTH, "--files", str(shop.folder), "--exclude", "*.i3*", "--apply")

    with running_command(*asked, home=home, url="", in_a_terminal=True) as started:
        wait_for(lambda: "Write them? [y/N]" in started.said)
        started.type("n\n")
        started.end()

        assert "Not written. The plan is kept." in started.said
    assert contents(shop.folder) == before


def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_takes_up_the_rest(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    folder.mkdir()
    short = SampleStep(timeout_ms=2_000, suggested=False)
    for number in range(24):
        (folder / f"{number:02}.json").write_bytes(configuration_json([short], name=f"Line {number:02}", pretty=True))
    before = contents(folder)
    wanted = {path: body.replace(b"P0D0H0M2S0F", b"P0D0H0M10S0F") for path, body in before.items()}
    command_line = ("raise", "--to", "10s", "--waive", "share", "--files", str(folder), "--apply", "--yes")

    with running_command(*command_line, home=home, url="") as killed:
        wait_for(lambda: sum((folder / path).read_bytes() == wanted[path] for path in wanted) >= 2)
        os.kill(killed.left()[0], signal.SIGKILL)
        killed.end()
    left = contents(folder)
    assert all(left[path] in {before[path], wanted[path]} for path in before)
    assert left != wanted

    other = tmp_path / "other"  # on whose server nobody waits for the dead run's place to be free again
    make_prefect_home(other / "prefect")
    with running_command(*command_line, home=other, url="") as again:
        again.end()
        assert again.process.returncode == 0, again.said

    assert contents(folder) == wanted
