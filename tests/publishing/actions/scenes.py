"""A small org with an action of each kind that has a limit, and an order for one of them."""

import copy
import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from genesys import WriteClient
from publishing.order import ActionOrder, Publication, Timing
from publishing.publish import publish_action, verify
from simulator.clients import DEMO_WRITER, WRITING
from simulator.org.actions.people import DataActionEdit, DataActionEditKind
from simulator.org.org import Org
from simulator.org.seeds import ActionSeed
from simulator.switches import Switches
from tests.publishing.clocks import FakeClock
from tests.publishing.colleagues import ADA
from tests.publishing.scenes import Stage, org_seed
from timeouts.planning.outcomes import Outcome, Target

Kind = Literal["custom", "function"]
State = Mapping[str, Any]
CUSTOM = "custom_-_77777777-7777-4777-8777-777777777777"
FUNCTION = "custom_-_88888888-8888-4888-8888-888888888888"
IDS: dict[Kind, str] = {"custom": CUSTOM, "function": FUNCTION}
BEFORE: dict[Kind, int] = {"custom": 3, "function": 5}
AFTER = 10
"""The limits, in seconds, that an order finds and makes."""

SECRET = "s3cr3t-canary"
REQUEST_TEMPLATE = '{"name": "${input.name}",\r\n\t"note": "Störung 🚨 \u2028 \\"quoted\\""}\n#if($x)$!{x}#end\n'
SUCCESS_TEMPLATE = '{"said": ${rawResult}, "back": "\\\\"}\n'


def action_seed(kind: Kind, **config: Any) -> ActionSeed:
    """One action with all that could be lost on the way; what is given replaces parts of its config, None none."""
    whole: dict[str, Any] = {
        "timeoutSeconds": BEFORE[kind],
        "request": {
            "requestUrlTemplate": "https://crm.example/störung/${input.id}",
            "requestType": "POST",
            "headers": {"Authorization": f"Bearer {SECRET}", "X-A.B": "1"},
        },
        "response": {"translationMap": {"name": "$.name"}, "translationMapDefaults": {"name": '"?"'}},
        **config,
    }
    return ActionSeed(
        IDS[kind],
        "Kunde prüfen 🚨",
        "CRM" if kind == "custom" else "Genesys Cloud Function Data Actions",
        "integration",
        version=4,
        config={key: value for key, value in whole.items() if value is not None},
        contract={"input": {"inputSchema": {"type": "object", "required": ["id"], "additionalProperties": True}}},
        request_template=REQUEST_TEMPLATE,
        success_template=SUCCESS_TEMPLATE,
        function_timeout_seconds=BEFORE["function"] if kind == "function" else None,
    )


class DirectoryMarks:
    """Marks as files, which outlive a process that is killed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def has(self, action_id: str) -> bool:
        return (self._directory / action_id).exists()

    def put(self, action_id: str) -> None:
        (self._directory / action_id).touch()

    def drop(self, action_id: str) -> None:
        (self._directory / action_id).unlink(missing_ok=True)


@dataclass(frozen=True)
class ActionScene:
    """The org as the platform shows it, our client and its marks, and what to do with one action."""

    url: str
    org: Org
    client: WriteClient
    kind: Kind
    directory: Path

    @property
    def id(self) -> str:
        return IDS[self.kind]

    @property
    def marks(self) -> DirectoryMarks:
        return DirectoryMarks(self.directory)

    def order(self, **other: Any) -> ActionOrder:
        given: dict[str, Any] = {
            "target": Target(kind="action", id=self.id, name="Kunde prüfen 🚨"),
            "kind": self.kind,
            "version": 4,
            "before_ms": BEFORE[self.kind] * 1_000,
            "after_ms": AFTER * 1_000,
        }
        return ActionOrder(**{**given, **other})

    def fresh_order(self) -> ActionOrder:
        """What a plan made now would order."""
        state = self.action()
        holder = state["config"] if self.kind == "custom" else state["function"]
        seconds = holder.get("timeoutSeconds")
        return self.order(version=state["version"], before_ms=None if seconds is None else seconds * 1_000)

    def pace(self) -> Timing:
        """A pace whose clock the org's own follows; in a process of its own there is no org to follow."""
        return (FakeClock(passes=self.org.advance_ms) if self.org else FakeClock()).pace()

    def publish(self, order: ActionOrder | None = None, pace: Timing | None = None) -> Publication:
        return publish_action(self.client, order or self.order(), pace or self.pace(), self.marks)

    def publish_and_verify(self, order: ActionOrder | None = None, pace: Timing | None = None) -> Outcome:
        order, pace = order or self.order(), pace or self.pace()
        return self.verify(self.publish(order, pace), order, pace)

    def verify(self, publication: Publication, order: ActionOrder | None = None, pace: Timing | None = None) -> Outcome:
        return verify(self.client, order or self.order(), publication, pace or self.pace())

    def action(self) -> dict[str, Any]:
        """What the platform holds of the action."""
        found: dict[str, Any] = self.org.state()["actions"][self.id]
        return found

    def live(self) -> dict[str, Any]:
        """What is live of it, to the byte of its texts: all but a draft."""
        return {**self.action(), "draft": None}

    def live_version(self) -> str:
        return str(self.action()["version"])

    def untold(self, outcome: Outcome) -> Iterator[str]:
        """Name a draft of ours that stays without a word."""
        if self.action()["draft"] is not None and outcome.outcome != "unknown" and not tells_of_draft(outcome):
            yield f"a draft stays and is not told: {outcome.outcome}, {outcome.reason}, {outcome.notes}"

    def harm(self, before: State, after: State) -> Iterator[str]:
        """Name what is left behind that must not be. `before` and `after` are the two states that may be live."""
        if self.live() not in (before, after):
            yield f"what is live is neither as before nor as planned: version {self.live_version()}"
        if self.action()["draft"] is not None:
            yield "a draft of ours stays"

    def rerun_ends(self, outcome: Outcome, after: State) -> Collection[str]:
        """A run that does not know what came of it leaves its mark, and perhaps a draft, to the next one."""
        if outcome.outcome == "published":
            return ()
        return ("unchanged",) if self.live() == after else ("published",)

    def calm(self) -> None:
        """Let nothing go wrong from here on."""
        self.org.clear_faults()
        self.org.plan_validation(self.id, ())

    def person_action(
        self, kind: DataActionEditKind, *, timeout_seconds: int | None = None, name: str = ""
    ) -> DataActionEdit:
        """What a colleague does to the action."""
        return DataActionEdit(kind=kind, action_id=self.id, person=ADA, timeout_seconds=timeout_seconds, name=name)

    def writes(self) -> list[str]:
        """The requests that may change something, by method and what follows the action's id; logins left out."""
        return [
            f"{call.method} {call.path.partition(self.id)[2]}".strip()
            for call in self.org.log
            if call.method != "GET" and "token" not in call.path
        ]


Act = Callable[..., ActionScene]
"""Makes a scene; takes what `acting` takes after the kind."""


def acting(
    stage: Stage,
    kind: Kind,
    switches: Switches | None = None,
    *,
    may_delete: bool = False,
    hurried: bool = False,
    **config: Any,
) -> ActionScene:
    """Make an org of actions anew. `may_delete`: our client may discard drafts; what is left is added to the config."""
    scene = stage(hurried=hurried)
    seeds = (action_seed("custom", **config), action_seed("function", **config))
    scene.org.reseed(dataclasses.replace(org_seed(), actions=seeds))
    scene.org.set_switches(switches or Switches())
    if may_delete:
        scene.org.add_client(dataclasses.replace(DEMO_WRITER, permissions=WRITING | {"integrations:action:delete"}))
    directory = Path.home() / f"marks-{scene.url.rpartition(':')[2]}"  # the home of this test run (tests/conftest.py)
    directory.mkdir(exist_ok=True)
    made = ActionScene(scene.url, scene.org, scene.client, kind, directory)
    made.marks.drop(made.id)
    return made


def meanwhile(act: Callable[[], object], asked: int = 1) -> Timing:
    """A pace that never stops a run; when it asks for the `asked`th time whether to, somebody does something."""
    clock, times = FakeClock(), iter(range(asked))

    def stopped() -> bool:
        if next(times, None) == asked - 1:
            act()
        return False

    return Timing(now_ms=lambda: clock.ms, sleep_ms=clock.wait, stopped=stopped)


def with_limit(state: Mapping[str, Any], seconds: int | None) -> dict[str, Any]:
    """An action's state with another limit and nothing else changed."""
    changed = copy.deepcopy(dict(state))
    holder = changed["function"] or changed["config"]
    if seconds is None:
        del holder["timeoutSeconds"]
    else:
        holder["timeoutSeconds"] = seconds
    return changed


def published(state: Mapping[str, Any], *, adds: bool = False, seconds: int = AFTER) -> dict[str, Any]:
    """An action's state after the planned change: the limit, the next version, what the server adds, nothing else."""
    after = with_limit(state, seconds)
    if adds:
        after["config"]["response"]["lastSavedBy"] = "server"
    return {**after, "version": state["version"] + 1}


def tells_of_draft(outcome: Outcome) -> bool:
    """Whether people are told that a draft of ours is left."""
    return any("our draft" in note for note in outcome.notes)
