"""Smoothing over time; twin of ``web/static/js/tracking/filters.js``.

Pure: callers pass timestamps; nothing reads the clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inference.vision.geometry import Box


@dataclass(frozen=True)
class OneEuroOptions:
    """The strength of a one-euro filter."""

    min_cutoff: float
    """Hz, above 0: cutoff at rest; lower is smoother and lags more."""
    beta: float
    """Hz per unit per second, at least 0: what speed adds to the cutoff; higher lags less."""
    speed_cutoff: float
    """Hz, above 0: cutoff for the speed itself."""


class OneEuro:
    """The one-euro filter (Casiez, Roussel and Vogel, CHI 2012).

    A low-pass filter whose cutoff rises with speed: smooth at rest, responsive in motion.
    """

    def __init__(self, options: OneEuroOptions) -> None:
        self.speed = 0.0
        """Smoothed change of the value per second."""
        self._options = options
        self._value = math.nan
        self._last = math.nan  # before smoothing

    def update(self, value: float, elapsed_s: float, unit: float) -> float:
        """Return the smoothed value; the first one is returned unchanged.

        Args:
            elapsed_s: since the previous value, above 0.
            unit: above 0; speed is measured in units per second.
        """
        if math.isnan(self._last):
            self._value = value
        else:
            options = self._options
            speed = (value - self._last) / elapsed_s
            self.speed += _weight(options.speed_cutoff, elapsed_s) * (speed - self.speed)
            cutoff = options.min_cutoff + options.beta * abs(self.speed) / unit
            self._value += _weight(cutoff, elapsed_s) * (value - self._value)
        self._last = value
        return self._value


def _weight(cutoff_hz: float, elapsed_s: float) -> float:
    """The weight of a new value, 0 to 1, in a first-order low-pass filter."""
    turn = 2 * math.pi * cutoff_hz * elapsed_s
    return turn / (turn + 1)


class BoxFilter:
    """Smooths a box: its centre and its sides, relative to its size."""

    def __init__(self, options: OneEuroOptions) -> None:
        """`options` are in units of the box's longer side."""
        self.box = Box(0.0, 0.0, 0.0, 0.0)
        """The latest smoothed box."""
        # x and y of the centre, width, height
        self._filters = [OneEuro(options) for _ in range(4)]
        self._updated_ms = math.nan

    def update(self, box: Box, now_ms: float) -> None:
        """Add a box."""
        first = math.isnan(self._updated_ms)
        elapsed_s = 1.0 if first else max(now_ms - self._updated_ms, 1) / 1000
        values = _to_centre(box)
        self._updated_ms = now_ms
        unit = max(values[2], values[3], 1.0)
        pairs = zip(self._filters, values, strict=True)
        self.box = _to_box(*(one.update(value, elapsed_s, unit) for one, value in pairs))


def _to_centre(box: Box) -> tuple[float, float, float, float]:
    """X and y of the centre, width, height."""
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2, box.width, box.height


def _to_box(x: float, y: float, width: float, height: float) -> Box:
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


@dataclass(frozen=True, kw_only=True)
class SmoothingOptions:
    """How probabilities are smoothed."""

    time_constant_ms: float = 250.0
    """Above 0."""
    max_step_ms: float = 150.0
    """Maximum time that one result counts for, so that the first after a gap does not outweigh all
    before it."""
    min_probability: float = 0.005
    """Lower probabilities count as this, so that no single result is decisive."""


class ProbabilityFilter:
    """Smooths the probabilities of exclusive labels.

    An exponential moving average of their logarithms, in which evidence adds up; weighted by time,
    so that it does not depend on the frame rate.
    """

    def __init__(self, options: SmoothingOptions) -> None:
        self._options = options
        self._logs: list[float] | None = None
        self._updated_ms = 0.0

    def update(self, probabilities: Sequence[float], now_ms: float) -> list[float]:
        """Add a result and return the smoothed probabilities, which sum to 1."""
        options = self._options
        logs = [
            math.log(max(probability, options.min_probability)) for probability in probabilities
        ]
        if self._logs is not None:
            elapsed_ms = min(max(now_ms - self._updated_ms, 0), options.max_step_ms)
            kept = math.exp(-elapsed_ms / options.time_constant_ms)
            pairs = zip(self._logs, logs, strict=True)
            logs = [kept * old + (1 - kept) * new for old, new in pairs]
        self._logs = logs
        self._updated_ms = now_ms
        return _softmax(logs)

    def reset(self) -> None:
        """Forget all results."""
        self._logs = None


def _softmax(logs: list[float]) -> list[float]:
    odds = [math.exp(one) for one in logs]
    total = sum(odds)
    return [one / total for one in odds]
