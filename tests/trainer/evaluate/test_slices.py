"""Tests the classification of crops into slices."""

from __future__ import annotations

import numpy as np
import pytest

from inference.vision.geometry import Floats
from trainer.evaluate.slices import (
    SIZES,
    by_kind,
    mask_kinds,
    reduce_faces,
    size_kinds,
    skin_tones,
    slices_of,
)

SIDE = 64


def painted(color: tuple[int, int, int], cloth: Floats | tuple[int, int, int]) -> Floats:
    """Return a crop of one color with cloth over its lower half: shape (SIDE, SIDE, 3)."""
    crop = np.full((SIDE, SIDE, 3), color, np.float32)
    crop[SIDE // 2 :] = cloth
    return crop


STRIPES = np.where(np.arange(SIDE) % 6 < 3, 40, 210)[None, :, None].astype(np.float32)


@pytest.mark.parametrize(
    ("cloth", "kind"),
    [
        ((225, 230, 235), "light"),
        ((35, 30, 40), "dark"),
        ((90, 130, 170), "plain"),
        (STRIPES, "patterned"),
    ],
)
def test_kinds_of_cloth(cloth: Floats | tuple[int, int, int], kind: str) -> None:
    assert mask_kinds(painted((200, 160, 140), cloth)[None]).tolist() == [kind]


def test_size_classes() -> None:
    sizes = np.array([0.0, 12.0, 15.9, 16.0, 40.0, 64.0, 300.0])
    assert size_kinds(sizes).tolist() == [
        "",
        "under 16 px",
        "under 16 px",
        "16–32 px",
        "32–64 px",
        "from 64 px",
        "from 64 px",
    ]


def test_gradual_shading_is_not_a_pattern() -> None:
    shaded = np.linspace(90, 170, SIDE, dtype=np.float32)[None, :, None]
    assert mask_kinds(painted((200, 160, 140), shaded)[None]).tolist() == ["plain"]


@pytest.mark.parametrize(
    ("color", "tone"),
    [
        ((240, 205, 190), "light"),
        ((190, 140, 110), "medium"),
        ((85, 55, 40), "dark"),
        ((120, 120, 120), ""),
        ((150, 160, 210), ""),
    ],
)
def test_skin_tones(color: tuple[int, int, int], tone: str) -> None:
    cloth = color if not tone else (90, 130, 170)  # grey and bluish pictures are so all over
    assert skin_tones(painted(color, cloth)[None]).tolist() == [tone]


@pytest.mark.parametrize("face", SIZES.values())
def test_a_reduced_face_loses_fine_detail(face: int) -> None:
    fine = painted((200, 160, 140), STRIPES)[None]
    reduced = reduce_faces(fine, face)
    assert reduced.shape == fine.shape
    assert reduced.mean() == pytest.approx(fine.mean(), abs=3)
    left = reduced[0, -20:].std() / fine[0, -20:].std()
    assert left < (0.5 if face < 30 else 0.9)


def test_accuracy_is_measured_per_kind() -> None:
    kinds = np.array(["a", "a", "b", ""])
    reported = by_kind(kinds, np.array([0, 1, 0, 0]), np.array([0, 0, 0, 1]))
    assert {kind: (one["value"], one["of"]) for kind, one in reported.items()} == {
        "a": (0.5, 2),
        "b": (1.0, 1),
    }


def test_each_crop_has_the_kinds_of_its_label() -> None:
    """The crops are a pasted mask, a real mask, an unmasked face and a mask worn incorrectly."""
    skin, blue = (85, 55, 40), (90, 130, 170)
    crops = np.stack([painted(skin, cloth) for cloth in (blue, blue, skin, blue)])
    sources = ["karan_artificial", "rmfd", "yawdd", "jamesnogra"]
    kinds = slices_of(crops, sources, np.array([0, 0, 1, 2]))
    assert {heading: reported.tolist() for heading, reported in kinds.items()} == {
        "masks": ["pasted or rendered", "real", "", ""],
        "cloth of real masks": ["", "plain", "", ""],
        "masks worn incorrectly": ["", "", "", "real"],
        "skin, masked": ["dark", "dark", "", ""],
        "skin, unmasked": ["", "", "dark", ""],
    }
