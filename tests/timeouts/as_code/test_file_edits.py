"""What makes files say what a plan for the org sets."""

from tests.timeouts.as_code.org_and_files import S3, S30, archy, as_code, file, in_files, live, of_archy, plan
from tests.timeouts.conftest import action, inventory, listed, reading
from timeouts.as_code.comparing import compare_with_files
from timeouts.as_code.file_edits import file_edits
from timeouts.as_code.undone import UndoneLimit, UndoneStep, undone_by_deploy
from timeouts.model.settings import Expression
from timeouts.model.step_edits import SetTimeout
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy

UNDONE = undone_by_deploy(plan(), as_code())
TO_20S = SetTimeout(timeout_ms=20_000)


def test_every_step_that_a_deploy_would_put_back_is_set_in_its_file() -> None:
    assert [(each.path, each.fingerprint, dict(each.edits)) for each in file_edits(UNDONE).flows] == [
        ("flows/billing.i3InboundFlow", "sha256:1", {"node-1": TO_20S, "node-2": TO_20S}),
        ("flows/main.yaml", "sha256:1", {"path-1": TO_20S, "path-3": TO_20S}),
    ]


def test_a_limit_that_a_deploy_would_put_back_is_set_in_its_file() -> None:
    (edit,) = file_edits(UNDONE).limits

    assert (edit.action_id, edit.version, edit.limit_ms) == ("actions/look-up.custom.json", 77, 20_000)


def test_a_file_without_the_step_is_left_as_it_is() -> None:
    (left,) = file_edits(UNDONE).left

    assert (left.path, left.reason) == ("flows/main.yaml", "it has no step New in the org")


def test_what_a_file_computes_is_left_as_it_is() -> None:
    first = next(each for each in UNDONE if isinstance(each, UndoneStep))
    computed = first.model_copy(update={"puts_back": Expression(text="{{patience}}")})

    assert file_edits([computed]).flows == ()
    assert file_edits([computed]).left[0].reason == "its step Ask is computed, or filled in by a deploy"


def test_a_step_without_a_name_is_raised_in_its_container_though_the_org_has_the_containers_in_another_order() -> None:
    call = {"name": "Call Data Action"}
    org = inventory(
        [listed("af-1", "Main")],
        [reading(live(1, S30, container="Copy", **call), live(2, S3, container="State", **call), of="af-1")],
        [action("crm", None, name="Look up", version=1)],
    )
    in_yaml = [
        of_archy(number, wait, "", container=name) for number, (wait, name) in enumerate([(S3, "State"), (S30, "Copy")])
    ]
    undone = undone_by_deploy(
        compute_plan(org, Policy.raise_to(20_000)), compare_with_files(org, in_files([file()], [archy(*in_yaml)]))
    )

    assert [dict(each.edits) for each in file_edits(undone).flows] == [{"path-0": TO_20S}]


def test_of_several_steps_that_fit_none_is_changed() -> None:
    guessed = _first().model_copy(update={"matched_by": "order"})

    assert file_edits([guessed]).flows == ()
    assert [each.reason for each in file_edits([guessed]).left] == [
        "several of its steps fit Ask, and which one is meant is not certain"
    ]


def test_a_step_that_waits_longer_in_its_file_stays_unless_the_policy_sets_exactly_that_time() -> None:
    longer = _first().model_copy(update={"puts_back": S30, "difference": "file longer"})

    assert [each.reason for each in file_edits([longer]).left] == ["its step Ask waits longer already"]
    assert len(file_edits([longer.model_copy(update={"may_lower": True})]).flows) == 1


def test_a_limit_that_is_longer_in_its_file_stays() -> None:
    limit = next(each for each in UNDONE if isinstance(each, UndoneLimit))
    longer = limit.model_copy(update={"puts_back_ms": 30_000, "difference": "file longer"})

    assert file_edits([longer]).limits == ()
    assert [each.reason for each in file_edits([longer]).left] == ["its limit is longer already"]


def _first() -> UndoneStep:
    return next(each for each in UNDONE if isinstance(each, UndoneStep) and each.puts_back is not None)
