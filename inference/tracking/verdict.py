"""The verdict on one face over time: it changes only when the evidence persists.

Twin of ``web/static/js/tracking/verdict.js``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference.labels import TOO_SMALL, UNSURE
from inference.tracking.filters import ProbabilityFilter, SmoothingOptions


@dataclass(frozen=True, kw_only=True)
class VerdictOptions(SmoothingOptions):
    """When a verdict changes, and when it is stable."""

    margin: float = 0.15
    """Hysteresis: the probability by which a label must fall below the threshold, or behind another
    label, before it changes."""
    debounce_ms: float = 100.0
    """How long the evidence must favour another label before the verdict changes."""
    unsure_debounce_ms: float = 500.0
    """The same for ``unsure``; longer, so that brief blur is ignored."""
    stable_after_ms: float = 500.0
    """How long a verdict must have been unchanged to be stable."""
    reclassify_after_ms: float = 200.0
    """How long a stable face may go without being classified."""


class StableVerdict:
    """The label of one face, from its classifications so far."""

    def __init__(self, labels: Sequence[str], unsure_below: float, options: VerdictOptions) -> None:
        """Start as ``unsure``.

        Args:
            unsure_below: the threshold; a label with a lower probability is ``unsure``.
        """
        self.label = UNSURE
        """One of the labels, ``unsure`` or ``too_small``."""
        self.probabilities: dict[str, float] = {}
        """Smoothed probabilities of all labels; empty before the first result and if too small."""
        self._labels = labels
        self._unsure_below = unsure_below
        self._options = options
        self._filter = ProbabilityFilter(options)
        self._label_since_ms = 0.0
        self._candidate = UNSURE  # the label that the evidence favours
        self._candidate_since_ms = 0.0
        self._classified_ms = -math.inf
        self._agreed = False  # whether the latest result had the label

    @property
    def probability(self) -> float:
        """Smoothed, of `label`; of the top class when unsure; 0 before the first result."""
        if self.label == TOO_SMALL:
            return 0.0
        highest = max(self.probabilities.values(), default=0.0)
        return self.probabilities.get(self.label, highest)

    def update(self, probabilities: Mapping[str, float], now_ms: float, slow: bool = False) -> None:
        """Process a result of the classifier.

        Args:
            probabilities: by label; empty if the face is too small.
            now_ms: on any clock that does not go back.
            slow: whether results are so far apart that each stands for itself.
        """
        small = not probabilities
        if slow:
            self._filter.reset()
        if not small:
            self._smooth(probabilities, now_ms)
        self._debounce(TOO_SMALL if small else self._choose(), now_ms, slow)
        if small and self.label == TOO_SMALL:
            self._filter.reset()
            self.probabilities = {}
        self._agreed = _top_label(probabilities) == self.label
        self._classified_ms = now_ms

    def stable(self, now_ms: float) -> bool:
        """Whether the classifier may skip this face for now.

        The probability is high (at least halfway from the threshold to 1), the verdict has been
        unchanged for some time, and the latest result is recent and agrees. A result that disagrees
        ends the stability, so that a change is classified without delay.
        """
        return (
            self._agreed
            and self.probability >= (1 + self._unsure_below) / 2
            and now_ms - self._label_since_ms >= self._options.stable_after_ms
            and now_ms - self._classified_ms < self._options.reclassify_after_ms
        )

    def _debounce(self, candidate: str, now_ms: float, slow: bool) -> None:
        """Adopt a candidate once it has persisted, or at once if results are far apart."""
        if candidate != self._candidate:
            self._candidate_since_ms = now_ms
        self._candidate = candidate
        options = self._options
        needed_ms = options.unsure_debounce_ms if candidate == UNSURE else options.debounce_ms
        persisted = slow or now_ms - self._candidate_since_ms >= needed_ms
        if candidate == self.label or not persisted:
            return
        self.label = candidate
        self._label_since_ms = now_ms

    def _smooth(self, probabilities: Mapping[str, float], now_ms: float) -> None:
        values = self._filter.update([probabilities[label] for label in self._labels], now_ms)
        self.probabilities = dict(zip(self._labels, values, strict=True))

    def _choose(self) -> str:
        """The label that the smoothed probabilities favour, with hysteresis."""
        best = _top_label(self.probabilities)
        current, highest = self.probabilities.get(self.label, 0.0), self.probabilities[best]
        margin = self._options.margin
        if current >= self._unsure_below - margin and highest - current < margin:
            return self.label
        return best if highest >= self._unsure_below else UNSURE


def _top_label(probabilities: Mapping[str, float]) -> str:
    """The label with the highest probability; empty without any."""
    return max(probabilities, key=lambda label: probabilities[label], default="")
