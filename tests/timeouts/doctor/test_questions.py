"""What an org's answers settle of the questions that no source answers, and what stays open."""

from typing import Any

import pytest

from timeouts.doctor.facts import ActionSample, Ask, Configuration, Endpoint, FlowSample, Namespace, PlatformFacts
from timeouts.doctor.finding import Finding
from timeouts.doctor.questions import question_findings

ANSWERED = Ask(said="answered")
PLAIN = Configuration(name="Main line")


def findings(**given: Any) -> dict[str, Finding]:
    endpoint = Endpoint(region="eu-west-1", login="https://login.example", api="https://api.example")
    found = list(question_findings(PlatformFacts(endpoint=endpoint, api=ANSWERED, **given)))
    assert len({each.check for each in found}) == len(found)
    return {each.check: each for each in found}


def test_of_an_org_that_shows_nothing_every_question_stays_open() -> None:
    found = findings()

    assert {each.result for each in found.values()} == {"open"}
    assert all(each.meaning.endswith(".") for each in found.values())
    assert not any(each.stops_work for each in found.values())


def test_no_answer_changes_which_questions_are_asked() -> None:
    some = findings(
        roles=ANSWERED,
        architect_flows=FlowSample(ask=ANSWERED, total=2, pages=1, published=2, published_by_us=1),
        actions=ActionSample(ask=ANSWERED, functions=1),
        configurations=(PLAIN,),
        namespaces={"dataactions": Namespace(ask=ANSWERED)},
    )

    assert list(some) == list(findings())


SEEN: dict[str, tuple[str, Configuration, str]] = {
    "a computed timeout": (
        "whether a live step is computed, and its JSON",
        PLAIN.model_copy(update={"computed": "config.MakeDuration with operands"}),
        "Yes: config.MakeDuration with operands.",
    ),
    "a literal of 90s": (
        "whether the server takes a step above 60s, or one out of service",
        PLAIN.model_copy(update={"longest_literal_ms": 90_000}),
        "Yes: Main line has one of 90,000 ms.",
    ),
    "a step out of service": (
        "whether the server takes a step above 60s, or one out of service",
        PLAIN.model_copy(update={"out_of_service": 2}),
        "Yes: Main line has 2 out of service.",
    ),
    "a module inside another": (
        "whether GET configuration shows snapshots of modules",
        PLAIN.model_copy(update={"modules": 2, "modules_shown": 2, "modules_inside": 1}),
        "2 of 2 are shown, 1 of them inside another one.",
    ),
}


@pytest.mark.parametrize(("question", "configuration", "said"), SEEN.values(), ids=SEEN)
def test_what_one_configuration_shows_settles_a_question(
    question: str, configuration: Configuration, said: str
) -> None:
    found = findings(configurations=(PLAIN, configuration))[question]

    assert (found.result, found.meaning) == ("settled", said)
    assert findings(configurations=(PLAIN,))[question].result == "open"


def test_a_listing_without_a_total_is_an_answer_too() -> None:
    found = findings(actions=ActionSample(ask=ANSWERED, count=3))["whether the listing of actions names a total"]

    assert (found.result, found.meaning) == ("settled", "No.")


@pytest.mark.parametrize("seen", [{"locked_by_us": 1}, {"published_by_us": 1}])
def test_our_client_s_id_at_a_lock_or_a_publish_settles_whether_it_is_shown(seen: dict[str, int]) -> None:
    found = findings(architect_flows=FlowSample(ask=ANSWERED, **seen))

    assert found["whether our locks and publishes show our client's id"].result == "settled"
