"""How long the command line takes to say what it can do."""

import sys
from pathlib import Path

from bench.figures import Section, Table, at_most, seconds
from bench.rig import Rig, run_process

_HELP_SECONDS = 0.5


def measure(rig: Rig) -> list[Section]:
    """Time `genesys-timeouts --help`."""
    script = str(Path(sys.executable).with_name("genesys-timeouts"))
    walls_ms = [run_process(script, "--help").wall_ms for _ in range(rig.options.repeats)]
    rows = (at_most("`genesys-timeouts --help`, whole process", seconds(walls_ms), "s", _HELP_SECONDS),)
    return [Section("Command line", "A process of its own each time.", (Table(rows),))]
