"""What the platform's JSON means: locks, versions, operations and limits."""

import pytest

from genesys import BadPayload, ReadClient
from genesys.parsing.actions import data_action
from genesys.parsing.records import architect_flow, operation
from tests.genesys.conftest import Platform, reply
from timeouts.model.org import Holder, Organization, Publisher

FLOW = {"id": "f-1", "name": "Main", "type": "INBOUNDCALL"}


def test_types_are_in_lower_case() -> None:
    assert architect_flow(FLOW).type == "inboundcall"


def test_versions_are_told_by_their_ids() -> None:
    found = architect_flow(
        FLOW
        | {
            "publishedVersion": {
                "id": "4.0",
                "name": "x",
                "configurationVersion": "2.0",
                "createdBy": {"name": "Jane"},
            },
            "checkedInVersion": {"id": "5.0"},
            "savedVersion": {"id": "saved_version_9", "name": "a-guid"},
        }
    )
    assert (found.published_version, found.checked_in_version, found.saved_version, found.publisher) == (
        "4.0",
        "5.0",
        "saved_version_9",
        "Jane",
    )


@pytest.mark.parametrize(
    ("document", "by"),
    [
        ({"createdByClient": {"id": "c-1"}}, Publisher(kind="client", id="c-1")),
        ({"createdByClient": {"id": "c-1", "name": "CI"}}, Publisher(kind="client", id="c-1", name="CI")),
        ({"createdByClient": {"id": "c-1"}, "createdBy": {"name": "Jane"}}, Publisher(kind="client", id="c-1")),
        ({"createdBy": {"id": "u-2"}}, Publisher(kind="person", id="u-1", name="Joe")),
        ({"createdBy": {"id": "u-2", "name": "Jane"}}, Publisher(kind="person", id="u-2", name="Jane")),
        ({"createdBy": {}, "createdByClient": {}}, Publisher(kind="person", id="u-1", name="Joe")),
        ({}, Publisher(kind="person", id="u-1", name="Joe")),
    ],
)
def test_who_published_is_a_client_or_a_person(document: dict[str, object], by: Publisher) -> None:
    shown = {"publishedVersion": {"id": "1.0", **document}, "publishedBy": {"id": "u-1", "name": "Joe"}}

    assert architect_flow(FLOW | shown).published_by == by


def test_nobody_published_what_the_platform_names_nobody_for() -> None:
    found = architect_flow(FLOW | {"publishedVersion": {"id": "1.0"}})

    assert (found.published_by, found.publisher) == (None, "")


def test_what_one_of_our_clients_published_is_ours_and_what_another_one_did_is_not() -> None:
    found = architect_flow(FLOW | {"publishedVersion": {"id": "1.0", "createdByClient": {"id": "c-1", "name": "CI"}}})

    assert found.recognising({"c-2"}) == found
    assert found.recognising({"c-1"}).published_by == Publisher(kind="us", id="c-1", name="CI")
    assert (found.publisher, found.recognising({"c-1"}).publisher) == ("the client CI", "our OAuth client")


@pytest.mark.parametrize(
    ("document", "is_deactivated"),
    [
        ({"publishedVersion": {"id": "4.0"}, "active": False}, True),
        ({"publishedVersion": {"id": "4.0"}, "active": True}, False),
        ({"publishedVersion": {"id": "4.0"}, "active": None}, False),
        ({"publishedVersion": {"id": "4.0"}}, False),
        ({"active": False}, False),
    ],
)
def test_only_a_published_one_that_is_said_to_be_inactive_is_deactivated(
    document: dict[str, object], is_deactivated: bool
) -> None:
    assert architect_flow(FLOW | document).is_deactivated is is_deactivated


def test_an_architect_flow_that_was_never_published_has_no_version() -> None:
    found = architect_flow(FLOW | {"publishedVersion": None})
    assert (found.published_version, found.locked_by, found.operation) == (None, None, None)


@pytest.mark.parametrize(
    ("document", "holder"),
    [
        ({"lockedUser": {"id": "u-1", "name": "Jane"}}, Holder(kind="person", id="u-1", name="Jane")),
        ({"lockedUser": {"name": "Jane"}}, Holder(kind="person", id="", name="Jane")),
        ({"lockedClient": {"id": "c-1"}}, Holder(kind="client", id="c-1")),
    ],
)
def test_a_lock_is_a_persons_or_a_clients_even_without_an_id(document: dict[str, object], holder: Holder) -> None:
    assert architect_flow(FLOW | document).locked_by == holder


def test_divisions_are_known() -> None:
    found = architect_flow(FLOW | {"division": {"id": "d-1", "name": "Home"}})
    assert (found.division_id, found.division_name) == ("d-1", "Home")


def test_a_failed_operation_says_why_in_one_line() -> None:
    found = operation(
        {
            "id": "op-1",
            "actionName": "PUBLISH",
            "actionStatus": "FAILURE",
            "complete": True,
            "user": {"id": "u-1"},
            "errorMessage": "Could not publish.",
            "errorCode": "cannot.publish",
            "errorDetails": [{"errorCode": "missing.dependency", "entityName": "Queue A"}, "odd"],
        }
    )
    assert found.error == "Could not publish. [cannot.publish] missing.dependency Queue A; odd"
    assert (found.user_id, found.complete) == ("u-1", True)


def test_details_of_another_shape_are_shown_as_they_stand() -> None:
    assert operation({"id": "op-1", "errorDetails": "no list"}).error == "no list"


def test_words_that_nobody_knows_yet_are_kept() -> None:
    found = architect_flow(FLOW | {"type": "HOLOGRAM", "currentOperation": {"id": "o", "actionStatus": "PONDERING"}})
    assert found.operation is not None
    assert (found.type, found.operation.status) == ("hologram", "PONDERING")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None},
        {"id": ""},
        {"name": None},
        {"name": 7},
        {"type": 7},
        {"publishedVersion": "4.0"},
        {"publishedVersion": {"name": "no id"}},
        {"lockedUser": "Jane"},
        {"lockedClient": {"name": "no id"}, "lockedUser": 7},
        {"currentOperation": []},
        {"currentOperation": {"actionName": "PUBLISH"}},
        {"division": []},
    ],
)
def test_an_architect_flow_of_another_shape_is_an_error(wrong: dict[str, object]) -> None:
    with pytest.raises(BadPayload, match="not as documented"):
        architect_flow(FLOW | wrong)


def test_the_organization_has_an_id_and_a_name(platform: Platform, reader: ReadClient) -> None:
    platform.on("GET /api/v2/organizations/me", reply({"id": "org-1", "name": "Acme", "features": {}}))

    assert reader.organization() == Organization(id="org-1", name="Acme")


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"id": "custom_-_1"}, "custom"),
        ({"id": "static_-_1"}, "static"),
        ({"id": "custom_auth_-_1"}, "custom_auth"),
        ({"id": "custom_-_1", "category": "Genesys Cloud Function Data Actions"}, "function"),
        ({"id": "custom_-_1", "category": "function_data_actions"}, "function"),
        ({"id": "custom_-_1", "category": "Function-Data-Actions"}, "function"),
        ({"id": "custom_-_1", "category": "genesys_cloud_function_data_action"}, "function"),
        ({"id": "custom_-_1", "category": "GENESYS CLOUD\tFUNCTION -_ DATA  ACTIONS"}, "function"),
        ({"id": "custom_-_1", "category": "Genesys-Cloud-Function-Data-Actions"}, "function"),
        ({"id": "custom_-_1", "category": "Function_Data_Actions_Berlin"}, "function"),
        ({"id": "custom_-_1", "category": "Function Data Actions (EU)"}, "function"),
        ({"id": "custom_-_1", "category": "CRM FunctionDataActions"}, "function"),
        ({"id": "custom_-_1", "category": "Functional data actions"}, "custom"),
        ({"id": "custom_-_1", "category": "Functions in our own cloud"}, "custom"),
    ],
)
def test_actions_are_told_apart(document: dict[str, object], kind: str) -> None:
    """However the words of a category are joined."""
    assert data_action(document).kind == kind


@pytest.mark.parametrize(
    ("config", "limit_ms"),
    [({"timeoutSeconds": 5}, 5_000), ({"timeoutSeconds": "5"}, None), ({}, None), (None, None), ([], None)],
)
def test_a_limit_is_in_milliseconds_and_an_odd_one_is_none(config: object, limit_ms: int | None) -> None:
    assert data_action({"id": "a", "config": config}).limit_ms == limit_ms


def test_an_action_keeps_what_is_needed_to_change_it() -> None:
    found = data_action({"id": "a", "name": "CRM", "version": 3, "secure": True})
    assert (found.name, found.version, found.secure) == ("CRM", 3, True)


def test_an_action_without_a_sound_version_has_none() -> None:
    assert data_action({"id": "a", "version": "3"}).version is None
