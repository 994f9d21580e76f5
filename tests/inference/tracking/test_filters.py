"""Smoothing over time; what the page's tests say of its twin."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inference.tracking.filters import BoxFilter, OneEuro, OneEuroOptions, ProbabilityFilter
from inference.tracking.tracker import TRACKER
from inference.vision.geometry import Box


def box_at(x: float, y: float, side: float) -> Box:
    return Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)


def test_the_first_value_is_unchanged_and_a_still_one_stays() -> None:
    one = OneEuro(TRACKER.box)
    assert [one.update(42, 0.1, 10) for _ in range(5)] == [42] * 5
    assert one.speed == 0


def test_one_euro_is_the_papers_formula() -> None:
    one = OneEuro(OneEuroOptions(min_cutoff=1, beta=0.5, speed_cutoff=2))
    one.update(0, 0.1, 1)
    speed = 10 * (1 / (1 + 1 / (2 * math.pi * 2) / 0.1))
    cutoff = 1 + 0.5 * speed
    weight = 1 / (1 + 1 / (2 * math.pi * cutoff) / 0.1)
    assert one.update(1, 0.1, 1) == pytest.approx(weight, abs=1e-12)
    assert one.speed == pytest.approx(speed, abs=1e-12)


@pytest.mark.parametrize("rate", [15, 30])
def test_a_still_box_is_calmer_than_it_was_found(rate: int) -> None:
    random = np.random.default_rng(1)
    smooth = BoxFilter(TRACKER.box)
    found = 320 + 3 * random.normal(size=rate * 20)
    smoothed = []
    for i, x in enumerate(found.tolist()):
        smooth.update(box_at(x, 240, 150), i * 1000 / rate)
        smoothed.append((smooth.box.left + smooth.box.right) / 2)
    assert np.std(smoothed[rate:]) < 0.6 * np.std(found[rate:])


def test_probabilities_sum_to_1_and_the_first_result_is_unchanged() -> None:
    smooth = ProbabilityFilter(TRACKER)
    assert smooth.update([0.7, 0.2, 0.1], 0) == pytest.approx([0.7, 0.2, 0.1])
    smoothed = smooth.update([0.1, 0.8, 0.1], 100)
    assert sum(smoothed) == pytest.approx(1)
    assert 0.1 < smoothed[0] < 0.7


def test_one_result_after_a_gap_does_not_outweigh_earlier_ones() -> None:
    smooth = ProbabilityFilter(TRACKER)
    for now in range(0, 1001, 50):
        smooth.update([0.97, 0.03], now)
    assert smooth.update([0.03, 0.97], 9000)[0] > 0.5


def test_a_single_result_is_never_certain() -> None:
    smooth = ProbabilityFilter(TRACKER)
    smooth.update([1, 0], 0)
    assert 0.5 < smooth.update([0, 1], 500)[0] < 0.9


def test_forgotten_faces_no_longer_count() -> None:
    smooth = ProbabilityFilter(TRACKER)
    smooth.update([1, 0], 0)
    smooth.reset()
    assert smooth.update([0.2, 0.8], 10) == pytest.approx([0.2, 0.8])
