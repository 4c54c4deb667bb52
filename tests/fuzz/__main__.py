"""Run the properties of this room for as long as asked: `python -m tests.fuzz SECONDS` (`make fuzz`).

What breaks a property is printed as small as hypothesis can make it. Put it into corpus/: the tests of every day replay
it and begin from it.
"""

import importlib
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis.database import InMemoryExampleDatabase

_ROUND = 200
"""Examples of a property, before the next one has its turn."""

Property = Callable[[], None]


def _properties() -> dict[str, Property]:
    found = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"tests.fuzz.{path.stem}")
        for name, each in vars(module).items():
            if hypothesis.is_hypothesis_test(each):
                found[f"{path.stem}.{name}"] = each
    return found


def _counted(name: str, each: Any, executions: Counter[str]) -> None:
    inner = each.hypothesis.inner_test

    def counting(*given: Any, **named: Any) -> None:
        executions[name] += 1
        inner(*given, **named)

    each.hypothesis.inner_test = counting


def _tell(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - a measurement prints


def main(seconds: float) -> int:
    """Try one property after the other until the time is over; returns how many broke."""
    hypothesis.settings.register_profile(
        "fuzz",
        max_examples=_ROUND,
        deadline=None,
        database=InMemoryExampleDatabase(),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("fuzz")
    properties = _properties()
    executions: Counter[str] = Counter()
    broken: set[str] = set()
    for name, each in properties.items():
        _counted(name, each, executions)
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    for name in itertools.cycle(properties):
        if time.monotonic() - began_s > seconds or len(broken) == len(properties):
            break
        if name in broken:
            continue
        try:
            properties[name]()
        except KeyboardInterrupt:
            break
        except Exception as problem:  # noqa: BLE001 - whatever comes is what is looked for
            broken.add(name)
            _tell(f"BROKEN {name}: {type(problem).__name__}: {problem}", *getattr(problem, "__notes__", ()))
    for name, count in sorted(executions.items()):
        _tell(f"{count:>10,}  {name}{'  BROKEN' if name in broken else ''}")
    took = f"{time.monotonic() - began_s:,.0f} s, {time.process_time() - began_cpu_s:,.0f} s of them the processor's"
    _tell(f"{executions.total():>10,}  in {took}")
    return len(broken)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])) > 0)
