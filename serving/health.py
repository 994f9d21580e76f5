"""Tests regularly whether photos can be processed."""

from __future__ import annotations

import threading
import time

from inference import MaskDetector
from serving.predictions import PredictionPool

FRESH_S = 2.0
"""Age up to which a result is reported again, so that frequent requests cost little."""
_TIMEOUT_S = 5.0
# A gray PNG of one pixel.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55000000"
    "0a4944415478da6368000000820081da45083b0000000049454e44ae426082"
)


class HealthCheck:
    """Runs both models, and the decoder of photos."""

    def __init__(self, detector: MaskDetector, pool: PredictionPool) -> None:
        self._detector = detector
        self._pool = pool
        self._lock = threading.Lock()
        self._passed_s = float("-inf")

    def check(self) -> None:
        """Test everything, unless it passed a moment ago.

        Raises:
            ModelError: a model fails or gives wrong results.
            PictureError, TimeoutError: photos cannot be decoded.
            MemoryError, RuntimeError: there is no memory or no thread.
        """
        with self._lock:
            if time.monotonic() - self._passed_s < FRESH_S:
                return
            if not self._pool.busy:  # else it would wait for the photos that are decoded now
                self._pool.decoder.decode(_PIXEL, _TIMEOUT_S)
            self._detector.self_test()
            self._passed_s = time.monotonic()
