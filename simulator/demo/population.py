"""Who lives in the demo org: each Architect flow's type, name, size and versions, and whether somebody works on it.

All is decided by the place in the org (`index`), so that what a demo has to show is there in an org of every size.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from simulator.demo.ids import guid
from simulator.demo.vocabulary import DIVISIONS, PEOPLE, PLACES, TOPICS
from simulator.org.seeds import ARCHITECT_FLOW_TYPES

Standing = Literal["free", "never_published", "saved", "checked_in", "locked"]

_OTHER_TYPES = (
    *(["inboundcall"] * 34 + ["workflow"] * 12 + ["commonmodule"] * 10 + ["inqueuecall"] * 8),
    *(["inboundshortmessage"] * 7 + ["inboundemail"] * 7 + ["outboundcall"] * 4 + ["securecall"] * 4),
    *(["inqueueshortmessage"] * 3 + ["bot"] * 2 + ["digitalbot"] + ["inboundchat"] * 2),
    *("voicemail", "voicesurvey", "surveyinvite", "workitem"),
)
"""What the Architect flows after the first of each type are: each type as often as its weight."""

_STANDINGS: dict[int, Standing] = {3: "never_published", 7: "saved", 11: "checked_in", 18: "locked"}
_CYCLE = len(ARCHITECT_FLOW_TYPES)
_SYSTEM_INDEX = 9
_CODE_CYCLE, _CODE_PLACE = 25, 15
_SECOND_BOT = 13
BOTS = frozenset({"bot", "digitalbot"})

_SIZES_KB = (18, 18, 18, 18, 18, 19, 20, 25, 44, 90)
_BOT_SIZES_KB = (45, 80, 110, 150, 203, 260, 320, 400, 460, 540)
_LARGEST_BOT = (10, 520_000)
"""Index and bytes of a bot that is large in every org that has it.

Source: docs/platform.md#where-steps-live: 516,496 bytes.
"""


@dataclass(frozen=True, slots=True)
class FlowProfile:
    """One Architect flow of the org. `size_bytes` is what its configuration comes near to.

    `published_versions`: labels, oldest first.
    """

    index: int
    id: str
    name: str
    type: str
    division: int
    standing: Standing
    published_versions: tuple[str, ...]
    publisher: int
    colleague: int
    size_bytes: int
    system: bool
    source: str
    """Seeds the random numbers of its definition."""

    @property
    def place(self) -> int:
        """Its place among twenty neighbours: the first twenty have one of each type."""
        return self.index % _CYCLE

    @property
    def raisable(self) -> bool:
        """Whether it must have a literal step below ten seconds whose raise would take effect.

        A common module and a large bot are among those that are free, in every org that has them.
        """
        if self.standing == "free":
            return self.place % 5 == 0 or self.place == _SECOND_BOT
        return self.standing != "never_published" and self._in_even_cycle

    @property
    def as_code(self) -> bool:
        """Whether a pipeline publishes it out of a repository: a few that are free to edit."""
        return self.index % _CODE_CYCLE == _CODE_PLACE

    @property
    def garbled(self) -> bool:
        """Whether it has a step that the platform would refuse to save: only where a person's lock forbids that."""
        return self.standing == "locked" and not self._in_even_cycle

    @property
    def _in_even_cycle(self) -> bool:
        return self.index // _CYCLE % 2 == 0


def profiles(seed: int, architect_flows: int) -> Iterator[FlowProfile]:
    """Return the Architect flows of an org; those of a larger one start with those of a smaller one."""
    taken: Counter[tuple[str, str]] = Counter()
    for index in range(architect_flows):
        source = f"{seed}/{index}"
        rng = random.Random(source)
        kind = ARCHITECT_FLOW_TYPES[index] if index < _CYCLE else rng.choice(_OTHER_TYPES)
        name = f"{rng.choice(TOPICS)} {rng.choice(PLACES)}"
        if index == _SYSTEM_INDEX:
            name = "Default In-Queue Email Flow"
        taken[kind, name] += 1
        count = taken[kind, name]
        standing = _STANDINGS.get(index % _CYCLE, "free")
        yield FlowProfile(
            index=index,
            id=guid(rng),
            name=name if count == 1 else f"{name} {count}",
            type=kind,
            division=max(rng.randrange(2 * len(DIVISIONS)) - len(DIVISIONS), 0),
            standing=standing,
            published_versions=_versions(rng, standing),
            publisher=rng.randrange(len(PEOPLE)),
            colleague=rng.randrange(len(PEOPLE)),
            size_bytes=_size(rng, index, kind),
            system=index == _SYSTEM_INDEX,
            source=source,
        )


def _versions(rng: random.Random, standing: Standing) -> tuple[str, ...]:
    count = min(rng.randint(1, 14), rng.randint(1, 14))
    return () if standing == "never_published" else tuple(f"{number}.0" for number in range(1, count + 1))


def _size(rng: random.Random, index: int, kind: str) -> int:
    """Draw from the measured distribution, its steps in turn: a small org has its shape too.

    Source: docs/platform.md#reading-a-configuration.
    """
    table = _BOT_SIZES_KB if kind in BOTS else _SIZES_KB
    step = (index * 5 + 3) % (len(table) - 1)
    drawn = rng.randint(table[step] * 1000, table[step + 1] * 1000)
    return _LARGEST_BOT[1] if index == _LARGEST_BOT[0] else drawn
