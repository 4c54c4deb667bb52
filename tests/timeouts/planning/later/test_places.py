"""A roll back in YAML, whose steps have no ids: wherever one stands, it gets its own time back, or is left and told."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import inventory, listed
from timeouts.definitions.archy import read_archy
from timeouts.inventory import Inventory
from timeouts.model.settings import literal_ms
from timeouts.model.steps import Reading
from timeouts.planning.computing import compute_plan
from timeouts.planning.later.places import KnownPlaces, name_of
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

RAISED_S = 15


class Call(NamedTuple):
    """A step of YAML. `mark`: what tells it from its equals, which no reading shows."""

    name: str
    seconds: int
    action: str = "Look up"
    mark: str = ""
    task: str = "Main"


def written(*calls: Call) -> bytes:
    """Return the file that holds these steps, task by task in the order in which they are first named."""
    lines = ["inboundCall:", "  name: Orders", "  tasks:"]
    for task in dict.fromkeys(call.task for call in calls):
        lines += ["    - task:", f"        name: {task}", "        actions:"]
        for call in (each for each in calls if each.task == task):
            timeout = f"{{lit: {{seconds: {call.seconds}}}}}"
            category = f'{{CRM: {{dataAction: {{{call.action}: {{mark: "{call.mark or call.name}"}}}}}}}}'
            lines += ["          - callData:", f"              name: {call.name}", f"              timeout: {timeout}"]
            lines += [f"              category: {category}"]
    return "\n".join((*lines, "")).encode()


def org_of(body: bytes) -> Inventory:
    definition = read_archy(body)
    reading = Reading(
        architect_flow_id="af-1",
        coverage="read",
        kind=definition.kind,
        fingerprint=fingerprint(body),
        steps=definition.steps,
    )
    return inventory([listed()], [reading], limits_elsewhere=True)


def fingerprint(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def changed(body: bytes, plan: Plan) -> bytes:
    return read_archy(body).with_edits(plan.edits_of("af-1"))


class Raised(NamedTuple):
    """A run that raised all steps of a file."""

    plan: Plan
    after: bytes
    known: KnownPlaces

    def back(self, now: bytes) -> Plan:
        return compute_roll_back(self.plan, {"af-1"}, org_of(now), self.known)


def raised(*calls: Call) -> Raised:
    before = written(*calls)
    plan = compute_plan(org_of(before), Policy.raise_to(RAISED_S * 1_000))
    after = changed(before, plan)
    steps = Counter(name_of("af-1", step) for step in read_archy(before).steps)
    return Raised(plan, after, KnownPlaces({"af-1": frozenset(map(fingerprint, (before, after)))}, steps))


def at(seconds: int, *calls: Call) -> tuple[Call, ...]:
    return tuple(call._replace(seconds=seconds) for call in calls)


LOOK_UP, PAY, NEW = Call("Look up", 2, "Lookup"), Call("Pay", 9, "Payment"), Call("New", RAISED_S, "Brandnew")


def test_steps_get_their_own_times_back_whatever_the_order_of_tasks() -> None:
    mine, theirs = LOOK_UP, PAY._replace(task="Payment")
    now = written(*at(RAISED_S, theirs, mine))

    assert changed(now, raised(mine, theirs).back(now)) == written(theirs, mine)


def test_a_step_is_known_however_an_editor_writes_its_accents() -> None:
    composed, taken_apart = (LOOK_UP._replace(name=unicodedata.normalize(form, "Prüfen")) for form in ("NFC", "NFD"))
    now = written(*at(RAISED_S, taken_apart))

    assert changed(now, raised(composed).back(now)) == written(taken_apart)


@pytest.mark.parametrize("new", [NEW, NEW._replace(seconds=2)])
def test_a_new_step_in_front_of_others_stays_and_they_go_back(new: Call) -> None:
    """Also one that says by chance what the step in its place said before the run."""
    now = written(new, *at(RAISED_S, LOOK_UP, PAY))
    back = raised(LOOK_UP, PAY).back(now)

    assert (changed(now, back), back.counts.fine) == (written(new, LOOK_UP, PAY), 0)


def test_equal_steps_get_their_own_times_back_as_long_as_nobody_edited_the_file() -> None:
    equal = LOOK_UP, LOOK_UP._replace(seconds=7), LOOK_UP._replace(seconds=20)
    run = raised(*equal)

    assert changed(run.after, run.back(run.after)) == written(*equal)
    assert run.back(written(*equal)).counts.fine == 2


def test_which_of_several_equal_steps_is_meant_is_not_told_once_the_file_was_edited() -> None:
    run = raised(LOOK_UP, LOOK_UP._replace(seconds=7), PAY)
    now = b"# Looked at by Ada\n" + run.after

    back = run.back(now)

    assert changed(now, back) == b"# Looked at by Ada\n" + written(*at(RAISED_S, LOOK_UP, LOOK_UP), PAY)
    reason = (
        "YAML has no ids, the file is not known to be as the run left it, and the name of the step does not tell which "
        "one the run changed: look at it"
    )
    assert {(line.step_name, line.why, line.reason) for line in back.left_alone} == {
        ("Look up", "changed_since", reason)
    }


def test_equal_steps_that_said_the_same_go_back_in_an_edited_file() -> None:
    now = written(NEW, *at(RAISED_S, LOOK_UP, LOOK_UP))

    assert changed(now, raised(LOOK_UP, LOOK_UP).back(now)) == written(NEW, LOOK_UP, LOOK_UP)


@pytest.mark.parametrize(
    "now", [at(RAISED_S, LOOK_UP), (*at(RAISED_S, LOOK_UP, LOOK_UP), NEW), at(RAISED_S, *[LOOK_UP] * 3)]
)
def test_a_step_beside_an_equal_one_that_the_run_left_alone_is_left(now: Sequence[Call]) -> None:
    back = raised(LOOK_UP, *at(RAISED_S, LOOK_UP)).back(written(*now))

    assert (back.changes, [line.why for line in back.left_alone]) == ((), ["changed_since"])


@pytest.mark.parametrize("now", [LOOK_UP._replace(name="Find"), LOOK_UP._replace(task="Other")])
def test_a_step_that_may_have_been_renamed_or_moved_to_another_task_is_left_and_named(now: Call) -> None:
    (left,) = raised(LOOK_UP).back(written(*at(RAISED_S, now))).left_alone

    assert (left.why, left.reason) == (
        "changed_since",
        "no step of its name stands where it stood: somebody took it out, moved or renamed it after the run",
    )


def test_a_step_whose_action_nobody_calls_any_more_is_gone() -> None:
    (left,) = raised(LOOK_UP).back(written(NEW)).left_alone

    assert (left.why, left.reason) == ("gone", "somebody took the step out after the run")


def test_a_step_that_moved_and_that_somebody_set_since_is_left() -> None:
    now = written(NEW, LOOK_UP._replace(seconds=12))

    assert [line.why for line in raised(LOOK_UP).back(now).left_alone] == ["changed_since"]


calls = st.lists(
    st.builds(
        Call,
        st.sampled_from(["Ask", "Look up"]),
        st.sampled_from([2, 5, RAISED_S]),
        st.sampled_from(["CRM", "Shop"]),
        task=st.sampled_from(["Main", "Menu"]),
    ),
    min_size=1,
    max_size=6,
).map(lambda found: [call._replace(mark=f"m{number}") for number, call in enumerate(found)])


@given(calls, calls, st.data())
def test_no_step_ever_gets_the_time_of_another_one(before: list[Call], new: list[Call], data: st.DataObject) -> None:
    """However they are moved, taken out, or joined by new ones: their marks tell what each said, and not to us."""
    run = raised(*before)
    now = [call._replace(seconds=RAISED_S) for call in before]
    edit = data.draw(st.sampled_from(["moved", "taken out", "joined"]))
    if edit == "taken out":
        now = data.draw(st.lists(st.sampled_from(now), unique=True))
    if edit == "joined":
        now += [call._replace(seconds=RAISED_S, mark=f"new-{call.mark}") for call in new]
    body = written(*data.draw(st.permutations(now)))
    said = {call.mark: call.seconds for call in before}

    for mark, seconds in _by_mark(changed(body, run.back(body))).items():
        assert seconds in {RAISED_S, said.get(mark, RAISED_S)}


def _by_mark(body: bytes) -> dict[str, int]:
    definition = read_archy(body)
    found = {}
    for step in definition.steps:
        content = definition.content
        for key in definition.locations[step.id]:
            content = content[key]
        ((_, called),) = content["category"].items()
        ((_, action),) = called["dataAction"].items()
        found[action["mark"]] = (literal_ms(step.setting) or 0) // 1_000
    return found
