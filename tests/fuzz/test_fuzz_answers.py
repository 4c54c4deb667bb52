"""Answers from anybody who stands in the platform's place: values, or an error of the gateway's own."""

import copy
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genesys.errors import GenesysError
from genesys.http.payload import Accepted, Answer, MalformedError, accepted, decoded
from genesys.http.problems import exchange_of, refusal
from genesys.http.wait_times import rate_limit_wait_ms
from genesys.http.wire import Request
from genesys.parsing.actions import action_document, data_action, draft_problems, function_limit_ms, function_of
from genesys.parsing.dependencies import updated_consumer
from genesys.parsing.limits import org_limits
from genesys.parsing.listing import Listing
from genesys.parsing.records import architect_flow, carries_flow_data, operation, organization, version_label
from genesys.routes import READS
from tests.fuzz.mutations import altered, damaged, kept, tried
from tests.genesys.conftest import FakeClock

PERSON = {"id": "u-1", "name": "Ada"}
RUNNING = {
    "id": "o-1",
    "actionName": "PUBLISH",
    "actionStatus": "ERROR",
    "complete": True,
    "user": PERSON,
    "errorMessage": "No.",
    "errorCode": "a.b",
    "errorDetails": [{"errorCode": "c", "fieldName": "d"}],
}
FLOW = {
    "id": "f-1",
    "name": "Support",
    "type": "INBOUNDCALL",
    "division": {"id": "d-1", "name": "Home"},
    "publishedVersion": {"id": "4.0", "createdBy": PERSON, "createdByClient": {"id": "c-1"}},
    "publishedBy": PERSON,
    "checkedInVersion": {"id": "4.0"},
    "savedVersion": {"id": "5.0"},
    "lockedUser": PERSON,
    "currentOperation": RUNNING,
    "flowData": {"nodes": []},
}
ACTION = {
    "id": "custom_-_1",
    "name": "Look up",
    "category": "Function Data Actions",
    "version": 3,
    "secure": False,
    "config": {"timeoutSeconds": 5, "request": {"requestTemplateUri": "/a/b.vm"}, "response": {}},
    "function": {"timeoutSeconds": 7},
}
LIMITS = {
    "entities": [{"key": "actions.concurrent.executions.max", "value": 50}, {"key": "requests.volume.max", "value": 9}]
}
MOVED = {"id": "f-1", "consumedResources": [{"id": "r-1", "name": "Welcome", "type": "USERPROMPT", "updated": True}]}
PROBLEM = {
    "status": 409,
    "code": "a.b",
    "message": "No.",
    "details": [{"errorCode": "c", "entityName": "d"}],
    "errors": [{"message": "e"}],
    "contextId": "f",
}
VALID = {"valid": False, "errors": [{"message": "x"}]}
SEEDS: Mapping[str, Any] = {
    "flow": FLOW,
    "operation": RUNNING,
    "action": ACTION,
    "limits": LIMITS,
    "moved": MOVED,
    "problem": PROBLEM,
    "validation": VALID,
    "organization": {"id": "org-1", "name": "Acme"},
}
PARSERS: tuple[Callable[[Any], object], ...] = (
    *(architect_flow, operation, organization, version_label, action_document, org_limits, draft_problems),
    lambda document: function_limit_ms(function_of(document)),
)
OF_ENTRIES: tuple[Callable[[Any], object], ...] = (data_action, updated_consumer)
"""A listing gives them nothing but objects with an id."""
HEADERS = st.dictionaries(
    st.sampled_from(("retry-after", "date", "inin-ratelimit-reset", "content-type", "inin-correlation-id")),
    st.sampled_from(
        ("1", "1e9", "9" * 5_000, "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 01 Jan 0001 00:00:00 +2359", "-1", "\x00")
    )
    | st.text(max_size=40),
)


def read(body: bytes) -> Any:
    """What the gateway makes of the body of a good answer."""
    return accepted(Answer(200, {"content-type": "application/json"}, body)).document


@given(damaged(st.sampled_from(kept("answers"))) | altered(st.sampled_from(list(SEEDS.values()))))
def test_whatever_is_answered_becomes_a_value_or_an_error_of_ours(body: bytes) -> None:
    document, told = tried(MalformedError, read, body)
    assert len(told) < 300
    if told:
        return
    carries_flow_data(body)
    is_entry = document is not None and isinstance(document.get("id"), str)
    for parse in (*PARSERS, *(OF_ENTRIES if is_entry else ())):
        _, told = tried(GenesysError, parse, document)
        assert len(told.encode()) < 3_000


@given(altered(st.just(PROBLEM)), st.sampled_from((301, 400, 401, 403, 404, 409, 410, 418, 500, 501, 503)), HEADERS)
def test_whatever_a_refusal_says_becomes_one_bounded_error(body: bytes, status: int, headers: dict[str, str]) -> None:
    told = refusal(READS[0], exchange_of(Request("GET", "https://x/y", {}), Answer(status, headers, body)))

    assert len(str(told)) < 25_000
    assert 1_000 <= rate_limit_wait_ms(headers, 1, FakeClock()) <= 10**15


@given(st.binary(max_size=500), st.integers(0, 60), st.binary(max_size=5), st.booleans())
def test_gzip_that_was_touched_is_refused_or_right(raw: bytes, at: int, piece: bytes, is_cut: bool) -> None:
    packed = gzip.compress(raw, mtime=0)
    touched = packed[:at] + piece + packed[at + len(piece) :]
    body, told = tried(MalformedError, decoded, touched[:at] if is_cut else touched, "gzip")
    assert len(told) < 300
    assert body is None or len(body) <= 1_100


PAGES = st.lists(
    st.fixed_dictionaries(
        {"entities": st.lists(st.integers(0, 6).map(lambda number: {**FLOW, "id": f"f-{number}"}), max_size=3)},
        optional={
            "total": st.sampled_from((0, 1, 3, 10**9, -1, "3", None)),
            "pageCount": st.sampled_from((0, 1, 2, 30, 10**9, 10**30, None, 1.5)),
            "pageNumber": st.sampled_from((1, 2, None)),
            "pageSize": st.sampled_from((1, 3, 500)),
        },
    ),
    min_size=1,
    max_size=4,
)


@given(PAGES, st.booleans())
def test_a_listing_ends_soon_whatever_its_pages_say(pages: list[dict[str, Any]], is_open: bool) -> None:
    asked = []

    def fetch(number: int) -> Accepted:
        asked.append(number)
        page = copy.deepcopy(pages[min(number, len(pages)) - 1])
        return Accepted(json.dumps(page).encode(), is_object=True)

    listing = Listing(fetch, "Architect flows", architect_flow)
    found, told = tried(GenesysError, listing.open if is_open else listing.whole)
    assert len(told) < 1_000
    assert found is None or len({each.id for each in found}) == len(found)
    assert len(asked) < 100


@pytest.mark.parametrize("body", kept("answers"))
def test_what_was_found_once_is_told(body: bytes) -> None:
    assert len(tried(MalformedError, read, body)[1]) < 300
    carries_flow_data(body)
