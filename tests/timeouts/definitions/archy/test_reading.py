"""Archy's YAML as people keep it: which steps it has, what they say of their timeouts, and what makes it unreadable."""

import pytest
import yaml
from hypothesis import given

from tests.timeouts.conftest import set_to
from tests.timeouts.definitions.archy.texts import FLOW, files, flow_of
from timeouts.definitions import UnreadableDefinition
from timeouts.definitions.archy import read_archy
from timeouts.definitions.archy.walk import KINDS
from timeouts.definitions.yaml_text import composing
from timeouts.model.settings import (
    Expression,
    LiteralOrSuggested,
    LiteralTimeout,
    Suggested,
    TimeoutSetting,
    Unreadable,
)
from timeouts.model.step_edits import ArchyRawTimeout
from timeouts.model.steps import Step, is_place

MINUTE = LiteralOrSuggested(timeout_ms=60_000)
MAIN = "inboundCall.tasks[0].task.actions"


def step_with(timeout: str, **around: str) -> Step:
    (step,) = read_archy(flow_of(timeout, **around).encode()).steps
    return step


def setting_of(timeout: str) -> TimeoutSetting:
    return step_with(timeout).setting


def refusal_of(text: str | bytes) -> str:
    with pytest.raises(UnreadableDefinition) as refused:
        read_archy(text.encode() if isinstance(text, str) else text)
    return refused.value.reason


def test_its_steps_stand_in_the_order_of_the_text_with_all_that_it_says_of_them() -> None:
    found = read_archy(FLOW.encode())

    assert (found.kind, found.type, found.name) == ("archy", "inboundcall", "Support {{stage}}")
    assert [(step.kind, step.name, step.setting) for step in found.steps] == [
        ("data", "Look up", MINUTE),
        ("secure", "Charge", Suggested()),
        ("bridge", "Old system", LiteralTimeout(timeout_ms=5_000)),
        ("data", "Short", LiteralTimeout(timeout_ms=3_000)),
    ]
    first, nested, bridge, last = found.steps
    assert (first.id, last.id) == (f"{MAIN}[0].callData", f"{MAIN}[1].callData")
    assert nested.id == f"{MAIN}[0].callData.outputs.success.actions[0].callDataSecure"
    assert (first.container, first.tracking_id, first.category, first.action_name) == (
        "Main",
        12,
        "CRM {{stage}}",
        "Find customer",
    )
    assert (bridge.category, bridge.action_name, bridge.raw_timeout) == ("Bridge", "Ping", None)
    assert (nested.raw_timeout, last.raw_timeout) == (
        ArchyRawTimeout(timeout=None),
        ArchyRawTimeout(timeout=" {lit: {seconds: 3}}"),
    )


@pytest.mark.parametrize(
    ("text", "container"),
    [
        (
            "botFlow:\n  bots:\n    - bot:\n        name: Greeting\n        actions:\n          - callData: {}\n",
            "Greeting",
        ),
        ("inqueueEmail:\n  startUpState:\n    name: Initial\n    actions:\n      - callData: {}\n", "Initial"),
        ("inqueueEmail:\n  periodicState:\n    actions:\n      - callData: {}\n", "periodicState"),
        ("commonModule:\n  startUpTaskActions:\n    - callData: {}\n    - wait: {}\n", "startUpTaskActions"),
        ("workflow:\n  more:\n    startUpTaskActions:\n      - callData: {}\n", ""),
    ],
)
def test_a_step_is_in_the_container_that_holds_it_and_in_the_key_of_one_without_a_name(
    text: str, container: str
) -> None:
    assert [step.container for step in read_archy(text.encode()).steps] == [container]


@given(files())
def test_the_ids_of_its_steps_are_known_as_places(body: bytes) -> None:
    assert all(is_place(step.id) for step in (*read_archy(body).steps, *read_archy(FLOW.encode()).steps))


def test_a_bot_flow_has_a_key_of_its_own() -> None:
    found = read_archy(b"botFlow:\n  name: Orders\n  startUpRef: /botFlow/bots/bot[x]\n")

    assert (found.type, found.name) == ("bot", "Orders")


def test_of_a_template_every_name_has_its_placeholders() -> None:
    text = flow_of("").replace("name: Call", 'name: "{{a}}{{b_2}} and {{c}}"').replace("Ping", "{{what}}")
    (step,) = read_archy(text.encode()).steps

    assert (step.name, step.action_name) == ("{{a}}{{b_2}} and {{c}}", "{{what}}")


@pytest.mark.parametrize(
    ("timeout", "setting"),
    [
        ("", Suggested()),
        ("timeout:\n  lit:\n    minutes: 1", MINUTE),
        ("timeout: {lit: {seconds: 60}} # as long", MINUTE),
        ("timeout: {lit: {milliseconds: 60000}}", MINUTE),
        ("timeout: {lit: {minutes: 1, seconds: 30}}", LiteralTimeout(timeout_ms=90_000)),
        ('"timeout": {"lit": {"seconds": "3"}}', LiteralTimeout(timeout_ms=3_000)),
        ("timeout: {lit: {days: 1, hours: 1, milliseconds: 5}}", LiteralTimeout(timeout_ms=90_000_005)),
        ("timeout:\n  exp: Flow.wait", Expression(text="Flow.wait")),
        ("timeout: {var: Flow.wait}", Expression(text="Flow.wait")),
        ("timeout: {{wait}}", Expression(text="{{wait}}")),
        ("timeout: {lit: {seconds: {{wait}}}}", Expression(text="{{wait}}")),
        ('timeout: {lit: "{{wait}}"}', Expression(text="{{wait}}")),
        ("timeout:\n  lit:\n    {{unit}}: 3", Expression(text="{{unit}}")),
        ("timeout:\n  lit:\n    seconds: ${wait}", Expression(text="${wait}")),
        ('timeout: {lit: {seconds: "${wait}"}}', Expression(text="${wait}")),
        ("timeout: <wait>", Expression(text="<wait>")),
    ],
)
def test_a_timeout_is_read_in_every_form(timeout: str, setting: TimeoutSetting) -> None:
    assert setting_of(timeout) == setting


@pytest.mark.parametrize(
    ("timeout", "reason"),
    [
        ("timeout:\n  noValue: true", "no value"),
        ("timeout:", "is nothing"),
        ("timeout: 10", "is '10'"),
        ("timeout: [1]", "a list of 1"),
        ("timeout: {lit: 10}", "'lit' with '10'"),
        ("timeout: {lit: {}}", "a mapping of 0"),
        ("timeout: {lit: {seconds: 3}, exp: x}", "a mapping of 2"),
        ("timeout: {lit: {weeks: 1}}", "'weeks' is no unit"),
        ("timeout: {lit: {seconds: 1.5}}", "'1.5', not a whole number"),
        ("timeout: {lit: {seconds: 010}}", "'010', not a whole number"),
        ("timeout: {lit: {seconds: -3}}", "'-3', not a whole number"),
        ("timeout: {lit: {seconds: 0}}", "no possible duration"),
        (f"timeout: {{lit: {{days: {'9' * 15}}}}}", "no possible duration"),
        ("timeout: {lit: {seconds: 3, seconds: 4}}", "'seconds' stands more than once"),
        ("timeout: {lit: {seconds: 3}}\ntimeout: {lit: {seconds: 4}}", "timeout stands more than once"),
        ("timeout: &t {lit: {seconds: 3}}", "an anchor"),
        ("timeout: {lit: {seconds: !!int 3}}", "a tag"),
        ("timeout: {lit: &u {seconds: 3}}", "an anchor"),
        ("inputs: &i {a: 1}\ntimeout: *i", "an alias"),
        ("inputs: &i {a: 1}\ntimeout: {lit: {seconds: *i}}", "an alias"),
        ("<<: {timeout: {lit: {seconds: 3}}}", "merged"),
        ("? timeout\n: lit:\n    seconds: 3", "lines of their own"),
        (f"timeout: {{lit: {{seconds: 3}}{' ' * 10_001}}}", "10,000 at most"),
    ],
)
def test_what_could_be_read_otherwise_is_unreadable_with_the_reason(timeout: str, reason: str) -> None:
    setting = setting_of(timeout)
    assert isinstance(setting, Unreadable)
    assert reason in setting.reason


@pytest.mark.parametrize(
    ("timeout", "setting"),
    [
        ('{"lit":{"seconds":5}}', LiteralTimeout(timeout_ms=5_000)),
        ('{"lit":{"minutes":1,"seconds":5}}', LiteralTimeout(timeout_ms=65_000)),
        ('{"exp":"Flow.wait"}', Expression(text="Flow.wait")),
        ('{"lit":{"seconds":{{wait}}}}', Expression(text="{{wait}}")),
        ("{{wait}}", Expression(text="{{wait}}")),
    ],
)
def test_a_timeout_in_the_compact_style_of_json_is_read(timeout: str, setting: TimeoutSetting) -> None:
    text = f'{{"workflow":{{"actions":[{{"callData":{{"name":"J1","timeout":{timeout},"category":{{}}}}}}]}}}}'
    (step,) = read_archy(text.encode()).steps

    assert step.setting == setting


def test_a_key_in_the_long_form_is_no_place_for_an_edit() -> None:
    text = b"workflow: {actions: [{callData: {name: x, ? timeout\n  : {lit: {seconds: 3}}}}]}"
    (step,) = read_archy(text).steps
    assert step.setting == Unreadable(reason="the key timeout is written in the long form")


def test_a_step_that_says_nothing_or_stands_elsewhere_is_named_as_unreadable() -> None:
    text = "workflow:\n  actions:\n    - callData:\n    - callData: later\n"
    assert [step.setting.kind for step in read_archy(text.encode()).steps] == ["unreadable"] * 2


def test_a_key_that_stands_twice_above_a_step_makes_it_unreadable() -> None:
    item = "    - callData: {name: x, category: {}}\n"
    (first, second) = (read_archy(f"workflow:\n  actions:\n{item}  actions: []\n".encode()).steps or ()) * 2
    assert first is second
    assert first.setting == Unreadable(reason="the key actions above it stands more than once")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"\xff", "not UTF-8 from byte 0"),
        ("", "no document"),
        ("# nothing\n", "no document"),
        ("- 1\n", "not a mapping"),
        ("workflow: {}\n---\nworkflow: {}\n", "a second document begins in line 2"),
        ("workflow: {}\n---\n---\n- 1\n", "a second document begins in line 2"),
        ("workflow: {}\n--- ''\n", "a second document begins in line 2"),
        ("workflow: {}\n--- &a\n", "a second document begins in line 2"),
        ("---\n---\nworkflow: {}\n", "a second document begins in line 2"),
        ("other: {}\n", "none stands at its top"),
        ("workflow: {}\nbot: {}\n", "more than one stands at its top"),
        ("workflow:\n\tname: x\n", "in line 2"),
        ("workflow:\n  name: [\n", "in line 3"),
        ("workflow:\n  name: \x07\n", "in line 2"),
        ("workflow: *a\n", "what stands below workflow is no mapping"),
        ("workflow:\n  ? [a]\n  : b\n", "a key in line 2 is no text"),
        ("workflow: " + "[" * 400 + "]" * 400, "nested more than 250 levels deep in line 1"),
        ("workflow:\n  start:\n    callData:\n      category: {}\n", "callData in line 3 stands in no list"),
        (
            "workflow:\n  actions: &all\n    - callData: {name: x}\n  more: *all\n",
            "an alias in line 4 repeats steps",
        ),
        (f"workflow:\n  actions:\n    - callData: {{name: {'x' * 10_001}}}\n", "10,000 at most"),
        ("workflow:\n  a: [{callData: {}}]\n  a: [{callData: {}}]\n", "two steps stand at workflow.a[0].callData"),
    ],
)
def test_what_is_not_understood_for_certain_is_refused_with_its_line(text: str | bytes, reason: str) -> None:
    assert reason in refusal_of(text)


@pytest.mark.parametrize("end", ["---\n", "--- # the end\n\n", "---\n---\n", "...\n", "---\n...\n"])
def test_a_document_behind_the_first_that_says_nothing_is_none(end: str) -> None:
    found = read_archy((FLOW + end).encode())

    assert found.steps == read_archy(FLOW.encode()).steps
    edits = set_to({step.id: 7_000 for step in found.steps if step.raw_timeout is not None})
    assert found.with_edits(edits) == read_archy(FLOW.encode()).with_edits(edits) + end.encode()


def test_an_alias_that_repeats_no_step_is_no_obstacle() -> None:
    text = "workflow:\n  text: &t {a: 1}\n  more: *t\n  actions:\n    - callData: {name: &n x}\n    - wait: *n\n"
    assert [step.setting for step in read_archy(text.encode()).steps] == [Suggested()]


def test_a_file_with_more_values_than_are_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "MOST_NODES", 10)
    assert "more than the 10 values" in refusal_of(FLOW)


@given(files())
def test_without_the_fast_parser_the_same_is_read(body: bytes) -> None:
    fast = read_archy(body)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(composing, "_LOADER", yaml.SafeLoader)
        slow = read_archy(body)
    edits = set_to({step.id: 7_000 for step in fast.steps if step.raw_timeout is not None})
    assert (slow.steps, slow.fingerprint) == (fast.steps, fast.fingerprint)
    assert slow.with_edits(edits) == fast.with_edits(edits)


BOTH_LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]


@pytest.mark.parametrize("loader", BOTH_LOADERS)
@pytest.mark.parametrize(
    "text", ['a: "\\UFFFFFFFF"', f"%YAML {'9' * 5_000}.1\n---\na", "a: [", "a: \x01", "workflow: &a [*a]", "%Y" * 9]
)
def test_either_parser_refuses_what_is_none_of_ours_in_a_sentence(text: str, loader: type) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(composing, "_LOADER", loader)
        assert 0 < len(refusal_of(text)) <= 500


@pytest.mark.parametrize("loader", BOTH_LOADERS)
@pytest.mark.parametrize("before", ["", "\ufeff", "# ü€🙂ü€🙂ü€🙂\n", "{{ü}}: {{placeholder}}\n", "\ufeff# üüü\n"])
def test_either_parser_names_the_line_of_what_yaml_does_not_allow(loader: type, before: str) -> None:
    line = before.count("\n") + 2
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(composing, "_LOADER", loader)
        assert refusal_of(f"{before}workflow:\n  name: \x07\n  a: 1\n\n\n\n").endswith(f" in line {line}")


def test_the_fingerprint_is_of_the_content_and_not_of_its_layout() -> None:
    with_comments = FLOW.replace("  tasks:\n", "  # all tasks\n  tasks:\n\n").replace("\n", "\r\n")
    prints = [read_archy(text.encode()).fingerprint for text in (FLOW, with_comments, FLOW.replace("Charge", "Pay"))]

    assert prints[0] == prints[1] != prints[2]


@given(files())
def test_what_stands_in_a_drawn_file_is_read_as_a_line_count_finds_it(body: bytes) -> None:
    lines = body.decode().replace('"callData"', "callData").splitlines()
    marks = sum(line.strip().startswith(tuple(f"- {key}:" for key in KINDS)) for line in lines)
    assert len(read_archy(body).steps) == marks
