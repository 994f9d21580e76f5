"""Which detections are of which faces; twin of ``web/static/js/tracking/association.js``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inference.tracking.appearance import Appearance, ColorImage, extract_appearance
from inference.tracking.template import GrayImage, Template, extract_template, follow
from inference.tracking.track import TrackedFace
from inference.vision.detections import Detection
from inference.vision.geometry import Box, iou, square_around


class Found(NamedTuple):
    """A detection in the current frame."""

    box: Box
    score: float
    template: Template
    appearance: Appearance | None


def follow_detections(
    detections: Iterable[Detection],
    frames: Sequence[Sequence[GrayImage]],
    colors: ColorImage | None,
    min_similarity: float,
) -> list[Found]:
    """The detections that can be followed from the first frame, where they were made, to the last.

    Args:
        frames: their pyramids.
        colors: the thumbnail of the first frame; None if appearances are not needed.
        min_similarity: see `TrackerOptions`.
    """
    first, *later = frames
    found = []
    for one in detections:
        template = extract_template(first, one.box)
        box, similarity = one.box, 1.0
        for levels in later:
            box, similarity = follow(levels, template, [box])
        if similarity >= min_similarity:
            appearance = extract_appearance(colors, one.box) if colors else None
            found.append(Found(box, one.score, template, appearance))
    return found


def is_alone(one: Found, found: Iterable[Found], scale: float) -> bool:
    """Whether the square around a detection, of `scale` times its longer side, meets no other's."""
    area = square_around(one.box, scale)
    others = [square_around(other.box, scale) for other in found if other is not one]
    return not any(iou(area, other) > 0 for other in others)


def match(
    found: Sequence[Found],
    expected: Sequence[tuple[TrackedFace, Box]],
    scale: float,
    min_iou: float,
) -> dict[int, TrackedFace]:
    """The known faces by the index of their detections, best overlap first.

    For the few faces of a webcam this greedy choice gives what an optimal assignment would, except
    in crowds that jump by more than half their distance between two passes.

    Args:
        expected: where each face may be; several places for one face are possible.
        scale: see `match_scale` of `TrackerOptions`.
        min_iou: see `match_iou` there.
    """
    squares = [square_around(one.box, scale) for one in found]
    places = [(face, square_around(box, scale)) for face, box in expected]
    pairs = [
        (iou(square, place), index, face)
        for index, square in enumerate(squares)
        for face, place in places
    ]
    matches: dict[int, TrackedFace] = {}
    for overlap, index, face in sorted(pairs, key=lambda pair: -pair[0]):
        if overlap < min_iou:
            break
        if index not in matches and face not in matches.values():
            matches[index] = face
    return matches
