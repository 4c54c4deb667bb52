"""Nothing is claimed that no test shows."""

import importlib

import pytest

from tests.security.claims.holdings import HOLDINGS
from tests.security.claims.kinds import Claim, Holding
from tests.security.claims.topics import TOPICS
from tests.security.page import PATH, page

SHOWN = [*(claim for claims in TOPICS.values() for claim in claims), *HOLDINGS]


def test_the_page_about_security_is_up_to_date() -> None:
    assert PATH.read_text(encoding="utf-8") == page(), "run python -m tests.security.page"


@pytest.mark.parametrize("claim", SHOWN, ids=lambda claim: claim.test)
def test_every_claim_is_shown_by_a_test_that_exists(claim: Claim | Holding) -> None:
    module, _, function = claim.test.rpartition(".")

    assert callable(getattr(importlib.import_module(f"tests.{module}"), function))


def test_every_claim_says_who_may_who_may_not_and_what_stops_them() -> None:
    claims = [claim for claims in TOPICS.values() for claim in claims]

    assert [claim for claim in claims if not (claim.asset and claim.who_may and claim.who_may_not)] == []
    assert [claim for claim in claims if not claim.what_stops_them] == []
