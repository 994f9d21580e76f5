"""Follows faces from one picture to the next: each keeps its id, a calm box, a steady verdict.

Twin of ``web/static/js/tracker.js``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inference.filters import BoxFilter, OneEuroOptions
from inference.geometry import Box, iou, square_around
from inference.verdict import SteadyVerdict, VerdictOptions

_BOX = OneEuroOptions(min_cutoff=1.0, beta=5.0, speed_cutoff=1.0)


@dataclass(frozen=True)
class Track:
    """What is told of a face."""

    id: int
    """From 1; never used for another face."""
    box: Box
    """Smoothed, in pixels of the picture."""
    score: float
    """How sure the finder was last that it is a face, 0 to 1."""
    label: str
    """Steady: one of the contract's labels, ``unsure`` or ``too_small``."""
    probability: float
    """Of the label, smoothed, 0 to 1; of the likeliest one if unsure; 0 if none is known."""
    probabilities: dict[str, float]
    """Of every label, smoothed; empty if none is known."""
    settled: bool
    """The classifier may leave the face out for now: see `SteadyVerdict.settled`."""


class Sighting(NamedTuple):
    """A face in a picture."""

    box: Box
    score: float
    probabilities: Mapping[str, float] | None = None
    """None where it was not classified this time, empty where it is too small."""


@dataclass(frozen=True, kw_only=True)
class TrackerOptions(VerdictOptions):
    """How faces are followed, and when verdicts on them are told."""

    reach: float = 2.0
    """See `overlap`."""
    overlap: float = 0.4
    """Two boxes may be one face if the squares about them have at least this IoU.

    The squares have `reach` times the longer side. They let a small face jump by most of its own
    size, where the boxes alone would no longer meet.
    """
    confirm: int = 2
    """Sightings before a face is told of, so that a false one does not flash."""
    coast: float = 400.0
    """Milliseconds that an unseen face is still told of."""
    keep: float = 1000.0
    """Milliseconds that an unseen face is remembered, to get its id back."""
    ahead: float = 300.0
    """Milliseconds that motion is foreseen at most."""
    box: OneEuroOptions = _BOX
    """Smoothing of boxes; its unit is the longer side of the face."""


TRACKER = TrackerOptions()


class _KnownFace:
    """A face that was seen."""

    def __init__(self, number: int, motion: BoxFilter, verdict: SteadyVerdict) -> None:
        self.id = number
        self.motion = motion
        self.verdict = verdict
        self.seen = 0.0  # when it was last, in milliseconds
        self.sightings = 0
        self.score = 0.0

    def see(self, sighting: Sighting, now: float) -> None:
        self.motion.update(sighting.box, now)
        if sighting.probabilities is not None:
            self.verdict.see(sighting.probabilities, now)
        self.score = sighting.score
        self.seen = now
        self.sightings += 1

    def track(self, now: float) -> Track:
        verdict = self.verdict
        return Track(
            self.id,
            self.motion.box,
            self.score,
            verdict.label,
            verdict.probability,
            verdict.probabilities,
            verdict.settled(now),
        )


class Tracker:
    """Pure: no clock, no picture. Times are milliseconds of any clock that does not go back.

    Faces are matched greedily, the best overlap with where a known face is expected first. For the
    few faces of a webcam this gives what an optimal assignment would, except in crowds that jump by
    more than half their distance between two pictures.
    """

    def __init__(
        self, labels: Sequence[str], unsure_below: float, options: TrackerOptions = TRACKER
    ) -> None:
        """Begin without any face; `labels` and `unsure_below` are those of the contract."""
        self._labels = labels
        self._unsure_below = unsure_below
        self._options = options
        self._last_id = 0
        self._known: list[_KnownFace] = []  # in order of their ids

    def update(self, faces: Sequence[Sighting], now: float) -> list[Track]:
        """Take in the faces of a picture; what is told now, in order of the ids.

        Args:
            now: in milliseconds.
        """
        self._known = self._remembered(now)
        matches = self._match([face.box for face in faces], now)
        for i, face in enumerate(faces):
            (matches.get(i) or self._meet()).see(face, now)
        return [known.track(now) for known in self._known if self._is_told(known, now)]

    def due(self, boxes: Sequence[Box], now: float) -> list[bool]:
        """Which of these faces the classifier should see: new ones, and those not settled.

        Nothing changes by asking.

        Args:
            boxes: of faces found in a picture that `update` has not taken in.
            now: in milliseconds.
        """
        matches = self._match(boxes, now)
        return [not (i in matches and matches[i].verdict.settled(now)) for i in range(len(boxes))]

    def reset(self) -> None:
        """Forget all faces, as when a stream comes back. Ids go on."""
        self._known = []

    def _meet(self) -> _KnownFace:
        self._last_id += 1
        known = _KnownFace(
            self._last_id,
            BoxFilter(self._options.box),
            SteadyVerdict(self._labels, self._unsure_below, self._options),
        )
        self._known.append(known)
        return known

    def _remembered(self, now: float) -> list[_KnownFace]:
        """The known faces without those unseen for too long.

        That is sooner where they were not told of: a false one should not wait for its
        confirmation.
        """
        options = self._options
        return [
            known
            for known in self._known
            if now - known.seen
            <= (options.coast if known.sightings < options.confirm else options.keep)
        ]

    def _is_told(self, known: _KnownFace, now: float) -> bool:
        options = self._options
        return known.sightings >= options.confirm and now - known.seen <= options.coast

    def _match(self, boxes: Sequence[Box], now: float) -> dict[int, _KnownFace]:
        """The known faces by the index of their boxes."""
        options = self._options
        found = [square_around(box, options.reach) for box in boxes]
        expected = [
            (known, square_around(known.motion.predict(now, options.ahead), options.reach))
            for known in self._remembered(now)
        ]
        pairs = [
            (iou(square, there), index, known)
            for index, square in enumerate(found)
            for known, there in expected
        ]
        likely = [pair for pair in pairs if pair[0] >= options.overlap]
        matches: dict[int, _KnownFace] = {}
        for _, index, known in sorted(likely, key=lambda pair: -pair[0]):
            if index not in matches and known not in matches.values():
                matches[index] = known
        return matches
