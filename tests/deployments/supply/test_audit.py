"""Known vulnerabilities: found, not found, or not checked, which is never taken for either."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deployments.supply import audit as audited
from deployments.supply.audit import Finding, NotCheckedError, audit
from deployments.supply.lock import Pin
from tests.servers import free_port
from tests.web import Asked, answering

Json = dict[str, Any]
SHA = ("a" * 64,)
IDNA = Pin("idna", "3.20", "", SHA, frozenset(), "")
OLD = Pin("numpy", "2.4.6", "python_full_version < '3.12'", SHA, frozenset(), "")
NEW = Pin("numpy", "2.5.5", "python_full_version >= '3.12'", SHA, frozenset(), "")
WINDOWS = Pin("pywin32", "312", "sys_platform == 'win32'", SHA, frozenset(), "")
KNOWN = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "summary": "Something.",
    "affected": [
        {
            "package": {"name": "idna", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.21"}]}],
        }
    ],
}


@contextmanager
def osv(answer: Callable[[Json], tuple[int, bytes]]) -> Iterator[tuple[str, list[Json]]]:
    """A stand-in of the service that answers as OSV's `query` does; gives its address and what it was asked."""
    asked: list[Json] = []

    def keep(request: Asked) -> tuple[int, bytes]:
        query = json.loads(request.body)
        asked.append(query)
        return answer(query)

    with answering(keep) as address:
        yield f"{address}/v1/query", asked


def nothing_known(_query: Json) -> tuple[int, bytes]:
    return 200, b"{}"


def idna_is_known(query: Json) -> tuple[int, bytes]:
    return 200, json.dumps({"vulns": [KNOWN]} if query["package"]["name"] == "idna" else {}).encode()


def test_every_version_is_asked_for_those_for_other_machines_too() -> None:
    with osv(nothing_known) as (address, asked):
        assert audit((IDNA, OLD, NEW, WINDOWS), address) == []

    assert sorted((each["package"]["name"], each["version"]) for each in asked) == [
        ("idna", "3.20"), ("numpy", "2.4.6"), ("numpy", "2.5.5"), ("pywin32", "312"),
    ]  # fmt: skip


def test_what_is_known_is_named_with_where_it_is_fixed() -> None:
    with osv(idna_is_known) as (address, _):
        [found] = audit((IDNA, WINDOWS), address)

    assert found == Finding("idna", "3.20", "PYSEC-2026-1", ("CVE-2026-1",), ("3.21",))
    assert str(found) == "idna 3.20: PYSEC-2026-1 (CVE-2026-1), fixed in 3.21"


BROKEN = {
    "a refusal": lambda _query: (403, b"no"),
    "an outage": lambda _query: (503, b""),
    "a page": lambda _query: (200, b"<html>login</html>"),
    "another shape": lambda _query: (200, b'{"results": []}'),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_an_answer_that_cannot_be_understood_is_no_clean_bill(answer: Callable[[Json], tuple[int, bytes]]) -> None:
    with osv(answer) as (address, _), pytest.raises(NotCheckedError):
        audit((IDNA,), address)


@pytest.fixture
def one_pin(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    lock = tmp_path_factory.mktemp("lock") / "requirements.lock"
    lock.write_text(f"idna==3.20 \\\n    --hash=sha256:{'a' * 64}\n    # via genesys-timeouts (pyproject.toml)\n")
    monkeypatch.setattr(audited, "PATH", lock)


@pytest.mark.usefixtures("one_pin")
@pytest.mark.parametrize(("answer", "code"), [(nothing_known, 0), (idna_is_known, 1)])
def test_the_exit_code_says_whether_any_is_known(
    answer: Callable[[Json], tuple[int, bytes]],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with osv(answer) as (address, _):
        monkeypatch.setenv("OSV_URL", address)
        assert audited.main() == code

    assert f"1 versions checked by {address}: {code} known vulnerabilities" in capsys.readouterr().out


@pytest.mark.usefixtures("one_pin")
def test_where_the_service_cannot_be_reached_it_says_not_checked_and_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OSV_URL", f"http://127.0.0.1:{free_port()}/v1/query")

    assert audited.main() == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("NOT CHECKED: http://127.0.0.1:")
    assert "Connection refused" in said.err
