"""The shipped model on real photos."""

from __future__ import annotations

import pytest

from inference import MaskDetector, read_picture
from inference.vision.detector import Verdict
from tests.real import choose, needs_photos

pytestmark = pytest.mark.slow

MANY = 40
FLOORS = {"with_mask": 0.9, "without_mask": 0.85, "incorrect_mask": 0.8}
"""Share of the detected faces that must be classified correctly; unsure is not correct.

Among the photos without a mask are many small, turned and lowered faces: 35 of 40 are correct.
"""
FOUND = 0.8
"""Share of the photos, many of them cut tight, whose face must be detected."""


@needs_photos
@pytest.mark.parametrize("label", FLOORS)
def test_most_faces_are_classified_correctly(
    label: str, photo_detector: MaskDetector, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = choose(label, MANY)
    results = [photo_detector.detect(read_picture(photo)) for photo in photos]
    main = [max(verdicts, key=prominence).label for verdicts in results if verdicts]
    right = main.count(label)
    with capsys.disabled():
        print(
            f"\n{label:<15} {len(main)} of {len(photos)} faces found, {right} classified correctly "
            f"({right / max(1, len(main)):.0%}), {main.count('unsure')} unsure"
        )
    assert len(photos) == MANY
    assert len(main) >= FOUND * MANY
    assert right / len(main) >= FLOORS[label]


def prominence(verdict: Verdict) -> float:
    """The photo's label is that of its largest sure face."""
    return verdict.score * verdict.box.area
