"""What a run asks of the process that it has for itself: Python and the C library set for many values."""

import atexit
import contextlib
import ctypes
import gc

_MMAP_THRESHOLD = -3
"""glibc's M_MMAP_THRESHOLD (malloc.h)."""

_LARGE_BYTES = 32 * 1024


def prepare_for_many_values() -> None:
    """Hand large pieces of memory back to the system, and collect garbage seldom.

    glibc raises its own threshold to the largest piece that was let go, and then keeps definitions of all sizes in one
    heap a thread: after 500 definitions in 16 threads, 57 MB are held where 11 MB are with a fixed one. Where it is not
    glibc, nothing is done. Python's collector looks again and again through the steps of an org, all of which stay:
    2 of the 9 seconds of an audit of 5,000 Architect flows. It looks once more at the end of the process, for half a
    second: what ends with the process need not be found.
    """
    gc.set_threshold(100_000, 50, 100)
    atexit.register(gc.freeze)
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
