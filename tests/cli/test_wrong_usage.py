"""Wrong usage ends with exit code 2 and a sentence on standard error, before anything is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.exits import UsageError
from cli.running.raise_options import RaiseOptions
from tests.cli.scenes import assert_wrong_usage

HEAVY = ("prefect", "pandas", "PureCloudPlatformClientV2", "matplotlib", "jinja2")
NOT_FOR_HELP = (*HEAVY, "urllib3", "genesys", "publishing", "tasks")
RULES = "rules:\n  - name: all\n    at_least: 10s\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(RULES)
    return path


@pytest.mark.parametrize(
    ("told", "arguments"),
    [
        ("say what to raise: --to 10s, or --policy FILE", ()),
        ("say what to raise", ("--action", "CRM*")),
        ("'soon' is not a duration", ("--to", "soon")),
        ("10 has no unit: write 10s", ("--to", "10")),
        ("over the ceiling of 30s", ("--to", "31s")),
        ("no action waits longer than 60s", ("--to", "2m")),
        ("asks for 0s", ("--to", "0s")),
        ("--action is empty", ("--to", "10s", "--action", "")),
        ("--exclude is empty", ("--to", "10s", "--exclude", " ")),
        (
            "--action CRM lookup says nothing beside --action CRM*: leave one out",
            ("--to", "10s", "--action", "CRM*", "--action", "CRM lookup"),
        ),
        ("--exclude X says nothing beside --exclude x", ("--to", "10s", "--exclude", "X", "--exclude", "x")),
        ("--exclude has 501 characters, a pattern has 500 at most", ("--to", "10s", "--exclude", "x" * 501)),
        (
            "--architect-flow has bytes that are no UTF-8: type the name anew, or ? for each letter that is not ASCII",
            ("--to", "10s", "--architect-flow", "Gr\udcfcn*"),
        ),
        ("--org was given twice", ("--to", "10s", "--org", "")),
        ("does not exist", ("--policy", "no-such-file.yaml")),
        ("No such option", ("--too", "10s")),
        ("/nowhere/run.json: it cannot be written there", ("--to", "10s", "--json", "/nowhere/run.json")),
        ("/nowhere/run.html: it cannot be written there", ("--to", "10s", "--html", "/nowhere/run.html")),
        ("there is no lever flow: name step, action or step,action", ("--to", "10s", "--levers", "step,flow")),
        ("--evidence: '14' is not a period: write whole days", ("--to", "10s", "--evidence", "14")),
        ("--evidence: '91d' is not a period", ("--to", "10s", "--evidence", "91d")),
    ],
)
def test_raise_says_what_to_type_instead(told: str, arguments: tuple[str, ...]) -> None:
    assert_wrong_usage(told, "raise", "--org", "demo", *arguments)


@pytest.mark.parametrize(
    ("instead", "arguments"),
    [
        ("to raise only some, name them: --architect-flow, --action", ("raise", "--to", "10s", "--apply")),
        ("plan those alone: raise --architect-flow, --action", ("apply", "sha256:0")),
        ("a roll back puts back all that its run changed", ("roll-back", "upbeat-cuckoo", "--apply", "--yes")),
    ],
)
def test_nobody_publishes_everything_while_only_some_steps_are_listed(instead: str, arguments: tuple[str, ...]) -> None:
    told = "--where chooses what is listed, not what is published: leave it out"

    assert_wrong_usage(told, *arguments, "--where", "architect-flow=VIP*", "--org", "demo")
    assert_wrong_usage(instead, *arguments, "--where", "architect-flow=VIP*", "--org", "demo")


@pytest.mark.parametrize(
    "arguments", [("ui", "--port"), ("serve", "--port"), ("serve", "--org-port"), ("metrics", "--port")]
)
def test_no_port_is_above_65535(arguments: tuple[str, ...]) -> None:
    assert_wrong_usage("Input should be less than or equal to 65535", *arguments, "65536")


@pytest.mark.parametrize(
    ("given", "told"), [("30", "30 has no unit: write 30s"), ("0s", "no answer comes within 0s: write 30s")]
)
def test_a_read_timeout_that_is_no_duration_is_refused_before_a_run_begins(
    monkeypatch: pytest.MonkeyPatch, given: str, told: str
) -> None:
    monkeypatch.setenv("GENESYS_READ_TIMEOUT", given)

    assert_wrong_usage(f"GENESYS_READ_TIMEOUT: {told}", "audit", "--org", "demo")


@pytest.mark.parametrize(
    ("told", "arguments"),
    [
        ("No such option before the command: --org. It stands behind it: audit --org ...", ("--org", "demo", "audit")),
        ("No such option before the command: --org. It stands behind it: audit --org ...", ("--org=demo", "audit")),
        ("No such option: --org", ("--org", "demo")),
        ("What to raise to is an option: raise --to 10s", ("raise", "10s", "--org", "demo")),
        ("Got unexpected extra argument(s) (soon)", ("raise", "soon")),
    ],
)
def test_what_stands_in_the_wrong_place_is_told_with_its_own(told: str, arguments: tuple[str, ...]) -> None:
    assert_wrong_usage(told, *arguments)


def test_filters_that_are_given_several_times_all_count() -> None:
    options = RaiseOptions(to="10s", action=("CRM*", "Payment*"), exclude=("Main line", "Night*"))

    assert [rule.name for rule in options.policy().rules] == [
        *("excluded: Main line", "excluded: Night*", "at least 10s, CRM*", "at least 10s, Payment*")
    ]


def test_more_filters_than_a_policy_has_rules_are_refused_in_one_sentence() -> None:
    names = tuple(f"name {number}" for number in range(45))

    with pytest.raises(UsageError, match="these filters make 2,025 rules, of each --action with each --architect-flow"):
        RaiseOptions(to="10s", action=names, architect_flow=names).policy()


@pytest.mark.parametrize(("told", "grace"), [("'soon' is not a duration", "soon"), ("9s is too short", "9s")])
def test_a_grace_in_which_a_living_run_may_not_move_is_refused(told: str, grace: str) -> None:
    assert_wrong_usage(told, "locks", "--release", "--grace", grace)


@pytest.mark.parametrize("option", ["--to", "--action", "--architect-flow", "--exclude", "--levers"])
def test_a_policy_file_says_everything_by_itself(policy: Path, option: str) -> None:
    assert_wrong_usage("--policy says everything", "raise", "--policy", str(policy), option, "10s")


@pytest.mark.parametrize("subcommand", ["audit", "raise"])
def test_a_policy_with_an_unknown_key_names_file_and_line(policy: Path, subcommand: str) -> None:
    policy.write_text(RULES + "    at_last: 10s\n")

    assert_wrong_usage(f"{policy}:4: ", subcommand, "--org", "demo", "--policy", str(policy))


@pytest.mark.parametrize("arguments", [("audit",), ("raise", "--to", "10s")])
def test_without_any_credentials_it_says_what_to_export_and_how_to_try_it(arguments: tuple[str, ...]) -> None:
    assert_wrong_usage("set GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET", *arguments)
    assert_wrong_usage("--org demo", *arguments)


def test_one_missing_credential_is_named_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENESYS_CLIENT_ID", "somebody")

    assert_wrong_usage("set GENESYS_CLIENT_SECRET.", "audit")


def test_a_region_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENESYS_CLIENT_ID", "somebody")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "something")
    monkeypatch.setenv("GENESYS_REGION", "middle-earth")

    assert_wrong_usage("middle-earth", "audit")


@pytest.mark.parametrize("arguments", [(), ("audit",), ("raise",), ("set",)])
def test_help_is_there_at_once_since_it_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert_light(*arguments, "--help", code=0, heavy=NOT_FOR_HELP)


def test_wrong_usage_is_told_without_a_prefect_server() -> None:
    assert_light("raise", "--to", "31s", code=2)
    assert_light("audit", code=2)


def assert_light(*arguments: str, code: int, heavy: tuple[str, ...] = HEAVY) -> None:
    """Run it in a fresh interpreter and look at what it has imported in the end."""
    program = (
        "import sys\nfrom cli.app import app\n"
        "try:\n    app()\n"
        "except SystemExit as left:\n"
        f"    print('heavy:', sorted(set(sys.modules) & set({heavy!r})), left.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.rstrip().endswith(f"heavy: [] {code}"), done.stdout + done.stderr


def test_an_empty_org_is_told() -> None:
    assert_wrong_usage("--org is empty", "raise", "--to", "10s", "--org", "")
