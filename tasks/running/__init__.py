"""How tasks run under Prefect: how they end, when they are repeated, how they are given large values and the time."""
