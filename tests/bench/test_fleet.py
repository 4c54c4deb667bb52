import subprocess
import sys
import time
from dataclasses import fields

from bench.fleet.load import cpu_seconds, own_cpu_seconds, resident_mb, watch_peaks
from bench.fleet.rounds import Round
from bench.fleet.servers import Load

# A child of a child works for a third of a second of processor time, then both wait to be told to end.
A_RUN = "import time\nwhile time.process_time() < 0.3: pass\nkept = bytearray(60_000_000)\ntime.sleep(1)"
A_WORKER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {A_RUN!r}]); print(flush=True); input()"


def test_what_a_run_has_used_is_still_known_of_its_worker_when_the_run_has_ended() -> None:
    command = [sys.executable, "-c", A_WORKER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        with watch_peaks([worker.pid]) as peaks:
            worker.stdout.readline()
        whole, own = cpu_seconds(worker.pid), own_cpu_seconds(worker.pid)
        memory = resident_mb(worker.pid)
        worker.stdin.close()

    assert whole - own >= 0.3
    assert own < whole
    assert [round(peak / 60) for peak in peaks.values()] == [1]
    assert 1 < memory < 60


def test_a_process_that_is_gone_takes_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    time.sleep(0)
    assert (cpu_seconds(process.pid), own_cpu_seconds(process.pid), resident_mb(process.pid)) == (0, 0, 0)


def test_a_core_works_off_what_all_parts_together_take() -> None:
    load = Load(api=4, services=2, postgres=1, redis=1, workers=2, runs=30)
    found = Round(runs=10, wall_s=60, load=load, peaks_mb=(200,), database_bytes=0, event_bytes=0, stored_bytes=0)

    assert (load.server, load.whole) == (8, 40)
    assert (found.an_hour, found.an_hour_and_core) == (600, 900)
    assert load.since(Load(1, 1, 1, 1, 1, 1)).api == 3
    assert load.whole == sum(getattr(load, each.name) for each in fields(load))
