"""How the SDK gets into the process: its packages without what they hold, which comes when it is asked for.

The SDK's own `__init__` imports 6,700 modules, of which we use 18. Whoever else imports the SDK in this process
finds every name of it. Where the SDK is not made as it is known here, it is imported whole, as its makers meant it.

Source: docs/measured.md#sdk-import.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from inspect import unwrap
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

_SDK = "PureCloudPlatformClientV2"
_IMPORTED = re.compile(r"^from \.((?:(?:models|apis)\.)?\w+) import (\w+)[ \t]*$", re.MULTILINE)
_installing = threading.Lock()
_logger = logging.getLogger(__name__)


def install(*apis: str) -> None:
    """Make the SDK importable at the price of what is used of it. Call it before anything imports the SDK.

    `apis`: the API classes that are wanted. They come without the models that they name in annotations; all others come
    with theirs. Does nothing where the SDK is there already, and where it cannot be had this way (logged at INFO).
    """
    with _installing:
        if _SDK in sys.modules:
            return
        try:
            _put_up(apis)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the plain import is still to be tried
            _take_down()
            _logger.info("The SDK is imported whole, which takes seconds: %s: %s", type(problem).__name__, problem)
        except BaseException:
            _take_down()
            raise


class _UnknownLayoutError(Exception):
    """The SDK is not made as it was when this was written."""


class _Shell:
    """One package of the SDK, not executed: `homes` says in which module each of its classes is."""

    def __init__(self, package: ModuleType, homes: Mapping[str, str]) -> None:
        self.package = package
        self.placed: set[str] = set()
        self.placing_thread: int | None = None
        self._homes = homes
        prefix = f"{package.__name__}."
        self._modules = {
            home.removeprefix(prefix): home for home in homes.values() if home.count(".") == prefix.count(".")
        }
        names = sorted({*homes, *self._modules, *(name for name in vars(package) if not name.startswith("_"))})
        vars(package).update(__getattr__=self._resolve, __all__=names, __dir__=lambda: sorted({*vars(package), *names}))

    def _resolve(self, name: str) -> Any:
        """Answer the first question for a name; the package knows it from then on."""
        if name in self._homes and self.placing_thread == threading.get_ident():
            self.placed.add(name)
            return Any
        if name in self._homes:
            found = getattr(import_module(self._homes[name]), name)
        elif name in self._modules:
            found = import_module(self._modules[name])
        else:
            raise AttributeError(f"module {self.package.__name__!r} has no attribute {name!r}")
        setattr(self.package, name, found)
        return found


def _put_up(apis: tuple[str, ...]) -> None:
    top = _package(_SDK, None)
    models, api_classes = (_package(f"{_SDK}.{part}", top.__path__) for part in ("models", "apis"))
    homes = _homes(top)
    vars(top).update(models=models, apis=api_classes)
    _Shell(top, homes)
    shell = _Shell(models, _within(models, homes))
    _Shell(api_classes, _within(api_classes, homes))
    for package in (top, models, api_classes):
        sys.modules[package.__name__] = package
    # The SDK gives the name of the module to the one instance; importing the module later does not take it back.
    singleton = import_module(f"{_SDK}.configuration").Configuration()
    vars(top)["configuration"] = singleton
    import_module(f"{_SDK}.api_client")
    shell.placing_thread = threading.get_ident()
    wanted = [getattr(top, api) for api in apis]
    shell.placing_thread = None
    if used := {name for api in wanted for name in _names_at_run_time(api)} & shell.placed:
        raise _UnknownLayoutError(f"its APIs use models: {', '.join(sorted(used))}")


def _take_down() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == _SDK]:
        del sys.modules[name]


def _package(name: str, search: Any) -> ModuleType:
    """Return a package as the import system makes it, before its `__init__` runs."""
    spec = PathFinder.find_spec(name, search)
    if spec is None or spec.loader is None:
        raise _UnknownLayoutError(f"there is no package {name}")
    return module_from_spec(spec)


def _homes(top: ModuleType) -> dict[str, str]:
    """Read in which module each public class is: all that the SDK's own `__init__` does is to import them."""
    source = Path(str(top.__file__)).read_text(encoding="utf-8")
    found = {name: f"{_SDK}.{home}" for home, name in _IMPORTED.findall(source)}
    if not found:
        raise _UnknownLayoutError("its __init__ lists no classes")
    return found


def _within(package: ModuleType, homes: Mapping[str, str]) -> dict[str, str]:
    return {name: home for name, home in homes.items() if home.startswith(f"{package.__name__}.")}


def _names_at_run_time(api: type) -> Iterator[str]:
    """Return all names that the methods of a class use; what stands in a quoted annotation is not among them."""
    for method in vars(api).values():
        if isinstance(method, FunctionType):
            yield from _names_in(unwrap(method).__code__)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_in(inner)
