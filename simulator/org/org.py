"""The whole org in one object: what the API changes and what the control plane holds. Safe between threads."""

import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any

from simulator.api.errors import Refusal
from simulator.api.oauth import Tokens
from simulator.api.presentation import Presenter
from simulator.clients import OAuthClient
from simulator.faults.faults import Fault, Faults
from simulator.faults.holds import Holds, When
from simulator.faults.matching import Match
from simulator.log import Entry
from simulator.org.actions.people import DataActionEdit, perform_edit
from simulator.org.actions.records import ActionRecords
from simulator.org.clock import Clock
from simulator.org.ids import Ids
from simulator.org.limits import Limits
from simulator.org.people import AnyPersonAction, Done, People, PersonAction, perform
from simulator.org.persistence import Store
from simulator.org.publishing import settle
from simulator.org.records import Records
from simulator.org.seeds import OrgSeed
from simulator.org.snapshot import state_of
from simulator.org.versions import Actor, PublishPlan
from simulator.org.world import UserPrompt, World
from simulator.rate_limit import RateLimit
from simulator.switches import Switches
from simulator.traffic.executions import Also, LateAnswer, execute
from simulator.traffic.periods import Period
from simulator.traffic.reactions import note_limits


class Org:
    """A Genesys Cloud org. All public methods may be called from any thread; the API works under the same `lock`.

    `rate_limit`: requests a minute, None for no limit. `running_clock`: the org's time follows the machine's.
    `store`: where changes outlive the process. `keeps`: configurations that were served stay in memory.
    """

    def __init__(
        self,
        seed: OrgSeed,
        *,
        switches: Switches | None = None,
        rate_limit: int | None = None,
        running_clock: bool = False,
        store: Store | None = None,
        keeps: bool = False,
    ) -> None:
        self.lock = threading.RLock()
        records = Records(seed, keeps=keeps)
        self.world = World(Clock(running=running_clock), Ids(seed.id), switches or Switches(), records)
        self.tokens = Tokens(self.world)
        self.rate_limit = RateLimit(self.world, rate_limit)
        self.faults = Faults()
        self.people = People()
        self.holds = Holds()
        self.known_calls = Period()
        self.limits = Limits()
        self.date_ahead_ms = 0
        self._log: list[Entry] = []
        self._calls = 0
        self._late: list[tuple[int, Callable[[], object]]] = []
        self._store = store
        self._keeps = keeps
        self._take(seed, records)
        if store is not None:
            store.load(self.records, self.actions, self.world.ids)

    def _take(self, seed: OrgSeed, records: Records) -> None:
        self.seed = seed
        self.records = self.world.records = records
        self.actions = ActionRecords(seed.actions)
        self.presenter = Presenter(seed, self.world)

    # What happens to the org

    def reset(self) -> None:
        """Drop every change, fault, scheduled, plan and log entry; keep the org, its clients and switches.

        Analytics knows of all calls again.
        """
        with self.lock:
            self.records.reset()
            self.actions.reset()
            self.faults.clear()
            self.people.clear()
            self.holds.clear()
            self.known_calls = Period()
            self.rate_limit.reset()
            self.world.clock.reset()
            self.world.ids.reset()
            self.world.publish_plans.clear()
            self.world.draft_errors.clear()
            self.world.prompts.clear()
            self.limits.reset()
            self.date_ahead_ms = 0
            self._late.clear()
            self.clear_log()
            if self._store is not None:
                self._store.clear()

    def reseed(self, seed: OrgSeed) -> None:
        """Become another org. Raises ValueError where a state directory holds the changes of this one."""
        if self._store is not None:
            raise ValueError("An org with a state directory cannot become another org.")
        with self.lock:
            self._take(seed, Records(seed, keeps=self._keeps))
            self.reset()

    def play(self, person_action: AnyPersonAction) -> Done:
        """Let a person act now. Returns what became of it; a refusal is not raised."""
        with self.lock:
            try:
                self._perform(person_action)
                done = Done(person_action)
            except Refusal as refusal:
                done = Done(person_action, str(refusal))
            self.people.done.append(done)
            self.persist()
            return done

    def _perform(self, person_action: AnyPersonAction) -> None:
        match person_action:
            case PersonAction():
                perform(self.world, self.records.find(person_action.architect_flow_id), person_action)
            case DataActionEdit():
                perform_edit(self.world, self.actions.live(person_action.action_id), person_action)

    def schedule(self, person_action: AnyPersonAction, when: When, match: Match) -> None:
        """Let a person act right before a request, or right after its effect."""
        with self.lock:
            self.people.schedule(person_action, when, match)

    def record_prompt(self, prompt_id: str, name: str) -> None:
        """Give a user prompt a new recording: callers hear it once what plays it is published again."""
        with self.lock:
            self.world.clock.tick()
            self.world.prompts[prompt_id] = UserPrompt(prompt_id, name, self.world.clock.now_ms())

    def person(self, name_or_id: str) -> Actor:
        """Find a person of the org, or invent a colleague of that name."""
        for person in self.seed.people:
            if name_or_id in (person.id, person.name):
                return Actor("person", person.id, person.name)
        return Actor("person", Ids(self.seed.id).new(f"person {name_or_id}"), name_or_id)

    def delete_action(self, action_id: str) -> None:
        """Delete an integration action, whoever uses it."""
        with self.lock:
            self.actions.find(action_id).delete()
            self.persist()

    # What goes wrong, and how

    def add_fault(self, fault: Fault) -> None:
        """Set a fault."""
        with self.lock:
            self.faults.add(fault)

    def clear_faults(self) -> None:
        """Take all faults away."""
        with self.lock:
            self.faults.clear()

    def plan_publish(self, plan: PublishPlan, architect_flow_id: str = "*") -> None:
        """Say how publishes of one Architect flow (or of all that have no plan of their own) will go."""
        with self.lock:
            self.world.publish_plans[architect_flow_id] = plan

    def plan_validation(self, action_id: str, errors: Iterable[str]) -> None:
        """Say what every validation of a draft of this action will find wrong; nothing: it is valid again."""
        with self.lock:
            self.world.draft_errors[self.actions.find(action_id).id] = tuple(errors)

    def set_switches(self, switches: Switches) -> None:
        """Answer the open questions differently from now on."""
        with self.lock:
            self.world.switches = switches

    def grant_limit(self, namespace: str, key: str, value: int) -> None:
        """Set one of the org's limits. Raises ValueError for what is none."""
        with self.lock:
            self.limits.grant(namespace, key, value)

    def know_calls(self, period: Period) -> None:
        """Let analytics know of the calls in a period only, as where there are data for some of the days."""
        with self.lock:
            self.known_calls = period

    def limit_rate(self, per_minute: int | None) -> None:
        """Set the rate limit, or take it away."""
        with self.lock:
            self.rate_limit.per_minute = per_minute

    def add_client(self, client: OAuthClient) -> None:
        """Add an OAuth client, or replace the one with its id."""
        with self.lock:
            self.tokens.clients[client.id] = client

    def expire_tokens(self) -> None:
        """Make all tokens worthless."""
        with self.lock:
            self.tokens.revoke(None)

    def set_date_ahead(self, ms: int) -> None:
        """Let the `Date` of all answers differ from the machine's clock, as for a machine whose clock is wrong."""
        with self.lock:
            self.date_ahead_ms = ms

    def advance_ms(self, ms: int) -> None:
        """Let the org's time pass; Operations whose time has come end, and late effects land at their moments."""
        with self.lock:
            end_ms = self.world.clock.now_ms() + ms
            for due_ms in sorted(due_ms for due_ms, _ in self._late if due_ms <= end_ms):
                self.world.clock.advance_ms(max(0, due_ms - self.world.clock.now_ms()))
                self.land()
            self.world.clock.advance_ms(max(0, end_ms - self.world.clock.now_ms()))
            for record in self.records:
                settle(self.world, record)

    # What can be seen

    @property
    def log(self) -> list[Entry]:
        """The calls since the log was cleared, oldest first; a copy."""
        with self.lock:
            return list(self._log)

    def clear_log(self) -> None:
        """Forget the calls and count from 1 again."""
        with self.lock:
            self._log.clear()
            self._calls = 0

    def state(self, *, bodies: bool = False, architect_flow_ids: Iterable[str] | None = None) -> dict[str, Any]:
        """Return all that the API can change, as plain data that compares (snapshot.py has the shape)."""
        with self.lock:
            self.land()
            return state_of(self.records, self.actions, bodies=bodies, only=architect_flow_ids)

    def configuration(self, architect_flow_id: str, version_id: str | None = None) -> bytes:
        """Return the raw bytes of a version; None: of the published one.

        Raises LookupError where there is none.
        """
        with self.lock:
            self.land()
            record = self.records.find(architect_flow_id, deleted=True)
            version = record.published if version_id is None else record.version(version_id)
            if version is None:
                raise LookupError(f"Architect flow {architect_flow_id} has no version {version_id or 'published'}.")
            return version.content.body()

    def executions(
        self,
        answer_after_ms: int,
        *,
        architect_flow_id: str | None = None,
        step_id: str | None = None,
        also: Collection[Also] = (),
    ) -> list[dict[str, Any]]:
        """Run the published steps of one Architect flow or of all, while the system behind answers after so long.

        Returns what each caller feels (executions.py has the shape, and what `also` runs). Raises ValueError for a
        negative time, LookupError where there is nothing to run.
        """
        late = LateAnswer(answer_after_ms, architect_flow_id, step_id, also)
        with self.lock:
            return execute(self.world, self.records, self.actions, late, flow_data=self.seed.kind == "flowData")

    # For the exchange

    def next_call(self) -> int:
        """Count a call and return its number."""
        self._calls += 1
        self.world.clock.tick()
        return self._calls

    def later(self, after_ms: int, effect: Callable[[], object]) -> None:
        """Let what a request asked for happen `after_ms` milliseconds from now; its answer is lost already."""
        self._late.append((self.world.clock.now_ms() + after_ms, effect))

    def land(self) -> None:
        """Let happen what is due."""
        now_ms = self.world.clock.now_ms()
        due = sorted((late for late in self._late if late[0] <= now_ms), key=lambda late: late[0])
        self._late = [late for late in self._late if late[0] > now_ms]
        for _, effect in due:
            effect()
        if due:
            self.persist()

    def record_call(self, entry: Entry) -> None:
        """Write a call into the log."""
        self._log.append(entry)

    def persist(self) -> None:
        """Write down what changed: the limits of actions for their traffic, and all where there is a place for it."""
        note_limits(self.actions, self.world.clock.outside_ms())
        if self._store is not None:
            self._store.save(self.records, self.actions, self.world.ids)
