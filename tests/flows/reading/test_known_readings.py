"""What earlier runs read of an org: kept as it was read, snapshots included, and only by the same reading."""

import pytest

from tasks.storage import default_storage
from tasks.storage.known_readings import EXTRACTOR_VERSION, KnownReadings, _Kept
from tests.timeouts.conftest import copy_of, listed, reading, step
from timeouts.model.settings import LiteralTimeout
from timeouts.model.steps import Reading

SHORT = LiteralTimeout(timeout_ms=3_000)
READ = reading(step(1, SHORT, kind="secure"), snapshots=(copy_of(step(7, SHORT)), copy_of(of="b", is_shown=False)))


@pytest.mark.parametrize(("extractor", "known"), [(EXTRACTOR_VERSION, {"af-1": READ}), (EXTRACTOR_VERSION - 1, {})])
def test_a_reading_holds_with_its_snapshots_and_one_of_an_older_version_is_made_anew(
    extractor: int, known: dict[str, Reading]
) -> None:
    """An older one says of every Architect flow that it embeds nothing."""
    kept = KnownReadings(default_storage(), "org-1")
    kept._stored.put(_Kept(org_key="org-1", extractor=extractor, readings=(READ,)))

    assert kept.of([listed()]) == known


def test_what_was_not_understood_is_asked_for_again() -> None:
    """JSON of a gateway, sent once with 200, was unreadable in every audit until somebody published again."""
    kept = KnownReadings(default_storage(), "org-1")
    kept.keep([READ, reading(of="af-2", coverage="unreadable", reason="it has no steps")], is_whole=True)

    assert kept.of([listed(), listed("af-2")]) == {"af-1": READ}
