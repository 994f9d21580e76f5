"""Decodes photos in processes that are killed where they exceed a limit of time or memory.

A photo of a few hundred kilobytes can be made to take minutes or gigabytes, and a thread cannot be
stopped.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from inference.errors import PictureError, PictureTooLarge
from inference.vision.pictures import DAMAGED, DecodedPicture, decode
from serving.memory import return_freed_memory

MAX_CPU_S = 3
MAX_MEMORY_BYTES = 420 * 2**20
_CPU_LIMIT = getattr(signal, "SIGXCPU", None)  # Windows has none
_OUT_OF_MEMORY = {1, -9}  # exit codes: raised while a task was received, or killed by the system


class DecoderPool:
    """A few processes that decode photos; at most one photo each."""

    def __init__(self, processes: int, max_memory_bytes: int = MAX_MEMORY_BYTES) -> None:
        """Start the processes.

        Args:
            max_memory_bytes: for one photo, its file included, beside what a process needs anyway.
        """
        self._processes = processes
        self._max_memory_bytes = max_memory_bytes
        self._lock = threading.Lock()
        self._pool = self._start()

    def decode(self, content: bytes, timeout_s: float) -> DecodedPicture:
        """Decode a photo; see `inference.vision.pictures.decode`.

        Raises:
            PictureError: it is damaged, or takes too much time; `PictureTooLarge`: it has too many
                pixels, or takes too much memory; `UnsupportedPicture`: it has another format.
            TimeoutError: it was not decoded within `timeout_s`.
            RuntimeError: the processes have just died, or cannot be started.
        """
        future = self._schedule(content, timeout_s)
        try:
            return future.result(timeout=timeout_s)
        except FutureTimeout:
            future.cancel()  # kills the process
            raise TimeoutError from None
        except ProcessExpired as error:
            raise self._explain(error.exitcode) from None
        except MemoryError:
            raise self._too_large() from None

    def close(self) -> None:
        """Kill the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _start(self) -> ProcessPool:
        forks = sys.platform != "win32"
        context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:  # imported once, by the process that the others are forked from
            context.set_forkserver_preload([decode.__module__])
        pool = ProcessPool(
            self._processes,
            initializer=_start_process,
            initargs=[self._max_memory_bytes],
            context=context,
        )
        for _ in range(self._processes):  # the processes start now, not with the first photo
            pool.schedule(int)
        return pool

    def _schedule(self, content: bytes, timeout_s: float) -> Future[DecodedPicture]:
        """Pass a photo to a process; replaces a pool that is broken since an idle process died."""
        with self._lock:
            if not self._pool.active:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool = self._start()
        return self._pool.schedule(_decode_within_limits, [content], timeout=timeout_s)

    def _explain(self, exit_code: int) -> Exception:
        """The error for a process that ended while it decoded."""
        if _CPU_LIMIT and exit_code == -_CPU_LIMIT:
            return PictureError(
                f"Expected a photo that decodes within {MAX_CPU_S} seconds, got a slower one."
            )
        if exit_code == -signal.SIGTERM:  # the system stops the server
            return TimeoutError()
        return self._too_large() if exit_code in _OUT_OF_MEMORY else PictureError(DAMAGED)

    def _too_large(self) -> PictureTooLarge:
        limit_mb = self._max_memory_bytes // 2**20
        return PictureTooLarge(f"Expected a photo that decodes in {limit_mb} MB, got a larger one.")


def _start_process(max_memory_bytes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server handles Ctrl-C
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ends even a process that decodes
    return_freed_memory()
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would have the photo in it
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + max_memory_bytes)


def _decode_within_limits(content: bytes) -> DecodedPicture:
    clean: Exception
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + MAX_CPU_S)
    try:
        return decode(content)
    except PictureError as error:
        clean = type(error)(str(error))
    except MemoryError:
        clean = MemoryError()
    finally:  # not while the result is sent: half of it would block the other processes
        if sys.platform != "win32":
            _limit(resource.RLIMIT_CPU, None)
    raise clean  # without the traceback, whose frames would keep the pixels


def _limit(kind: int, value: int | None) -> None:
    """Set a soft limit of this process, at most the hard one; None for no other."""
    import resource

    _, hard = resource.getrlimit(kind)
    limits = [one for one in (value, hard) if one is not None and one != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(limits, default=resource.RLIM_INFINITY), hard))
