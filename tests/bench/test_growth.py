from pathlib import Path

import pytest

from bench.asked import LoggedRequest, Traffic
from bench.audits import OfSize
from bench.floors import Needs
from bench.growth import draw, off_the_line, section
from bench.rig import AuditRun, Ended, Options, Pair

OPTIONS = Options(repeats=2, sizes=(60, 500), base=60, publishes=1)


def of_size(architect_flows: int) -> OfSize:
    traffic = Traffic((LoggedRequest("GET", "/api/v2/flows", "", 200, 0, 200),))
    empty = Ended(0, 3_000, {"body_ms": 2_000})
    runs = [Pair(empty, AuditRun(Ended(0, wall_ms, {"peak_mb": 90.0}), traffic)) for wall_ms in (10_000, 12_000)]
    return OfSize(architect_flows, Needs.of(architect_flows, 40, architect_flows), runs, runs)


def test_growth_is_drawn_and_told_for_every_size(tmp_path: Path) -> None:
    found = [of_size(size) for size in OPTIONS.sizes]
    draw(found, OPTIONS, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")
    rows = section(found, OPTIONS, "growth.png").tables[0].rows
    assert [row.median for row in rows if "cold, whole process" in row.what] == [11.0, 11.0]


def test_growth_that_is_linear_lies_on_a_line_and_quadratic_growth_does_not() -> None:
    assert off_the_line([60, 500, 2_000], [2.0 + 0.01 * size for size in (60, 500, 2_000)]) == pytest.approx(0)
    assert off_the_line([60, 500, 2_000], [size * size for size in (60, 500, 2_000)]) > 0.05
