"""Nothing is claimed that no test shows."""

import importlib

import pytest

from tests.security.claims import SECTIONS, Claim
from tests.security.page import PATH, page


def test_the_page_about_security_is_up_to_date() -> None:
    assert PATH.read_text(encoding="utf-8") == page(), "run python -m tests.security.page"


@pytest.mark.parametrize(
    "claim", [claim for claims in SECTIONS.values() for claim in claims], ids=lambda claim: claim.test
)
def test_every_claim_is_shown_by_a_test_that_exists(claim: Claim) -> None:
    module, _, function = claim.test.rpartition(".")

    assert callable(getattr(importlib.import_module(f"tests.{module}"), function))
