"""An org beside the files that it is deployed from: what each says, what a deploy would undo, and the patch of that."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from files.folders import Folders
from flows.audit import audit
from flows.comparison.beside_files import patch_of
from flows.raise_timeouts import raise_timeouts
from genesys import ConfigurationProblem
from reports.report import Report, StepRecord
from simulator.demo.org import build_demo_org
from simulator.server import Running
from tests.files.samples import ArchyStep, action_export, archy_yaml, encode_i3
from tests.flows.conftest import org_of_a_module, report_of
from timeouts.as_code.as_code import DIFFERENT, ActionInFile, AsCode, StepInFile
from timeouts.model.settings import Expression, LiteralTimeout, Unreadable
from timeouts.policy.policy import Policy

BOTH_LEVERS = Policy.raise_to(12_000, levers=("step", "action"))
_ARCHY_TYPES = {"inboundcall": "inboundCall", "workflow": "workflow"}


@pytest.fixture(scope="module")
def _audited(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    kept = tmp_path_factory.mktemp("kept")
    with org_of_a_module(build_demo_org(), kept):
        return report_of(audit(return_state=True)), kept


@pytest.fixture
def checkout(demo: Running, _audited: tuple[Report, Path], results: Path, tmp_path: Path) -> Folders:
    """The demo org as a team keeps it: exports, configurations, YAML where that can say it all, and its actions.

    What an audit of it has kept, once for all tests, is there, too.
    """
    folder = tmp_path / "crm-flows"
    report, kept = _audited
    shutil.copytree(kept, results)
    for number, name in enumerate(sorted({step.architect_flow_id for step in report.steps})):
        steps = [step for step in report.steps if step.architect_flow_id == name]
        path, body = _file_of(demo, number, steps)
        if body:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(body)
    for number, action in enumerate(report.actions):
        seconds = None if action.limit_ms is None else action.limit_ms // 1_000
        exported = action_export(action.name, timeout_seconds=seconds, category=action.category)
        (folder / f"{number}.custom.json").write_bytes(exported)
    return Folders(paths=(str(folder),))


def _file_of(demo: Running, number: int, steps: list[StepRecord]) -> tuple[str, bytes]:
    """An Architect flow as YAML, as an export or as its configuration; nothing for what only `flowData` holds."""
    first = steps[0]
    if (
        number % 3 == 0
        and first.type.casefold() in _ARCHY_TYPES
        and not any(isinstance(each.setting, Unreadable) for each in steps)
    ):
        named = [_in_yaml(step) for step in steps]
        return f"{number}.yaml", archy_yaml(
            named, name=json.dumps(first.architect_flow), kind=_ARCHY_TYPES[first.type.casefold()]
        )
    document = demo.org.configuration(first.architect_flow_id)
    if b'"flowSequenceItemList"' not in document:
        return "", b""
    return (f"{number}.i3Flow", encode_i3(document)) if number % 2 else (f"json/{number}.json", document)


def _in_yaml(step: StepRecord) -> ArchyStep:
    written = None
    if isinstance(step.setting, Expression):
        written = f"exp: {step.setting.text}"
    if isinstance(step.setting, LiteralTimeout):
        written = f"lit:\n  milliseconds: {step.setting.timeout_ms}"
    kind = {"data": "callData", "secure": "callDataSecure", "bridge": "callBridge"}[step.kind]
    return ArchyStep(json.dumps(step.action), "Example", json.dumps(step.step), written, kind)


def compared(report: Report) -> AsCode:
    assert report.as_code is not None
    return report.as_code


def differing(as_code: AsCode) -> list[StepInFile | ActionInFile]:
    steps = [each for each in as_code.steps if each.difference in DIFFERENT]
    return [*steps, *(each for each in as_code.actions if each.difference in DIFFERENT)]


def test_an_org_and_the_files_that_were_exported_from_it_say_the_same(checkout: Folders) -> None:
    report = report_of(audit(compare_with=checkout, return_state=True))

    found = compared(report)
    flows = {step.architect_flow_id for step in report.steps}
    assert len(found.architect_flows) > len(flows) * 0.9
    assert found.step_counts.keys() <= {"same", "unknown"}
    assert any(each.path.endswith(".yaml") for each in found.architect_flows)
    assert any("i3" in each.path for each in found.architect_flows)
    assert differing(found) == []
    functions = {each.name for each in report.actions if each.kind == "function"}
    assert {(each.name, each.reason) for each in found.not_compared} == {
        (name, "its function is not in the file") for name in functions
    }
    assert len(found.actions) + len(found.not_compared) == len(report.actions)
    assert report.drift is not None
    assert not report.drift.is_found


def test_a_raise_in_the_org_names_what_the_next_deploy_would_undo_and_a_patch_makes_both_equal(
    checkout: Folders,
) -> None:
    done = report_of(raise_timeouts(policy=BOTH_LEVERS, mode="apply", compare_with=checkout, return_state=True))
    moved = compared(report_of(audit(compare_with=checkout, return_state=True)))

    made = patch_of(checkout, done.undone)
    (folder,) = map(Path, checkout.paths)
    applied = subprocess.run(["git", "apply", "-"], cwd=folder, input=made.patch, capture_output=True, check=False)
    after = compared(report_of(audit(compare_with=checkout, return_state=True)))

    assert done.undone
    assert differing(moved)
    assert made.left == ()
    assert applied.returncode == 0, applied.stderr.decode()
    assert differing(after) == []


def test_files_are_no_second_org(checkout: Folders) -> None:
    state = audit(files=checkout, compare_with=checkout, return_state=True)

    problem = state.result(raise_on_failure=False)
    assert isinstance(problem, ConfigurationProblem)
    assert str(problem).startswith("Files are not compared with files.")
