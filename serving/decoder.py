"""Decodes photos in processes that are killed where they exceed a limit of time or memory.

A photo of a few hundred kilobytes can be made to take minutes or gigabytes, and a thread cannot be
stopped.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from inference.errors import PictureError, PictureTooLarge
from inference.vision.pictures import DecodedPicture, decode
from serving.memory import return_freed_memory

MAX_CPU_S = 3
MAX_MEMORY_BYTES = 420 * 2**20


class DecoderPool:
    """A few processes that decode photos; at most one photo each."""

    def __init__(self, processes: int, max_memory_bytes: int = MAX_MEMORY_BYTES) -> None:
        """Start the processes.

        Args:
            max_memory_bytes: for one photo, beside what a process needs anyway.
        """
        self._max_memory_mb = max_memory_bytes // 2**20
        forks = sys.platform != "win32"
        context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:  # imported once, by the process that the others are forked from
            context.set_forkserver_preload([decode.__module__])
        self._pool = ProcessPool(
            processes, initializer=_start_process, initargs=[max_memory_bytes], context=context
        )
        for _ in range(processes):  # the processes start now, not with the first photo
            self._pool.schedule(int)

    def decode(self, content: bytes, timeout_s: float) -> DecodedPicture:
        """Decode a photo; see `inference.vision.pictures.decode`.

        Raises:
            PictureError: it is damaged, or takes too much time; `PictureTooLarge`: it has too many
                pixels, or takes too much memory; `UnsupportedPicture`: it has another format.
            TimeoutError: it was not decoded within `timeout_s`.
        """
        future = self._pool.schedule(_decode_within_limits, [content], timeout=timeout_s)
        try:
            return future.result(timeout=timeout_s)
        except FutureTimeout:
            future.cancel()  # type: ignore[no-untyped-call]  # kills the process
            raise TimeoutError from None
        except ProcessExpired as error:
            if error.exitcode != -signal.SIGXCPU:
                raise self._too_large() from None
            raise PictureError(
                f"Expected a photo that decodes within {MAX_CPU_S} seconds, got a slower one."
            ) from None
        except MemoryError:
            raise self._too_large() from None

    def close(self) -> None:
        """Kill the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _too_large(self) -> PictureTooLarge:
        return PictureTooLarge(
            f"Expected a photo that decodes in {self._max_memory_mb} MB, got a larger one."
        )


def _start_process(max_memory_bytes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server handles Ctrl-C
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ends even a process that decodes
    return_freed_memory()
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit_bytes = pages * resource.getpagesize() + max_memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def _decode_within_limits(content: bytes) -> DecodedPicture:
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        limit_s = int(usage.ru_utime + usage.ru_stime) + MAX_CPU_S
        resource.setrlimit(resource.RLIMIT_CPU, (limit_s, resource.RLIM_INFINITY))
    try:
        return decode(content)
    except (PictureError, MemoryError) as error:
        clean = type(error)(str(error))
    raise clean  # without the traceback, whose frames would keep the pixels
