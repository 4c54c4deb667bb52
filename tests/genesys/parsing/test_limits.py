"""The org's own limits of data actions: which keys count, and what is not believed."""

from typing import Any

import pytest

from genesys import BadPayload, NotFound, PermissionDenied, ReadClient
from tests.genesys.conftest import Platform, error, reply
from timeouts.model.org_limits import OrgLimits

OWN = "GET /api/v2/organizations/limits/namespaces/dataactions"
DEFAULTS = f"{OWN}/defaults"


def limits(**values: Any) -> dict[str, Any]:
    entities = [
        {"key": key.replace("_", "."), "namespace": "dataactions", "value": value} for key, value in values.items()
    ]
    return {"entities": entities}


def test_the_orgs_own_limits_are_read_in_one_request(platform: Platform, reader: ReadClient) -> None:
    named = {"actions_concurrent_executions_max": 60, "requests_volume_max": 3_000}
    platform.on(OWN, reply(limits(**named, actions_function_concurrent_executions_max=25, actions_total_max=500)))

    assert reader.data_action_limits() == OrgLimits(concurrent=60, function_concurrent=25, a_minute=3_000)
    assert platform.calls(DEFAULTS) == []


def test_where_the_org_names_none_of_executions_the_defaults_fill_the_gaps(
    platform: Platform, reader: ReadClient
) -> None:
    platform.on(OWN, reply(limits(requests_volume_max=3_000)))
    platform.on(DEFAULTS, reply(limits(actions_concurrent_executions_max=50, requests_volume_max=2_500)))

    assert reader.data_action_limits() == OrgLimits(concurrent=50, a_minute=3_000)


@pytest.mark.parametrize("value", [None, 0, -1, True, "50", 50.5, [], 10**10])
def test_a_limit_that_is_no_count_is_none(platform: Platform, reader: ReadClient, value: object) -> None:
    for call in (OWN, DEFAULTS):
        platform.on(call, reply(limits(actions_concurrent_executions_max=value)))

    assert reader.data_action_limits() == OrgLimits()


@pytest.mark.parametrize("answer", [{}, {"entities": None}, {"entities": {}}])
def test_a_listing_of_limits_of_another_shape_is_not_believed(
    platform: Platform, reader: ReadClient, answer: object
) -> None:
    platform.on(OWN, reply(answer))

    with pytest.raises(BadPayload, match="The listing of limits is not as documented"):
        reader.data_action_limits()


def test_a_refusal_and_an_absence_are_told_at_once(platform: Platform, reader: ReadClient) -> None:
    platform.on(OWN, error(403, "missing.permissions", "No."), error(404, "not.found", "No such namespace."))

    with pytest.raises(PermissionDenied):
        reader.data_action_limits()
    with pytest.raises(NotFound):
        reader.data_action_limits()
    assert len(platform.calls(OWN)) == 2
