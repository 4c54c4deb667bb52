"""How soon the first request goes out, and what loading costs."""

import sys
from pathlib import Path

from bench.figures import Row, Section, Table, at_most, plain, seconds
from bench.rig import Rig, run
from bench.simulators import simulator_of

_FIRST_REQUEST_SECONDS = 0.3
_SDK_MB = 40
_HELP_SECONDS = 0.5
_ARCHITECT_FLOWS = 60
_PAIRS_A_REPEAT = 3
"""They are short, and differ among themselves by more than what they are to show."""

_TELL = "import json\nfrom bench.memory import peak_mb\nprint(json.dumps({'peak_mb': peak_mb()}))"
_WITHOUT_SDK = "import genesys, genesys.payload, genesys.transport\n"
_WITH_SDK = (
    _WITHOUT_SDK
    + """
import genesys.sdk
client = genesys.connect(genesys.Credentials(client_id="a", client_secret="b", api_url="http://127.0.0.1:9"))
"""
)
_AS_SHIPPED = "import PureCloudPlatformClientV2\n"


def measure(rig: Rig) -> Section:
    """Take turns, so that a busy moment of the machine is nobody's alone."""
    repeats = range(rig.options.repeats)
    with simulator_of(_ARCHITECT_FLOWS, latency_ms=rig.options.latency_ms) as simulator:
        pairs = [rig.pair(simulator, rig.new_home()) for _ in repeats for _ in range(_PAIRS_A_REPEAT)]
    rows = (
        plain("process start to body of an empty Prefect flow", seconds(each.body_ms for each in pairs), "s"),
        plain(
            "process start to first request of an audit", seconds(each.audit.first_request_ms for each in pairs), "s"
        ),
        at_most(
            "how much later that is, pair by pair",
            seconds(each.first_request_later_ms for each in pairs),
            "s",
            _FIRST_REQUEST_SECONDS,
        ),
    )
    memory = _memory(rig.options.repeats)
    command = [_script(), "--help"]
    helps = seconds(run(*command).wall_ms for _ in repeats)
    return Section(
        "Start",
        "A cold audit's first request is that for the token, as it arrives at the simulator. *Share of the SDK*: the "
        "peak of the resident set of a fresh process that imports `genesys.sdk` and makes a client, less that of one "
        "that imports what `genesys.sdk` imports beside the SDK.",
        (
            Table(rows, f"First request, {len(pairs)} pairs"),
            Table(memory, "Memory"),
            Table((at_most("`genesys-timeouts --help`", helps, "s", _HELP_SECONDS),), "Command line"),
        ),
    )


def _memory(repeats: int) -> tuple[Row, ...]:
    found = [{name: _peak_mb(code) for name, code in _CODES.items()} for _ in range(repeats)]
    without = plain("the gateway without the SDK", [each["without"] for each in found], "MB")
    shares = [each["with"] - each["without"] for each in found]
    return (
        without,
        at_most("share of the SDK", shares, "MB", _SDK_MB),
        plain("`import PureCloudPlatformClientV2` as shipped", [each["shipped"] for each in found], "MB"),
    )


_CODES = {"without": _WITHOUT_SDK, "with": _WITH_SDK, "shipped": _AS_SHIPPED}


def _peak_mb(code: str) -> float:
    return float(run("-c", code + _TELL).told["peak_mb"])


def _script() -> str:
    return str(Path(sys.executable).with_name("genesys-timeouts"))
