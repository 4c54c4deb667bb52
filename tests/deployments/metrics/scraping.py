"""The exporter as a process, and what Prometheus reads of it."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.deployments.served import ROOT
from tests.servers import free_port, listens
from tests.warm import warm_command

PREFIX = "genesys_timeouts_"
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scraped:
    """What one scrape returned: the text, and each sample by its name and labels."""

    text: str
    samples: Mapping[str, Mapping[Labels, float]]

    def get(self, name: str, **labels: str) -> float:
        """Return the sum of the samples of that name that have these labels, 0 for none."""
        wanted = set(labels.items())
        return sum(value for key, value in self.samples.get(PREFIX + name, {}).items() if wanted <= set(key))


def parsed(text: str) -> Scraped:
    """Read Prometheus' text format as Prometheus' own client does."""
    samples: dict[str, dict[Labels, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = tuple(sorted(sample.labels.items()))
            assert key not in samples.setdefault(sample.name, {}), sample
            samples[sample.name][key] = sample.value
    return Scraped(text, samples)


@dataclass(frozen=True, slots=True)
class Exporting:
    """An exporter that runs."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def scrape(self) -> Scraped:
        """Scrape once, as Prometheus does."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}/metrics", timeout=5)
        assert answer.status_code == 200, answer.text
        return parsed(answer.text)

    def read_after(self, moment: float, *, seconds: float = 60.0) -> Scraped:
        """Wait for a scrape of a reading that began after a moment (seconds since 1970)."""
        end = time.monotonic() + seconds
        while True:
            found = self.scrape()
            if found.get("read_timestamp_seconds") - found.get("reading_seconds") > moment:
                return found
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.2)


@contextmanager
def exporting(log: Path, environment: Mapping[str, str]) -> Iterator[Exporting]:
    """Run `genesys-timeouts metrics` while the block lasts; it has to end well when it is told to."""
    port = free_port()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*warm_command(), "metrics", "--port", str(port), "--every", "5"],
            cwd=ROOT, env=dict(environment), stdout=said, stderr=said,
        )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while not listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield Exporting(process, port, log)
    finally:
        process.terminate()
        code = process.wait(30)
    assert code == 0, log.read_text()
