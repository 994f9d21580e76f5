"""Tests when a new model counts as worse."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.evaluate.comparison import Comparison


def compare(
    faces: int, lost: int, won: int = 0, labels: int = 1, independent: bool = True
) -> Comparison:
    """Compare on `faces` of each label; the first label loses `lost` and gains `won` of them."""
    targets = np.repeat(np.arange(labels), faces)
    present, new = np.ones((2, len(targets)), bool)
    new[:lost] = False
    present[lost : lost + won] = False
    return Comparison("faces", targets, present, new, independent)


@pytest.mark.parametrize(
    ("lost", "won", "p_value"), [(0, 0, 1), (0, 5, 1), (5, 0, 1 / 32), (4, 1, 6 / 32), (1, 1, 0.75)]
)
def test_the_p_value_is_that_of_the_exact_mcnemar_test(lost: int, won: int, p_value: float) -> None:
    assert compare(100, lost, won).p_value == pytest.approx(p_value)


def test_equal_and_better_models_are_not_worse() -> None:
    assert compare(40, lost=0).problems() == []
    assert compare(40, lost=3, won=9).problems() == []


def test_no_label_may_lose_more_than_one_face_or_two_percent() -> None:
    assert compare(12, lost=1, labels=2).problems() == []
    assert compare(12, lost=2, labels=2).problems() == ["faces, with_mask 12 → 10 of 12"]
    assert compare(200, lost=4).problems() == []
    assert compare(200, lost=5).problems() == ["faces, with_mask 200 → 195 of 200"]


def test_a_significant_loss_is_worse_even_if_it_is_small() -> None:
    assert compare(1000, lost=5).problems() == ["faces 1000 → 995 of 1000"]
    assert compare(1000, lost=5, independent=False).problems() == [], "variants of the same face"


def test_a_constant_model_is_worse_on_six_faces() -> None:
    """A model of 50 % was exported without a word before."""
    assert compare(3, lost=3, labels=2).problems() == ["faces, with_mask 3 → 0 of 3"]
