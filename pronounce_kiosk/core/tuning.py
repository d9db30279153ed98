"""Process-wide settings of the libraries: heap and threads."""

import contextlib
import ctypes
import logging
import os

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -2, -3, -8
MMAP_THRESHOLD_BYTES = 32 * 1024 * 1024
KEPT_BYTES = 48 * 1024 * 1024
"""Freed heap kept for the next take; more than a take of 20 s needs. Raising it keeps more
memory."""
ARENAS = 2

SCORING_THREADS = 1
"""Torch's threads. A take's tables are small: on two busy cores a second thread makes scoring a
third slower and delays the window."""
_NUMPY_THREADS = "OPENBLAS_NUM_THREADS"

_log = logging.getLogger(__name__)


def keep_heap() -> bool:
    """Keep a take's freed heap memory for the next take; False where there is no glibc.

    By default glibc maps arrays of a few hundred kB on allocation and unmaps them when freed, so
    that every take pays for page faults: 40 % of its time on the build machine. Few arenas, since
    each would keep the largest take of its own.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        _log.info("no mallopt here: memory is dealt out as it comes")
        return False
    wanted = (
        (_M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES),
        (_M_TRIM_THRESHOLD, KEPT_BYTES),
        (_M_ARENA_MAX, ARENAS),
    )
    return sum(mallopt(option, value) for option, value in wanted) == len(wanted)


def trim_heap() -> None:
    """Return to the system the memory that loading a model freed and `keep_heap` would keep."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def one_thread_for_numpy() -> None:
    """Limit numpy's matrix products to one thread, unless the user asked otherwise.

    Call before numpy is loaded. OpenBLAS starts one spinning thread a core; beside other load,
    aligning a take then costs three times as much.
    """
    os.environ.setdefault(_NUMPY_THREADS, os.environ.get("OMP_NUM_THREADS", "1"))
