"""A Prefect flow that does nothing, as a process of its own: `python -m bench.empty_flow` tells when its body ran."""

import json
import time

from prefect import flow

from bench.memory import peak_mb


@flow(name="empty")
def empty() -> int:
    """Give the moment, Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    print(json.dumps({"body_ms": empty(), "peak_mb": peak_mb()}))
