"""Smoothing over time; twin of ``web/static/js/tracking/filters.js``.

Nothing here reads a clock: what comes when is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inference.vision.geometry import Box


@dataclass(frozen=True)
class OneEuroOptions:
    """How hard a one-euro filter smooths."""

    min_cutoff: float
    """Hz, above 0: cut-off at rest; lower is calmer and later."""
    beta: float
    """Hz per unit a second, at least 0: what speed adds to the cut-off; higher lags less."""
    speed_cutoff: float
    """Hz, above 0: cut-off for the speed itself."""


class OneEuro:
    """The one-euro filter (Casiez, Roussel and Vogel, CHI 2012).

    A low-pass whose cut-off rises with speed, so that it is calm at rest and prompt in motion.
    """

    def __init__(self, options: OneEuroOptions) -> None:
        self.speed = 0.0
        """How fast the value changes, smoothed, a second."""
        self._options = options
        self._value = math.nan
        self._last = math.nan  # before smoothing

    def update(self, value: float, elapsed: float, unit: float) -> float:
        """Take in a value; smoothed, the first one as it is.

        Args:
            elapsed: seconds since the last one, above 0.
            unit: above 0; speed is judged in units a second.
        """
        if math.isnan(self._last):
            self._value = value
        else:
            options = self._options
            speed = (value - self._last) / elapsed
            self.speed += _weight(options.speed_cutoff, elapsed) * (speed - self.speed)
            cutoff = options.min_cutoff + options.beta * abs(self.speed) / unit
            self._value += _weight(cutoff, elapsed) * (value - self._value)
        self._last = value
        return self._value


def _weight(cutoff: float, elapsed: float) -> float:
    """What a new value weighs, 0 to 1, in a first-order low-pass of `cutoff` Hz."""
    turn = 2 * math.pi * cutoff * elapsed
    return turn / (turn + 1)


class BoxFilter:
    """Smooths a box: its centre and its sides, at a pace that suits its size."""

    def __init__(self, options: OneEuroOptions) -> None:
        """`options` are in units of the box's longer side."""
        self.box = Box(0.0, 0.0, 0.0, 0.0)
        """The latest, smoothed."""
        # x and y of the centre, width, height
        self._filters = [OneEuro(options) for _ in range(4)]
        self._at = math.nan

    def update(self, box: Box, now: float) -> None:
        """Take in a box seen at `now`, in milliseconds."""
        elapsed = 1.0 if math.isnan(self._at) else max(now - self._at, 1) / 1000
        values = _to_centre(box)
        self._at = now
        unit = max(values[2], values[3], 1.0)
        pairs = zip(self._filters, values, strict=True)
        self.box = _to_box(*(one.update(value, elapsed, unit) for one, value in pairs))


def _to_centre(box: Box) -> tuple[float, float, float, float]:
    """X and y of the centre, width, height."""
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2, box.width, box.height


def _to_box(x: float, y: float, width: float, height: float) -> Box:
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


@dataclass(frozen=True, kw_only=True)
class SmoothingOptions:
    """How probabilities are smoothed."""

    smoothing: float = 250.0
    """Time constant, milliseconds, above 0."""
    longest: float = 150.0
    """Milliseconds that one answer stands for at most.

    So the first after a gap does not outweigh all before.
    """
    floor: float = 0.005
    """Probabilities below this count as this, so that no single answer is beyond doubt."""


class ProbabilityFilter:
    """Smooths the probabilities of exclusive labels.

    An exponential average of their logarithms, in which evidence adds up, weighed by time and so
    the same at any rate.
    """

    def __init__(self, options: SmoothingOptions) -> None:
        self._options = options
        self._logs: list[float] | None = None
        self._at = 0.0

    def update(self, probabilities: Sequence[float], now: float) -> list[float]:
        """Smoothed probabilities; they sum to 1.

        Args:
            probabilities: of every label, answered now.
            now: in milliseconds.
        """
        options = self._options
        logs = [math.log(max(probability, options.floor)) for probability in probabilities]
        if self._logs is not None:
            elapsed = min(max(now - self._at, 0), options.longest)
            kept = math.exp(-elapsed / options.smoothing)
            pairs = zip(self._logs, logs, strict=True)
            logs = [kept * old + (1 - kept) * new for old, new in pairs]
        self._logs = logs
        self._at = now
        return _softmax(logs)

    def reset(self) -> None:
        """Forget what was answered."""
        self._logs = None


def _softmax(logs: list[float]) -> list[float]:
    odds = [math.exp(one) for one in logs]
    total = sum(odds)
    return [one / total for one in odds]
