"""`register org NAME`: the credentials of one more org, as the run form calls them."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from cli.exits import Exit
from cli.servers.served import register_org
from genesys.block import GenesysCloudCredentials


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("GENESYS_REGION", "GENESYS_API_URL"):
        monkeypatch.delenv(name, raising=False)
    name_client(monkeypatch, "first")
    yield
    for name in ("emea", "another-1"):  # other tests look at what this server has
        with contextlib.suppress(ValueError):
            asyncio.run(GenesysCloudCredentials.adelete(name))


def name_client(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("GENESYS_CLIENT_ID", "client")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", secret)


def saved(name: str) -> tuple[str, str, str | None]:
    block: Any = asyncio.run(GenesysCloudCredentials.aload(name))
    return block.client_secret.get_secret_value(), block.region, block.api_url


def test_a_new_secret_leaves_the_org_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation that did not name the region again moved the block to us-east-1."""
    monkeypatch.setenv("GENESYS_REGION", "eu-west-1")
    assert register_org("emea") is Exit.DONE
    monkeypatch.delenv("GENESYS_REGION")
    name_client(monkeypatch, "second")

    assert register_org("emea") is Exit.DONE
    assert saved("emea") == ("second", "eu-west-1", None)


def test_an_org_that_is_new_is_where_most_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert register_org("another-1") is Exit.DONE
    assert saved("another-1") == ("first", "us-east-1", None)
    assert "credentials 'another-1': saved" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["Prod EU", "prod_eu", ""])
def test_a_name_that_prefect_does_not_take_is_said(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert register_org(name) is Exit.USAGE
    assert f"'{name}' cannot be the name of credentials: Prefect takes lower-case letters" in told(capsys)


def test_credentials_that_are_not_there_are_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GENESYS_CLIENT_SECRET")

    assert register_org("emea-2") is Exit.USAGE
    assert "Nothing was saved: set GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET." in told(capsys)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())
