"""Ctrl-C, SIGTERM, a closed terminal and Prefect's cancel: how a run ends that is asked to.

Before the first write the first signal ends it at once. What is being published is finished first; a second signal ends
that at once, too. A command ends its own process (`run_to_its_end`); in a worker's process Prefect does.

Standard library only: the command installs this before anything else is loaded.
"""

import atexit
import contextlib
import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_UNWINDING_SECONDS = 5.0
"""How long a command that nothing holds may take to end: threads that read, and a Prefect server that is away."""

_LEAVING_SECONDS = 2.0
"""How long the interpreter may take to end once all is said: threads of libraries may wait for a server."""

_TELLING_SECONDS = 2.0
"""How long a run that is ended at once may take to say so to its Prefect server."""

_NUDGE = signal.SIGURG
"""Ignored by whoever does not ask for it, and used by nobody here."""

_NUDGES = 20
_NUDGED_EVERY_S = 0.05

_NOBODY_HEARS = (OSError, ValueError, AttributeError)
"""What writing to a stream raises that is full, cut off, closed, or was never there."""

_NOTHING_CHANGED = "Interrupted. Nothing was changed: run the same command again."


class Ended(BaseException):
    """A command was asked to end before anything was in flight. No `Exception`: nothing is to go on after it."""


class Interruption:
    """Whether somebody asked the run to end. `stop` is set by the first signal and ends every wait of the run."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.stop = stop or threading.Event()
        self.signal: int | None = None


class _ThisProcess:
    """What a process knows of its end; there is one of it, as there is one set of signal handlers.

    `code`: what the command has ended with, None while it runs. `tell`: says to others that it is ended at once.
    """

    is_ours = False
    was_asked = False
    last_words = _NOTHING_CHANGED
    tell: Callable[[], object] | None = None
    code: int | None = None


_process = _ThisProcess()


def run_to_its_end(command: Callable[[], object]) -> NoReturn:
    """Run a command and end its process with its exit code, or with 1 where it is asked to end, which is said.

    Asked to end, it unwinds what it holds and says what became of it. No traceback, and no line of anybody's after the
    last sentence: a signal that comes later only makes the end quicker. The processes that it has started end with it,
    for they watch a pipe that it holds (cli). What is no mistake of ours but of the machine (a full disk, a terminal
    that is gone) is a sentence, too.
    """
    _process.is_ours = True
    atexit.register(_be_gone)  # the first one is called last: after it, nobody finalises anything any more
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            signal.signal(number, _asked_to_end)
    _nudge_the_main_thread()
    try:
        code = _process.code = _code_of(command)
    except Ended:  # raised once, so never in here
        code = 1
        _say(_process.last_words)
        _process.last_words = ""  # said: what is still to be unwound may take too long
    _leave_soon(code)


def _code_of(command: Callable[[], object]) -> int:
    try:
        command()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except OSError as problem:
        what = f"{problem.filename or 'what is printed, or kept, cannot be written'}: {problem.strerror or problem}"
        untouched = _process.last_words is _NOTHING_CHANGED
        _say(f"Error: {what}\n{'Nothing was changed.' if untouched else _process.last_words}")
        return 1
    except Exception:
        _process.code = 1
        raise
    return 0


def _say(last_words: str) -> None:
    with contextlib.suppress(*_NOBODY_HEARS):
        sys.stderr.write(f"{last_words}\n")
        sys.stderr.flush()


def _leave_soon(code: int) -> NoReturn:
    """End the interpreter, without a word, and without waiting for threads that do not end."""
    _flush()
    _process.code = code
    _write_to_nowhere(1, 2)
    patience = threading.Timer(_LEAVING_SECONDS, os._exit, args=(code,))
    patience.daemon = True
    patience.start()
    sys.exit(code)


def _be_gone() -> None:
    if _process.code is not None:
        _flush()
        os._exit(_process.code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(*_NOBODY_HEARS):
            stream.flush()


def _nudge_the_main_thread() -> None:
    """See that handlers run although the main thread waits for a lock.

    Python runs them there alone. Where the system gives a signal to another thread, or a moment before the wait begins,
    nothing ends that wait (seen once in seven Ctrl-C). A thread that hears of each signal interrupts it.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(_NUDGE, lambda _number, _frame: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    main_thread = threading.main_thread().ident
    assert main_thread is not None, "it is running"

    def nudge() -> None:
        while heard := os.read(reading, 1024):
            if set(heard) & set(_SIGNALS):
                for _ in range(_NUDGES):
                    signal.pthread_kill(main_thread, _NUDGE)
                    time.sleep(_NUDGED_EVERY_S)

    threading.Thread(target=nudge, name="signals", daemon=True).start()


@contextmanager
def at_once(stop: threading.Event) -> Iterator[None]:
    """Let a signal set `stop`, which ends what threads wait for, and then do what it would have done without us.

    For all that only reads. Outside the main thread signals are not ours.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = _handlers()

    def first(number: int, _frame: FrameType | None) -> None:
        stop.set()
        if _process.is_ours:  # and not Prefect's handler, which would end the run in its own words
            _install(_asked_to_end, before)
        else:
            _restore(before)
        signal.raise_signal(number)

    _install(first, before)
    try:
        yield
    finally:
        _restore(before)


@contextmanager
def in_order(
    last_words: str, stop: threading.Event | None = None, tell: Callable[[], object] | None = None
) -> Iterator[Interruption]:
    """Let the first signal only set `Interruption.stop`, while the block finishes what is in flight.

    A second signal does at once what it would have done without us. `last_words`: what people are told where the
    process is ended from now on, in the block or after it. `stop`: what a client was given that may go on to write.
    `tell`: says so to others, in a thread of its own, whose context is not the caller's; it raises nothing.
    Outside the main thread signals are not ours.
    """
    interruption = Interruption(stop)
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return
    before = _handlers()
    _process.last_words, _process.tell = last_words, tell

    def first(number: int, _frame: FrameType | None) -> None:
        interruption.signal = number
        interruption.stop.set()
        _process.was_asked = True
        if number == signal.SIGHUP:
            let_the_terminal_go()
        _restore(before)

    _install(first, before)
    try:
        yield interruption
    finally:
        _restore(before)


def pass_on(interruption: Interruption) -> None:
    """Let Prefect know of a SIGTERM, which is how it cancels; a command has obeyed it when this is called."""
    if interruption.signal == signal.SIGTERM and not _process.is_ours:
        signal.raise_signal(signal.SIGTERM)


def _asked_to_end(number: int, _frame: FrameType | None) -> None:
    """End the command: the first time by unwinding it, which is given a few seconds, then at once."""
    if _process.code is not None:
        os._exit(_process.code)  # it has said what became of it, and was about to be gone
    if number == signal.SIGHUP:
        let_the_terminal_go()
        if _process.was_asked:
            return  # the kernel and the shell each send one when a terminal is closed: nobody asked twice
    if _process.was_asked:
        _leave()
    _process.was_asked = True
    patience = threading.Timer(_UNWINDING_SECONDS, _leave)
    patience.daemon = True
    patience.start()
    raise Ended


def _leave() -> None:
    """Be gone, whatever a thread still waits for."""
    show_cursor = "\x1b[?25h\n" if os.isatty(2) else ""  # progress bars hide it
    if _process.last_words:
        with contextlib.suppress(OSError):
            os.write(2, f"{show_cursor}{_process.last_words}\n".encode())
    if _process.tell is not None:
        telling = threading.Thread(target=_process.tell, daemon=True)
        telling.start()
        telling.join(_TELLING_SECONDS)
    os._exit(1)


def let_the_terminal_go() -> None:
    """Write to nowhere what would go to a terminal that is closed: each such write would fail."""
    # isatty() denies a terminal that is gone
    _write_to_nowhere(*(each for each in (0, 1, 2) if stat.S_ISCHR(os.fstat(each).st_mode)))


def _write_to_nowhere(*descriptors: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for each in descriptors:
        os.dup2(nowhere, each)
    os.close(nowhere)


_Handlers = dict[signal.Signals, object]


def _handlers() -> _Handlers:
    """Return who handles each signal now; what is ignored stays so."""
    found = {number: signal.getsignal(number) for number in _SIGNALS}
    return {number: handler for number, handler in found.items() if handler != signal.SIG_IGN}


def _restore(before: _Handlers) -> None:
    """Put the handlers back; once a command was asked to end, a second signal is no affair of Prefect's."""
    for number, handler in before.items():
        is_second = _process.is_ours and _process.was_asked
        signal.signal(number, _asked_to_end if is_second else handler)  # type: ignore[arg-type] # as it was given


def _install(handler: object, signals: _Handlers) -> None:
    for number in signals:
        signal.signal(number, handler)  # type: ignore[arg-type] # as above
