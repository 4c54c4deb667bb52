"""At home in a company's network: what leaves through its proxy is the platform's, and everything else stays here."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.demo.org import build_demo_org
from simulator.server import running
from tests.company import API, LOGIN, Authority, Proxy, answering, company_proxy, tls_in_front
from tests.environment import COMMAND, WRITER, environment

USER = "ada:p%40ss%2Fcanary"
ENCODED = base64.b64encode(b"ada:p@ss/canary").decode()
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with company_proxy() as proxy:
        yield proxy


@pytest.fixture
def behind(proxy: Proxy, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What leads to an org of eu-west-1 whose hosts only the proxy knows, with certificates of the company's."""
    authority = Authority(tmp_path)
    with (
        running(build_demo_org(), running_clock=True, hosts=(LOGIN, API)) as org,
        tls_in_front(authority.server_side, int(org.url.rpartition(":")[2])) as port,
    ):
        proxy.hosts = {f"{LOGIN}:443": port, f"{API}:443": port}
        yield {**WRITER, "GENESYS_REGION": "eu-west-1", "SSL_CERT_FILE": str(authority.file), **through(proxy)}


def through(proxy: Proxy, user: str = "") -> dict[str, str]:
    """The variables of a machine from which nothing leads out but the proxy."""
    return dict.fromkeys(PROXIES, proxy.url.replace("//", f"//{user}@" if user else "//"))


def run(home: Path, *arguments: str, **given: str) -> "subprocess.CompletedProcess[str]":
    """Run a command as a process that starts anew: Prefect reads SSL_CERT_FILE when it is imported."""
    theirs = (*PROXIES, *map(str.lower, PROXIES), "NO_PROXY", "no_proxy", *CERTIFICATES, "PREFECT_API_SSL_CERT_FILE")
    kept = {name: value for name, value in environment().items() if name not in theirs}
    own = {"HOME": str(home), "PREFECT_HOME": str(home / "prefect"), "GENESYS_TIMEOUTS_HOME": str(home / "demo")}
    return subprocess.run(
        [*COMMAND, *arguments], env={**kept, **own, **given}, capture_output=True, text=True, timeout=170, check=False
    )


def test_the_proxy_sees_the_requests_of_the_platform_and_no_others(
    behind: dict[str, str], proxy: Proxy, home: Path, tmp_path: Path
) -> None:
    proxy.wanted = ENCODED
    told = tmp_path / "run.json"

    done = run(home, "audit", "--json", str(told), "--verbose", **{**behind, **through(proxy, USER)})

    assert done.returncode == 0, done.stderr
    assert set(proxy.seen) == {f"CONNECT {LOGIN}:443", f"CONNECT {API}:443"}
    written = [path for path in home.rglob("*") if path.is_file()]
    assert written
    kept = b"".join(path.read_bytes() for path in [told, *written])
    assert b"canary" not in kept + done.stdout.encode() + done.stderr.encode()
    assert ENCODED.encode() not in kept


@pytest.mark.usefixtures("server")
def test_a_run_in_the_demo_org_does_not_ask_a_proxy_that_refuses_everything(proxy: Proxy, home: Path) -> None:
    proxy.judge = lambda _: answering(403)

    done = run(home, "audit", "--org", "demo", **through(proxy))

    assert done.returncode == 0, done.stderr
    assert proxy.seen == []


@pytest.mark.usefixtures("server")
def test_a_proxy_that_refuses_ends_a_run_with_one_sentence(behind: dict[str, str], proxy: Proxy, home: Path) -> None:
    proxy.wanted = "another"

    done = run(home, "audit", **{**behind, **through(proxy, USER)})

    assert done.returncode == 2, done.stderr
    assert f"127.0.0.1:{proxy.port} does not take the user and password in HTTPS_PROXY (407)" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(proxy.seen) == 1
    assert "canary" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [("audit", "--org", "demo"), ("demo",), ("set",), ("locks",)])
def test_a_variable_that_names_no_proxy_is_refused_before_the_run(home: Path, arguments: tuple[str, ...]) -> None:
    target = {"TARGET_FLOW_ID": "f-1", "TARGET_ACTION_NAME": "Look up", **WRITER}

    done = run(home, *arguments, **target, ALL_PROXY="socks5://ada:canary@proxy.example:1080")

    assert done.returncode == 2
    assert "Error: ALL_PROXY names a SOCKS proxy" in done.stderr
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stderr
    assert not (home / "prefect" / "storage").exists()


@pytest.mark.parametrize(
    ("arguments", "variable"),
    [
        *((("audit", "--org", "demo"), variable) for variable in CERTIFICATES),
        *((arguments, CERTIFICATES[0]) for arguments in [("doctor",), ("locks",), ("history",), ("approver", "list")]),
    ],
)
def test_certificates_that_are_not_there_are_refused_before_the_run(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], variable: str
) -> None:
    missing = str(tmp_path / "missing.pem")

    done = run(home, *arguments, **WRITER, **{variable: missing})

    assert done.returncode == 2
    assert f"Error: {variable} names {missing}, which cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
