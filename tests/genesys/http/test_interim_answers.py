"""Interim answers, as proxies send them: read past, so that no answer stays behind for the next request."""

import socket

import pytest

from genesys import ReadClient, Unavailable, WriteClient
from tests.genesys.conftest import ACME, CHECKOUT, ORGANIZATION, Platform, Reply, reply

EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"


def after(interim: bytes, answer: Reply) -> Reply:
    def act(connection: socket.socket) -> None:
        connection.sendall(interim)
        answer(connection)

    return act


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\n",
        EARLY,
        EARLY + b"HTTP/1.1 100 Continue\r\n\r\n" + EARLY,
    ],
    ids=["100", "102", "103", "several"],
)
def test_an_answer_is_what_follows_the_interim_ones(platform: Platform, reader: ReadClient, interim: bytes) -> None:
    platform.on(ORGANIZATION, after(interim, ACME))

    assert (reader.organization().name, reader.organization().name) == ("Acme", "Acme")
    assert len(platform.calls(ORGANIZATION)) == 2, "nothing was asked for again"


def test_a_write_whose_answer_follows_an_interim_one_is_done(platform: Platform, writer: WriteClient) -> None:
    platform.on(CHECKOUT, after(EARLY, reply({"id": "af-1", "name": "Main line"})))

    assert writer.checkout("af-1").name == "Main line"


def test_a_switch_to_another_protocol_is_no_answer(platform: Platform, reader: ReadClient) -> None:
    """Nobody asked for one."""
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"
    platform.on(ORGANIZATION, after(switch, lambda connection: connection.sendall(b"\x00\x00\x12\x04\r\n")))

    with pytest.raises(Unavailable, match="the connection broke"):
        reader.organization()
