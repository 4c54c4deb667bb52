"""What the actions of the demo org went through: most are fast and healthy, a few end at their short limit too often.

The random numbers are of its own, so that nothing else in the org depends on them.
"""

import math
import random
from collections.abc import Mapping
from statistics import NormalDist

from simulator.traffic.traffic import ActionTraffic, Failure, Reaction

_LONGEST_SECONDS = 60
_CALLS_OF_A_STEP = (260, 420)
"""So many calls a day for each point of an action's popularity."""

_SLOW: Mapping[str, float] = {
    "CRM open cases": 0.062,
    "CRM customer value": 0.085,
    "Payment account balance": 0.038,
    "Booking next appointment": 0.071,
    "Order track parcel": 0.049,
    "Address check": 0.034,
    "Language detection": 0.044,
}
"""The share of calls that their limit ends, near enough."""

_REACTIONS: Mapping[str, Reaction] = {"Payment account balance": "hangs", "Order track parcel": "overloads"}
"""Where a longer limit does not help."""

_SLOW_SIGMA, _FAST_SIGMA = (0.75, 1.0), (0.45, 0.65)
_FAST_MEDIAN_MS = (140, 620)

_CALLS_A_DAY: Mapping[str, float] = {
    "CRM merge contacts (do not use)": 0,
    "CRM token": 0,
    "Payment take card": 380,
    "Payment tokenise card": 310,
    "Payment refund": 4,
    "Booking move appointment": 6 / 7,
    "Order status (old)": 2,
    "Create Callback": 45,
}
"""Where popularity with steps does not tell: secure nodes and agents call too, and one action has too few to judge."""


def demo_traffic(seed: int, name: str, popularity: int, limit_seconds: int | None) -> ActionTraffic | None:
    """Say what an action of the demo org went through; None where nobody calls it."""
    rng = random.Random(f"traffic/{seed}/{name}")
    calls_a_day = _CALLS_A_DAY.get(name, popularity * rng.randint(*_CALLS_OF_A_STEP))
    if not calls_a_day:
        return None
    limit_ms = (limit_seconds or _LONGEST_SECONDS) * 1000
    sigma = rng.uniform(*(_SLOW_SIGMA if name in _SLOW else _FAST_SIGMA))
    return ActionTraffic(
        calls_a_day=calls_a_day,
        median_ms=_slow_median_ms(rng, name, limit_ms, sigma) if name in _SLOW else rng.randint(*_FAST_MEDIAN_MS),
        sigma=sigma,
        limit_ms=limit_ms,
        failures=(
            Failure("CLIENT_ERROR", "404", rng.uniform(0.004, 0.02), rng.randint(60, 160)),
            Failure("SERVER_ERROR", "500", rng.uniform(0.001, 0.005), rng.randint(90, 250)),
        ),
        offset=rng.randrange(1_000),
        reaction=_REACTIONS.get(name, "helps"),
    )


def _slow_median_ms(rng: random.Random, name: str, limit_ms: int, sigma: float) -> int:
    """Return the median of which so many calls are longer than the limit."""
    share = _SLOW[name] * rng.uniform(0.9, 1.1)
    return round(limit_ms * math.exp(sigma * NormalDist().inv_cdf(share)))
