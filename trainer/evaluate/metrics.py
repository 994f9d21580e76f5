"""Metrics with confidence intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from sklearn.neighbors import KNeighborsClassifier

from inference.vision.geometry import Floats

Targets = NDArray[np.int64]

MAX_GAP_POINTS = 2.0
"""Maximum gap between train and test in percentage points; beyond it the model is overfitted."""


def proportion(right: int, total: int) -> dict[str, Any]:
    """A share with its 95 % interval (Wilson 1927), all 0 to 1."""
    if total == 0:
        return {"value": None, "low": None, "high": None, "of": 0}
    interval = binomtest(right, total).proportion_ci(method="wilson")
    return {
        "value": round(right / total, 4),
        "low": round(float(interval.low), 4),
        "high": round(float(interval.high), 4),
        "of": total,
    }


def binary_accuracy(targets: Targets, answers: Targets) -> dict[str, Any]:
    """Accuracy when every label but the first, with_mask, counts as not masked."""
    return proportion(int(((targets == 0) == (answers == 0)).sum()), len(targets))


def measure(probabilities: Floats, targets: Targets, labels: list[str]) -> dict[str, Any]:
    """Accuracy, and precision, recall and F1 of each label, with intervals.

    Args:
        probabilities: shape (n, labels).
        targets: shape (n,), index of the true label.
    """
    answers = probabilities.argmax(axis=1)
    classes = range(len(labels))
    confusion = confusion_matrix(targets, answers, labels=classes)
    return {
        "accuracy": proportion(int((answers == targets).sum()), len(targets)),
        "two_classes": binary_accuracy(targets, answers),
        "labels": {
            label: _measure_label(confusion, targets, answers, i) for i, label in enumerate(labels)
        },
        "confusion": confusion.tolist(),
    }


def _measure_label(
    confusion: NDArray[np.int64], targets: Targets, answers: Targets, i: int
) -> dict[str, Any]:
    hits = int(confusion[i, i])
    return {
        "precision": proportion(hits, int(confusion[:, i].sum())),
        "recall": proportion(hits, int(confusion[i].sum())),
        "f1": _f1(targets, answers, i),
    }


def _f1(targets: Targets, answers: Targets, i: int, draws: int = 200) -> dict[str, Any]:
    """F1 with a 95 % interval by bootstrap, since it is no simple share."""

    def once(rows: NDArray[np.int64]) -> float:
        *_, f1, _ = precision_recall_fscore_support(
            targets[rows], answers[rows], labels=[i], average=None, zero_division=0
        )
        return float(f1[0])

    rng = np.random.default_rng(0)
    everything = np.arange(len(targets))
    resampled = [once(rng.choice(everything, len(everything))) for _ in range(draws)]
    low, high = np.percentile(resampled, [2.5, 97.5])
    return {
        "value": round(once(everything), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }


def overfitting(train: float, val: float, test: float) -> dict[str, Any]:
    """The three accuracies, the gap in points, and a verdict."""
    gap = round(100 * (train - test), 2)
    fits = gap <= MAX_GAP_POINTS
    return {
        "train": train,
        "val": val,
        "test": test,
        "gap_points": gap,
        "verdict": (
            f"Not overfitted: train is {gap:+.1f} points from test, at most {MAX_GAP_POINTS:.0f} allowed."
            if fits
            else f"OVERFITTED: train is {gap:.1f} points better than test, at most "
            f"{MAX_GAP_POINTS:.0f} allowed."
        ),
    }


def trivial_baseline(
    train_sizes: NDArray[np.int64], train: Targets, test_sizes: NDArray[np.int64], test: Targets
) -> dict[str, Any]:
    """Accuracy from the size of the photo alone: nearest neighbours on its width and height.

    A high value means that the data reveal the label without the face.

    Args:
        train_sizes, test_sizes: shape (n, 2), pixels of the photos that the crops came from.
    """
    model = KNeighborsClassifier(5).fit(train_sizes, train)
    return proportion(int((model.predict(test_sizes) == test).sum()), len(test))
