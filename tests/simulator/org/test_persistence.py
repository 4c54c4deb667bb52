from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from simulator.org.persistence import StateDirectoryBusy, StateDirectoryForeign, Store
from simulator.org.seeds import OrgSeed
from simulator.org.versions import PublishPlan
from simulator.server import Running, running
from tests.simulator.conftest import CRM, FN, Connect, person_action

Start = Callable[..., AbstractContextManager[Running]]


@pytest.fixture
def start(tiny: OrgSeed, tmp_path: Path) -> Start:
    def begin(identity: str = "tiny") -> AbstractContextManager[Running]:
        return running(tiny, store=Store(tmp_path / "state", identity))

    return begin


def test_changes_survive_the_process(start: Start, connect: Connect) -> None:
    with start() as first:
        one = connect(url=first.url)
        first.org.plan_publish(PublishPlan(ending="failure", error_details=(("a", "b", "c", "d"),)), "architect-flow-2")
        one.act("checkout"), one.save(), one.act("publish"), one.architect_flow(), one.architect_flow()
        one.act("checkout", "architect-flow-2"), one.act("publish", "architect-flow-2")
        one.architect_flow("architect-flow-2")
        one("PATCH", CRM, {"config": {"timeoutSeconds": 9}, "version": 4})
        first.org.play(person_action("rename", first.org.person("Bob"), "architect-flow-4", name="Renamed"))
        before = first.org.state(bodies=True)
    with start() as second:
        assert second.org.state(bodies=True) == before


def test_drafts_of_actions_and_functions_survive_the_process(start: Start, connect: Connect) -> None:
    draft = f"{FN}/draft"
    with start() as first:
        one = connect(url=first.url)
        function = one("POST", draft) and one.get(f"{draft}/function")["function"]
        one("PUT", f"{draft}/function", {**function, "timeoutSeconds": 7})
        one("POST", f"{draft}/publish", {"version": 2}), one("POST", draft)
        one("PATCH", draft, {"config": {"request": {"requestTemplate": "other"}}, "version": 2})
        before = first.org.state()
    with start() as second:
        assert second.org.state() == before
        two = connect(url=second.url)
        assert two("GET", f"{draft}/templates/requesttemplate.vm").data == b"other"
        assert two("POST", f"{draft}/publish", {"version": 3}).status == 200


def test_a_reset_survives_too(start: Start, connect: Connect) -> None:
    with start() as first:
        before = first.org.state()
        connect(url=first.url).act("checkout")
        first.org.reset()
    with start() as second:
        assert second.org.state() == before


def test_new_ids_are_new_after_a_restart(start: Start, connect: Connect) -> None:
    with start() as first:
        saved = connect(url=first.url).act("checkout").json()["savedVersion"]["id"]
    with start() as second:
        assert connect(url=second.url).act("checkout", "architect-flow-2").json()["savedVersion"]["id"] != saved


def test_a_directory_in_use_is_refused(tmp_path: Path) -> None:
    first = Store(tmp_path, "tiny")
    with pytest.raises(StateDirectoryBusy, match="another simulator"):
        Store(tmp_path, "tiny")
    first.close()


def test_the_directory_of_another_org_is_refused(tmp_path: Path) -> None:
    Store(tmp_path, "tiny").close()
    with pytest.raises(StateDirectoryForeign, match="'tiny'"):
        Store(tmp_path, "huge")
    Store(tmp_path, "tiny").close()
