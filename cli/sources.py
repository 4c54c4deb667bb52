"""What a command works on, as its options name it: an org, by a block or by the environment, or folders of files."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cli import environment
from cli.exits import UsageError
from cli.servers.demo_org import demo_org
from reports.commands.command_line import DEMO, ENVIRONMENT

if TYPE_CHECKING:
    from files.folders import Folders


@dataclass(frozen=True, slots=True)
class NamedSource:
    """What `--org` and `--files` name; neither of them: the org of the environment; both: an org beside files.

    `include`, `exclude`: patterns of the paths of files.
    """

    org: str | None = None
    files: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def check(self, *, compares: bool = False) -> None:
        """Raise UsageError for options that do not go together. `compares`: an org may be compared with files."""
        if self.is_compared and not compares:
            raise UsageError("--org and --files: this works on an org or on files, so name one of the two")
        if not self.files and (alone := "--include" if self.include else "--exclude" if self.exclude else ""):
            raise UsageError(f"{alone} chooses among the files of --files: name the folder with --files DIR")
        if not all(each.strip() for each in (*self.include, *self.exclude)):
            raise UsageError(
                "--include and --exclude: an empty pattern chooses nothing: name something, or leave it out"
            )

    def check_figures(self, evidence: str | None) -> None:
        """Raise UsageError for figures that are asked of files."""
        if self.files and not self.is_compared and evidence is not None:
            from flows.sources.sources import NO_FIGURES

            raise UsageError(f"--evidence: {NO_FIGURES}")

    def check_patch(self, patch: Path | None, *, apply: bool) -> None:
        """Raise UsageError for a patch that there cannot be."""
        if patch is not None and not self.files:
            raise UsageError("--patch is a diff of files: name their folder with --files DIR")
        if patch is not None and apply and not self.is_compared:
            raise UsageError("--patch changes nothing, and --apply writes the files: leave one of the two out")

    def check_outputs(self, outputs: Iterable[tuple[str, Path]]) -> None:
        """Raise UsageError for an output, by its option, that would take the place of a file that is read."""
        from files.errors import FilesError
        from files.listing import is_read

        folders = self.folders
        for option, path in outputs if folders is not None else ():
            try:
                is_ours = is_read(path.resolve(), cast("Folders", folders))
            except (OSError, FilesError):  # the run says what is wrong with the folders
                continue
            if is_ours:
                raise UsageError(f"{option} {path}: it is one of the files that are read: name another file")

    @property
    def is_compared(self) -> bool:
        """Whether it is an org, beside the files that it is deployed from."""
        return bool(self.files) and self.org is not None

    @property
    def folders(self) -> "Folders | None":
        """The folders, None for an org. Raises UsageError."""
        from pydantic import ValidationError

        from files.folders import Folders
        from timeouts.model.values import reasons_of

        if not self.files:
            return None
        try:
            return Folders(paths=self.files, include=self.include, exclude=self.exclude)
        except ValidationError as problem:
            raise UsageError(f"--files: {reasons_of(problem)}") from None


def named(
    org: str | None,
    files: Iterable[Path] | None,
    include: Iterable[str] | None = None,
    exclude: Iterable[str] | None = None,
) -> NamedSource:
    """Return what the options of a command name."""
    return NamedSource(org, tuple(map(str, files or ())), tuple(include or ()), tuple(exclude or ()))


@dataclass(frozen=True, slots=True)
class Excluded:
    """What `raise --exclude` leaves out: `files` are patterns of paths, `named` of names. A pattern may be both."""

    files: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def excluded(patterns: Sequence[str], files: Iterable[Path] | None, *, policy: Path | None) -> Excluded:
    """Tell the patterns that fit a file or a folder from those of names, by what lies in the folders of `--files`.

    One that fits may be a name as well, unless it looks like a path: what somebody wants to be left alone must not be
    raised because a file is called so, too. With a policy there are no filters by name.
    """
    from files.errors import FilesError
    from files.walking import fitting, looks_like_ours

    source = named(None, files)
    if not patterns or not source.files:
        return Excluded(named=tuple(patterns))
    source.check()
    try:
        of_files = fitting(patterns, cast("Folders", source.folders))
    except FilesError:  # the run says it, too, and with all that is wrong
        of_files = set()
    is_path = {each for each in of_files if policy is not None or "/" in each or looks_like_ours(each)}
    return Excluded(
        tuple(each for each in patterns if each in of_files), tuple(each for each in patterns if each not in is_path)
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """A source that can be worked on: folders, or an org by the name of its block, None for the environment's.

    `compared_with`: the folders to look at beside an org.
    """

    block: str | None = None
    folders: "Folders | None" = None
    compared_with: "Folders | None" = None

    def parameters(self) -> dict[str, Any]:
        """Return the parameters by which a Prefect flow is told of it. Call it where a Prefect server is there."""
        if self.folders is not None:
            return {"files": self.folders}
        beside = {} if self.compared_with is None else {"compare_with": self.compared_with}
        return {"org": parameter_for(self.block), **beside}


@contextmanager
def reached(source: NamedSource) -> Iterator[Reached]:
    """Make it reachable; for files, neither an org nor credentials are looked for."""
    folders = source.folders
    if folders is not None and not source.is_compared:
        yield Reached(folders=folders)
        return
    with org_of(source.org) as block:
        yield Reached(block, compared_with=folders)


@contextmanager
def org_of(org: str | None) -> Iterator[str | None]:
    """Make the org reachable; yields the name of its credentials block, None when the environment holds them."""
    if org is not None and not org.strip():
        raise UsageError("--org is empty: name a block or 'demo', or leave --org out so that the environment decides")
    from genesys import TransportSettings

    TransportSettings.from_environment()  # raises for a patience that is none, before anything is started
    with demo_org(environment.home() / "org") if org == DEMO else nullcontext():
        block = None if org in {DEMO, ENVIRONMENT} else org
        _check_credentials(block)
        yield block


def parameter_for(block: str | None) -> dict[str, Any] | None:
    """Return the parameter `org` of a Prefect flow. Call it where a Prefect server is there."""
    from flows.sources.connections import reference_to

    return None if block is None else reference_to(block)


def has_credentials() -> bool:
    """Tell whether the environment names an org."""
    from genesys import ConfigurationProblem, Credentials

    try:
        Credentials.from_environment()
    except ConfigurationProblem:
        return False
    return True


def _check_credentials(block: str | None) -> None:
    """Fail before a Prefect server is started for nothing."""
    if block is None:
        from genesys import ConfigurationProblem, Credentials

        try:
            Credentials.from_environment()
        except ConfigurationProblem as problem:
            if os.environ.get("GENESYS_CLIENT_ID") and os.environ.get("GENESYS_CLIENT_SECRET"):
                raise
            raise UsageError(f"{problem}\nTo try it without an org of your own: --org demo") from None
