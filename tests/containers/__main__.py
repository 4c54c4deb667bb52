"""`make containers`: the topology of deployments/compose.yaml, built, run, disturbed, upgraded, restored, removed.

    python -m tests.containers [--keep]

It needs a Docker engine with Compose 2.24 or newer, and touches nothing but a project of its own. Exit codes: 0 all is
as it should be, 1 a step failed, 3 there is no engine here.
"""

import inspect
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.containers.engine import ROOT, Engine, NoEngineError, check_engine
from tests.containers.server import Server
from tests.containers.steps import STEPS, Trial
from tests.servers import free_port

NO_ENGINE = 3
_TAG = "trial"
_ORG = {
    "COMPOSE_PROFILES": "demo",
    "GENESYS_API_URL": "https://org:8443",
    "GENESYS_TIMEOUTS_CERTIFICATE": "/certificates/demo.pem",
    "GENESYS_AUDIT_CLIENT_ID": "demo-reader",
    "GENESYS_AUDIT_CLIENT_SECRET": "demo-reader-secret",
    "GENESYS_WRITER_CLIENT_ID": "demo-writer",
    "GENESYS_WRITER_CLIENT_SECRET": "demo-writer-secret",
}
"""The demo org, whose secrets are public."""


def main(arguments: list[str]) -> int:
    """Play all steps, say how long each took, and take everything away unless --keep is given."""
    try:
        say(check_engine())
    except NoEngineError as problem:
        say(f"containers: {problem}")
        return NO_ENGINE
    keep = "--keep" in arguments
    with _folder(keep=keep) as made:
        trial = _prepared(made)
        begun = time.monotonic()
        try:
            trial.engine.tear_down()
            for step in STEPS:
                _play(step, trial)
        except (RuntimeError, TimeoutError) as problem:
            say(f"FAILED: {problem}")
            _show_logs(trial.engine)
            return 1
        finally:
            if keep:
                say(f"It still runs: {trial.server.address}, with its secrets in {made / 'secrets'}")
            else:
                trial.engine.tear_down()
        left = "" if keep else "; everything is taken away, but for the images"
        say(f"{time.monotonic() - begun:6.0f} s  all of it{left}")
    return 0


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    """Make the folder that is mounted into the containers: one that is kept cannot start again without it."""
    made = Path(tempfile.mkdtemp())
    try:
        yield made
    finally:
        if not keep:
            shutil.rmtree(made)


def _prepared(folder: Path) -> Trial:
    """Make what an operator makes: the secrets, the folder of approvers, an address."""
    subprocess.run(["sh", "deployments/containers/secrets.sh", folder / "secrets"], check=True, cwd=ROOT, stdout=-3)
    port = free_port()
    given = _ORG | {
        "GENESYS_TIMEOUTS_SECRETS": str(folder / "secrets"),
        "GENESYS_TIMEOUTS_APPROVERS_FOLDER": str(folder / "approvers"),
        "GENESYS_TIMEOUTS_PUBLISHED": f"127.0.0.1:{port}",
        "GENESYS_TIMEOUTS_VERSION": _TAG,
        "PREFECT_UI_URL": f"http://127.0.0.1:{port}",
    }
    engine = Engine(given)
    password = (folder / "secrets" / "api_auth").read_text("ascii").strip()
    return Trial(engine, Server(engine, f"http://127.0.0.1:{port}", password), folder, _TAG)


def _play(step: object, trial: Trial) -> None:
    assert callable(step)
    begun = time.monotonic()
    step(trial)
    told = (inspect.getdoc(step) or "").rstrip(".")
    facts = f" ({', '.join(trial.facts)})" if trial.facts else ""
    trial.facts.clear()
    say(f"{time.monotonic() - begun:6.0f} s  {told}{facts}")


def _show_logs(engine: Engine) -> None:
    for container in engine.containers():
        say(f"--- {container['Name']}: {container['State']}, {container['Health'] or 'no health check'}")
        sys.stderr.flush()
        os.write(2, engine.docker("logs", "--tail", "25", container["Name"])[-4000:])


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - what this program is for


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
