"""The tables of the colleague matrix (issue B, must show 3): what a person does, and when."""

from dataclasses import dataclass
from typing import Literal

from simulator.org.actions.people import DataActionEdit
from simulator.org.people import PersonAction, PersonActionKind
from simulator.org.versions import Actor
from tests.publishing.invariants import Target
from tests.publishing.matrices.architect_tables import PUBLISH_FAILS, UNDISTURBED
from tests.publishing.matrices.matrix import DEFAULT, Request, Sequence
from tests.publishing.scenes import COLLEAGUE, configuration
from timeouts.planning.outcomes import Outcome

ADA = Actor("person", COLLEAGUE.id, COLLEAGUE.name)
THEIR_WORK = configuration(7, "what Ada made of it")
THEIR_NAME = "Hauptnummer"

PERSON_ACTIONS: dict[str, tuple[PersonActionKind, bool]] = {
    "locks": ("lock", False),
    "saves a draft": ("save_draft", False),
    "checks in": ("check_in", False),
    "publishes": ("publish", False),
    "deletes": ("delete", False),
    "renames": ("rename", False),
    "unlocks": ("unlock", False),
    "locks by force": ("lock", True),
    "saves a draft by force": ("save_draft", True),
    "checks in by force": ("check_in", True),
    "publishes by force": ("publish", True),
}
"""What a person can do; by force: after breaking our lock, which commits what we had saved (docs/platform.md#locks)."""

Moment = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A person who does one thing right before or after one request of ours."""

    sequence: Sequence
    person_action: str
    moment: Moment
    request: str
    setting: str = DEFAULT

    def __str__(self) -> str:
        """Name the cell."""
        where = "" if self.setting == DEFAULT else f", {self.setting}"
        return f"{self.sequence.name}: {self.person_action} {self.moment} {self.request}{where}"

    @property
    def aimed_at(self) -> Request:
        return self.sequence.requests[self.request]


def publish_with_a_visit(target: Target, visit: Visit, theirs: PersonAction | DataActionEdit) -> tuple[Outcome, bool]:
    """What we say of a run that a person comes into, and whether the platform let them do what they came for."""
    target.org.schedule(theirs, visit.moment, visit.aimed_at.match)
    outcome = target.publish_and_verify()
    done = target.org.people.done
    assert len(done) <= 1
    return outcome, any(not each.refused for each in done)


MOMENTS: tuple[Moment, ...] = ("before", "after")
VISITS = [
    Visit(sequence, person_action, moment, request)
    for sequence in (UNDISTURBED, PUBLISH_FAILS)
    for person_action in PERSON_ACTIONS
    for request in sequence.own
    for moment in MOMENTS
]

EXCEPTIONS = {
    Visit(UNDISTURBED, "checks in by force", "after", "confirm"): "their version went live unasked",
    Visit(UNDISTURBED, "checks in by force", "before", "publish"): "their version went live unasked",
    Visit(UNDISTURBED, "publishes by force", "after", "confirm"): "their version was published a second time",
    Visit(UNDISTURBED, "publishes by force", "before", "publish"): "their version was published a second time",
}
"""What the platform makes impossible to hold, and what happens instead. Each is tested to happen exactly so."""
