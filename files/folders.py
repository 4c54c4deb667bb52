"""Which files a run is about: folders, and patterns of the paths below them."""

import json
import os
import typing
from pathlib import Path

from pydantic import Field, field_validator

from files.globs import Glob
from timeouts.model.values import Value

_LONGEST_PATH = 4_096
_MOST_FOLDERS = 100
_MOST_GLOBS = 1_000

_Path = typing.Annotated[str, Field(min_length=1, max_length=_LONGEST_PATH)]


class Folders(Value):
    """Folders of files, in place of an org.

    `include`, `exclude`: patterns of paths below a folder (`files.globs`); nothing included means everything is.
    """

    paths: typing.Annotated[tuple[_Path, ...], Field(min_length=1, max_length=_MOST_FOLDERS)]
    include: typing.Annotated[tuple[Glob, ...], Field(max_length=_MOST_GLOBS)] = ()
    exclude: typing.Annotated[tuple[Glob, ...], Field(max_length=_MOST_GLOBS)] = ()

    @field_validator("paths", "include", "exclude", mode="before")
    @classmethod
    def _is_utf_8(cls, given: object) -> object:
        if isinstance(given, list | tuple) and not all(map(_can_be_named, given)):
            raise ValueError(
                "a name that is not UTF-8 cannot be given: name the folder that it lies in, and put ? for what is not "
                "UTF-8 in a pattern"
            )
        return given

    @field_validator("paths")
    @classmethod
    def _no_nul(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        if any("\0" in path for path in paths):
            raise ValueError("a path cannot hold the character NUL")
        return paths

    @property
    def choice(self) -> str:
        """What is chosen of the folders, as a text that is the same for the same choice; empty where all is."""
        if not self.include and not self.exclude:
            return ""
        return json.dumps([sorted(set(self.include)), sorted(set(self.exclude))])

    @property
    def absolute(self) -> tuple[Path, ...]:
        """The folders as absolute paths, each once, in the order given; links to a folder are followed.

        `~` and what is below it is the home where nothing here is called so. A shell puts homes in itself.
        """
        return tuple(dict.fromkeys(Path(os.path.realpath(_at_home(path))) for path in self.paths))


def _can_be_named(text: object) -> bool:
    try:
        str(text).encode()
    except UnicodeEncodeError:
        return False
    return True


def _at_home(path: str) -> str:
    is_below_home = path == "~" or path.startswith("~/")
    return os.path.expanduser(path) if is_below_home and not os.path.lexists(path) else path  # noqa: PTH111 - a text
