"""Compares two models on the same faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from inference.labels import DEFINITE_LABELS
from trainer.evaluate.metrics import Targets

SIGNIFICANCE = 0.05
"""Level of the one-sided exact McNemar test."""
MAX_LOSS = 0.02
"""How much of a label's faces the new model may lose, or one face if that is more."""

Right = NDArray[np.bool_]
"""Whether a model classifies each face correctly: shape (n,)."""


@dataclass(frozen=True)
class Comparison:
    """Which of the same faces the present and the new model classify correctly."""

    name: str
    targets: Targets
    present: Right
    new: Right
    independent: bool = True
    """Whether the faces are of different photos, as a significance test requires."""

    @property
    def p_value(self) -> float:
        """Probability of at least so many faces lost, if the models were equally good."""
        lost, won = int((self.present & ~self.new).sum()), int((self.new & ~self.present).sum())
        if lost + won == 0:
            return 1.0
        return float(binomtest(lost, lost + won, alternative="greater").pvalue)

    @property
    def text(self) -> str:
        """The faces that are right before and now."""
        return f"{self.name} {self.present.sum()} → {self.new.sum()} of {len(self.targets)}"

    def problems(self) -> list[str]:
        """Return why the new model is worse; empty if it is not."""
        found = [
            f"{self.name}, {DEFINITE_LABELS[label]} {before} → {after} of {faces}"
            for label in np.unique(self.targets).tolist()
            for rows in [self.targets == label]
            for before, after in [(int(self.present[rows].sum()), int(self.new[rows].sum()))]
            for faces in [int(rows.sum())]
            if before - after > max(1, MAX_LOSS * faces)
        ]
        if not found and self.independent and self.p_value < SIGNIFICANCE:
            found = [self.text]
        return found
