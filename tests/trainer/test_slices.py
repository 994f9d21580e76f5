"""Faces are sorted into the slices that their crops show."""

from __future__ import annotations

import numpy as np
import pytest

from inference.geometry import Floats
from trainer.metrics import Targets
from trainer.slices import SIZES, by_kind, mask_kinds, reduce_faces, skin_tones, slice_faces

SIDE = 64


def painted(colour: tuple[int, int, int], cloth: Floats | tuple[int, int, int]) -> Floats:
    """A crop of one colour with a cloth over its lower half: shape (SIDE, SIDE, 3)."""
    crop = np.full((SIDE, SIDE, 3), colour, np.float32)
    crop[SIDE // 2 :] = cloth
    return crop


STRIPES = np.where(np.arange(SIDE) % 6 < 3, 40, 210)[None, :, None].astype(np.float32)


@pytest.mark.parametrize(
    ("cloth", "kind"),
    [((225, 230, 235), "light"), ((35, 30, 40), "dark"), ((90, 130, 170), "plain"),
     (STRIPES, "patterned")],
)  # fmt: skip
def test_the_cloth(cloth: Floats | tuple[int, int, int], kind: str) -> None:
    assert mask_kinds(painted((200, 160, 140), cloth)[None]).tolist() == [kind]


def test_slow_shading_is_no_pattern() -> None:
    shaded = np.linspace(90, 170, SIDE, dtype=np.float32)[None, :, None]
    assert mask_kinds(painted((200, 160, 140), shaded)[None]).tolist() == ["plain"]


@pytest.mark.parametrize(
    ("colour", "tone"),
    [((240, 205, 190), "light"), ((190, 140, 110), "medium"), ((85, 55, 40), "dark"),
     ((120, 120, 120), "")],
)  # fmt: skip
def test_the_skin(colour: tuple[int, int, int], tone: str) -> None:
    cloth = colour if not tone else (90, 130, 170)  # a grey picture is grey all over
    assert skin_tones(painted(colour, cloth)[None]).tolist() == [tone]


@pytest.mark.parametrize("face", SIZES.values())
def test_a_reduced_face_has_lost_what_is_finer(face: int) -> None:
    fine = painted((200, 160, 140), STRIPES)[None]
    reduced = reduce_faces(fine, face)
    assert reduced.shape == fine.shape
    assert reduced.mean() == pytest.approx(fine.mean(), abs=3)
    left = reduced[0, -20:].std() / fine[0, -20:].std()
    assert left < (0.5 if face < 30 else 0.9)


def test_each_kind_is_measured_by_itself() -> None:
    kinds = np.array(["a", "a", "b", ""])
    told = by_kind(kinds, np.array([0, 1, 0, 0]), np.array([0, 0, 0, 1]))
    assert {kind: (one["value"], one["of"]) for kind, one in told.items()} == {
        "a": (0.5, 2), "b": (1.0, 1),
    }  # fmt: skip


def test_all_slices_of_a_part() -> None:
    """Two masks, one pasted; one bare face; judged wrongly once they are as small as can be."""
    skin, blue = (85, 55, 40), (90, 130, 170)
    crops = np.stack([painted(skin, blue), painted(skin, blue), painted(skin, skin)])
    crops += np.asarray(np.random.default_rng(1).normal(0, 8, crops.shape), np.float32)

    def judge(inputs: Floats) -> Targets:
        blurred = np.abs(np.diff(inputs, axis=2)).mean() < 1
        return np.array([1, 1, 0] if blurred else [0, 1, 1])

    sources = ["karan_artificial", "rmfd", "yawdd"]
    told = slice_faces(crops, sources, np.array([0, 0, 1]), judge)
    values = {heading: {kind: (one["value"], one["of"]) for kind, one in kinds.items()}
              for heading, kinds in told.items()}  # fmt: skip
    assert values["masks"] == {"pasted or rendered": (1.0, 1), "real": (0.0, 1)}
    assert values["cloth of real masks"] == {"plain": (0.0, 1)}
    assert values["skin, masked"] == {"dark": (0.5, 2)}
    assert values["skin, unmasked"] == {"dark": (1.0, 1)}
    assert values["size of the same faces"]["as they are"] == (0.6667, 3)
    assert values["size of the same faces"]["12–16 px"] == (0.0, 3)
