"""Processes photos on several cores: one process for each, with a model of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from inference.cli.results import Record, stamp
from inference.errors import ModelError, PictureError, reason
from inference.vision.annotate import annotate, encode_jpeg
from inference.vision.detector import MaskDetector
from inference.vision.pictures import read_picture

_AHEAD = 4  # photos that are begun for each process before the first one's answer is there
_WORTH = 8  # photos for which starting a process pays


@dataclass(frozen=True)
class Task:
    """A photo to process."""

    photo: Path
    copy: Path | None
    """Where its annotated copy goes."""


def process_photo(detector: MaskDetector, task: Task) -> Record:
    """Classify the faces of a photo and write its annotated copy."""
    photo = {"photo": str(task.photo)} | stamp(task.photo, detector.contract)
    try:
        image = read_picture(task.photo)
        verdicts = detector.detect(image)
        if task.copy:
            task.copy.parent.mkdir(parents=True, exist_ok=True)
            task.copy.write_bytes(encode_jpeg(annotate(image, verdicts)))
    except (PictureError, ModelError, OSError) as error:
        return photo | {"error": reason(error)}
    return photo | {
        "width": image.shape[1],
        "height": image.shape[0],
        "verdicts": [verdict.as_dict() for verdict in verdicts],
        "copy": str(task.copy) if task.copy else None,
    }


def process_photos(
    tasks: list[Task], detector: MaskDetector, jobs: int | None = None
) -> Generator[Record, None, None]:
    """The records of photos, in their order.

    Args:
        detector: is used if one process is enough.
        jobs: processes; None for as many as pay.

    Raises:
        BrokenProcessPool: a process died, as when memory ran out.
    """
    jobs = min(jobs, len(tasks)) if jobs else min(cores(), len(tasks) // _WORTH)
    if jobs < 2:
        yield from (process_photo(detector, task) for task in tasks)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
    with ProcessPoolExecutor(jobs, context, _begin) as pool:
        yield from in_order(pool, _process, tasks, _AHEAD * jobs)


def cores() -> int:
    """How many of them this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    pool: Executor, do: Callable[[Task], Record], tasks: Iterable[Task], ahead: int
) -> Generator[Record, None, None]:
    """The answers to `tasks`, in their order; no more than `ahead` are begun or held at once.

    Where the caller stops early, what was not begun is left. The pool is shut down.
    """
    waiting: deque[Future[Record]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(do, task))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_own: MaskDetector  # of this process


def _begin() -> None:
    """Make this process ready."""
    global _own  # noqa: PLW0603  an initializer can leave its work nowhere else
    for way in (signal.SIGINT, signal.SIGTERM):  # the parent process handles them
        signal.signal(way, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _own = MaskDetector(threads=1)  # the cores are busy with one photo each


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for photos for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _process(task: Task) -> Record:
    return process_photo(_own, task)
