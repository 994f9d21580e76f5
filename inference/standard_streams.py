"""Standard input, output and error that a caller closed, or that are full."""

from __future__ import annotations

import os
import sys


def open_closed_streams() -> list[str]:
    """Open what is closed of standard input, output and error on the null device.

    Otherwise the next file or socket gets its number, and messages are written into it.

    Returns:
        The names of those that were closed: ``stdin``, ``stdout``, ``stderr``.
    """
    names = ("stdin", "stdout", "stderr")
    closed = [name for name in names if getattr(sys, name) is None]  # set when Python starts
    for number in range(len(names)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number: this one
    for name in closed:
        stream = open(os.devnull, "r" if name == "stdin" else "w")  # noqa: PTH123, SIM115
        setattr(sys, name, stream)
    return closed


def flush_outputs() -> bool:
    """Flush standard output and error; what cannot be written is discarded.

    Otherwise Python flushes again at exit, fails, and changes the exit code to 120.

    Returns:
        Whether everything was written.
    """
    written = True
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            written = False
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
    return written
