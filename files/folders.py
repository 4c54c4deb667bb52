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
        """The folders as absolute paths, each once, in the order given; links to a folder are followed."""
        return tuple(dict.fromkeys(Path(os.path.realpath(Path(path).expanduser())) for path in self.paths))
