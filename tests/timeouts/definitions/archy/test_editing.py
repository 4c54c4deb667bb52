"""Text stays text: a timeout is put in, replaced or taken out, and every other byte of a file is the same."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import set_to
from tests.timeouts.definitions.archy.texts import FLOW, files, flow_of
from timeouts.definitions import EditRefusedError, is_same_content, raw_timeout_after, setting_after, setting_of
from timeouts.definitions.archy import read_archy
from timeouts.definitions.proof import ProofFailed, prove_edit
from timeouts.model.settings import LiteralOrSuggested, LiteralTimeout, literal_ms
from timeouts.model.step_edits import ArchitectRawTimeout, ArchyRawTimeout, Restore, SetTimeout, StepEdit

ONLY = "workflow.states[0].state.actions[0].callData"
LIT_3 = ArchyRawTimeout(timeout=" {lit: {seconds: 3}}")


def edited(text: str, timeout_ms: int, step_id: str = ONLY) -> str:
    before, edits = text.encode(), set_to({step_id: timeout_ms})
    after = read_archy(before).with_edits(edits)
    prove_edit(before, after, edits, read_archy)
    return after.decode()


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in {"- ", "+ "}]


@pytest.mark.parametrize(
    ("timeout", "before", "after"),
    [
        ("timeout:\n  lit:\n    minutes: 1 # why", "minutes: 1 # why", "seconds: 10 # why"),
        ("timeout: {lit: {minutes: 1}}", "timeout: {lit: {minutes: 1}}", "timeout: {lit: {seconds: 10}}"),
        ("timeout:\n  lit: { minutes: 1, seconds: 0 }", "lit: { minutes: 1, seconds: 0 }", "lit: { seconds: 10 }"),
        ("timeout:\n    'lit':\n          minutes: 1", "minutes: 1", "seconds: 10"),
    ],
)
def test_of_a_timeout_only_its_units_are_replaced(timeout: str, before: str, after: str) -> None:
    removed, added = changed_lines(flow_of(timeout), edited(flow_of(timeout), 10_000))

    assert (removed[2:].strip(), added[2:].strip()) == (before, after)
    assert removed[2:].index(before) == added[2:].index(after)


def test_a_duration_that_keeps_its_units_keeps_the_comments_between_them() -> None:
    before = flow_of("timeout:\n  lit:\n    # agreed\n    seconds: 7 # of them\n    # and\n    minutes: 1 # whole")
    after = edited(before, 90_000)

    assert after == before.replace("seconds: 7", "seconds: 30")


@pytest.mark.parametrize("timeout_ms", [10_000, 120_000, 90_500])
def test_a_duration_with_other_units_is_refused_where_a_comment_stands_between_those_that_are_there(
    timeout_ms: int,
) -> None:
    before = flow_of("timeout:\n  lit:\n    minutes: 1 # agreed\n    seconds: 7")

    with pytest.raises(EditRefusedError, match="a comment stands within the duration in line 11, and would be lost"):
        edited(before, timeout_ms)


def test_a_line_keeps_its_end_where_a_file_mixes_them() -> None:
    before = flow_of("").replace("name: Call\n", "name: Call\r\n")
    after = edited(before, 10_000)

    inserted = "timeout:\r\n                lit:\r\n                  seconds: 10\r\n              "
    assert after == before.replace("category", f"{inserted}category")


def test_a_duration_of_two_units_stands_on_two_lines_as_deep_as_the_one_before() -> None:
    before = flow_of("timeout:\n  lit:\n    minutes: 1\n    seconds: 0").replace("\n", "\r\n")
    after = edited(before, 90_500)

    lines = ["lit:", "  minutes: 1", "  seconds: 30", "  milliseconds: 500", ""]
    assert f"\r\n{' ' * 16}".join(lines).rstrip(" ") in after


def test_a_new_timeout_stands_behind_the_name_as_deep_as_its_neighbours() -> None:
    before = flow_of("", before="# which call\nprocessingPrompt:\n  noValue: true").replace(
        "name: Call", "name: Call # it"
    )
    after = edited(before, 90_000)

    assert changed_lines(before, after) == [
        "+               timeout:",
        "+                 lit:",
        "+                   minutes: 1",
        "+                   seconds: 30",
    ]
    assert after.index("# it") < after.index("timeout") < after.index("# which call")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\r\n\r\n"])
def test_a_name_at_the_end_of_a_file_is_no_obstacle(ending: str) -> None:
    before = f"workflow:\r\n  actions:\r\n  - callData:\r\n      category: {{}}\r\n      name: Last{ending}"
    after = edited(before, 10_000, "workflow.actions[0].callData")

    start = before.removesuffix(ending) if ending else before
    end = "\n" if ending == "\n" else "\r\n"
    assert after == f"{start}{end}      timeout:{end}        lit:{end}          seconds: 10{ending}"


@pytest.mark.parametrize("name", ["", "name: >-\n  on\n  lines", "name: 'on\n  lines'"])
def test_without_a_name_on_one_line_a_new_timeout_is_the_first_member(name: str) -> None:
    before = flow_of("", before=name).replace("              name: Call\n", "")
    after = edited(before, 10_000)

    assert "- callData:\n              timeout:\n" in after.replace("{}", "")
    assert [step.setting for step in read_archy(after.encode()).steps] == [LiteralTimeout(timeout_ms=10_000)]


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("{}", "{timeout: {lit: {seconds: 10}}}"),
        ("{category: {}}", "{timeout: {lit: {seconds: 10}}, category: {}}"),
        ('{"name":"x","category":{}}', '{"name":"x", timeout: {lit: {seconds: 10}},"category":{}}'),
        ("{ name: x }", "{ name: x, timeout: {lit: {seconds: 10}} }"),
        ("{ category: {}}", "{ timeout: {lit: {seconds: 10}}, category: {}}"),
        ("{\n  category: {}\n}", "{\n  timeout: {lit: {seconds: 10}}, category: {}\n}"),
        ("{ }", "{timeout: {lit: {seconds: 10}} }"),
    ],
)
def test_in_flow_style_a_new_timeout_is_put_in_and_taken_out_without_a_trace(step: str, after: str) -> None:
    before, step_id = f"workflow: {{actions: [{{callData: {step}}}]}}", "workflow.actions[0].callData"
    now = edited(before, 10_000, step_id)

    assert now == f"workflow: {{actions: [{{callData: {after}}}]}}"
    back: dict[str, StepEdit] = {step_id: Restore(original=ArchyRawTimeout(timeout=None))}
    assert read_archy(now.encode()).with_edits(back) == before.encode()


def test_a_timeout_in_the_compact_style_of_json_is_replaced_and_put_back_without_a_trace() -> None:
    step_id, compact = "workflow.actions[0].callData", '{"lit":{"seconds":5}}'
    before = f'{{"workflow":{{"actions":[{{"callData":{{"name":"J1","timeout":{compact},"category":{{}}}}}}]}}}}'
    now = edited(before, 10_000, step_id)

    assert now == before.replace('"seconds":5', '"seconds":10')
    back: dict[str, StepEdit] = {step_id: Restore(original=ArchyRawTimeout(timeout=compact))}
    assert read_archy(now.encode()).with_edits(back) == before.encode()


def test_a_member_that_is_taken_out_leaves_the_comments_around_it() -> None:
    taken_out: dict[str, StepEdit] = {ONLY: Restore(original=ArchyRawTimeout(timeout=None))}
    text = flow_of("timeout: {lit: {seconds: 3}} # after", before="# before\n\n")
    after = read_archy(text.encode()).with_edits(taken_out)

    assert after == text.replace("\n              timeout: {lit: {seconds: 3}}", "").encode()
    first = text.replace("              name: Call\n", "")
    assert b"# after\n              category" in read_archy(first.encode()).with_edits(taken_out)


def test_a_member_in_flow_style_is_not_taken_out_with_a_comment_before_it() -> None:
    text = b"workflow: {actions: [{callData: {name: x, # mine\n timeout: {lit: {seconds: 3}}}}]}"
    with pytest.raises(EditRefusedError, match="something stands between"):
        read_archy(text).with_edits({"workflow.actions[0].callData": Restore(original=ArchyRawTimeout(timeout=None))})


def test_a_timeout_that_somebody_took_out_is_put_back_where_a_new_one_goes() -> None:
    definition = read_archy(flow_of("").encode())
    assert definition.with_edits({ONLY: Restore(original=LIT_3)}).decode() == flow_of("timeout: {lit: {seconds: 3}}")


@pytest.mark.parametrize(
    ("original", "problem"),
    [
        (ArchitectRawTimeout(suggested=True, timeout=None), "another kind of definition"),
        (ArchyRawTimeout(timeout=" ["), "is not YAML"),
        (ArchyRawTimeout(timeout=" {exp: x}"), "is expression"),
    ],
)
def test_what_must_not_be_put_back_is_refused(original: ArchitectRawTimeout | ArchyRawTimeout, problem: str) -> None:
    with pytest.raises(EditRefusedError, match=problem):
        read_archy(FLOW.encode()).with_edits(
            {"inboundCall.tasks[0].task.actions[0].callData": Restore(original=original)}
        )


def test_the_same_duration_laid_out_otherwise_is_the_same_content() -> None:
    in_lines = ArchyRawTimeout(timeout="\r\n    lit: # c\r\n      seconds: 3")
    assert is_same_content(in_lines, LIT_3)
    assert not is_same_content(in_lines, ArchyRawTimeout(timeout=" {lit: {seconds: 4}}"))
    assert not is_same_content(in_lines, ArchyRawTimeout(timeout=None))
    assert is_same_content(raw_timeout_after(SetTimeout(timeout_ms=3_000), in_lines), in_lines)


def test_what_an_edit_comes_to_is_what_the_file_can_say() -> None:
    assert setting_of(LIT_3) == LiteralTimeout(timeout_ms=3_000)
    assert setting_after(SetTimeout(timeout_ms=60_000), LIT_3) == LiteralOrSuggested(timeout_ms=60_000)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("# which line", "# which one"), "differs in line 2"),
        (("name: Main", 'name: "Main"'), "name"),
        (("exp: Call.Ani", "exp: Call.Dnis"), "exp: Call.Ani became Call.Dnis"),
        (("minutes: 1", "minutes: 1 # mine"), "differs in line"),
        (("seconds: 5", "seconds: 6"), "seconds"),
        (("workflow", "workflow"), "missing"),
    ],
)
def test_what_was_not_planned_fails_the_proof(change: tuple[str, str], problem: str) -> None:
    edits: dict[str, StepEdit] = {**set_to({"inboundCall.tasks[0].task.actions[1].callData": 10_000})}
    before = FLOW.encode()
    after = (
        before if change[0] == change[1] else read_archy(before).with_edits(edits).decode().replace(*change).encode()
    )
    with pytest.raises(ProofFailed, match=problem):
        prove_edit(before, after, edits, read_archy)


def test_what_cannot_be_read_after_an_edit_fails_the_proof() -> None:
    with pytest.raises(ProofFailed, match="cannot be read"):
        prove_edit(FLOW.encode(), b"[", {}, read_archy)


def may_change(body: bytes) -> list[str]:
    return [step.id for step in read_archy(body).steps if step.raw_timeout is not None]


@given(files(), st.integers(1, 4_000_000) | st.just(60_000))
def test_every_byte_beside_the_timeouts_is_the_same_and_all_is_put_back_to_the_byte(
    body: bytes, timeout_ms: int
) -> None:
    definition = read_archy(body)
    originals = {step.id: step.raw_timeout for step in definition.steps if step.raw_timeout is not None}
    edits = set_to(dict.fromkeys(originals, timeout_ms))
    after = definition.with_edits(edits)
    prove_edit(body, after, edits, read_archy)

    now = {step.id: step for step in read_archy(after).steps}
    assert list(now) == [step.id for step in definition.steps]
    assert {literal_ms(now[step_id].setting) for step_id in originals} <= {timeout_ms}
    back: dict[str, StepEdit] = {step_id: Restore(original=raw) for step_id, raw in originals.items()}
    assert read_archy(after).with_edits(back) == body
    prove_edit(after, body, back, read_archy)


@given(files(), st.data())
def test_lines_without_a_timeout_survive_an_edit_as_they_are(body: bytes, data: st.DataObject) -> None:
    known = may_change(body)
    edits = set_to(dict.fromkeys(data.draw(st.lists(st.sampled_from(known), unique=True)) if known else [], 7_000))
    after = read_archy(body).with_edits(edits)

    kept = [
        line
        for line in body.splitlines(keepends=True)
        if b"One line" not in line and b"lit" not in line and b"minutes" not in line and b"seconds" not in line
    ]
    left = iter(after.splitlines(keepends=True))
    assert all(any(line.rstrip(b"\r\n") == each.rstrip(b"\r\n") for each in left) for line in kept)


@given(files(), files())
def test_whatever_an_edit_of_a_file_comes_to_is_proved_or_refused(before: bytes, after: bytes) -> None:
    edits = set_to(dict.fromkeys(may_change(before)[:1], 7_000))
    try:
        prove_edit(before, after, edits, read_archy)
    except ProofFailed:
        return
    assert read_archy(before).with_edits(edits) == after
