"""Two orgs in one process are impossible; everything that belongs to one org goes together."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from flows.audit import audit
from flows.sources.connections import read_client, write_client
from genesys import ConfigurationProblem, Credentials
from simulator.server import Running


def credentials(client_id: str = "one", address: str = "http://127.0.0.1:9/one") -> Credentials:
    return Credentials(client_id=client_id, client_secret=SecretStr("s"), api_url=address)


@pytest.mark.parametrize(
    "other",
    [credentials(address="http://127.0.0.1:9/two"), credentials("two")],
    ids=["another address", "another OAuth client, whose org nobody knows"],
)
def test_while_one_org_is_open_another_is_refused_and_told_what_to_do(other: Credentials) -> None:
    with (
        read_client(credentials()),
        pytest.raises(ConfigurationProblem, match=r"nothing was changed.*process of its own: the deployment fleet"),
        write_client(other, threading.Event()),
    ):
        pass


def test_the_clients_of_one_org_go_together_and_the_next_org_may_come_when_all_are_closed() -> None:
    with read_client(credentials()):
        with write_client(credentials(), threading.Event()), read_client(credentials()):
            pass
        with pytest.raises(ConfigurationProblem), read_client(credentials("two")):
            pass
    with read_client(credentials("two")):
        pass


def test_an_org_that_ended_in_an_error_is_closed() -> None:
    with pytest.raises(ZeroDivisionError), read_client(credentials()):
        _ = 1 / 0
    with read_client(credentials("two")):
        pass


def test_a_refusal_shows_no_secret() -> None:
    secret = Credentials(client_id="two", client_secret=SecretStr("canary-secret"), api_url="http://127.0.0.1:9")
    with read_client(credentials()), pytest.raises(ConfigurationProblem) as refused, read_client(secret):
        pass

    assert "canary-secret" not in str(refused.value)


def test_of_sixteen_threads_with_sixteen_orgs_never_two_are_inside() -> None:
    inside: list[str] = []
    together: list[list[str]] = []
    start = threading.Barrier(16)

    def attempt(number: int) -> bool:
        start.wait()
        try:
            with read_client(credentials(f"client-{number}")):
                inside.append(str(number))
                together.append(list(inside))
                inside.remove(str(number))
        except ConfigurationProblem:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        let_in = list(threads.map(attempt, range(16)))
    assert any(let_in)
    assert all(len(each) == 1 for each in together)


def test_a_run_for_another_org_fails_before_it_has_sent_a_request(small_org: Running) -> None:
    small_org.org.clear_log()
    with read_client(credentials()):
        state = audit(return_state=True)

    assert state.is_failed()
    assert "deployment fleet" in str(state.message)
    assert len(small_org.org.log) == 0
