"""What dependency tracking says of moved resources: what is not shaped as documented is refused, never skipped."""

from typing import Any

import pytest

from genesys import ReadClient
from genesys.errors import BadPayload
from genesys.parsing.dependencies import updated_consumer
from tests.genesys.conftest import Platform, Reply, reply
from timeouts.model.org import MovedResource

PROMPT = {"id": "p1", "name": "Welcome", "type": "USERPROMPT", "updated": True}


def moved(*resources: Any) -> tuple[MovedResource, ...]:
    return updated_consumer({"id": "af-1", "consumedResources": [*resources]})[1]


def test_a_resource_that_moved_is_named_with_its_type() -> None:
    assert moved(PROMPT) == (MovedResource(id="p1", name="Welcome", type="USERPROMPT"),)


def test_a_resource_that_did_not_move_is_left_out_and_one_that_does_not_say_is_not() -> None:
    silent = {key: value for key, value in PROMPT.items() if key != "updated"}

    assert moved(PROMPT | {"updated": False}) == ()
    assert len(moved(silent)) == 1


def test_a_resource_without_a_name_is_known_by_its_id() -> None:
    assert moved({"id": "p1"}) == (MovedResource(id="p1", name="p1", type=""),)


@pytest.mark.parametrize("resources", [None, "p1", {}])
def test_an_answer_without_a_list_of_resources_is_refused(resources: Any) -> None:
    with pytest.raises(BadPayload, match="'consumedResources' is"):
        updated_consumer({"id": "af-1", "consumedResources": resources})


@pytest.mark.parametrize("resource", [None, "p1", {"name": "Welcome"}])
def test_a_resource_of_another_shape_is_refused(resource: Any) -> None:
    with pytest.raises(BadPayload, match="a resource has no id"):
        moved(resource)


CONSUMERS = "GET /api/v2/architect/dependencytracking/updatedresourceconsumers"


@pytest.mark.parametrize("ends", [[], [reply({"entities": []})]], ids=["counted", "not counted"])
def test_what_moved_for_several_versions_of_one_architect_flow_is_joined(
    platform: Platform, reader: ReadClient, ends: list[Reply]
) -> None:
    """The second row was lost, or passed for one that did not come."""
    music = {"id": "p2", "name": "Music", "type": "USERPROMPT", "updated": True}
    rows = [
        {"id": "af-1", "version": "3.0", "consumedResources": [PROMPT]},
        {"id": "af-1", "version": "4.0", "consumedResources": [music, PROMPT]},
    ]
    platform.on(CONSUMERS, reply({"entities": rows} | ({} if ends else {"total": 2, "pageCount": 1})), *ends)

    found = reader.moved_resources().by_architect_flow
    assert {user: [each.name for each in moved] for user, moved in found.items()} == {"af-1": ["Welcome", "Music"]}
