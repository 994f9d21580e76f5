"""Verdicts drawn on pictures."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageColor

from inference import Verdict, read_picture
from inference.contract import Contract
from inference.labels import LABELS, TOO_SMALL, UNSURE
from inference.vision.annotate import annotate, encode_jpeg
from inference.vision.geometry import Box, Image
from inference.vision.placement import Placement


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


def test_the_texts_of_a_video_keep_their_places() -> None:
    placements: dict[int, Placement] = {}
    faces = [verdict("with_mask", Box(20, 60, 90, 150))]
    annotate(grey(), faces, [7], placements)
    assert placements[7].spot == "above-left"
    placements[7] = placements[7]._replace(spot="below-right")
    annotate(grey(), faces, [7], placements)
    assert placements[7].spot == "below-right"
    annotate(grey(), faces, [8], placements)
    assert list(placements) == [8]


def test_a_text_keeps_its_kind_when_a_crowd_shortens_all_texts() -> None:
    """In a crowd the texts have no probability, so that the same word is another alternative."""
    placements: dict[int, Placement] = {}
    boxes = [Box(x, y, x + 100, y + 120) for y in (60, 360, 660) for x in range(60, 900, 180)]
    faces = [verdict("with_mask", box) for box in boxes]
    image = grey(900, 900)
    annotate(image, faces[:9], range(9), placements)
    assert placements[0].which == 0
    word = placements[0]._replace(which=1, spot="below-right")
    for count in (10, 9, 1):
        placements[0] = word
        annotate(image, faces[:count], range(count), placements)
        assert placements[0].spot == "below-right", "the word is still known as the word"
        assert placements[0].which == int(count == 10)


@pytest.mark.parametrize("label", ["with_mask", "without_mask"])
def test_one_face_without_room_for_a_word_has_its_symbol(label: str) -> None:
    drawn = annotate(grey(40, 40), [verdict(label, Box(5, 10, 35, 40))])
    text = ImageColor.getrgb(LABELS[label].text_color)
    assert (drawn == text).all(axis=2).sum() > 4


def test_jpeg() -> None:
    found = read_picture(encode_jpeg(grey()))
    assert np.abs(found.astype(int) - grey()).max() <= 2
