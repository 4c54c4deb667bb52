"""One request from arrival to answer: colleagues, faults, limits, permissions, the route, the log. No transport."""

from email.utils import formatdate

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.errors import OAuthRefusal, Refusal
from simulator.api.oauth import require
from simulator.api.routes import TOKEN_PATH, Route
from simulator.faults.deliveries import Delivery, Drip, Send, Truncate
from simulator.faults.faults import Fault
from simulator.log import Entry
from simulator.org.clock import machine_ms
from simulator.org.org import Org
from simulator.rate_limit import TooMany


def exchange(org: Org, call: Call, route: Route | None) -> Delivery:
    """Let the org answer a request; `route` None: one that is not modelled, which is a 501 and never a silent 200."""
    with org.lock:
        number = org.next_call()
        org.land()
        caller = org.tokens.owner(call.bearer)
        for person_action in list(org.people.due(call, "before")):
            org.play(person_action)
        fault = org.faults.strike(call, org.world.clock.now_ms())
        delivery = _delivery(org, call, route, fault)
        for person_action in list(org.people.due(call, "after")):
            org.play(person_action)
        org.persist()
        entry = Entry(
            number,
            call.method,
            call.path,
            call.raw_query,
            delivery.answer.status if isinstance(delivery, Send | Drip | Truncate) else None,
            caller.id if caller else None,
            fault.kind if fault else None,
            org.world.clock.now_ms(),
            call.arrived_ms,
            machine_ms(),
        )
        org.record_call(entry)
        return delivery


def _delivery(org: Org, call: Call, route: Route | None, fault: Fault | None) -> Delivery:
    context_id = org.world.ids.new("context")
    if fault is None:
        return Send(org.faults.shown(call, None, _answer(org, call, route, context_id)))
    if fault.kind == "token_expired":
        org.tokens.revoke(call.bearer)
    if fault.lands_after_ms is not None:
        org.later(fault.lands_after_ms, lambda: _answer(org, call, route, context_id))
    answer = org.faults.shown(call, fault, _answer(org, call, route, context_id)) if fault.lets_through else None
    return fault.delivery(answer, context_id)


def _answer(org: Org, call: Call, route: Route | None, context_id: str) -> Answer:
    try:
        answer = _token(org, call) if call.path == TOKEN_PATH else _api(org, call, route)
    except OAuthRefusal as refusal:
        answer = json_answer(refusal.body(), refusal.status)
    except Refusal as refusal:
        answer = json_answer(refusal.body(context_id), refusal.status)
        if isinstance(refusal, TooMany) and refusal.retry_after is not None:
            answer = answer.with_headers(("Retry-After", str(refusal.retry_after)))
    date = formatdate((machine_ms() + org.date_ahead_ms) / 1000, usegmt=True)
    return answer.with_headers(("ININ-Correlation-Id", context_id), ("Date", date))


def _token(org: Org, call: Call) -> Answer:
    if call.method != "POST":
        raise OAuthRefusal(405, "invalid_request", "only POST is allowed")
    return json_answer(org.tokens.grant(call))


def _api(org: Org, call: Call, route: Route | None) -> Answer:
    if len(call.body) > org.world.switches.request_bytes_max:
        raise Refusal(413, "request.entity.too.large", "The request entity is too large.")
    if route is None:
        raise Refusal(501, "not.implemented", f"The simulator does not model {call.method} {call.path}.")
    client = org.tokens.client_of(call)
    call.client = client
    headers = org.rate_limit.count(client.id)
    require(client, route.any_of)
    return route.handler(org, call).with_headers(*headers)
