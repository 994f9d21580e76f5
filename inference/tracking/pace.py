"""The clock of the tracker; twin of ``web/static/js/tracking/pace.js``."""

from __future__ import annotations

import math

MAX_STEP_MS = 200.0
"""Maximum time from one frame to the next. Tracks and verdicts expire after fractions of a second; at
lower frame rates each frame would end them all."""
SLOW_INTERVAL_MS = 400.0
"""A source with frames this far apart is slow: a frame is all the evidence of its interval."""
MAX_GAP_MS = 3000.0
"""A longer interval is a gap, at which tracks end, unless frames are usually that far apart."""
_GAP_FACTOR = 3  # usual intervals that make a gap


class Pace:
    """Turns the timestamps of frames into the tracker's time. Pure: callers pass timestamps."""

    def __init__(self) -> None:
        self.now_ms = 0.0
        """The tracker's time at the latest frame."""
        self.slow = False
        """Whether each frame is classified on its own: the source is slow, and not just for a moment."""
        self._frame_ms = math.nan
        self._interval_ms = 0.0

    def tick(self, now_ms: float) -> None:
        """Note the next frame.

        Args:
            now_ms: of any clock that does not go back.
        """
        interval_ms = 0.0 if math.isnan(self._frame_ms) else now_ms - self._frame_ms
        self.slow = min(interval_ms, self._interval_ms) >= SLOW_INTERVAL_MS
        gap = interval_ms > max(MAX_GAP_MS, _GAP_FACTOR * self._interval_ms)
        self._interval_ms, self._frame_ms = interval_ms, now_ms
        self.now_ms += interval_ms if gap else min(interval_ms, MAX_STEP_MS)
