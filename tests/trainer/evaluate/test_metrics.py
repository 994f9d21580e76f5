"""Tests metrics against published or hand-calculated values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trainer.evaluate.metrics import (
    binary_accuracy,
    in_words,
    measure,
    not_learned,
    overfitting,
    proportion,
    too_few_to_tell,
    trivial_baseline,
)

LABELS = ["with_mask", "without_mask", "incorrect_mask"]
CONFUSION = np.array([[8, 1, 1], [2, 15, 3], [0, 1, 4]])  # true labels are the rows


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [  # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(right: int, total: int, low: float, high: float) -> None:
    reported = proportion(right, total)
    assert reported["value"] == pytest.approx(right / total, abs=1e-4)
    assert reported["low"] == pytest.approx(low, abs=1e-4)
    assert reported["high"] == pytest.approx(high, abs=1e-4)
    assert reported["of"] == total


def test_a_proportion_of_zero_faces_is_none() -> None:
    assert proportion(0, 0) == {"value": None, "low": None, "high": None, "of": 0}


def predictions() -> tuple[np.ndarray, np.ndarray]:
    """Return shuffled probabilities and targets with the confusion matrix above."""
    rng = np.random.default_rng(0)
    pairs = [(t, a) for t in range(3) for a in range(3) for _ in range(CONFUSION[t, a])]
    targets, found = np.array(pairs)[rng.permutation(len(pairs))].T
    return np.eye(3, dtype=np.float32)[found] * 0.4 + 0.2, targets


def test_accuracy_precision_recall_and_f1() -> None:
    reported = measure(*predictions(), LABELS)
    assert reported["confusion"] == CONFUSION.tolist()
    assert reported["accuracy"]["value"] == pytest.approx(27 / 35, abs=1e-4)
    assert reported["two_classes"]["value"] == pytest.approx(31 / 35, abs=1e-4)
    for i, label in enumerate(LABELS):
        hits, found, true = CONFUSION[i, i], CONFUSION[:, i].sum(), CONFUSION[i].sum()
        one = reported["labels"][label]
        assert one["precision"]["value"] == pytest.approx(hits / found, abs=1e-4)
        assert one["recall"]["value"] == pytest.approx(hits / true, abs=1e-4)
        assert one["f1"]["value"] == pytest.approx(2 * hits / (found + true), abs=1e-4)
        for figure in one.values():
            assert 0 <= figure["low"] < figure["value"] < figure["high"] <= 1


def test_the_interval_of_f1_is_narrower_with_more_faces() -> None:
    probabilities, targets = predictions()
    few = measure(probabilities, targets, LABELS)["labels"]["with_mask"]["f1"]
    many = measure(np.tile(probabilities, (25, 1)), np.tile(targets, 25), LABELS)
    many = many["labels"]["with_mask"]["f1"]
    assert many["value"] == few["value"]
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 3


def test_an_absent_label_has_no_precision() -> None:
    reported = measure(np.array([[0.9, 0.1, 0.0]] * 4, np.float32), np.array([0, 0, 1, 0]), LABELS)
    assert reported["labels"]["incorrect_mask"]["precision"]["value"] is None
    assert reported["labels"]["incorrect_mask"]["recall"]["value"] is None
    assert reported["labels"]["incorrect_mask"]["f1"]["value"] == 0


def test_binary_accuracy_counts_incorrect_masks_as_unmasked() -> None:
    targets, found = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 2, 2, 0, 1, 2])
    assert binary_accuracy(targets, found)["value"] == pytest.approx(4 / 6, abs=1e-4)


@pytest.mark.parametrize(
    ("train", "test", "word"),
    [
        (0.95, 0.93, "Not overfitted"),
        (0.951, 0.93, "OVERFITTED"),
        (0.90, 0.95, "Not overfitted"),
        (0.9999, 0.9799, "Not overfitted"),
        (1.0, 0.5, "OVERFITTED"),
    ],
)
def test_the_verdict_on_overfitting(train: float, test: float, word: str) -> None:
    reported = overfitting(train, 0.94, test)
    assert reported["verdict"].startswith(f"{word}: ")
    assert (reported["train"], reported["val"], reported["test"]) == (train, 0.94, test)
    assert reported["gap_points"] == pytest.approx(100 * (train - test))
    assert f"{abs(reported['gap_points']):.1f} points" in reported["verdict"]


def measured(confusion: list[list[int]]) -> dict[str, Any]:
    rows = [(t, a) for t, row in enumerate(confusion) for a, n in enumerate(row) for _ in range(n)]
    targets, found = np.array(rows).T
    size = len(confusion)
    return measure(np.eye(size, dtype=np.float32)[found], targets, LABELS[:size])


@pytest.mark.parametrize(
    ("confusion", "words"),
    [
        ([[18, 2], [1, 19]], ""),
        ([[10, 10], [10, 10]], "NOT LEARNED: the mean recall of the labels is 50.0%, not more"),
        ([[13, 7], [6, 14]], ""),
        ([[12, 8], [7, 13]], "too few"),
        ([[1, 0], [0, 1]], "too few"),
        ([[185, 5], [0, 10]], ""),
        ([[10, 0], [3, 1]], "too few"),
        ([[9, 0], [4, 0]], "NOT LEARNED: the mean recall"),
        ([[40, 1, 0], [5, 0, 0], [0, 0, 9]], "NOT LEARNED: none of the 5 test faces of without_ma"),
        ([[40, 1, 0], [4, 0, 0], [0, 0, 9]], ""),
        ([[1, 6, 0], [0, 1, 6], [2, 0, 5]], "NOT LEARNED: the mean recall of the labels is 33.3%"),
        ([[190, 10, 0], [5, 195, 0], [9, 1, 0]], ""),
        ([[190, 10, 0], [5, 195, 0], [0, 0, 0]], ""),
        ([[9, 0], [0, 0]], "too few"),
    ],
)
def test_a_model_that_has_not_learned_is_reported(confusion: list[list[int]], words: str) -> None:
    """One of few faces that may have learned keeps the verdict on overfitting."""
    part = measured(confusion)
    verdict = overfitting(0.5, 0.5, 0.5, not_learned(part), too_few_to_tell(part))["verdict"]
    assert verdict.startswith(words if words.startswith("NOT") else "Not overfitted")
    assert ("too few test faces to tell" in verdict) == (words == "too few")


def test_few_faces_are_reported_as_an_interval() -> None:
    assert "between 77 and 96 of 100" in in_words(proportion(36, 40))


def sizes(rng: np.random.Generator, targets: np.ndarray, leaking: bool) -> np.ndarray:
    step = targets[:, None] * 100 if leaking else 0
    return rng.integers(100, 160, (len(targets), 2)) + step


@pytest.mark.parametrize(("leaking", "low", "high"), [(True, 1.0, 1.0), (False, 0.35, 0.65)])
def test_the_baseline_is_accurate_only_if_size_leaks_the_label(
    leaking: bool, low: float, high: float
) -> None:
    rng = np.random.default_rng(0)
    train, test = rng.integers(0, 2, 400), rng.integers(0, 2, 200)
    reported = trivial_baseline(sizes(rng, train, leaking), train, sizes(rng, test, leaking), test)
    assert low <= reported["value"] <= high
    assert reported["of"] == 200
