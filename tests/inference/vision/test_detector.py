"""From a picture to verdicts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inference import MaskDetector, PictureError, Verdict
from inference.contract import ROOT, Contract
from inference.labels import TOO_SMALL, UNSURE
from inference.vision.faces import decide
from inference.vision.geometry import Box
from inference.vision.litert import LiteRtModel
from tests.frames import FRAMES, astronaut, astronaut_masked, empty, two_faces


@pytest.fixture
def detector(photo_detector: MaskDetector) -> MaskDetector:
    """The detector under test."""
    return photo_detector


@pytest.fixture
def with_contract(photo_detector: MaskDetector) -> Callable[..., MaskDetector]:
    """A detector whose contract says something else."""

    def change(**fields: Any) -> MaskDetector:
        changed = object.__new__(MaskDetector)
        changed.__dict__.update(photo_detector.__dict__)
        changed.contract = replace(photo_detector.contract, **fields)
        return changed

    return change


def test_the_bare_face_has_no_mask(detector: MaskDetector) -> None:
    (verdict,) = detector.detect(astronaut())
    assert verdict.label == "without_mask"


def test_the_masked_face_has_one(detector: MaskDetector) -> None:
    (verdict,) = detector.detect(astronaut_masked())
    assert verdict.label == "with_mask"


def test_of_two_faces_each_gets_its_own_verdict(detector: MaskDetector) -> None:
    left, right = sorted(detector.detect(two_faces()), key=lambda verdict: verdict.box.left)
    assert (left.label, right.label) == ("with_mask", "without_mask")


def test_without_faces_no_verdict_is_reported(detector: MaskDetector) -> None:
    assert detector.detect(empty()) == []


def test_a_verdict_adds_up(detector: MaskDetector) -> None:
    for verdict in detector.detect(two_faces()):
        assert list(verdict.probabilities) == detector.contract.labels
        assert sum(verdict.probabilities.values()) == pytest.approx(1, abs=1e-3)
        assert verdict.probability == max(verdict.probabilities.values())


def test_below_the_threshold_it_is_unsure(with_contract: Callable[..., MaskDetector]) -> None:
    (sure,) = with_contract(unsure_below=0.0).detect(astronaut())
    (unsure,) = with_contract(unsure_below=1.01).detect(astronaut())
    assert sure.label in sure.probabilities
    assert unsure == replace(sure, label=UNSURE)


def test_small_faces_are_not_classified(with_contract: Callable[..., MaskDetector]) -> None:
    (large,) = with_contract(smallest_face=50.0).detect(astronaut())
    (small,) = with_contract(smallest_face=500.0).detect(astronaut())
    assert large.label != TOO_SMALL
    assert small == Verdict(large.box, large.score, TOO_SMALL, 0.0, {})


def test_a_small_face_does_not_shift_the_others_verdicts(
    with_contract: Callable[..., MaskDetector],
) -> None:
    plain = with_contract().detect(two_faces())
    limit = max(max(v.box.width, v.box.height) for v in plain) - 1
    mixed = with_contract(smallest_face=limit).detect(two_faces())
    assert sorted(v.label == TOO_SMALL for v in mixed) == [False, True]
    for before, after in zip(plain, mixed, strict=True):
        assert after.box == before.box
        assert after.label in (TOO_SMALL, before.label)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((480, 640), np.uint8),
        np.zeros((480, 640, 4), np.uint8),
        np.zeros((480, 640, 3), np.float32),
        np.zeros((0, 640, 3), np.uint8),
        np.zeros((1, 480, 640, 3), np.uint8),
        "photo.jpg",
        None,
    ],
    ids=["grey", "alpha", "float", "empty", "batch", "name", "none"],
)
def test_an_invalid_image_is_refused(detector: MaskDetector, image: Any) -> None:
    with pytest.raises(PictureError, match=r"Expected uint8 RGB of shape \(height, width, 3\)"):
        detector.detect(image)


def test_two_predictions_at_once_never_mix(detector: MaskDetector) -> None:
    frames = [FRAMES[name]() for name in ("astronaut", "astronaut_masked", "two_faces", "empty")]
    alone = [detector.detect(frame) for frame in frames]

    def run(number: int) -> bool:
        return all(detector.detect(frames[number]) == alone[number] for _ in range(3))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(run, range(4)))


def test_the_picture_is_not_modified(detector: MaskDetector) -> None:
    frame = astronaut()
    detector.detect(frame)
    assert (frame == astronaut()).all()


def test_a_view_of_a_picture_is_as_good(detector: MaskDetector) -> None:
    """Turned or mirrored arrays are not contiguous in memory."""
    mirrored = two_faces()[:, ::-1]
    assert detector.detect(mirrored) == detector.detect(np.ascontiguousarray(mirrored))


@pytest.mark.parametrize("export", ["tflite_float16", "tflite_int8"])
def test_the_smaller_exports_agree_on_the_golden_input(contract: Contract, export: str) -> None:
    model = LiteRtModel((ROOT / contract.exports[export].file).read_bytes())
    (found,) = model.run(contract.golden_image()[None].astype(np.float32))
    assert found[0] == pytest.approx(contract.golden_output, abs=0.1)


def test_a_verdict_as_json() -> None:
    verdict = Verdict(
        Box(1.234, 2, 3, 4), 0.98765432, "with_mask", 0.87654321, {"with_mask": 0.87654321}
    )
    assert verdict.as_dict() == {
        "label": "with_mask",
        "probability": 0.8765,
        "probabilities": {"with_mask": 0.8765},
        "box": {"left": 1.2, "top": 2, "right": 3, "bottom": 4},
        "score": 0.9877,
    }


@pytest.mark.parametrize(
    ("probabilities", "below", "expected"),
    [
        ([0.2, 0.8], 0.8, ("no", 0.8)),
        ([0.2, 0.8], 0.81, (UNSURE, 0.8)),
        ([0.5, 0.5], 0.5, ("yes", 0.5)),
    ],
)
def test_decide(probabilities: list[float], below: float, expected: tuple[str, float]) -> None:
    assert decide(np.array(probabilities), ["yes", "no"], below) == expected
