"""The steady verdict on one face: it changes only when the evidence persists.

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
    """When a verdict is told, given up and settled."""

    margin: float = 0.15
    """Share by which a label must fall before it is given up (hysteresis).

    Below what it took to be told, or behind another.
    """
    hold: float = 100.0
    """Milliseconds that another label must stay before it is told."""
    doubt: float = 500.0
    """Milliseconds that ``unsure`` must, longer, since a moment's blur is no news."""
    settle_after: float = 500.0
    """Milliseconds that a verdict must have been told to be settled."""
    recheck: float = 200.0
    """Milliseconds after which a settled face is to be classified again."""


class SteadyVerdict:
    """What is told of one face over time."""

    def __init__(self, labels: Sequence[str], unsure_below: float, options: VerdictOptions) -> None:
        """Begin with a face of which nothing is known.

        Args:
            unsure_below: a probability below this is not told as a verdict.
        """
        self.label = UNSURE
        """One of the labels, ``unsure`` or ``too_small``."""
        self.probabilities: dict[str, float] = {}
        """Of every label, smoothed; empty until the first answer, and once a face is too small."""
        self._labels = labels
        self._unsure_below = unsure_below
        self._options = options
        self._filter = ProbabilityFilter(options)
        self._told = 0.0  # when the label was told first
        self._candidate = UNSURE  # what the evidence speaks for
        self._since = 0.0  # when it began to
        self._answered = -math.inf  # when the classifier answered last
        self._agreed = False  # whether that answer was the label

    @property
    def probability(self) -> float:
        """Of the label, smoothed; of the likeliest if unsure; 0 where none is known."""
        if self.label == TOO_SMALL:
            return 0.0
        highest = max(self.probabilities.values(), default=0.0)
        return self.probabilities.get(self.label, highest)

    def see(self, answer: Mapping[str, float], now: float) -> None:
        """Take an answer in.

        Args:
            answer: of the classifier, by label; empty if the face is too small.
            now: in milliseconds.
        """
        small = not answer
        if not small:
            self._smooth(answer, now)
        self._weigh(TOO_SMALL if small else self._choose(), now)
        if small and self.label == TOO_SMALL:
            self._forget()
        self._agreed = _likeliest(answer) == self.label
        self._answered = now

    def settled(self, now: float) -> bool:
        """Whether the classifier may leave this face out.

        Its verdict is sure (halfway from the threshold to certainty), has been told for some time,
        and the last answer, which is young, agrees. One that disagrees ends it, so that a change is
        looked into at once.

        Args:
            now: in milliseconds.
        """
        return (
            self._agreed
            and self.probability >= (1 + self._unsure_below) / 2
            and now - self._told >= self._options.settle_after
            and now - self._answered < self._options.recheck
        )

    def _weigh(self, candidate: str, now: float) -> None:
        """Tell a candidate once it stayed."""
        if candidate != self._candidate:
            self._since = now
        self._candidate = candidate
        needed = self._options.doubt if candidate == UNSURE else self._options.hold
        if candidate == self.label or now - self._since < needed:
            return
        self.label = candidate
        self._told = now

    def _forget(self) -> None:
        self._filter.reset()
        self.probabilities = {}

    def _smooth(self, answer: Mapping[str, float], now: float) -> None:
        values = self._filter.update([answer[label] for label in self._labels], now)
        self.probabilities = dict(zip(self._labels, values, strict=True))

    def _choose(self) -> str:
        """What the smoothed probabilities speak for, given what was told before."""
        best = _likeliest(self.probabilities)
        held, highest = self.probabilities.get(self.label, 0.0), self.probabilities[best]
        margin = self._options.margin
        if held >= self._unsure_below - margin and highest - held < margin:
            return self.label
        return best if highest >= self._unsure_below else UNSURE


def _likeliest(probabilities: Mapping[str, float]) -> str:
    """The likeliest label; empty if there is none."""
    return max(probabilities, key=lambda label: probabilities[label], default="")
