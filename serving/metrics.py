"""Numbers for Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from inference import Verdict
from inference.labels import WORDS

NOWHERE = "(none)"
"""The path of a request that has no template: it may hold anything."""
OTHER = "other"
"""The method of a request that may name anything."""
BUCKETS = (0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Numbers:
    """What one application counts."""

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self, busy: Callable[[], float]) -> None:
        """Begin at nothing.

        Args:
            busy: tells how many requests for a prediction run or wait.
        """
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "mask_requests",
            "Requests answered.",
            ["method", "path", "status"],
            registry=self._registry,
        )
        self._faces = Counter("mask_verdicts", "Faces judged.", ["label"], registry=self._registry)
        for label in WORDS:  # a series that is there from the start can be summed
            self._faces.labels(label)
        self._seconds = Histogram(
            "mask_request_seconds",
            "From a request's last byte to its answer.",
            ["path"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        gauge = Gauge("mask_busy", "Predictions that run or wait.", registry=self._registry)
        gauge.set_function(busy)
        self.held = Gauge(
            "mask_upload_bytes", "Bytes of uploads in memory.", registry=self._registry
        )
        ProcessCollector(registry=self._registry)  # memory, seconds of the processor, open files

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count an answer; `path` is a template, so that there are few."""
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def refused(self, status: int) -> None:
        """Count a request that cannot be read, or not to its end."""
        self._requests.labels(OTHER, NOWHERE, str(status)).inc()

    def count(self, verdicts: list[Verdict]) -> None:
        """Count the verdicts on a photo."""
        for verdict in verdicts:
            self._faces.labels(verdict.label).inc()

    def exposition(self) -> bytes:
        """All numbers, in Prometheus's text format."""
        return generate_latest(self._registry)
