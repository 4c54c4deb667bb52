"""What is typed into a run form is bounded by the models of its parameters, before the run reads anything."""

from typing import Any

import pytest
from prefect.exceptions import ParameterTypeError

from flows.apply_plan import apply_plan
from flows.effect import effect
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back

POLICY = {"rules": [{"name": "a", "at_least": "10s"}]}


@pytest.mark.parametrize(
    ("asked", "form", "told"),
    [
        (apply_plan, {"plan": "a" * 101}, "at most 100 characters"),
        (roll_back, {"run": "a" * 500_000}, "at most 100 characters"),
        (effect, {"run": "a" * 101}, "at most 100 characters"),
        (raise_timeouts, {"policy": POLICY, "protected": ["a" * 10_001]}, "at most 10000 characters"),
        (raise_timeouts, {"policy": POLICY, "protected": ["a"] * 1_001}, "at most 1000 items"),
        (raise_timeouts, {"policy": {"rules": POLICY["rules"] * 2_001}}, "at most 2000 items"),
        (raise_timeouts, {"policy": POLICY, "waive": ["a" * 500_000]}, "Input should be"),
        (raise_timeouts, {"policy": POLICY, "evidence": "1" * 500_000}, "is not a period: write whole days"),
    ],
)
def test_what_is_too_long_is_refused_by_its_bound(asked: Any, form: dict[str, Any], told: str) -> None:
    with pytest.raises(ParameterTypeError, match=told) as refused:
        asked.validate_parameters(form)

    assert len(str(refused.value)) < 2_000
