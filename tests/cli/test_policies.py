"""`policy check` and `policy init`: what a person sees of them, and that neither needs more than it says."""

from pathlib import Path
from typing import Any

import pytest

from reports.report import Report
from tests.cli.scenes import Said, assert_wrong_usage, command
from tests.cli.test_wrong_usage import assert_light
from tests.reports.made import made
from tests.timeouts.org_of_actions import INVENTORY
from timeouts.policy.policy import MOST_RULES
from timeouts.policy.policy_file import read_policy_file

GOOD = "rules:\n  - {name: a, match: {action: 'CRM*'}, leave: true}\n  - {name: b, at_least: 10s}\n"
WRONG = """\
rules:
  - name: a
    match: {actoin: "CRM*"}
    at_least: 10
levers: step
window: {opens: "22:00", closes: "05:00", time_zone: Europe/Berln}
"""


def audit(*, complete: bool, **changed: Any) -> Report:
    report = made(INVENTORY)
    coverage = report.coverage.model_copy(update={"complete": complete, "problems": ()})
    return report.model_copy(update={"coverage": coverage, "notes": (), **changed})


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "wrong.yaml").write_text(WRONG)
    many = "".join(f"  - {{name: r{number}, at_least: 10}}\n" for number in range(MOST_RULES + 1))
    (tmp_path / "many.yaml").write_text(f"rules:\n{many}")
    (tmp_path / "audit.json").write_bytes(audit(complete=True).to_json())
    return tmp_path


@pytest.mark.usefixtures("written")
def test_a_policy_that_can_be_used_is_one_line() -> None:
    assert command("policy", "check", "good.yaml") == Said(
        0, "good.yaml: can be used: 2 rules (1 to leave steps alone), levers step\n", ""
    )


@pytest.mark.usefixtures("written")
def test_all_problems_of_all_files_are_told_with_their_lines() -> None:
    said = command("policy", "check", "wrong.yaml", "good.yaml", "nowhere.yaml")

    assert (said.code, said.out.partition(":")[0]) == (2, "good.yaml")
    assert [line.partition(": ")[0] for line in said.problems.splitlines()] == [
        *("wrong.yaml:3", "wrong.yaml:4", "wrong.yaml:5", "wrong.yaml:6", "nowhere.yaml")
    ]
    assert "did you mean action?" in said.problems
    assert "did you mean Europe/Berlin" in said.problems


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("arguments", [("policy", "check"), ("raise", "--org", "demo", "--policy")])
def test_too_many_rules_are_one_sentence_before_anything_is_started(arguments: tuple[str, ...]) -> None:
    said = command(*arguments, "many.yaml")

    assert (said.code, said.out, len(said.problems.splitlines())) == (2, "", 1)
    assert "there are 2,001 rules, and a policy has 2,000 at most" in said.problems


@pytest.mark.usefixtures("written")
def test_a_policy_is_checked_without_prefect_and_without_the_gateway() -> None:
    assert_light("policy", "check", "good.yaml", code=0, heavy=("prefect", "pandas", "genesys", "matplotlib"))
    assert_light("policy", "--help", code=0)


def test_a_policy_is_drafted_from_an_audit_and_can_be_used(written: Path) -> None:
    drafted = command("policy", "init", "--from", "audit.json", "--output", "policy.yaml")

    assert (drafted.code, drafted.out, drafted.problems) == (0, "The policy: policy.yaml\n", "")
    assert read_policy_file(written / "policy.yaml").rules[-1].at_least == 10_000
    assert sorted(path.name for path in written.iterdir()) == [
        *("audit.json", "good.yaml", "many.yaml", "policy.yaml", "wrong.yaml")
    ]
    printed = command("policy", "init", "--from", "audit.json")
    assert printed.out == (written / "policy.yaml").read_text("utf-8")


def test_no_file_is_written_over_unless_that_is_wanted(written: Path) -> None:
    refused = command("policy", "init", "--from", "audit.json", "--output", "good.yaml")

    assert (refused.code, (written / "good.yaml").read_text()) == (2, GOOD)
    assert "--output good.yaml: there is a file already: name another one, or add --force" in refused.problems
    assert command("policy", "init", "--from", "audit.json", "--output", "good.yaml", "--force").code == 0
    assert read_policy_file(written / "good.yaml").rules[-1].name == "what is short waits at least 10s"


def test_a_draft_of_an_audit_that_saw_not_everything_says_so(written: Path) -> None:
    (written / "part.json").write_bytes(audit(complete=False, notes=("No functions.",)).to_json())

    said = command("policy", "init", "--from", "part.json")

    assert said.code == 3
    assert "# Incomplete: No functions." in said.out
    assert said.problems == "Incomplete: No functions.\n"


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("told", "arguments"),
    [
        ("it is no run that this version can read: give the file that", ("--from", "good.yaml")),
        ("leave --org or --from out", ("--from", "audit.json", "--org", "demo")),
        ("it cannot be written there", ("--from", "audit.json", "--output", "no/such/folder.yaml")),
        ("set GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET", ()),
    ],
)
def test_what_cannot_be_drafted_says_what_to_type_instead(told: str, arguments: tuple[str, ...]) -> None:
    assert_wrong_usage(told, "policy", "init", *arguments)
