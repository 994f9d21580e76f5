"""Decides when a detector pass starts; twin of ``web/static/js/tracking/schedule.js``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from inference.tracking.template import GrayImage

Pass = Literal["near", "far"]
"""A small pass for near faces, or a large one that also shows distant faces."""


@dataclass(frozen=True, kw_only=True)
class ScheduleOptions:
    """How often passes start."""

    near_interval_ms: float = 200.0
    far_interval_ms: float = 1000.0
    urgent_interval_ms: float = 100.0
    """The interval while a face is new or lost, or after the scene has changed."""
    max_load: float = 0.6
    """Passes take at most this share of the time, so that slow devices start them less often."""
    max_far_load: float = 0.2
    """The same for far passes alone."""
    max_near_passes: int = 5
    """Near passes in a row after which a far one goes first, however much the picture moves."""
    scene_cut: float = 25.0
    """Mean change of the frame, in grey values, that means another scene."""
    motion: float = 1.5
    """The same while there is no face: a person may have arrived."""
    min_near_face: float = 0.08
    """Smallest face that near passes detect reliably, as a fraction of the frame's longer side."""


SCHEDULE = ScheduleOptions()


class Schedule:
    """Pure: callers pass timestamps and durations."""

    def __init__(self, options: ScheduleOptions = SCHEDULE) -> None:
        self._options = options
        self._started_ms: dict[Pass, float] = {"near": -math.inf, "far": -math.inf}
        self._duration_ms: dict[Pass, float] = {"near": 0.0, "far": 0.0}
        self._near_passes = 0  # in a row
        self._scene: GrayImage | None = None

    def next(
        self,
        scene: GrayImage,
        faces: int,
        unconfirmed: float | None,
        now_ms: float,
        slow: bool = False,
    ) -> Pass | None:
        """The pass to start now, if any.

        Args:
            scene: the present frame, small.
            faces: how many are tracked.
            unconfirmed: longer side of the smallest face that is new or lost, in longer sides of
                the frame; None if there is none.
            slow: whether frames are far apart, so that each gets a pass for faces of every size.
        """
        options = self._options
        changed = self._has_changed(scene, options.scene_cut if faces else options.motion)
        far = slow and self._is_due("far", 0.0, now_ms)
        wanted = "far" if far else self._wanted(changed, unconfirmed, now_ms)
        if wanted:
            self._started_ms[wanted] = now_ms
            self._near_passes = self._near_passes + 1 if wanted == "near" else 0
            self._scene = scene
        return wanted

    def ended(self, kind: Pass, duration_ms: float) -> None:
        """Note how long a pass took."""
        self._duration_ms[kind] = duration_ms

    def min_face_px(self, kind: Pass, longest_px: int) -> float:
        """Longer side of the smallest face that a pass detects reliably.

        Args:
            longest_px: longer side of the frame.
        """
        return self._options.min_near_face * longest_px if kind == "near" else 0.0

    def reset(self) -> None:
        """Begin again, as with another camera."""
        self._started_ms = {"near": -math.inf, "far": -math.inf}
        self._near_passes = 0
        self._scene = None

    def _wanted(self, changed: bool, unconfirmed: float | None, now_ms: float) -> Pass | None:
        options = self._options
        urgent = self._urgent(changed, unconfirmed)
        far_due = self._is_due("far", options.far_interval_ms, now_ms)
        if far_due and self._near_passes >= options.max_near_passes:
            return "far"
        if urgent and self._is_due(urgent, options.urgent_interval_ms, now_ms):
            return urgent
        if far_due:
            return "far"
        if self._is_due("near", options.near_interval_ms, now_ms):
            return "near"
        return None

    def _urgent(self, changed: bool, unconfirmed: float | None) -> Pass | None:
        if changed:
            return "near"
        if unconfirmed is None:
            return None
        return "near" if unconfirmed >= self._options.min_near_face else "far"

    def _is_due(self, kind: Pass, interval_ms: float, now_ms: float) -> bool:
        options = self._options
        last: Pass = "far" if self._started_ms["far"] > self._started_ms["near"] else "near"
        if now_ms - self._started_ms[last] < self._duration_ms[last] / options.max_load:
            return False
        load = options.max_load if kind == "near" else options.max_far_load
        return now_ms - self._started_ms[kind] >= max(interval_ms, self._duration_ms[kind] / load)

    def _has_changed(self, scene: GrayImage, threshold: float) -> bool:
        before = self._scene
        if before is None or before.pixels.shape != scene.pixels.shape:
            return True
        return float(np.abs(scene.pixels - before.pixels).mean()) > threshold
