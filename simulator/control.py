"""The control plane beside the API: what tests and demos do to the org, never counted, logged or disturbed itself."""

import base64
import dataclasses
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.api.errors import Refusal
from simulator.clients import WRITING, OAuthClient
from simulator.faults.faults import Fault, FaultKind
from simulator.faults.holds import When
from simulator.faults.matching import Match
from simulator.org.actions.people import DataActionEdit, DataActionEditKind
from simulator.org.org import Org
from simulator.org.people import AnyPersonAction, PersonAction, PersonActionKind
from simulator.org.versions import PublishPlan
from simulator.orgs import build_seed
from simulator.switches import switched
from simulator.traffic.periods import Period, moment_ms

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """One route under /simulator/. Its body is a JSON object with the field names of the Python values."""

    method: str
    path: str
    text: str
    run: Callable[[Org, Request, Body], Any]


def control_routes(org: Org) -> list[Route]:
    """Build the routes of one org."""
    return [
        Route(f"/simulator/{command.path}", _endpoint(org, command), methods=[command.method]) for command in COMMANDS
    ]


def _endpoint(org: Org, command: Command) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if "origin" in request.headers:  # any page that is open in a browser may send a POST to loopback
            return JSONResponse({"problem": "Pages of browsers do not command this org."}, status_code=403)
        raw = await request.body()
        try:
            result = command.run(org, request, json.loads(raw) if raw else {})
        except Refusal as refusal:
            return JSONResponse({"problem": str(refusal)}, status_code=404)
        except (ValueError, LookupError, TypeError) as problem:
            return JSONResponse({"problem": f"{type(problem).__name__}: {problem}"}, status_code=400)
        return JSONResponse({} if result is None else result)

    return endpoint


def _seed(org: Org, _request: Request, body: Body) -> None:
    org.reseed(build_seed(body.get("kind", "architect"), body.get("seed", 1), body.get("architect_flows", 60)))


def _state(org: Org, request: Request, _body: Body) -> Body:
    query = request.query_params
    wanted = query.getlist("architect_flow_id") or None
    return org.state(bodies=query.get("bodies") == "true", architect_flow_ids=wanted)


def _add_fault(org: Org, _request: Request, body: Body) -> None:
    match = Match(**body.pop("match", {}))
    if body["kind"] not in get_args(FaultKind):
        raise ValueError(f"There is no fault {body['kind']!r}; there are {', '.join(get_args(FaultKind))}.")
    org.add_fault(Fault(match=match, **body))


def _set_switches(org: Org, _request: Request, body: Body) -> Body:
    switches = switched(org.world.switches, body)
    org.set_switches(switches)
    return dataclasses.asdict(switches)


def _plan_publish(org: Org, _request: Request, body: Body) -> None:
    architect_flow_id = body.pop("architect_flow_id", "*")
    details = tuple(tuple(one) for one in body.pop("error_details", ()))
    org.plan_publish(PublishPlan(**body, error_details=details), architect_flow_id)


def _plan_validation(org: Org, request: Request, body: Body) -> None:
    errors = body["errors"]
    if not isinstance(errors, list) or not all(isinstance(error, str) for error in errors):
        raise ValueError("errors must be a list of texts.")
    org.plan_validation(request.path_params["action_id"], errors)


def _add_client(org: Org, _request: Request, body: Body) -> None:
    permissions = frozenset(body.pop("permissions", WRITING))
    divisions = body.pop("divisions", None)
    body.setdefault("name", body["id"])
    org.add_client(
        OAuthClient(**body, permissions=permissions, divisions=None if divisions is None else frozenset(divisions))
    )


def _know_calls(org: Org, _request: Request, body: Body) -> None:
    bounds = [None if body.get(name) is None else moment_ms(body[name]) for name in ("from", "until")]
    org.know_calls(Period(*bounds))


def _execute(org: Org, _request: Request, body: Body) -> list[Body]:
    return org.executions(**body)


def _people(org: Org, _request: Request, body: Body) -> Body:
    person_action = _person_action(org, body)
    for when in get_args(When):
        if when in body:
            org.schedule(person_action, when, Match(**body[when]))
            return {"scheduled": when}
    return {"refused": org.play(person_action).refused}


def _person_action(org: Org, body: Body) -> AnyPersonAction:
    kind = body["kind"]
    act = {"kind": kind, "person": org.person(body.get("person", "A colleague")), "name": body.get("name", "")}
    if kind in get_args(DataActionEditKind):
        return DataActionEdit(**act, action_id=body["action_id"], timeout_seconds=body.get("timeout_seconds"))
    if kind not in get_args(PersonActionKind):
        kinds = (*get_args(PersonActionKind), *get_args(DataActionEditKind))
        raise ValueError(f"Nobody can {kind!r}; people {', '.join(kinds)}.")
    content, force = _person_action_body(body), body.get("force", False)
    return PersonAction(**act, architect_flow_id=body["architect_flow_id"], body=content, force=force)


def _person_action_body(body: Body) -> bytes | None:
    if "base64" in body:
        return base64.b64decode(body["base64"])
    return body["text"].encode() if "text" in body else None


def _object(person_action: AnyPersonAction) -> Body:
    if isinstance(person_action, DataActionEdit):
        return {"action_id": person_action.action_id}
    return {"architect_flow_id": person_action.architect_flow_id}


def _what_people_did(org: Org, _request: Request, _body: Body) -> list[Body]:
    return [
        {
            "kind": done.person_action.kind,
            **_object(done.person_action),
            "person": done.person_action.person.name,
            "refused": done.refused,
        }
        for done in list(org.people.done)
    ]


COMMANDS = (
    Command("POST", "reset", "Drop every change, fault and log entry.", lambda org, _request, _body: org.reset()),
    Command("POST", "seed", "Become another org: `kind`, `seed`, `architect_flows`.", _seed),
    Command("GET", "state", "All that can change; `?bodies=true`, `?architect_flow_id=ID`.", _state),
    Command("GET", "log", "The calls so far.", lambda org, _request, _body: [one.as_json() for one in org.log]),
    Command("DELETE", "log", "Forget the calls.", lambda org, _request, _body: org.clear_log()),
    Command("POST", "faults", "Set a fault: `kind`, `match` {method, path, query, nth, times}, ...", _add_fault),
    Command("DELETE", "faults", "Take all faults away.", lambda org, _request, _body: org.clear_faults()),
    Command("POST", "switches", "Answer open questions differently.", _set_switches),
    Command("POST", "publishing", "How publishes go: `architect_flow_id`, `reads`, `ms`, `ending`, ...", _plan_publish),
    Command(
        "POST",
        "clock",
        "Let `advance_ms` pass; later changes reach the traffic as much later.",
        lambda org, _request, body: org.advance_ms(int(body["advance_ms"])),
    ),
    Command(
        "POST",
        "date",
        "Let the `Date` of answers be `ahead_ms` ahead of the machine's clock.",
        lambda org, _request, body: org.set_date_ahead(int(body["ahead_ms"])),
    ),
    Command(
        "POST",
        "rate-limit",
        "Set `per_minute`, or null.",
        lambda org, _request, body: org.limit_rate(body["per_minute"]),
    ),
    Command(
        "POST",
        "limits",
        "Grant the org another limit: `namespace`, `key`, `value`.",
        lambda org, _request, body: org.grant_limit(**body),
    ),
    Command(
        "POST",
        "prompts/{prompt_id}",
        "Record a user prompt anew: `name`.",
        lambda org, request, body: org.record_prompt(request.path_params["prompt_id"], body["name"]),
    ),
    Command("POST", "clients", "Add an OAuth client: `id`, `secret`, `permissions`, `divisions`, ...", _add_client),
    Command("POST", "analytics", "Know of calls `from` and `until` moments only; null: no such bound.", _know_calls),
    Command(
        "POST",
        "executions",
        "What callers feel: `answer_after_ms`, `architect_flow_id`, `step_id`, `also`.",
        _execute,
    ),
    Command("POST", "tokens/expire", "Make all tokens worthless.", lambda org, _request, _body: org.expire_tokens()),
    Command(
        "POST",
        "people",
        "A person acts on an Architect flow or an action, at once or `before`/`after` a request.",
        _people,
    ),
    Command("GET", "people", "What people did, and what was refused to them.", _what_people_did),
    Command(
        "POST",
        "actions/{action_id}/validation",
        "What validations of the action's drafts find wrong: `errors`, none to let them be valid.",
        _plan_validation,
    ),
    Command(
        "DELETE",
        "actions/{action_id}",
        "Delete an integration action.",
        lambda org, request, _body: org.delete_action(request.path_params["action_id"]),
    ),
)
"""All of them."""
