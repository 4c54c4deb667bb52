import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from prefect import flow

from flows.one_apply import AnotherApplyError, make_place, the_only_apply
from tasks.progress import listening
from timeouts.org import Organization


@flow
def applying(org: str, wait_seconds: float = 0.5) -> str:
    with the_only_apply(Organization(id=org, name=org), wait_seconds=wait_seconds):
        return f"was in {org}"


def test_a_second_apply_to_the_same_org_waits_says_so_and_gives_up_without_a_change() -> None:
    said: list[str] = []
    inside, done = threading.Event(), threading.Event()

    @flow
    def first() -> None:
        with the_only_apply(Organization(id="busy", name="busy")):
            inside.set()
            done.wait(30)

    running = threading.Thread(target=first)
    running.start()
    assert inside.wait(30)
    with listening(lambda stage, _done, _total: said.append(stage)), pytest.raises(AnotherApplyError):
        applying("busy")
    done.set()
    running.join(30)

    assert said == ["Waiting for another run that is applying to busy"]


def test_the_place_is_given_back() -> None:
    assert [applying("free"), applying("free")] == ["was in free", "was in free"]


def test_two_orgs_do_not_wait_for_each_other() -> None:
    @flow
    def outer() -> str:
        with the_only_apply(Organization(id="outer", name="outer")):
            return applying("inner")

    assert outer() == "was in inner"


def test_two_runs_that_both_find_no_place_make_one() -> None:
    """Found by issue 6: runs that started quicker met here, and one of them failed before it began."""
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda round_: make_place(f"genesys-timeouts-apply-org-{round_ // 8}"), range(64)))

    assert len(made) == 64
