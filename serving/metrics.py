"""Metrics for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from inference import Verdict
from inference.labels import WORDS

NO_ROUTE = "(none)"
"""Path label of requests that match no route: their paths are unbounded."""
OTHER_METHOD = "other"
"""Method label of requests with an uncommon or unreadable method."""
BUCKETS_S = (0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one application."""

    def __init__(self, busy: Callable[[], float]) -> None:
        """Create all series.

        Args:
            busy: returns the number of prediction requests that run or wait.
        """
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "mask_requests", "Requests answered.", ["method", "path", "status"], registry=registry
        )
        self._verdicts = Counter("mask_verdicts", "Faces by label.", ["label"], registry=registry)
        for label in WORDS:  # series that exist from the start can be summed
            self._verdicts.labels(label)
        self._seconds = Histogram(
            "mask_request_seconds",
            "Time from the end of a request to its answer.",
            ["path"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        gauge = Gauge("mask_busy", "Prediction requests that run or wait.", registry=registry)
        gauge.set_function(busy)
        self.upload_bytes = Gauge(
            "mask_upload_bytes", "Bytes of uploads in memory.", registry=registry
        )
        ProcessCollector(registry=registry)  # memory, CPU time, open files

    def count_response(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count a response; `path` is that of the route, which bounds the number of series."""
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def count_refusal(self, status: int) -> None:
        """Count a request that is malformed or incomplete."""
        self._requests.labels(OTHER_METHOD, NO_ROUTE, str(status)).inc()

    def count_verdicts(self, verdicts: Iterable[Verdict]) -> None:
        """Count the faces of a photo by their labels."""
        for verdict in verdicts:
            self._verdicts.labels(verdict.label).inc()

    def exposition(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self._registry)
