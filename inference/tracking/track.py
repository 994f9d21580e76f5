"""One face of the tracker; twin of ``web/static/js/tracking/track.js``."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inference.tracking.appearance import Appearance
from inference.tracking.filters import BoxFilter, OneEuroOptions
from inference.tracking.template import Template
from inference.tracking.verdict import StableVerdict
from inference.vision.geometry import Box


@dataclass(frozen=True)
class Track:
    """A face that is reported."""

    id: int
    """From 1; never used for another face."""
    box: Box
    """Smoothed, in pixels of the frame."""
    score: float
    """The detector's latest confidence that it is a face, 0 to 1."""
    label: str
    """Stable: one of the contract's labels, ``unsure`` or ``too_small``."""
    probability: float
    """Smoothed probability of `label`; of the top class when unsure; 0 before the first result."""
    probabilities: dict[str, float]
    """Smoothed probability of every label; empty before the first result."""
    stable: bool
    """Whether the classifier may skip the face for now: see `StableVerdict.stable`."""


class TrackedFace:
    """A tracked face: its position, its template, its appearance and its verdict."""

    def __init__(
        self, track_id: int, verdict: StableVerdict, smoothing: OneEuroOptions, first_ms: float
    ) -> None:
        self.id = track_id
        self.verdict = verdict
        self.smooth = BoxFilter(smoothing)
        self.box = Box(0.0, 0.0, 0.0, 0.0)
        self.velocity = (0.0, 0.0)  # of the centre, in pixels per millisecond
        self.template: Template
        self.similarity = 1.0
        self.score = 0.0
        self.hits = 0
        self.confirmed = False  # whether it has hits enough and its id is final
        self.misses = 0
        self.seen_ms = -math.inf  # when it was last followed or detected
        self.first_ms = first_ms  # when it was first detected
        self.detected_ms = -math.inf  # when it was last detected
        self.detected = self.box  # where
        self.classified_ms = -math.inf
        self.appearance: Appearance | None = (
            None  # smoothed; of detections without another close by
        )

    def predict(self, now_ms: float, max_ms: float) -> Box:
        """The box at constant velocity, extrapolated for at most `max_ms`."""
        elapsed = min(now_ms - self.seen_ms, max_ms)
        return self.box.moved(self.velocity[0] * elapsed, self.velocity[1] * elapsed)

    def move(self, box: Box, now_ms: float) -> None:
        elapsed = now_ms - self.seen_ms
        if 0 < elapsed < math.inf:
            self.velocity = (
                (box.left + box.right - self.box.left - self.box.right) / 2 / elapsed,
                (box.top + box.bottom - self.box.top - self.box.bottom) / 2 / elapsed,
            )
        self.box = box
        self.seen_ms = now_ms
        self.smooth.update(box, now_ms)

    def see(self, box: Box, appearance: Appearance | None, kept: float, now_ms: float) -> None:
        """Note a detection, and smooth the appearance; `kept` is the weight of the one so far."""
        self.detected, self.detected_ms = box, now_ms
        if appearance is None:
            return
        known = appearance if self.appearance is None else self.appearance
        self.appearance = kept * known + (1 - kept) * appearance

    def exchange_identity(self, other: TrackedFace) -> None:
        """Exchange with another face all that belongs to the person, rather than to the place."""
        self.id, other.id = other.id, self.id
        self.verdict, other.verdict = other.verdict, self.verdict
        self.appearance, other.appearance = other.appearance, self.appearance
        self.detected, other.detected = other.detected, self.detected
        self.detected_ms, other.detected_ms = other.detected_ms, self.detected_ms

    def report(self, now_ms: float) -> Track:
        verdict = self.verdict
        return Track(
            self.id,
            self.smooth.box,
            self.score,
            verdict.label,
            verdict.probability,
            verdict.probabilities,
            verdict.stable(now_ms),
        )
