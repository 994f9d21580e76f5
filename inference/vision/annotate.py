"""Draws verdicts on a picture: a border in the style of the label, and its word if there is room.

Twin of ``web/static/js/vision/annotate.js``; ``tests/golden.json`` has the geometry of both.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count, pairwise
from typing import Protocol

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from inference.labels import DASHES, LABELS, Label
from inference.vision.geometry import Box, Image, round_half_up


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
    image: Image, verdicts: Iterable[Annotation], numbers: Iterable[int] | None = None
) -> Image:
    """Return a copy of a picture with a border and a word on every face, numbered if several.

    In a crowd, where a word would cover another face or its word, only the number is drawn.

    Args:
        image: uint8, shape (height, width, 3), RGB.
        numbers: the track ids, for a frame of a video: words then keep their place even where they
            cover each other. By default faces are numbered from 1.

    Returns:
        uint8, the same shape, RGB.
    """
    picture = Pillow.fromarray(image)
    draw = ImageDraw.Draw(picture)
    line = line_width(image.shape[1], image.shape[0])
    verdicts = list(verdicts)
    for verdict in verdicts:
        _draw_borders(draw, verdict, line)
    written: list[Box] = []
    for number, verdict in zip(numbers or count(1), verdicts, strict=False):
        words = f"{LABELS[verdict.label].word} {format_probability(verdict)}".rstrip()
        texts = [f"{number} {words}", f"{number}"] if len(verdicts) > 1 else [words]
        others = [one.box for one in verdicts if one is not verdict]
        if numbers is None:
            written.append(_draw_words(draw, texts, verdict, line, [*written, *others]))
        else:
            _draw_words(draw, texts[:1], verdict, line, [])
    return np.asarray(picture)


def line_width(width: int, height: int) -> int:
    """The width of borders in a picture of this size; all in pixels."""
    return max(2, round_half_up(max(width, height) / 240))


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


def _draw_words(
    draw: ImageDraw.ImageDraw, texts: list[str], verdict: Annotation, line: int, taken: list[Box]
) -> Box:
    """Draw the first of the texts that has room, and return its place."""
    style, font = LABELS[verdict.label], _font(6 * line)
    inked = [Box(*draw.textbbox((0, 0), text, font=font)) for text in texts]
    sizes = [(ink.width + 2 * line, ink.height + 2 * line) for ink in inked]
    which, place = place_words(verdict.box, sizes, 3 * line, draw.im.size, taken)
    draw.rectangle(place, fill=style.color)
    at = place.left + line - inked[which].left, place.top + line - inked[which].top
    draw.text(at, texts[which], fill=style.text_color, font=font)
    return place


def place_words(
    box: Box,
    sizes: Sequence[tuple[float, float]],
    gap: float,
    picture: tuple[int, int],
    taken: Sequence[Box],
) -> tuple[int, Box]:
    """Find room for words: above the box, below it or inside.

    All lengths are in pixels.

    Args:
        sizes: width and height of the words; shorter alternatives follow longer ones.
        gap: between the words and the box.
        picture: its width and height; words stay inside.
        taken: boxes of other faces and their words.

    Returns:
        The index of the first size that has room, or of the last one; and its place.
    """
    places = [_places(box, size, gap, picture) for size in sizes]
    for which, some in enumerate(places):
        for place in some:
            if not any(_meet(place, other) for other in taken):
                return which, place
    return len(sizes) - 1, places[-1][0]


def _places(box: Box, size: tuple[float, float], gap: float, picture: tuple[int, int]) -> list[Box]:
    """Candidates, best first; the last is inside the box."""
    width, height = size
    left = max(0.0, min(box.left, picture[0] - width))
    outside = (box.top - gap - height, box.bottom + gap)
    tops = [top for top in outside if top >= 0 and top + height <= picture[1]]
    tops.append(max(0.0, box.top + gap))
    return [Box(left, top, left + width, top + height) for top in tops]


def _meet(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)  # some milliseconds


def encode_jpeg(image: Image, quality: int = 88) -> bytes:
    """A picture (uint8, height × width × 3, RGB) as a JPEG without metadata."""
    buffer = io.BytesIO()
    Pillow.fromarray(image).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
