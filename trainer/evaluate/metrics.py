"""Metrics with confidence intervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from sklearn.neighbors import KNeighborsClassifier

from inference.vision.geometry import Floats
from trainer.data.spellings import MAIN_LABELS

Targets = NDArray[np.int64]

MAX_GAP_POINTS = 2.0
"""Maximum gap between train and test accuracy, in percentage points."""
FEW_FACES = 200
"""Below this number an accuracy is reported as an interval: near 90 % it spans over 8 points."""
MIN_LABEL_FACES = 5
"""With fewer test faces of a label, one that is never right can be bad luck."""


def proportion(count: int, total: int) -> dict[str, Any]:
    """Return a proportion with its 95 % interval (Wilson 1927), all 0 to 1."""
    if total == 0:
        return {"value": None, "low": None, "high": None, "of": 0}
    interval = binomtest(count, total).proportion_ci(method="wilson")
    return {
        "value": round(count / total, 4),
        "low": round(float(interval.low), 4),
        "high": round(float(interval.high), 4),
        "of": total,
    }


def binary_accuracy(targets: Targets, predictions: Targets) -> dict[str, Any]:
    """Return the accuracy of with_mask, label 0, against all other labels."""
    return proportion(int(((targets == 0) == (predictions == 0)).sum()), len(targets))


def measure(probabilities: Floats, targets: Targets, labels: list[str]) -> dict[str, Any]:
    """Return accuracy, and precision, recall and F1 per label, with 95 % intervals.

    Args:
        probabilities: shape (n, labels).
        targets: shape (n,), index of the true label.
    """
    predictions = probabilities.argmax(axis=1)
    classes = range(len(labels))
    confusion = confusion_matrix(targets, predictions, labels=classes)
    return {
        "accuracy": proportion(int((predictions == targets).sum()), len(targets)),
        "two_classes": binary_accuracy(targets, predictions),
        "labels": {
            label: _measure_label(confusion, targets, predictions, i)
            for i, label in enumerate(labels)
        },
        "confusion": confusion.tolist(),
    }


def _measure_label(
    confusion: NDArray[np.int64], targets: Targets, predictions: Targets, i: int
) -> dict[str, Any]:
    hits = int(confusion[i, i])
    return {
        "precision": proportion(hits, int(confusion[:, i].sum())),
        "recall": proportion(hits, int(confusion[i].sum())),
        "f1": _f1(targets, predictions, i),
    }


def _f1(targets: Targets, predictions: Targets, i: int, draws: int = 200) -> dict[str, Any]:
    """Return F1 with a bootstrapped 95 % interval, since it is not a proportion."""

    def score(rows: NDArray[np.int64]) -> float:
        *_, f1, _ = precision_recall_fscore_support(
            targets[rows], predictions[rows], labels=[i], average=None, zero_division=0
        )
        return float(f1[0])

    rng = np.random.default_rng(0)
    every_row = np.arange(len(targets))
    resampled = [score(rng.choice(every_row, len(every_row))) for _ in range(draws)]
    low, high = np.percentile(resampled, [2.5, 97.5])
    return {
        "value": round(score(every_row), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }


def in_words(accuracy: dict[str, Any]) -> str:
    """Return an accuracy of few faces in words, such as "between 83 and 96 of 100"."""
    return (
        f"Only {accuracy['of']} test faces: of new photos like them, expect between "
        f"{100 * accuracy['low']:.0f} and {100 * accuracy['high']:.0f} of 100 to be right "
        "(95 % interval)."
    )


def not_learned(part: dict[str, Any]) -> str:
    """Return why a model has not learned; empty if it has, or if that cannot be told.

    It has not if its balanced accuracy is at most that of always answering one label, or if
    none of at least `MIN_LABEL_FACES` faces is right of a label that every model needs.

    Args:
        part: the metrics of `measure`.
    """
    for label, recall in _recalls(part).items():
        enough = recall["of"] >= MIN_LABEL_FACES and label in MAIN_LABELS
        if enough and recall["value"] == 0:
            return f"NOT LEARNED: none of the {recall['of']} test faces of {label} is right."
    value, _, chance = _balanced_accuracy(part)
    if chance == 1 or value > chance:
        return ""
    return (
        f"NOT LEARNED: the mean recall of the labels is {value:.1%}, not more than the "
        f"{chance:.1%} of always answering the same label."
    )


def too_few_to_tell(part: dict[str, Any]) -> str:
    """Return that chance explains the balanced accuracy too; empty if it does not.

    Args:
        part: the metrics of `measure`.
    """
    _, low, chance = _balanced_accuracy(part)
    if low > chance:
        return ""
    return "There are too few test faces to tell whether it has learned."


def _recalls(part: dict[str, Any]) -> dict[str, Any]:
    """Return the recall of each label that has faces."""
    recalls = {label: one["recall"] for label, one in part["labels"].items()}
    return {label: recall for label, recall in recalls.items() if recall["of"]}


def _balanced_accuracy(part: dict[str, Any]) -> tuple[float, float, float]:
    """Return the mean recall, the lower end of its 95 % interval, and the mean recall by chance.

    The interval combines those of the recalls by their variances (MOVER: Zou and Donner 2008).
    """
    recalls = _recalls(part).values()
    rows = [(row[i], sum(row)) for i, row in enumerate(part["confusion"]) if sum(row)]
    value = sum(right / faces for right, faces in rows) / len(rows)
    margin = math.hypot(*(recall["value"] - recall["low"] for recall in recalls)) / len(rows)
    return round(value, 6), value - margin, round(1 / len(rows), 6)


def overfitting(
    train: float, val: float, test: float, problem: str = "", doubt: str = ""
) -> dict[str, Any]:
    """Return the three accuracies, the gap in percentage points, and a verdict.

    Args:
        problem: why the model has not learned (`not_learned`); it is the verdict then.
        doubt: what limits the verdict (`too_few_to_tell`).
    """
    gap = round(100 * (train - test), 2)
    fit = (
        f"Not overfitted: train is {gap:+.1f} points from test, at most "
        f"{MAX_GAP_POINTS:.0f} allowed."
        if gap <= MAX_GAP_POINTS
        else f"OVERFITTED: train is {gap:.1f} points better than test, at most "
        f"{MAX_GAP_POINTS:.0f} allowed."
    )
    return {
        "train": train,
        "val": val,
        "test": test,
        "gap_points": gap,
        "verdict": problem or f"{fit} {doubt}".rstrip(),
    }


def trivial_baseline(
    train_sizes: NDArray[np.int64], train: Targets, test_sizes: NDArray[np.int64], test: Targets
) -> dict[str, Any]:
    """Return the accuracy of nearest neighbours on the photo's width and height alone.

    A high value means that the data leak the label.

    Args:
        train_sizes, test_sizes: shape (n, 2), size of each crop's photo in pixels.
    """
    model = KNeighborsClassifier(5).fit(train_sizes, train)
    return proportion(int((model.predict(test_sizes) == test).sum()), len(test))
