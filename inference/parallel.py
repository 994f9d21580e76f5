"""Work on many things at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

In = TypeVar("In")
Out = TypeVar("Out")

_AHEAD = 4  # items that are begun for each thread before the first one's answer is there


def cores() -> int:
    """How many of them this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(do: Callable[[In], Out], items: Iterable[In], jobs: int) -> Generator[Out, None, None]:
    """The answers to `items`, in their order, by so many threads.

    Only a few more than are worked on are held, however many there are. Where the caller stops
    early, what was not begun is left.
    """
    waiting: deque[Future[Out]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(do, item))
                if len(waiting) >= _AHEAD * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
