"""Tests that the drawing primitives change the intended parts of the face."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from inference.vision.centerface import CenterFace
from inference.vision.detections import Point
from inference.vision.geometry import Box, Image, sample
from tests.frames import EYES, astronaut, astronaut_masked
from trainer.config import detector_settings
from trainer.data.accessories import (
    gaiter,
    glasses,
    headgear,
    hood,
    other_head,
    respirator,
    sheet,
)
from trainer.data.occlusion_drawing import (
    Cloths,
    FaceCoordinates,
    cloth,
    composite,
    coverage,
    extract_cloth,
    mask_outline,
    rounded,
)
from trainer.data.synthetic import (
    CASES,
    beard,
    below_nose,
    hand,
    hanging,
    mask_worn,
    on_chin,
    scarf,
)

SIDE = 128
DRAWS = 12
ABOVE_THE_EYES = {"raised", "headgear", "hood", "glasses"}


def crop(frame: Image) -> Image:
    """A crop as it is stored: uint8, shape (SIDE, SIDE, 3)."""
    (x, y), (x2, y2) = EYES
    x, y = (x + x2) / 2, (y + y2) / 2 + 30
    return np.rint(sample(frame, Box(x - 160, y - 160, x + 160, y + 160), SIDE, SIDE)).astype(
        np.uint8
    )


@pytest.fixture(scope="module")
def detector() -> CenterFace:
    return CenterFace(detector_settings())


@pytest.fixture(scope="module")
def image() -> Image:
    return crop(astronaut())


@pytest.fixture(scope="module")
def frame(detector: CenterFace, image: Image) -> FaceCoordinates:
    found = FaceCoordinates.of(detector.detect(image)[0].points)
    assert found
    return found


@pytest.fixture(scope="module")
def cloths(detector: CenterFace) -> Cloths:
    masked = crop(astronaut_masked())
    found = FaceCoordinates.of(detector.detect(masked)[0].points)
    assert found
    return [(masked, found)]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(4)


def at(image: Image, frame: FaceCoordinates, spot: tuple[float, float]) -> np.ndarray:
    """Return the mean color around a point of the face."""
    ((x, y),) = np.rint(frame.to_pixels(np.array([spot]))).astype(int)
    return image[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3).astype(float).mean(axis=0)


def test_face_coordinates_have_their_origin_between_the_eyes(frame: FaceCoordinates) -> None:
    """One unit is the distance between the eyes; the nose is below them and above the mouth."""
    (x, y), (x2, y2) = ((np.array(eye) - (328.5 - 160, 213 - 160)) * SIDE / 320 for eye in EYES)
    assert frame.eyes == pytest.approx([(x + x2) / 2, (y + y2) / 2], abs=2.5)
    assert np.hypot(*frame.right) == pytest.approx(np.hypot(x2 - x, y2 - y), rel=0.25)
    assert frame.right @ frame.down == pytest.approx(0, abs=1e-6)
    assert 0 < frame.nose[1] < frame.mouth[1]
    assert frame.down[1] > 0


def test_pixels_follow_the_eyes_the_nose_and_the_mouth(frame: FaceCoordinates) -> None:
    spots = np.array([[0, 0], [0, frame.mouth[1]]])
    placed = frame.to_pixels(spots)
    assert placed[0] == pytest.approx(frame.eyes)
    assert frame.to_local(placed)[1] == pytest.approx(frame.mouth, abs=1e-6)


@pytest.mark.parametrize(
    "points",
    [
        ((50, 50), (50, 50), (50, 60), (50, 70)),
        ((40, 50), (60, 50), (50, 45), (50, 70)),
        ((40, 50), (60, 50), (50, 70), (50, 60)),
        ((40, 50), (60, 50), (80, 60), (50, 70)),
    ],
    ids=["one eye", "nose above the eyes", "mouth above the nose", "nose beside the face"],
)
def test_implausible_landmarks_have_no_coordinates(points: tuple[Point, ...]) -> None:
    floats = tuple((float(x), float(y)) for x, y in points)
    assert FaceCoordinates.of(floats) is None


def test_corners_are_rounded_inwards() -> None:
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    smooth = rounded(square)
    assert len(smooth) > len(square)
    assert 0 <= smooth.min() <= smooth.max() <= 1
    assert min(np.hypot(*(smooth - corner).T).min() for corner in square) > 0.1


def test_coverage_is_1_inside_and_0_outside() -> None:
    outline = np.array([[20.0, 20.0], [80.0, 20.0], [80.0, 80.0], [20.0, 80.0]])
    covered = coverage(outline, SIDE, 1.0)
    assert covered.shape == (SIDE, SIDE, 1)
    assert covered[50, 50] == pytest.approx(1)
    assert covered[110, 110] == 0
    assert covered.sum() == pytest.approx(60 * 60, rel=0.06)


def test_compositing_changes_only_pixels_near_the_outline(
    image: Image, rng: np.random.Generator
) -> None:
    outline = np.array([[40.0, 60.0], [80.0, 60.0], [80.0, 90.0], [40.0, 90.0]])
    result = composite(image, outline, np.zeros((SIDE, SIDE, 3), np.float32), rng)
    assert result.dtype == np.uint8
    assert result[70:80, 50:70].max() < 5
    assert (result[:40] == image[:40]).all()
    assert (result[-15:] == image[-15:]).all()


def test_cloths_differ(rng: np.random.Generator) -> None:
    some = [cloth(SIDE, rng) for _ in range(20)]
    assert all(one.shape == (SIDE, SIDE, 3) and one.dtype == np.float32 for one in some)
    assert np.std([one.mean(axis=(0, 1)) for one in some], axis=0).min() > 20


def test_extracted_cloth_has_the_masks_color(cloths: Cloths) -> None:
    patch = extract_cloth(*cloths[0], SIDE)
    assert patch.shape == (SIDE, SIDE, 3)
    assert patch[..., 2].mean() > patch[..., 0].mean() + 15, "the drawn mask is blue"


def test_a_masks_outline_lies_between_its_levels(
    frame: FaceCoordinates, rng: np.random.Generator
) -> None:
    for _ in range(DRAWS):
        outline = mask_outline(frame, 0.3, 1.7, rng)
        assert outline[:, 1].min() > -0.4
        assert outline[:, 1].max() < 2.1
        assert np.ptp(outline[:, 0]) > 1.2


@pytest.mark.parametrize(
    ("draw", "nose", "mouth"),
    [
        (mask_worn, True, True),
        (below_nose, False, True),
        (on_chin, False, False),
        (hanging, False, False),
        (scarf, False, False),
        (beard, False, False),
        (gaiter, True, True),
        (respirator, True, True),
        (sheet, True, True),
        (other_head, None, True),
        (headgear, False, False),
        (hood, False, False),
        (glasses, False, False),
    ],
)
def test_covered_parts_match_the_label(
    draw: Callable[..., Image],
    nose: bool | None,
    mouth: bool,
    image: Image,
    frame: FaceCoordinates,
    cloths: Cloths,
    rng: np.random.Generator,
) -> None:
    """Compares the colors of the tip of the nose and of the mouth; None: either."""
    spots = {"nose": (0.0, frame.nose[1] * 0.95), "mouth": (0.0, frame.mouth[1])}
    moved: dict[str, list[float]] = {name: [] for name in spots}
    for _ in range(DRAWS):
        result = draw(image, frame, cloths, rng)
        for name, spot in spots.items():
            moved[name].append(np.abs(at(result, frame, spot) - at(image, frame, spot)).max())
    for name, covered in (("nose", nose), ("mouth", mouth)):
        share = np.mean(np.array(moved[name]) > 12)
        assert covered is None or (share >= 0.8 if covered else share <= 0.35), (name, moved[name])


@pytest.mark.parametrize("name", CASES)
def test_every_case_varies_and_changes_the_picture(
    name: str, image: Image, frame: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> None:
    results = [CASES[name].draw(image, frame, cloths, rng) for _ in range(DRAWS)]
    for result in results:
        assert result.shape == image.shape
        assert result.dtype == np.uint8
        assert (result != image).any()
        above = slice(0, int(frame.eyes[1]) - 4)
        covered = np.abs(result[above].astype(int) - image[above]).mean()
        assert covered < 4 or name.split(maxsplit=1)[0] in ABOVE_THE_EYES
    assert len({result.tobytes() for result in results}) == DRAWS


def test_a_hand_is_as_bright_as_the_face(
    image: Image, frame: FaceCoordinates, rng: np.random.Generator
) -> None:
    skin = at(image, frame, (0.5, 0.5)).mean()
    for _ in range(DRAWS):
        drawn = hand(image, frame, [], rng)
        changed = np.abs(drawn.astype(int) - image).max(axis=2) > 20
        assert 0.3 * skin < drawn[changed].mean() < 1.3 * skin


def test_cases_without_real_cloth(
    image: Image, frame: FaceCoordinates, rng: np.random.Generator
) -> None:
    for case in CASES.values():
        assert case.draw(image, frame, [], rng).shape == image.shape
