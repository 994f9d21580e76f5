"""Places the labels of faces so that they cover neither faces nor each other.

Twin of ``web/static/js/vision/placement.js``; ``tests/golden.json`` has examples for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from inference.vision.geometry import Box, intersection

Size = tuple[float, float]
"""Width and height in pixels."""

MAX_FACES = 60
"""The time to search for free places grows with the square of the number of faces."""
_INSIDE_HEIGHT = 0.25
"""Of its face's height: a label inside may be at most as high."""
_LABEL_WEIGHT = 2
"""A hidden part of a label, compared with one of a face."""
_STICKINESS = 0.25
"""How much less a new place must hide to replace the previous one."""


class Placement(NamedTuple):
    """Where a label is placed."""

    which: int
    """Index of the label's size: 0 is the longest text."""
    spot: str
    """A key of `SPOTS`."""
    place: Box


Edges = Callable[[Box, Size, float], tuple[float, float]]
"""Returns the left and top edges of a label of this size beside a box."""

SPOTS: dict[str, Edges] = {
    "above-left": lambda box, size, gap_px: (box.left, box.top - gap_px - size[1]),
    "above-right": lambda box, size, gap_px: (box.right - size[0], box.top - gap_px - size[1]),
    "below-left": lambda box, _, gap_px: (box.left, box.bottom + gap_px),
    "below-right": lambda box, size, gap_px: (box.right - size[0], box.bottom + gap_px),
    "above-center": lambda box, size, gap_px: (
        (box.left + box.right - size[0]) / 2,
        box.top - gap_px - size[1],
    ),
    "below-center": lambda box, size, gap_px: (
        (box.left + box.right - size[0]) / 2,
        box.bottom + gap_px,
    ),
    "inside-top-left": lambda box, *_: (box.left, box.top),
    "inside-top-right": lambda box, size, _: (box.right - size[0], box.top),
    "inside-bottom-left": lambda box, size, _: (box.left, box.bottom - size[1]),
    "inside-bottom-right": lambda box, size, _: (box.right - size[0], box.bottom - size[1]),
    "right-top": lambda box, _, gap_px: (box.right + gap_px, box.top),
    "left-top": lambda box, size, gap_px: (box.left - gap_px - size[0], box.top),
    "right-bottom": lambda box, size, gap_px: (box.right + gap_px, box.bottom - size[1]),
    "left-bottom": lambda box, size, gap_px: (box.left - gap_px - size[0], box.bottom - size[1]),
}
"""The spots around and inside a box, most preferred first."""


def place_labels(
    boxes: Sequence[Box],
    sizes: Sequence[Sequence[Size]],
    gap_px: float,
    picture: Size,
    previous: Sequence[Placement | None] = (),
    margin_px: float = 0.0,
) -> list[Placement]:
    """Place a label for each face, large faces first.

    A label is as long as it can be without covering a face or another label; where even its
    shortest text has no room, it covers as little as it can. Above `MAX_FACES` faces, each gets
    its shortest text at the first spot inside the picture. All lengths are in pixels.

    Args:
        boxes: of the faces.
        sizes: of each face's label; shorter alternatives follow longer ones.
        gap_px: between a box and a label outside of it.
        picture: its width and height; labels stay inside.
        previous: of the same faces in the previous frame of a video: kept while they cover nothing.
        margin_px: around a label that is not at its previous place.
    """
    faces = [_clipped(box, picture) for box in boxes]
    options = [_options(face, some, gap_px) for face, some in zip(faces, sizes, strict=True)]
    if len(faces) > MAX_FACES:
        return [_fallbacks(some, picture)[0] for some in options]
    before = [*previous, *[None] * len(faces)]
    placed = [
        next((option for option in some if _same(option, before[i])), None)
        for i, some in enumerate(options)
    ]
    order = sorted(range(len(faces)), key=lambda i: (-faces[i].area, i))
    for all_sizes in (False, True):  # all faces get their shortest text before any a longer one
        for i in order:
            wanted = options[i] if all_sizes else _shortest(options[i], placed[i])
            usable = [option for option in wanted if _usable(option, faces[i], picture)]
            others = [face for j, face in enumerate(faces) if j != i]
            labels = [one.place for j, one in enumerate(placed) if one and j != i]
            placed[i] = _free(usable, [*others, *labels], placed[i], margin_px) or _least_covering(
                options[i], faces, labels, picture, placed[i]
            )
    return [one for one in placed if one]


def _options(face: Box, sizes: Sequence[Size], gap_px: float) -> list[Placement]:
    """All placements, most preferred first."""
    options = []
    for which, (width, height) in enumerate(sizes):
        for spot, edges in SPOTS.items():
            left, top = edges(face, (width, height), gap_px)
            options.append(Placement(which, spot, Box(left, top, left + width, top + height)))
    return options


def _shortest(options: Sequence[Placement], previous: Placement | None) -> list[Placement]:
    """The placements of the shortest text, and the previous one."""
    which = options[-1].which
    return [one for one in options if one.which == which or _same(one, previous)]


def _same(option: Placement, other: Placement | None) -> bool:
    return other is not None and option[:2] == other[:2]


def _usable(option: Placement, face: Box, picture: Size) -> bool:
    """Whether a label is inside the picture and, if it is inside its face, hides little of it."""
    if not _inside(option.place, picture):
        return False
    if not option.spot.startswith("inside"):
        return True
    return _within(option.place, face) and option.place.height <= _INSIDE_HEIGHT * face.height


def _free(
    usable: Sequence[Placement], taken: Sequence[Box], previous: Placement | None, margin_px: float
) -> Placement | None:
    """The longest text with room, best at the previous spot.

    The previous text needs no `margin_px` there, all others do.
    """

    def free(option: Placement, around: float) -> bool:
        place = _grown(option.place, around)
        return not any(_meet(place, other) for other in taken)

    kept = next((one for one in usable if _same(one, previous) and free(one, 0)), None)
    others = [one for one in usable if not kept or one.which < kept.which]
    spot = previous.spot if previous else None
    others.sort(key=lambda one: (one.which, one.spot != spot))
    return next((one for one in others if free(one, margin_px)), kept)


def _least_covering(
    options: Sequence[Placement],
    faces: Sequence[Box],
    labels: Sequence[Box],
    picture: Size,
    previous: Placement | None,
) -> Placement:
    """The place of the shortest text that hides least.

    The previous one unless another is much better.
    """
    weights = [(face, 1 / max(1.0, face.area)) for face in faces]
    weights += [(label, _LABEL_WEIGHT / max(1.0, label.area)) for label in labels]

    def cost(option: Placement) -> float:
        """The sum of the shares of the faces and labels that are hidden."""
        hidden = sum(weight * intersection(option.place, box) for box, weight in weights)
        return hidden - (_STICKINESS if _same(option, previous) else 0)

    return min(_fallbacks(options, picture), key=cost)


def _fallbacks(options: Sequence[Placement], picture: Size) -> list[Placement]:
    """The placements of the shortest text that are inside the picture.

    If there are none, as in a tiny picture, the first one is moved into it.
    """
    shortest = _shortest(options, None)
    inside = [one for one in shortest if _inside(one.place, picture)]
    return inside or [shortest[0]._replace(place=_moved(shortest[0].place, picture))]


def _meet(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def _inside(place: Box, picture: Size) -> bool:
    return _within(place, Box(0, 0, *picture))


def _within(inner: Box, outer: Box) -> bool:
    across = inner.left >= outer.left and inner.right <= outer.right
    return across and inner.top >= outer.top and inner.bottom <= outer.bottom


def _grown(box: Box, margin_px: float) -> Box:
    return Box(
        box.left - margin_px, box.top - margin_px, box.right + margin_px, box.bottom + margin_px
    )


def _clipped(box: Box, picture: Size) -> Box:
    """The part of a box inside the picture."""
    width, height = picture
    return Box(
        max(0.0, min(box.left, width)),
        max(0.0, min(box.top, height)),
        max(0.0, min(box.right, width)),
        max(0.0, min(box.bottom, height)),
    )


def _moved(box: Box, picture: Size) -> Box:
    """A box moved into the picture."""
    x = max(0.0, min(box.left, picture[0] - box.width)) - box.left
    y = max(0.0, min(box.top, picture[1] - box.height)) - box.top
    return box.moved(x, y)
