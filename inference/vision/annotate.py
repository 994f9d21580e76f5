"""Draws verdicts on a picture: a border in the style of the label, and as much text as has room.

Twin of ``web/static/js/vision/annotate.js``; ``tests/golden.json`` has the geometry of both.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count, islice, pairwise
from typing import Protocol

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from inference.labels import DASHES, LABELS, Label
from inference.vision.geometry import Box, Image, round_half_up
from inference.vision.placement import Placement, Size, place_labels

_CROWD = 10
"""Faces; from this number on, texts have no probability."""
_FONT_LINES = 6
"""Size of the font in line widths."""
_STROKES = {
    "✓": [[(0.2, 0), (1.2, 1.4), (2.8, -1.6)]],
    "✕": [[(0.2, -1.3), (2.8, 1.3)], [(0.2, 1.3), (2.8, -1.3)]],
}
"""Symbols that the font lacks: their points in line widths, from the left and the middle."""


class Annotation(Protocol):
    """What is drawn of a face: a `Verdict` or a `Track`."""

    @property
    def box(self) -> Box:
        """In pixels of the picture."""

    @property
    def label(self) -> str:
        """A key of `LABELS`."""

    @property
    def probability(self) -> float:
        """Of `label`, 0 to 1."""


def annotate(
    image: Image,
    verdicts: Iterable[Annotation],
    numbers: Iterable[int] | None = None,
    placements: dict[int, Placement] | None = None,
) -> Image:
    """Return a copy of a picture with a border and a text on every face, numbered if several.

    Where the text would cover a face or another text, it is shorter, at last only the number or
    symbol.

    Args:
        image: uint8, shape (height, width, 3), RGB.
        numbers: the track ids, for a frame of a video. By default faces are numbered from 1.
        placements: of the texts in the previous frame of a video, by number: texts keep their
            place while they cover nothing. Updated to those of this frame. `which` is 0 for the
            word and probability, 1 for the word, 2 for the number or symbol.

    Returns:
        uint8, the same shape, RGB.
    """
    verdicts = list(verdicts)
    picture = Pillow.fromarray(image)
    draw = ImageDraw.Draw(picture)
    boxes = [verdict.box for verdict in verdicts]
    line = line_width(*picture.size, [] if numbers else boxes)
    ids = list(islice(numbers or count(1), len(verdicts)))
    names = [str(number) if len(verdicts) > 1 else "" for number in ids]
    texts = [alternatives(*one, len(verdicts)) for one in zip(verdicts, names, strict=True)]
    sizes = [[_size(text, line) for text in some] for some in texts]
    kept = {} if placements is None else placements
    skipped = int(len(verdicts) >= _CROWD)
    before = {number: _later(one, -skipped) for number, one in kept.items()}
    previous, margin_px = [before.get(number) for number in ids], line if numbers else 0
    placed = place_labels(boxes, sizes, 3 * line, picture.size, previous, margin_px)
    for verdict in verdicts:
        _draw_borders(draw, verdict, line)
    for verdict, some, (which, _, place) in zip(verdicts, texts, placed, strict=True):
        _draw_words(draw, some[which], LABELS[verdict.label], place, line)
    kept.clear()
    kept.update(zip(ids, (_later(one, skipped) for one in placed), strict=True))
    return np.asarray(picture)


def line_width(width: int, height: int, boxes: Sequence[Box] = ()) -> int:
    """The width of borders in a picture of this size; all in pixels.

    It is smaller where the faces are small, since the size of the texts depends on it.

    Args:
        boxes: of the faces.
    """
    side = max(width, height)
    sides = sorted(box.height for box in boxes)
    median = sides[(len(sides) - 1) // 2] if sides else side
    return max(2, round_half_up(max(side / 600, min(side / 240, median / 16))))


def border_boxes(box: Box, border: str, line: int) -> list[Box]:
    """The rectangles of a border, all lengths in pixels: ``double`` has an outer one as well."""
    gap = 2 * line
    left, top, right, bottom = box
    outer = Box(left - gap, top - gap, right + gap, bottom + gap)
    return [box, outer] if border == "double" else [box]


def format_probability(verdict: Annotation) -> str:
    """The probability as text: never 100 %; empty for labels without a probability."""
    if not LABELS[verdict.label].definite:
        return ""
    return f"{round_half_up(100 * verdict.probability)}%" if verdict.probability < 0.995 else ">99%"


def _draw_borders(draw: ImageDraw.ImageDraw, verdict: Annotation, line: int) -> None:
    style = LABELS[verdict.label]
    for box in border_boxes(verdict.box, style.border, line):
        _draw_border(draw, box, style, line)


def _draw_border(draw: ImageDraw.ImageDraw, box: Box, style: Label, line: int) -> None:
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    on, off = (stretch * line for stretch in DASHES[style.border] or (1, 0))
    for start, end in pairwise(np.array(corners)):
        length = max(1e-6, float(np.abs(end - start).sum()))
        direction = (end - start) / length
        for at in np.arange(0, length, on + off) if off else [0]:
            to = min(at + on - 1, length) if off else length  # Pillow draws the last pixel as well
            stretch = [*(start + at * direction), *(start + to * direction)]
            draw.line(stretch, style.color, line)


def alternatives(verdict: Annotation, number: str, faces: int) -> list[str]:
    """The texts of a face, longest first.

    Args:
        number: of the face; empty for a symbol instead.
        faces: in the picture.
    """
    style = LABELS[verdict.label]
    words = [f"{style.word} {format_probability(verdict)}".rstrip(), style.word]
    numbered = [f"{number} {text}" for text in words] if number else words
    return [*numbered, number or style.symbol][faces >= _CROWD :]


def _later(placement: Placement, by: int) -> Placement:
    """The placement whose text stands `by` places later in the list of alternatives."""
    return placement._replace(which=placement.which + by)


def _size(text: str, line: int) -> Size:
    return _font(_FONT_LINES * line).getlength(text) + 2 * line, (_FONT_LINES + 2) * line


def _draw_words(draw: ImageDraw.ImageDraw, text: str, style: Label, place: Box, line: int) -> None:
    draw.rectangle(place, fill=style.color)
    x, y = place.left + line, (place.top + place.bottom) / 2
    if text not in _STROKES:
        draw.text((x, y), text, style.text_color, _font(_FONT_LINES * line), anchor="lm")
    for stroke in _STROKES.get(text, ()):
        points = [(x + across * line, y + down * line) for across, down in stroke]
        draw.line(points, style.text_color, max(1, line // 2), joint="curve")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)  # some milliseconds


def encode_jpeg(image: Image, quality: int = 88) -> bytes:
    """A picture (uint8, height × width × 3, RGB) as a JPEG without metadata."""
    buffer = io.BytesIO()
    Pillow.fromarray(image).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
