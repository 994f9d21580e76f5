"""Keeps the memory of an idle process small."""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3  # of mallopt(3)
_THRESHOLD_BYTES = 2**20


def return_freed_memory() -> None:
    """Make glibc return large blocks to the system when they are freed.

    By default it raises its threshold with each large block, and would keep some 200 MB after
    large photos. Other C libraries have no such setting.
    """
    if sys.platform == "win32":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, _THRESHOLD_BYTES)
