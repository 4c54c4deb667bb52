"""Where commands print: what was asked for on standard output, what is wrong on standard error."""

from typing import TYPE_CHECKING

from rich.console import Console

from cli.exits import Exit, UsageError
from cli.outputs import Files
from reports.terminal.plain import plain

if TYPE_CHECKING:
    from cli.sources import NamedSource
    from timeouts.model.values import Value as Document

out = Console(highlight=False, markup=False, emoji=False)
problems = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(text: str, style: str = "") -> None:
    """Print a line that stays whole where output is piped."""
    out.print(plain(text, style), soft_wrap=True)


def complain(problem: str) -> None:
    """Tell a person on standard error what is wrong; only its first line begins at the edge: names may hold lines."""
    first, *others = f"Error: {problem}".split("\n")
    problems.print(plain(first, "red"))
    for line in others:
        problems.print(plain(f"  {line}", "red"))


def screen_of(files: Files) -> Console:
    """Return where sentences go: to standard error where a document has standard output for itself."""
    return problems if files.is_printed else out


def check_files(files: Files, source: "NamedSource | None" = None) -> None:
    """Fail before a run that could not be written down, or only over what it reads: that of `source`."""
    if files.problem:
        raise UsageError(files.problem)
    if source is not None:
        source.check_outputs(files.named)


def write_down(document: "Document", files: Files, code: Exit = Exit.DONE, patch: bytes | None = b"") -> Exit:
    """Write what was asked for. Where that fails, which is said, a command that has not failed otherwise has now."""
    unwritten = files.write(document, screen_of(files), patch)
    for problem in unwritten:
        complain(problem)
    return code or Exit.FAILED if unwritten else code
