"""What a run asks of the C library's memory: to give large pieces back when they are let go."""

import contextlib
import ctypes

_MMAP_THRESHOLD = -3
"""glibc's M_MMAP_THRESHOLD (malloc.h)."""

_LARGE_BYTES = 32 * 1024


def give_large_pieces_back() -> None:
    """Have every piece above 32 KB come from the system and go back to it; where that is not glibc, nothing is done.

    glibc raises its own threshold to the largest piece that was let go, and then keeps definitions of all sizes in one
    heap a thread: after 500 definitions in 16 threads, 57 MB are held where 11 MB are with this.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
