"""Draws verdicts on a picture: a border whose shape and colour show the label, and a word if it fits.

Twin of ``web/static/js/vision/annotate.js``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count, pairwise

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from inference.labels import DASHES, LABELS, Label
from inference.tracking.track import Track
from inference.vision.detector import Verdict
from inference.vision.geometry import Box, Image

Annotation = Verdict | Track
"""What is drawn for a face: its `box`, `label` and `probability`."""


def annotate(
    image: Image, verdicts: Iterable[Annotation], numbers: Iterable[int] | None = None
) -> Image:
    """A copy of a picture with a border and a word on every face, numbered where there are more.

    In a crowd, where the word would cover other faces or their words, its number stands alone: a
    list beside the picture has the rest.

    Args:
        image: uint8, shape (height, width, 3), RGB.
        numbers: one a face, of a moving picture: there is no list beside it, and words stay where
            they are. Else they count from 1.

    Returns:
        uint8, the same shape, RGB.
    """
    picture = Pillow.fromarray(image)
    draw = ImageDraw.Draw(picture)
    line = max(2, round(max(image.shape[:2]) / 300))
    verdicts = list(verdicts)
    for verdict in verdicts:
        _draw_borders(draw, verdict, line)
    written: list[Box] = []
    for number, verdict in zip(numbers or count(1), verdicts, strict=False):
        words = f"{LABELS[verdict.label].word} {format_probability(verdict)}".rstrip()
        texts = [f"{number}  {words}", f"{number}"] if len(verdicts) > 1 else [words]
        others = [one.box for one in verdicts if one is not verdict]
        if numbers is None:
            written.append(_draw_words(draw, texts, verdict, line, [*written, *others]))
        else:
            _draw_words(draw, texts[:1], verdict, line, [])
    return np.asarray(picture)


def format_probability(verdict: Annotation) -> str:
    """The probability as text: never 100 %; empty for labels without a probability."""
    if not LABELS[verdict.label].definite:
        return ""
    return f"{verdict.probability:.0%}" if verdict.probability < 0.995 else ">99%"


def _draw_borders(draw: ImageDraw.ImageDraw, verdict: Annotation, line: int) -> None:
    style = LABELS[verdict.label]
    _draw_border(draw, verdict.box, style, line)
    if style.border == "double":  # a second, outer line
        outward = zip(verdict.box, (-1, -1, 1, 1), strict=True)
        outer = Box(*(edge + step * 2 * line for edge, step in outward))
        _draw_border(draw, outer, style, line)


def _draw_border(draw: ImageDraw.ImageDraw, box: Box, style: Label, line: int) -> None:
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    on, off = (stretch * line for stretch in DASHES[style.border] or (1, 0))
    for start, end in pairwise(np.array(corners)):
        length = max(1e-6, float(np.abs(end - start).sum()))
        direction = (end - start) / length
        for at in np.arange(0, length, on + off) if off else [0]:
            to = min(at + on, length) if off else length
            stretch = [*(start + at * direction), *(start + to * direction)]
            draw.line(stretch, style.color, line)


def _draw_words(
    draw: ImageDraw.ImageDraw, texts: list[str], verdict: Annotation, line: int, taken: list[Box]
) -> Box:
    """Write the first of the texts that has room; where it stands."""
    style, font = LABELS[verdict.label], _font(max(11, 6 * line))
    inked = [Box(*draw.textbbox((0, 0), text, font=font)) for text in texts]
    sizes = [(ink.width + 2 * line, ink.height + 2 * line) for ink in inked]
    which, place = place_words(verdict.box, sizes, 2 * line, draw.im.size, taken)
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
    """Where words go: above the box, below it or within, wherever nothing else is.

    Args:
        sizes: width and height of the words; later ones are tried where earlier ones have no room.
        gap: between them and the box.
        picture: its width and height; words stay within.
        taken: by other faces and their words.

    Returns:
        Which of the sizes, the last one if none has room; and its place.
    """
    places = [_places(box, size, gap, picture) for size in sizes]
    for which, some in enumerate(places):
        for place in some:
            if not any(_meet(place, other) for other in taken):
                return which, place
    return len(sizes) - 1, places[-1][0]


def _places(box: Box, size: tuple[float, float], gap: float, picture: tuple[int, int]) -> list[Box]:
    """The best first, the last within the box."""
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
