"""The tables of the colleague matrix: what a person does, and when."""

from dataclasses import dataclass
from typing import Literal

from simulator.org.actions.people import DataActionEdit
from simulator.org.people import PersonAction, PersonActionKind
from simulator.org.versions import Actor
from tests.publishing.invariants import Target
from tests.publishing.matrices.architect_tables import (
    NESTED,
    PUBLISH_FAILS,
    REPUBLISH_FAILS,
    REPUBLISHED,
    UNDISTURBED,
)
from tests.publishing.matrices.matrix import DEFAULT, Request, Sequence
from tests.publishing.scenes import COLLEAGUE
from timeouts.planning.outcomes import Outcome

ADA = Actor("person", COLLEAGUE.id, COLLEAGUE.name)
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
_AT = {
    UNDISTURBED: (DEFAULT,),
    PUBLISH_FAILS: (DEFAULT,),
    REPUBLISHED: (DEFAULT, "snapshots_taken = check_out"),
    REPUBLISH_FAILS: (DEFAULT,),
}
VISITS = [
    Visit(sequence, person_action, moment, request, setting)
    for sequence, settings in _AT.items()
    for setting in settings
    for person_action in PERSON_ACTIONS
    for request in sequence.own
    for moment in MOMENTS
]

MODULE_ACTIONS = {"publishes the module with another timeout": 7, "publishes the module with the same timeout": 10}
"""What a person makes of the module that a republish takes in: by what they do, the seconds that its step waits."""

_MODULE_AT = {
    REPUBLISHED: (
        DEFAULT,
        "snapshots_taken = check_out",
        "shows_snapshots = False",
        "posted_snapshots = stored",
        "normalises = adds_field",
    ),
    REPUBLISH_FAILS: (DEFAULT,),
    NESTED: (DEFAULT, "nested_modules = inside"),
}
MODULE_VISITS = [
    Visit(sequence, person_action, moment, request, setting)
    for sequence, settings in _MODULE_AT.items()
    for setting in settings
    for person_action in MODULE_ACTIONS
    for request in sequence.own
    for moment in MOMENTS
]

_SHIPPED_WITH_OURS = {
    "checks in by force": "their version went live unasked",
    "publishes by force": "their version was published a second time",
}
EXCEPTIONS = {
    visit: _SHIPPED_WITH_OURS[visit.person_action]
    for visit in VISITS
    if visit.sequence in (UNDISTURBED, REPUBLISHED)
    and visit.person_action in _SHIPPED_WITH_OURS
    and (visit.moment, visit.request) in (("after", "confirm"), ("before", "publish"))
}
"""What the platform makes impossible to hold, and what happens instead. Each is tested to happen exactly so."""
