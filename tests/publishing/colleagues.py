"""The tables of the colleague matrix (issue B, must show 3): what a person does, and when."""

from dataclasses import dataclass
from typing import Literal

from simulator.org.people import PersonAction, PersonActionKind
from simulator.org.versions import Actor
from tests.publishing.matrices.matrix import AFTER_A_FAILED_PUBLISH, SEQUENCE, Request
from tests.publishing.scenes import COLLEAGUE, FLOW, configuration

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

    person_action: str
    moment: Moment
    request: str
    publish_fails: bool = False

    def __str__(self) -> str:
        """Name the cell."""
        failing = ", of a publish that fails" if self.publish_fails else ""
        return f"{self.person_action} {self.moment} {self.request}{failing}"

    @property
    def aimed_at(self) -> Request:
        return (AFTER_A_FAILED_PUBLISH if self.publish_fails else SEQUENCE)[self.request]

    def as_deed(self) -> PersonAction:
        kind, force = PERSON_ACTIONS[self.person_action]
        body = THEIR_WORK if kind in ("save_draft", "check_in", "publish") else None
        return PersonAction(kind=kind, architect_flow_id=FLOW, person=ADA, body=body, name=THEIR_NAME, force=force)


_MOMENTS: tuple[Moment, ...] = ("before", "after")
VISITS = [
    *(
        Visit(person_action, moment, request)
        for person_action in PERSON_ACTIONS
        for request in SEQUENCE
        for moment in _MOMENTS
    ),
    *(
        Visit(person_action, moment, request, publish_fails=True)
        for person_action in PERSON_ACTIONS
        for request in AFTER_A_FAILED_PUBLISH
        for moment in _MOMENTS
    ),
]

EXCEPTIONS = {
    Visit("checks in by force", "after", "confirm"): "their version went live unasked",
    Visit("checks in by force", "before", "publish"): "their version went live unasked",
    Visit("publishes by force", "after", "confirm"): "their version was published a second time",
    Visit("publishes by force", "before", "publish"): "their version was published a second time",
}
"""What the platform makes impossible to hold, and what happens instead. Each is tested to happen exactly so."""
