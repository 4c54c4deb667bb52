"""Standard streams as they come: in any encoding, closed from the start, or by whoever reads them, such as `head`.

Standard library only: the command installs this before anything else is loaded.
"""

import codecs
import io
import os
import sys
from typing import TextIO, cast

_ERRORS = "genesys-timeouts-shown"
_SHOWN_AS = {"\u2192": ">", "\u2026": "~", "\u2039": "<", "\u2013": "-", "\u2019": "'"}
"""Arrow, ellipsis, angle, dash, apostrophe, each as one character, so that columns stay straight."""


def _shown(problem: UnicodeError) -> tuple[str, int]:
    """Replace what an encoding does not have: `?`, which a pattern takes for any one character."""
    assert isinstance(problem, UnicodeEncodeError), "it is only asked when something is written"
    lost = problem.object[problem.start : problem.end]
    return "".join(_SHOWN_AS.get(char, "?") for char in lost), problem.end


class _Pipe(io.RawIOBase):
    """A descriptor that takes all that is written, also when nobody reads it any more: the rest goes nowhere."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        return True

    def write(self, given: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        try:
            return os.write(self._descriptor, given)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._descriptor)  # for whoever else writes there, too
            os.close(nowhere)
            return len(given)


def stand_any_stream() -> None:
    """Make this process's standard output and error cope with any encoding and with readers that have had enough.

    A reader that ends must not end a run that publishes, and what it was about is told by the exit code all the same.
    """
    _open_what_is_closed()
    if os.environ.get("COLUMNS", "").strip("0") == "":  # as terminals say that do not know: nothing would fit
        os.environ.pop("COLUMNS", None)
    codecs.register_error(_ERRORS, _shown)
    sys.stdout = _coping(sys.stdout)
    sys.stderr = _coping(sys.stderr)


def _open_what_is_closed() -> None:
    """Let a standard stream that the process was started without lead nowhere.

    Else the next file or socket that is opened gets its number, and what anybody prints goes into that.
    """
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - as a stream that was there is
            mode = "r" if descriptor == 0 else "w"
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - for good


def _coping(stream: TextIO) -> TextIO:
    """Return the stream made anew over its descriptor; as it is where there is none, or it is not there at all."""
    try:
        descriptor = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(cast("io.FileIO", _Pipe(descriptor))),
        encoding=stream.encoding,
        errors=_ERRORS,
        line_buffering=True,
    )
