"""Importing the SDK without its models: its own `__init__` loads 6,700 modules, of which we use 18.

Source: docs/measured.md#sdk-import, docs/decisions/0015.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from importlib.metadata import version
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

KNOWN_VERSION = "269.0.0"
"""The SDK of requirements.lock, whose APIs name models in quoted annotations alone (a test reads them)."""

_SDK = "PureCloudPlatformClientV2"
_logger = logging.getLogger(__name__)


@contextmanager
def without_models() -> Iterator[None]:
    """Import modules of the SDK in this block without its models: each of them is `typing.Any` there.

    What is imported so is nobody else's: whoever imports the SDK afterwards gets all of it, anew. Another version than
    the known one is imported whole, which takes seconds (logged at INFO), and so is an SDK that somebody else has
    imported before. No other thread may import the SDK at the same time.
    """
    if _SDK in sys.modules:
        yield
        return
    if (found := version(_SDK)) != KNOWN_VERSION:
        _logger.info("The SDK is imported whole, which takes seconds: version %s is not %s", found, KNOWN_VERSION)
        yield
        return
    top = _not_executed(_SDK, None)
    models, apis = (_not_executed(f"{_SDK}.{part}", top.__path__) for part in ("models", "apis"))
    vars(models)["__getattr__"] = lambda _name: Any
    sys.modules.update({package.__name__: package for package in (top, models, apis)})
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == _SDK]:
            del sys.modules[name]


def _not_executed(name: str, search: Any) -> ModuleType:
    """Return a package as the import system makes it, before its `__init__` runs."""
    spec = PathFinder.find_spec(name, search)
    assert spec is not None, f"its version is known, so {name} is installed"
    return module_from_spec(spec)
