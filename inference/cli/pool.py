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
from inference.results import PhotoResult
from inference.vision.annotate import annotate, encode_jpeg
from inference.vision.detector import MaskDetector
from inference.vision.pictures import read_picture

_MAX_PENDING_PER_PROCESS = 4  # photos submitted before the first result is read
_MIN_PHOTOS_PER_PROCESS = 8  # below this, starting a process takes longer than it saves


@dataclass(frozen=True)
class Task:
    """A photo to process."""

    photo: Path
    copy: Path | None
    """Path of its annotated copy."""


def process_photo(detector: MaskDetector, task: Task) -> Record:
    """Classify the faces of a photo and write its annotated copy."""
    photo, depends = str(task.photo), stamp(task.photo, detector.contract)
    try:
        image = read_picture(task.photo)
        verdicts = detector.detect(image)
        if task.copy:
            task.copy.parent.mkdir(parents=True, exist_ok=True)
            task.copy.write_bytes(encode_jpeg(annotate(image, verdicts)))
    except (PictureError, ModelError, OSError) as error:
        return PhotoResult(photo, error=reason(error)).as_dict() | depends
    height, width = image.shape[:2]
    copy = {"copy": str(task.copy) if task.copy else None}
    return PhotoResult(photo, width, height, tuple(verdicts)).as_dict() | copy | depends


def process_photos(
    tasks: list[Task], detector: MaskDetector, jobs: int | None = None
) -> Generator[Record, None, None]:
    """The records of photos, in their order.

    Args:
        detector: used if one process is enough.
        jobs: number of processes; by default as many as are worth their start.

    Raises:
        BrokenProcessPool: a process died, as when memory ran out.
    """
    jobs = min(jobs, len(tasks)) if jobs else min(cores(), len(tasks) // _MIN_PHOTOS_PER_PROCESS)
    if jobs < 2:
        yield from (process_photo(detector, task) for task in tasks)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
    with ProcessPoolExecutor(jobs, context, _initialize) as pool:
        yield from in_order(pool, _process, tasks, _MAX_PENDING_PER_PROCESS * jobs)


def cores() -> int:
    """Number of cores available to this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    pool: Executor, do: Callable[[Task], Record], tasks: Iterable[Task], ahead: int
) -> Generator[Record, None, None]:
    """The results of `tasks`, in their order; at most `ahead` are pending or held at once.

    If the caller stops early, pending tasks are cancelled. The pool is shut down.
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


_detector: MaskDetector  # of this worker process


def _initialize() -> None:
    """Prepare a worker process."""
    global _detector  # noqa: PLW0603  an initializer cannot return anything
    for signum in (signal.SIGINT, signal.SIGTERM):  # the parent process handles them
        signal.signal(signum, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _detector = MaskDetector(threads=1)  # the cores are busy with one photo each


def _end_with_parent() -> None:
    """Exit when the parent dies, instead of waiting forever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _process(task: Task) -> Record:
    return process_photo(_detector, task)
