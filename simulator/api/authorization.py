"""What a client may know of itself: its token, its roles, its divisions (docs/platform.md#org-limits)."""

from typing import Any

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.errors import Refusal, bad_request
from simulator.api.listing import page
from simulator.clients import OAuthClient
from simulator.org.org import Org
from simulator.org.seeds import DivisionSeed

_ALL = {"id": "*", "name": "*", "homeDivision": False}
"""How a grant names all divisions."""


def get_token(org: Org, call: Call) -> Answer:
    """GET tokens/me: whose token it is."""
    client, organization = _caller(call), {"id": org.seed.id, "name": org.seed.name}
    of_client = {
        "id": client.id,
        "name": client.name,
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "organization": organization,
    }
    return json_answer({"organization": organization, "homeOrganization": organization, "OAuthClient": of_client})


def get_own_grants(org: Org, call: Call) -> Answer:
    """GET authorization/subjects/me: the client's roles, with their permissions where `includeFullRoles` asks for them.

    Whether it answers a client of client credentials is not known: a switch.
    """
    answers = org.world.switches.own_roles
    if answers == "forbidden":
        raise Refusal(403, "not.authorized", "This resource is not available to client credentials.")
    if answers == "missing":
        raise Refusal(404, "not.found", "The requested resource was not found.")
    client = _caller(call)
    role: dict[str, Any] = {"id": f"role-of-{client.id}", "name": f"Role of {client.name}", "default": False}
    if call.flag("includeFullRoles") and answers == "shown":
        role["policies"] = _policies(client)
    divisions = [_ALL] if client.divisions is None else [_shown(each) for each in _covered(org, client)]
    grants = [{"subjectId": client.id, "division": division, "role": role} for division in divisions]
    return json_answer({"id": client.id, "name": client.name, "grants": grants, "version": 1})


def list_permitted_divisions(org: Org, call: Call) -> Answer:
    """GET authorization/divisionspermitted/paged/me: in which divisions the client has one permission."""
    permission = call.text("permission")
    if permission is None:
        raise bad_request("The value of {parameter} is missing.", parameter="permission")
    if not org.world.switches.tells_permitted_divisions:
        raise Refusal(403, "not.authorized", "This resource is not available to client credentials.")
    client = _caller(call)
    is_held = permission in client.permissions
    listed = page(call, _covered(org, client) if is_held else [], _shown)
    return json_answer({**listed, "allDivsPermitted": is_held and client.divisions is None})


def list_divisions(org: Org, call: Call) -> Answer:
    """GET authorization/divisions: all of the org."""
    return json_answer(page(call, list(org.seed.divisions), _shown))


def _caller(call: Call) -> OAuthClient:
    assert call.client is not None, "these routes need a token"
    return call.client


def _covered(org: Org, client: OAuthClient) -> list[DivisionSeed]:
    return [each for each in org.seed.divisions if client.sees(each.id)]


def _shown(division: DivisionSeed) -> dict[str, Any]:
    uri = f"/api/v2/authorization/divisions/{division.id}"
    return {"id": division.id, "name": division.name, "homeDivision": False, "selfUri": uri}


def _policies(client: OAuthClient) -> list[dict[str, Any]]:
    """Put permissions such as `architect:flow:view` together by what they are for, as roles show them."""
    actions: dict[tuple[str, str], list[str]] = {}
    for permission in sorted(client.permissions):
        domain, entity, action = permission.split(":")
        actions.setdefault((domain, entity), []).append(action)
    return [
        {"domain": domain, "entityName": entity, "actions": held} for (domain, entity), held in sorted(actions.items())
    ]
