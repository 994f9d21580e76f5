"""Verdicts drawn on a picture: each told thrice, by word, shape of the border and colour."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from itertools import count, pairwise
from typing import NamedTuple, Protocol

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from inference.geometry import Box, Image
from inference.masks import TOO_SMALL, UNSURE


class Style(NamedTuple):
    """How a verdict looks."""

    word: str
    colour: str
    """From the set of Okabe and Ito, told apart by the colour-blind."""
    dash: tuple[int, int]
    """Drawn and skipped stretches of the border, in line widths; (1, 0) is solid."""
    text: str
    """Colour of the word on the colour."""


STYLES = {
    "with_mask": Style("mask", "#0072B2", (1, 0), "white"),
    "without_mask": Style("no mask", "#D55E00", (1, 0), "black"),
    "incorrect_mask": Style("worn wrongly", "#E69F00", (4, 2), "black"),
    UNSURE: Style("unsure", "#999999", (1, 2), "black"),
    TOO_SMALL: Style("too small to judge", "#999999", (1, 2), "black"),
}
WORDS = {label: style.word for label, style in STYLES.items()}
"""The verdicts as people read them."""


class Told(Protocol):
    """What is drawn of a face: a `Verdict` or a `Track`."""

    @property
    def box(self) -> Box:
        """In pixels of the picture; it may reach beyond."""

    @property
    def label(self) -> str:
        """One of `STYLES`."""

    @property
    def probability(self) -> float:
        """Of the label, 0 to 1."""


def annotate(image: Image, verdicts: Iterable[Told], numbers: Iterable[int] | None = None) -> Image:
    """A copy of a picture with a border and a word on every face, numbered where there are more.

    Args:
        image: uint8, shape (height, width, 3), RGB.
        numbers: one a face; else they count from 1.

    Returns:
        uint8, the same shape, RGB.
    """
    picture = Pillow.fromarray(image)
    draw = ImageDraw.Draw(picture)
    line = max(2, round(max(image.shape[:2]) / 300))
    verdicts = list(verdicts)
    for number, verdict in zip(numbers or count(1), verdicts, strict=False):
        style = STYLES[verdict.label]
        _draw_border(draw, verdict.box, style, line)
        if verdict.label == "without_mask":  # a second, outer line
            outer = Box(*(edge + step * 2 * line
                          for edge, step in zip(verdict.box, (-1, -1, 1, 1), strict=True)))  # fmt: skip
            _draw_border(draw, outer, style, line)
        text = f"{number}  " if len(verdicts) > 1 else ""
        text += style.word
        text += f" {tell_probability(verdict)}".rstrip()
        _draw_word(draw, text, verdict.box, style, line, picture.width)
    return np.asarray(picture)


def tell_probability(verdict: Told) -> str:
    """How sure a verdict is, in words: never 100 %, and nothing where nothing is said."""
    if verdict.label in (UNSURE, TOO_SMALL):
        return ""
    return f"{verdict.probability:.0%}" if verdict.probability < 0.995 else ">99%"


def _draw_border(draw: ImageDraw.ImageDraw, box: Box, style: Style, line: int) -> None:
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom),
               (box.left, box.bottom), (box.left, box.top)]  # fmt: skip
    on, off = (stretch * line for stretch in style.dash)
    for start, end in pairwise(corners):
        length = max(1e-6, abs(end[0] - start[0]) + abs(end[1] - start[1]))
        steps = np.arange(0, length, on + off) if off else [0]
        for at in steps:
            to = min(at + on, length) if off else length
            draw.line([_between(start, end, at / length), _between(start, end, to / length)],
                      style.colour, line)  # fmt: skip


def _between(
    start: tuple[float, float], end: tuple[float, float], share: float
) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _draw_word(
    draw: ImageDraw.ImageDraw, text: str, box: Box, style: Style, line: int, width: int
) -> None:
    """The word above the box, or inside where there is no room."""
    font = _font(max(11, 6 * line))
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    x = max(0.0, min(box.left - line, width - (right - left) - 2 * line))
    y = box.top - (bottom - top) - 4 * line
    y = y if y >= 0 else max(0.0, box.top)
    draw.rectangle(
        (x, y, x + right - left + 2 * line, y + bottom - top + 2 * line), fill=style.colour
    )
    draw.text((x + line - left, y + line - top), text, fill=style.text, font=font)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)  # some milliseconds


def encode_jpeg(image: Image, quality: int = 88) -> bytes:
    """A picture (uint8, height × width × 3, RGB) as a JPEG without metadata."""
    buffer = io.BytesIO()
    Pillow.fromarray(image).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
