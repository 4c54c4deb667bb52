"""The SDK without its models: a client is there at once, and nobody else in the process can tell the difference."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.genesys.conftest import CLIENT_ID, ORGANIZATION, SECRET, Platform, reply

NAME = "PureCloudPlatformClientV2"
SDK = Path(str(distribution(NAME).locate_file(NAME)))
APIS = sorted(path for path in (SDK / "apis").glob("*.py") if path.name != "__init__.py")

SURFACE = """
import importlib, json, sys
import PureCloudPlatformClientV2 as sdk

def told(value):
    if isinstance(value, type(sys)):
        return value.__name__
    if hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    assert value is sdk.Configuration()
    return "the one instance"

packages = [importlib.import_module(name) for name in (sdk.__name__, sdk.models.__name__, sdk.apis.__name__)]
print(json.dumps({
    f"{package.__name__}.{name}": told(getattr(package, name))
    for package in packages
    for name in dir(package)
    if not name.startswith("_") and name != "absolute_import"
}))
"""

CONNECTED = """
import sys
from genesys import Credentials, connect
client = connect(Credentials.from_environment())
"""


def python(program: str, **environment: str) -> str:
    """Run a program in a process of its own; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def with_credentials(url: str = "http://127.0.0.1:9") -> dict[str, str]:
    return {"GENESYS_CLIENT_ID": CLIENT_ID, "GENESYS_CLIENT_SECRET": SECRET, "GENESYS_API_URL": url}


SMALL = {
    "__init__": """
from .models.flow import Flow
from .apis.flows_api import FlowsApi
from .api_client import ApiClient
from .configuration import Configuration
configuration = Configuration()
""",
    "api_client": "class ApiClient: ...",
    "configuration": "class Configuration: ...",
    "models/__init__": "from .flow import Flow",
    "models/flow": "class Flow: ...",
    "apis/__init__": "from .flows_api import FlowsApi",
    "apis/flows_api": """
from ..models import Flow
class FlowsApi:
    def get(self) -> 'Flow':
        return 'got'
""",
}
"""An SDK of the layout that the shell knows."""


def small_sdk(at: Path, changed: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Write it, with files changed; gives the way to it."""
    for name, text in {**SMALL, **changed}.items():
        path = at / NAME / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {"PYTHONPATH": str(at)}


def test_every_public_name_of_the_sdk_is_what_it_is_without_the_shell() -> None:
    plain = json.loads(python(SURFACE))
    ours = json.loads(python(f"import genesys.sdk\n{SURFACE}"))

    assert len(plain) > 13_000
    assert {name: ours.get(name) for name in plain} == plain


def test_a_client_loads_a_few_modules_of_the_sdk_instead_of_all() -> None:
    program = f"{CONNECTED}print(sum(name.startswith('{NAME}') for name in sys.modules))"

    assert int(python(program, **with_credentials())) < 60


@pytest.mark.parametrize("path", APIS, ids=lambda path: path.stem)
def test_an_api_names_models_in_quoted_annotations_alone_and_runs_without_them(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "models"]
    models = {alias.asname or alias.name for node in imports for alias in node.names}

    assert models
    assert models & {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} == set()


def test_sixteen_threads_that_are_first_to_ask_get_the_same_classes() -> None:
    program = """
import threading
from concurrent.futures import ThreadPoolExecutor
from genesys.sdk_shell import install

at_once = threading.Barrier(16)

def ask(_):
    at_once.wait()
    install("ArchitectApi")
    import PureCloudPlatformClientV2 as sdk
    return sdk.ArchitectApi, sdk.UsersApi, sdk.models.Flow, sdk.Queue, sdk.ApiClient, sdk.apis.RoutingApi

with ThreadPoolExecutor(16) as threads:
    print([len(set(each)) for each in zip(*threads.map(ask, range(16)))])
"""
    assert python(program) == "[1, 1, 1, 1, 1, 1]\n"


def test_a_model_that_was_pickled_by_name_is_read_again_in_another_process() -> None:
    write = f"from {NAME}.models import Flow; flow = Flow(); flow.name = 'IVR'; print(pickle.dumps(flow).hex())"
    start = "import genesys.sdk, pickle; "

    pickled = python(start + write).strip()

    assert python(f"{start}print(pickle.loads(bytes.fromhex('{pickled}')).name)") == "IVR\n"


def test_who_takes_all_names_with_a_star_gets_them(tmp_path: Path) -> None:
    program = f"""
from genesys.sdk_shell import install
install("FlowsApi")
from {NAME} import *
print(ApiClient, Flow, FlowsApi, models.Flow is Flow, type(configuration) is Configuration)
"""
    assert python(program, **small_sdk(tmp_path)) == (
        f"<class '{NAME}.api_client.ApiClient'> <class '{NAME}.models.flow.Flow'>"
        f" <class '{NAME}.apis.flows_api.FlowsApi'> True True\n"
    )


def test_a_name_that_the_sdk_does_not_have_is_refused_as_by_any_module() -> None:
    program = f"""
import genesys.sdk
import {NAME}.models as models
try:
    models.ArchitectApi
except AttributeError as problem:
    print(problem)
try:
    from {NAME} import Nothing
except ImportError as problem:
    print(str(problem).partition(" (")[0])
"""
    assert python(program) == (
        f"module '{NAME}.models' has no attribute 'ArchitectApi'\ncannot import name 'Nothing' from '{NAME}'\n"
    )


ASK_FOR_IT = f"""
import logging, sys
logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
from genesys.sdk_shell import install
install("FlowsApi")
import {NAME} as sdk
print("shell" if "__getattr__" in vars(sdk) else "whole", sdk.FlowsApi().get())
"""


def test_the_small_sdk_of_these_tests_is_one_that_the_shell_knows(tmp_path: Path) -> None:
    assert python(ASK_FOR_IT, **small_sdk(tmp_path)) == "shell got\n"


STRANGE = {
    "its list of classes is written otherwise": (
        {"__init__": "from .apis import (FlowsApi as FlowsApi)"},
        "its __init__ lists no classes",
    ),
    "a class that is needed is not in the list": (
        {"__init__": "from .api_client import ApiClient\nfrom .apis import *"},
        f"module '{NAME}' has no attribute 'FlowsApi'",
    ),
    "its configuration is elsewhere": (
        {
            "configuration": "",
            "__init__": "from .settings import Settings\nfrom .apis import *",
            "settings": "Settings = 1",
        },
        f"module '{NAME}.configuration' has no attribute 'Configuration'",
    ),
    "an API makes a model": (
        {
            "models/flow": "class Flow:\n    name = 'got'",
            "apis/flows_api": """
from ..models import Flow
class FlowsApi:
    def get(self):
        return [Flow().name for _ in '1'][0]
""",
        },
        "its APIs use models: Flow",
    ),
    "an API cannot be imported without its models": (
        {
            "models/flow": "class Flow:\n    def get(self):\n        return 'got'",
            "apis/flows_api": "from ..models import Flow\nclass FlowsApi:\n    get = Flow.get",
        },
        "has no attribute 'get'",
    ),
}


@pytest.mark.parametrize(("changed", "why"), STRANGE.values(), ids=STRANGE)
def test_an_sdk_of_another_layout_is_imported_whole(tmp_path: Path, changed: dict[str, str], why: str) -> None:
    told, end = python(ASK_FOR_IT, **small_sdk(tmp_path, changed)).splitlines()

    assert told.startswith("The SDK is imported whole, which takes seconds: ")
    assert why in told
    assert end == "whole got"


def test_the_product_works_with_an_sdk_of_another_layout(platform: Platform, tmp_path: Path) -> None:
    platform.on(ORGANIZATION, reply({"id": "org-1", "name": "Acme"}))
    (tmp_path / NAME).mkdir()
    for part in SDK.iterdir():
        if part.name not in {"__init__.py", "__pycache__"}:
            (tmp_path / NAME / part.name).symlink_to(part)
    (tmp_path / NAME / "__init__.py").write_text("if True:\n    from .models import *\n    from .apis import *\n")
    program = f"{CONNECTED}print(client.organization().name, '{NAME}.models.flow' in sys.modules)"

    assert python(program, PYTHONPATH=str(tmp_path), **with_credentials(platform.url)) == "Acme True\n"


def test_an_sdk_that_is_there_already_is_left_as_it_is(tmp_path: Path) -> None:
    assert python(f"import {NAME}\n{ASK_FOR_IT}", **small_sdk(tmp_path)) == "whole got\n"
