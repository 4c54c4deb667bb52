"""Which common modules an Architect flow of the demo org calls, and how old its snapshots of them are.

An Architect flow calls only modules that stand before it in the org, so that a larger org starts with a smaller one.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from simulator.demo.json_values import Json
from simulator.demo.population import BOTS, FlowProfile

_ALWAYS = (15, 12)
"""Places of Architect flows that call a module in every org that has one before them; the latter an old one."""

_SHARES = {"commonmodule": 0.5, "inboundcall": 0.8, "inqueuecall": 0.5, "outboundcall": 0.5, "securecall": 0.5}
_USUAL_SHARE = 0.1
_SMALL_BYTES, _SMALL_SHARE = 25_000, 0.02
"""Small Architect flows seldom call modules: with a snapshot they are not small any more."""

_SECOND_SHARE, _OLD_SHARE = 0.25, 0.3
_LARGEST_BYTES = 30_000


class Module(Protocol):
    """A common module as those that call it see it."""

    @property
    def profile(self) -> FlowProfile:
        """Return who it is."""

    @property
    def calls(self) -> "Sequence[ModuleCall]":
        """Return the modules that it calls itself."""

    def document(self, label: str) -> Json:
        """Return a published version of its configuration."""


@dataclass(frozen=True, slots=True, eq=False)
class ModuleCall:
    """A call of a common module; the live snapshot is `behind` so many versions older than the module."""

    module: Module
    behind: int

    def label(self, edition: int) -> str:
        """Say which version an edition of the caller carries: an older one carries an older one."""
        labels = self.module.profile.published_versions
        return labels[max(len(labels) - 1 - self.behind - max(edition, 0), 0)]


def plan_module_calls(profile: FlowProfile, modules: Sequence[Module]) -> tuple[ModuleCall, ...]:
    """Decide what an Architect flow calls of the modules that stand before it. Modules call those that call none."""
    rng = random.Random(f"{profile.source}/modules")
    if profile.type == "commonmodule":
        modules = [module for module in modules if not module.calls]
    always = profile.place in _ALWAYS and profile.type != "commonmodule"
    small = profile.size_bytes < _SMALL_BYTES and profile.type != "commonmodule"
    share = 1.0 if always else _SMALL_SHARE if small else _SHARES.get(profile.type, _USUAL_SHARE)
    if not modules or profile.type in BOTS or rng.random() >= share:
        return ()
    count = 1 + (rng.random() < _SECOND_SHARE and profile.type != "commonmodule")
    old = profile.place == _ALWAYS[1] or rng.random() < _OLD_SHARE
    return tuple(
        ModuleCall(module, rng.randint(1, 3) if old else 0) for module in rng.sample(modules, min(count, len(modules)))
    )


def carried(calls: Sequence[ModuleCall]) -> list[ModuleCall]:
    """Return all modules whose snapshots a caller carries: those that it calls, and those that they call."""
    found = {call.module.profile.id: call for call in calls}
    for call in calls:
        for inner in call.module.calls:
            found.setdefault(inner.module.profile.id, ModuleCall(inner.module, call.behind))
    return list(found.values())


def may_be_called(profile: FlowProfile) -> bool:
    """Tell whether others may call an Architect flow: a published common module that is not large."""
    return profile.type == "commonmodule" and bool(profile.published_versions) and profile.size_bytes < _LARGEST_BYTES
