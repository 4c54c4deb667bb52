"""What single answers tell of an org's configurations, roles and divisions."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest

from genesys import BadPayload
from genesys.examination import parsing
from genesys.http.payload import Accepted
from timeouts.doctor.facts import Grant


def answer(document: object, **headers: str) -> Accepted:
    return Accepted(json.dumps(document).encode(), is_object=True, headers=headers)


def step(node_id: str, timeout: dict[str, Any], *, suggested: bool = False) -> dict[str, Any]:
    return {
        "id": node_id,
        "name": node_id,
        "__type": "DataAction",
        "actionId": "custom_-_1",
        "useSuggestedTimeout": suggested,
        "timeout": timeout,
    }


def literal(text: str, **more: Any) -> dict[str, Any]:
    config = {"lit": {"pos": 1, "text": text, "type": "dur"}}
    return {"config": config, "text": text, "type": "dur", "uiMetaData": {"mode": 1}, **more}


def configuration(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    task = {"id": "task", "name": "Task", "__type": "Task", "actionList": list(steps)}
    return {"name": "Main line", "flowSequenceItemList": [task], **more}


KEYS = (
    "entities",
    "grants",
    "role",
    "policies",
    "actions",
    "division",
    "id",
    "name",
    "total",
    "OAuthClient",
    "manifest",
)
MORE = ("commonModules", "model", "flowSequenceItemList", "actionList", "timeout", "config", "__type", "flowData")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from((*KEYS, *MORE)), inner, max_size=5),
    max_leaves=20,
)
PARSERS: dict[str, Callable[[Accepted], object]] = {
    "token": parsing.client_of,
    "roles": parsing.grants,
    "divisions": parsing.divisions,
    "permitted": parsing.permitted,
    "flows": lambda accepted: parsing.flow_sample(accepted, "us"),
    "actions": parsing.action_sample,
    "limits": parsing.namespace,
    "versions": lambda accepted: parsing.versions(accepted, "Main line"),
    "configuration": lambda accepted: parsing.configuration(accepted, "Main line"),
    "date": parsing.sent_ms,
    "rate limit": parsing.rate_limit,
}


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
@hypothesis.given(document=st.dictionaries(st.sampled_from((*KEYS, *MORE)), JSON, max_size=6))
def test_whatever_is_answered_is_read_or_refused_as_not_documented(
    parser: Callable[[Accepted], object], document: dict[str, Any]
) -> None:
    with contextlib.suppress(BadPayload):
        parser(answer(document, date=str(document), **{"inin-ratelimit-count": "²", "inin-ratelimit-allowed": "1"}))


COMPUTED = {
    "config": {"MakeDuration": {"operands": [], "pos": 1}},
    "text": "MakeDuration(0, 0, 0, Flow.Seconds, 0)",
    "type": "dur",
}


def test_a_computed_timeout_is_told_by_its_keys_and_none_of_its_words() -> None:
    found = parsing.configuration(answer(configuration(step("one", COMPUTED))), "Main line")

    assert found.computed == "config.MakeDuration with operands, pos"
    assert "Flow.Seconds" not in found.model_dump_json()


def test_the_longest_literal_that_is_in_force_is_told() -> None:
    steps = (
        step("one", literal("P0D0H1M30S0F")),
        step("two", literal("P0D0H0M3S0F")),
        step("three", literal("P0D0H9M0S0F"), suggested=True),
    )

    assert parsing.configuration(answer(configuration(*steps)), "Main line").longest_literal_ms == 90_000


def test_a_step_out_of_service_counts_where_its_own_time_is_in_force() -> None:
    steps = (
        step("one", literal("P0D0H0M3S0F", outOfService=True)),
        step("two", literal("P0D0H1M0S0F", outOfService=True), suggested=True),
    )

    assert parsing.configuration(answer(configuration(*steps)), "Main line").out_of_service == 1


def test_modules_are_counted_with_those_inside_others() -> None:
    inner = {"id": "m2", "name": "Inner", "version": "1.0", "model": {}}
    outer = {"id": "m1", "name": "Outer", "version": "1.0", "model": {"commonModules": [inner]}}
    hidden = {"id": "m3", "name": "Hidden", "version": "1.0"}

    found = parsing.configuration(answer({"commonModules": [outer, hidden]}), "Main line")

    assert (found.modules, found.modules_shown, found.modules_inside) == (3, 2, 1)


def test_how_it_came_and_what_its_manifest_lists_are_told() -> None:
    given = answer({"manifest": {"queue": [], "dataAction": []}, "versionMetaData": {}}, **{"content-encoding": "gzip"})

    found = parsing.configuration(given, "Main line")

    assert (found.encoding, found.manifest, found.has_version_metadata) == ("gzip", ("dataAction", "queue"), True)
    assert found.size == len(given.body)


def test_what_is_no_configuration_is_refused() -> None:
    with pytest.raises(BadPayload, match="The configuration"):
        parsing.configuration(Accepted(b"[]", is_object=False), "Main line")


def test_a_role_shows_its_permissions_or_none_at_all() -> None:
    policy = {"domain": "architect", "entityName": "flow", "actions": ["view", "edit"]}
    document = {
        "grants": [
            {"role": {"name": "Timeouts", "policies": [policy]}, "division": {"id": "*", "name": "*"}},
            {"role": {"id": "role-2"}, "division": {"id": "home", "name": "Home"}},
        ]
    }

    shown, named = parsing.grants(answer(document))

    assert shown.permissions == ("architect:flow:view", "architect:flow:edit")
    assert named.permissions is None
    assert isinstance(shown, Grant)


def test_divisions_of_which_not_all_came_are_not_compared() -> None:
    with pytest.raises(BadPayload, match="has 7 divisions, and 1 of them came"):
        parsing.divisions(answer({"entities": [{"id": "home", "name": "Home"}], "total": 7}))
