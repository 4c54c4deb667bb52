"""The words of the command line that commands read, and that reports say when they tell what can be typed next."""

PROGRAM = "genesys-timeouts"

DEMO = "demo"
"""How `--org` names the demo org on this machine."""

ENVIRONMENT = "env"
"""How `--org` names the org of the environment: beside --files it has to be named, or the files stand in its place."""

COMPARING = frozenset({"audit", "raise"})
"""The commands that take an org and files together."""
