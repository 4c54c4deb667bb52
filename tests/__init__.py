"""A package to pytest, as those of its rooms are that share servers (tests/flows, tests/deployments)."""
