"""The steps of a trial: what each does, and what has to be true afterwards. A step that fails raises."""

import io
import shutil
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.containers.engine import PROJECT, Engine, until
from tests.containers.server import Server
from tests.deployments.containers.context import WANTED, make_files

RAISE, ROLL_BACK = "raise-timeouts/raise", "roll-back/roll-back"
TO_PUBLISH = 17
"""So many Architect flows of the demo org does `at least 10s` publish."""

_SLOWLY_MS = 3_000
_APPROVERS = {"ana": "Ana Duarte", "bo": "Bo Lindqvist"}
_MAKE_KEY = """
import sys
from pathlib import Path
from flows.approval.key_files import make_key
print(make_key(Path(sys.argv[1]), sys.argv[2], "").split()[0])
"""


@dataclass(slots=True)
class Trial:
    """What the steps share."""

    engine: Engine
    server: Server
    folder: Path
    tag: str
    facts: list[str] = field(default_factory=list)
    raised: str = ""

    def note(self, fact: str) -> None:
        """Keep what was measured, for the end of the step."""
        self.facts.append(fact)

    @property
    def image(self) -> str:
        """The image that the first half of the trial runs on."""
        return f"genesys-timeouts:{self.tag}"

    def one(self, service: str) -> str:
        """Return the name of one running container of a service."""
        running = [each for each in self.engine.containers(service) if each["State"] == "running"]
        return str(running[0]["Name"])


def build(trial: Trial) -> None:
    """Build the image, by the one service that does."""
    trial.engine.compose("build", "--quiet")
    size = int(trial.engine.docker("image", "inspect", "--format", "{{.Size}}", trial.image))
    trial.note(f"{size / 1e6:.0f} MB")


def leave_out_strays(trial: Trial) -> None:
    """Ask the builder which files .dockerignore lets in, of environments, keys, dumps and what editors leave."""
    folder = trial.folder / "strays"
    folder.mkdir()
    make_files(folder)
    packed = trial.engine.docker(
        "build",
        "--quiet",
        "--file",
        "-",
        "--output",
        "type=tar,dest=-",
        str(folder),
        binary=b"FROM scratch\nCOPY . /\n",
    )
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        let_in = {member.name.removeprefix("./") for member in files if member.isfile()}
    _check(let_in == set(WANTED), f"only what is meant gets into the image: {sorted(let_in ^ set(WANTED))}")


def refuse_without_secrets(trial: Trial) -> None:
    """Without the files of secrets nothing starts, and Compose names the one that is missing."""
    empty = trial.folder / "empty"
    empty.mkdir()
    try:
        trial.engine.compose("up", "--detach", "--no-build", "redis", changed={"GENESYS_TIMEOUTS_SECRETS": str(empty)})
    except RuntimeError as problem:
        if "redis.conf" not in str(problem):
            raise
    else:
        raise RuntimeError("Redis was started without a password")
    trial.engine.compose("rm", "--force", "--stop", "redis")


def bring_up(trial: Trial) -> None:
    """Bring up all of it, with approvers whose keys the image makes."""
    approvers, keys = trial.folder / "approvers", trial.folder / "keys"
    approvers.mkdir()
    for folder in (keys, *(keys / who for who in _APPROVERS)):
        folder.mkdir()
        folder.chmod(0o777)  # the image's user writes there
    public = {
        name: trial.engine.docker(
            "run", "--rm", "-v", f"{keys}:/keys", trial.image, "python", "-c", _MAKE_KEY, f"/keys/{who}", name
        )
        .decode()
        .strip()
        for who, name in _APPROVERS.items()
    }
    lines = "".join(f'  {name}: "{line}"\n' for name, line in public.items())
    (approvers / "approvers.yaml").write_text(f"keys:\n{lines}", "utf-8")
    trial.engine.up()
    role = "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'prefect'"
    said = trial.engine.compose("exec", "-T", "postgres", "psql", "-U", "postgres", "-Atc", role)
    _check(said.strip() == b"f", "Prefect's role in Postgres is no superuser")
    shown = trial.engine.docker("inspect", *(each["Name"] for each in trial.engine.containers())).decode()
    secrets = [path.read_text("ascii").strip().split()[-1] for path in (trial.folder / "secrets").iterdir()]
    _check(not [secret for secret in secrets if secret in shown], "`docker inspect` shows no secret")


def stop_the_services(trial: Trial) -> None:
    """Stop the background services in the middle; they have to be started again by their own health check."""
    container = trial.one("services")
    trial.engine.in_container(container, "sh", "-c", "kill -STOP $(cat /proc/1/task/1/children)")


def play_the_jobs(trial: Trial) -> None:
    """Audit, doctor, a raise with two signatures made by the image, and its roll back."""
    server = trial.server
    server.begin_anew()
    before = server.live()
    server.completed("audit/audit")
    server.completed("doctor/doctor")
    run = server.start("raise-approved/raise-approved", asked_by="Bo Lindqvist")
    server.wait(run, "PAUSED")
    request = server.request(run)
    server.answer(run, "ask", _signed(trial, "bo", "ask", request))
    until(lambda: server.state(run)["type"] == "PAUSED" and _answered_once(server, run), "it waits for the second one")
    server.answer(run, "approve", _signed(trial, "ana", "approve", request))
    server.must_complete(run)
    after = server.live()
    changed = sum(content != after[key] for key, content in before.items())
    _check(changed == TO_PUBLISH, f"{TO_PUBLISH} were published: {changed}")
    server.completed(ROLL_BACK, run=run, mode="apply")
    _check(server.live() == before, "everything is as it was")


def _signed(trial: Trial, who: str, decision: str, request: str) -> str:
    """Sign with the image, as docs/containers.md says."""
    keys = ("-v", f"{trial.folder / 'keys' / who}:/key", "-e", "GENESYS_TIMEOUTS_HOME=/key")
    said = trial.engine.docker(
        "run", "--rm", *keys, trial.image, "genesys-timeouts", "approver", "sign", decision, request
    )
    return said.decode().split()[-1]


def _answered_once(server: Server, run: str) -> bool:
    states = server.ask("GET", "/flow_run_states/", params={"flow_run_id": run})
    return [state["type"] for state in states].count("PAUSED") > 1


def services_came_back(trial: Trial) -> None:
    """The background services that were stopped have been started again."""
    container = trial.one("services")
    until(lambda: trial.engine.restarts(container) > 0, "services were started again", 300)
    until(trial.engine.is_healthy, "services are healthy")


def kill_a_replica(trial: Trial) -> None:
    """Kill one replica of the API while a raise publishes: the run completes."""
    with _publishing(trial) as run:
        first, second = (each["Name"] for each in trial.engine.containers("api"))
        trial.engine.docker("kill", first)
        trial.server.must_complete(run)
        trial.engine.docker("start", first)
        _check(first != second, "there are two replicas")
    until(trial.engine.is_healthy, "the replica is back")


def kill_a_worker(trial: Trial) -> None:
    """Kill a worker and its runs while one publishes: it is called dead, and the next run does the rest."""
    with _publishing(trial) as run:
        container = next(
            each["Name"] for each in trial.engine.containers("worker") if _has_a_run(trial.engine, each["Name"])
        )
        begun = time.monotonic()
        _kill_all(trial, container)
        state = trial.server.wait(run, patience_s=180)
        _check(state["type"] == "CRASHED", f"it is Crashed: {state['name']}")
        trial.note(f"Crashed after {time.monotonic() - begun:.0f} s")
        until(lambda: trial.engine.restarts(container) > 0, "the worker was started again", 30)
        trial.server.completed(RAISE, mode="apply")
        twice = len(trial.server.published()) - len(set(trial.server.published()))
        trial.note(f"{twice} published twice")
        _check(len(set(trial.server.published())) == TO_PUBLISH, "all are published by now")


def _has_a_run(engine: Engine, container: str) -> bool:
    """Whether there is more in a worker's container than tini and the worker."""
    return len(engine.docker("top", container, "-eo", "pid,args").splitlines()) > len(("a head", "tini", "the worker"))


def _kill_all(trial: Trial, container: str) -> None:
    """Kill what runs in a container as the kernel would: the engine starts it again, unlike after `docker kill`."""
    try:
        trial.engine.in_container(container, "sh", "-c", "kill -9 -1")
    except RuntimeError:
        return  # it has killed itself, too


def lose_redis(trial: Trial) -> None:
    """Take Redis away for 30 s while a raise publishes: the run completes."""
    with _publishing(trial) as run:
        trial.engine.compose("stop", "redis")
        time.sleep(30)
        trial.engine.compose("start", "redis")
        trial.server.must_complete(run)
    until(trial.engine.is_healthy, "all is healthy again")


def lose_postgres(trial: Trial) -> None:
    """Take Postgres away for 45 s while a raise publishes: the run completes."""
    with _publishing(trial) as run:
        trial.engine.compose("stop", "postgres")
        time.sleep(45)
        trial.engine.compose("start", "postgres")
        trial.server.must_complete(run)
        trial.raised = run
    until(trial.engine.is_healthy, "all is healthy again")


@contextmanager
def _publishing(trial: Trial) -> Iterator[str]:
    """Start a raise in an org that publishes slowly, and give it out once it has begun to."""
    trial.server.begin_anew(publishing_ms=_SLOWLY_MS)
    run = trial.server.start(RAISE, mode="apply")
    until(lambda: len(trial.server.published()) > 1, "it publishes")
    yield run
    _check(len(set(trial.server.published())) == TO_PUBLISH, f"all {TO_PUBLISH} are published")


def upgrade(trial: Trial) -> None:
    """Drain, back up, and bring up a second image; how long no request was answered."""
    newer = {"GENESYS_TIMEOUTS_VERSION": f"{trial.tag}-2", "GENESYS_TIMEOUTS_REVISION": "second"}
    trial.engine.compose("build", "--quiet", changed=newer)
    trial.engine.once("python", "-m", "deployments.drain", "--patience", "120")
    back_up(trial)
    trial.engine.compose("stop", "worker")
    with _measured(trial):
        trial.engine.up("--no-build", changed=newer)
    used = {each["Image"] for each in trial.engine.containers() if each["Image"].startswith("genesys-timeouts:")}
    _check(used <= {f"{trial.image}-2"}, f"the second image runs: {used}")
    trial.engine.given.update(newer)
    trial.server.completed("audit/audit")


@contextmanager
def _measured(trial: Trial) -> Iterator[None]:
    """Note for how long the server did not answer."""
    done, gone = threading.Event(), [0.0]

    def watch() -> None:
        last = time.monotonic()
        while not done.wait(0.2):
            if trial.server.answers():
                gone[0], last = max(gone[0], time.monotonic() - last), time.monotonic()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    trial.note(f"no answer for {gone[0]:.0f} s")


def back_up(trial: Trial) -> None:
    """Back up as docs/containers.md says."""
    backup = trial.folder / "backup"
    shutil.rmtree(backup, ignore_errors=True)
    backup.mkdir()
    dump = trial.engine.compose("exec", "-T", "postgres", "pg_dump", "-U", "postgres", "-Fc", "prefect")
    (backup / "prefect.dump").write_bytes(dump)
    read = ("run", "--rm", "-v", f"{PROJECT}_results:/results:ro", trial.image, "tar", "-C", "/results", "-cz", ".")
    (backup / "results.tgz").write_bytes(trial.engine.docker(*read))


def restore(trial: Trial) -> None:
    """Lose all volumes, restore as docs/containers.md says, and roll back what was raised before."""
    engine, backup = trial.engine, trial.folder / "backup"
    engine.compose("down", "--volumes", "--timeout", "10")  # the demo org, whose profile is on, too
    engine.compose("up", "--detach", "--no-build", "postgres")
    until(lambda: engine.containers("postgres")[0]["Health"] == "healthy", "Postgres is healthy")
    into = ("pg_restore", "-U", "postgres", "--dbname", "prefect", "--exit-on-error")
    engine.compose("exec", "-T", "postgres", *into, binary=(backup / "prefect.dump").read_bytes())
    unpack = ("run", "--rm", "-i", "-v", f"{PROJECT}_results:/results", trial.image, "tar", "-C", "/results", "-xz")
    engine.docker(*unpack, binary=(backup / "results.tgz").read_bytes())
    engine.up("--no-build")
    state = trial.server.state(trial.raised)
    _check(state["name"] == "Completed", "the run from before is there")
    # The demo org has begun anew: the plan to roll back is found, and says that what it would put back is live.
    ended = trial.server.wait(trial.server.start(ROLL_BACK, run=trial.raised))
    trial.note(f"a roll back finds its record: {ended['name']}")
    trial.server.completed("audit/audit")


def _check(true: bool, what: str) -> None:
    if not true:
        raise RuntimeError(f"not so: {what}")


STEPS: tuple[Callable[[Trial], None], ...] = (
    leave_out_strays,
    build,
    refuse_without_secrets,
    bring_up,
    stop_the_services,
    play_the_jobs,
    services_came_back,
    kill_a_replica,
    kill_a_worker,
    lose_redis,
    lose_postgres,
    upgrade,
    restore,
)
