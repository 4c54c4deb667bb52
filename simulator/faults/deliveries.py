"""How an answer travels: whole, or in one of the ways in which networks spoil it."""

from dataclasses import dataclass

from simulator.api.calls import Answer


@dataclass(frozen=True, slots=True)
class Send:
    """The whole answer, at once."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Reset:
    """No answer: the connection is reset (TCP RST)."""


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer, and the connection stays open until the caller or the server gives up."""


@dataclass(frozen=True, slots=True)
class Drip:
    """The whole answer in pieces of `drip_bytes`, one each `drip_ms`."""

    answer: Answer
    drip_ms: int
    drip_bytes: int


@dataclass(frozen=True, slots=True)
class Truncate:
    """The head and half of the body that it announces, then the end."""

    answer: Answer


Delivery = Send | Reset | Hang | Drip | Truncate
