"""Verdicts drawn on pictures."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageColor

from inference import Verdict, read_picture
from inference.contract import Contract
from inference.labels import LABELS, TOO_SMALL, UNSURE
from inference.vision.annotate import annotate, encode_jpeg, place_words
from inference.vision.geometry import Box, Image


def verdict(label: str, box: Box) -> Verdict:
    return Verdict(box, 0.9, label, 0.8, {})


def grey(height: int = 200, width: int = 300) -> Image:
    return np.full((height, width, 3), 127, np.uint8)


def ink(label: str) -> int:
    """Pixels of the box's lower edge, below any word, that have the verdict's colour."""
    drawn = annotate(grey(), [verdict(label, Box(50, 60, 250, 180))])
    colour = ImageColor.getrgb(LABELS[label].color)
    return int((drawn[150:] == colour).all(axis=2).sum())


def test_every_label_has_its_own_style(contract: Contract) -> None:
    labels = [*contract.labels, UNSURE]
    assert len({(LABELS[label].color, LABELS[label].border) for label in labels}) == len(labels)
    labels.append(TOO_SMALL)
    assert len({LABELS[label].word for label in labels}) == len(labels)


def test_the_borders_differ_in_shape_too() -> None:
    solid, double, dashed, dotted = (
        ink(label) for label in ("with_mask", "without_mask", "incorrect_mask", UNSURE)
    )
    assert double > solid > dashed > dotted > 0


def test_annotating_does_not_modify_the_picture() -> None:
    image = grey()
    annotate(image, [verdict("with_mask", Box(50, 60, 250, 180))])
    assert (image == 127).all()


def test_without_faces_the_picture_stays_the_same() -> None:
    assert (annotate(grey(), []) == grey()).all()


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    "box",
    [Box(-40, -40, 30, 30), Box(280, 190, 400, 300), Box(5, 5, 5.2, 5.2), Box(-9, -9, 999, 999)],
    ids=["corner", "beyond", "tiny", "all"],
)
@pytest.mark.parametrize("shape", [(200, 300), (1, 1), (2, 940)])
def test_any_box_in_any_picture(label: str, box: Box, shape: tuple[int, int]) -> None:
    assert annotate(grey(*shape), [verdict(label, box)]).shape == (*shape, 3)


FREE = [
    ((20, 50, 60, 80), (20, 38, 50, 48)),
    ((20, 5, 60, 80), (20, 82, 50, 92)),
    ((20, 5, 60, 95), (20, 7, 50, 17)),
    ((20, -9, 60, 95), (20, 0, 50, 10)),
    ((90, 50, 95, 60), (70, 38, 100, 48)),
    ((-5, 50, 60, 60), (0, 38, 30, 48)),
]


@pytest.mark.parametrize(("box", "expected"), FREE)
def test_words_stand_above_the_box_below_it_or_within(
    box: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert place_words(Box(*box), [(30, 10)], 2, (100, 100), []) == (0, expected)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        (Box(0, 30, 25, 48), (0, (20, 82, 50, 92))),
        (Box(35, 0, 100, 100), (1, (20, 38, 30, 48))),
        (Box(0, 0, 100, 100), (1, (20, 38, 30, 48))),
    ],
)
def test_words_cover_no_other_face(taken: Box, expected: tuple[int, tuple[int, ...]]) -> None:
    sizes = [(30, 10), (10, 10)]
    assert place_words(Box(20, 50, 60, 80), sizes, 2, (100, 100), [taken]) == expected


def test_jpeg() -> None:
    found = read_picture(encode_jpeg(grey()))
    assert np.abs(found.astype(int) - grey()).max() <= 2
