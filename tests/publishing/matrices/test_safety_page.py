import importlib

import pytest

from tests.publishing.actions.colleagues import EXCEPTIONS as ACTION_VISITS_EXEMPT
from tests.publishing.colleagues import EXCEPTIONS as VISITS_EXEMPT
from tests.publishing.matrices.exceptions import ACTION_EXCEPTIONS, EXCEPTIONS, Exempt
from tests.publishing.matrices.safety import PATH, page


def test_the_page_about_safety_is_up_to_date() -> None:
    assert PATH.read_text(encoding="utf-8") == page(), "run python -m tests.publishing.matrices.safety"


ALL = [*EXCEPTIONS, *ACTION_EXCEPTIONS]


@pytest.mark.parametrize("exception", ALL, ids=lambda exception: exception.test.rpartition(".")[2])
def test_every_exception_is_pinned_by_a_test_that_exists(exception: Exempt) -> None:
    module, _, function = exception.test.rpartition(".")

    assert callable(getattr(importlib.import_module(f"tests.publishing.{module}"), function))


def test_the_colleague_matrix_has_no_exceptions_but_those_of_the_one_moment() -> None:
    assert {(visit.moment, visit.request) for visit in VISITS_EXEMPT} == {("after", "confirm"), ("before", "publish")}


def test_the_colleague_matrix_of_actions_has_no_exceptions_but_those_of_the_last_moments() -> None:
    assert {(visit.moment, visit.request) for visit in ACTION_VISITS_EXEMPT} == {
        ("before", "PATCH"),
        ("before", "confirm: action"),
        ("before", "publish"),
        ("before", "DELETE draft"),
    }
