"""What makes files say what a plan for the org sets."""

from tests.timeouts.as_code.org_and_files import as_code, plan
from timeouts.as_code.file_edits import file_edits
from timeouts.as_code.undone import UndoneStep, undone_by_deploy
from timeouts.model.settings import Expression
from timeouts.model.step_edits import SetTimeout

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
