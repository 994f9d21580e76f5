"""Clips for a fake camera: people who move before a still room, seen by a noisy webcam.

Each is generated from photos, always the same: of ``../shared/data/faces`` where they are
(SHARED_DATA names another place), else of the pictures of ``tests/frames.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from inference import read_picture
from inference.contract import ROOT
from inference.vision.geometry import Floats, Image
from tests.frames import HEIGHT, WIDTH, astronaut, astronaut_masked, empty
from tests.samples import encode

DATA = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared/data"))
RATE = 30
"""Frames a second."""
SECONDS = 12
NOISE = 2.5
"""Standard deviation of a pixel, as a webcam has it in a room."""
PHOTOS = (
    "with_mask/shiraz__00014",
    "without_mask/karan_faces__110_2_0",
    "with_mask/jolignier_ilc2021__1e8b1d9d",
    "without_mask/shiraz__00919",
    "with_mask/vyivanov__data_kids_OK_0015",
)
"""The people. Their pasted heads are detected well: the clips are for times and steadiness."""


@dataclass(frozen=True)
class Actor:
    """A head that moves: about `(x, y)`, with `height`, all as shares of the frame's height.

    `sway` is how far it moves (the same unit), `pace` how often a second; `absent` is the share of
    the clip, at its end, that it spends outside.
    """

    part: int
    x: float
    y: float
    height: float
    sway: float = 0.06
    pace: float = 0.35
    absent: float = 0.0

    def place(self, moment: float) -> Floats:
        """The affine map from the head's picture, of unit height, to the frame.

        Args:
            moment: 0 at the clip's start, 1 at its end; both look the same, as clips repeat.
        """
        turns = max(1, round(self.pace * SECONDS))
        phase = 2 * np.pi * (turns * moment + self.part / 5)
        x = self.x + self.sway * np.sin(phase) + self._away(moment)
        y = self.y + 0.4 * self.sway * np.sin(2 * phase)
        size = self.height * (1 + 0.12 * np.sin(phase + 1)) * HEIGHT
        angle = 0.12 * np.sin(phase + 2)
        turn = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return np.hstack([turn, [[x * HEIGHT], [y * HEIGHT]]])

    def _away(self, moment: float) -> float:
        """How far to the side: it leaves within a twelfth of the clip, and comes as fast."""
        if not self.absent:
            return 0.0
        steps = [0, 1 - self.absent - 1 / 12, 1 - self.absent, 1 - 1 / 12, 1]
        return float(np.interp(moment, steps, [0, 0, 1.6, 1.6, 0]))


CLIPS: dict[str, tuple[Actor, ...]] = {
    "one face": (Actor(0, 0.66, 0.55, 0.62),),
    "five faces": tuple(
        Actor(i, 0.18 + 0.24 * i, 0.42 + 0.2 * (i % 2), 0.32, sway=0.035) for i in range(5)
    ),
    "no face": (),
    "coming and going": (Actor(1, 0.66, 0.55, 0.55, absent=0.5),),
}


def frames(name: str, seconds: float = SECONDS) -> Iterator[Image]:
    """The frames of a clip, from its start."""
    generator = np.random.default_rng(3)
    room = cv2.GaussianBlur(empty(), (0, 0), 1.5).astype(np.float32)
    for i in range(round(seconds * RATE)):
        frame = room.copy()
        for actor in CLIPS[name]:
            _paint(frame, _head(actor.part), actor.place(i / (SECONDS * RATE) % 1))
        frame += generator.normal(0, NOISE, (HEIGHT, WIDTH, 1)).astype(np.float32)
        yield np.clip(np.round(frame), 0, 255).astype(np.uint8)


def write(name: str, file: Path, seconds: float = SECONDS) -> None:
    """A clip as JPEGs in a row, which Chromium's fake camera plays at 30 frames a second."""
    with file.open("wb") as stream:
        for frame in frames(name, seconds):
            stream.write(encode(frame, "JPEG", quality=90, subsampling=2))


def _paint(frame: Floats, head: Image, place: Floats) -> None:
    """Draw a head over the frame, its edge soft."""
    height, width = head.shape[:2]
    unit = np.array([[1 / height, 0, -width / height / 2], [0, 1 / height, -0.5], [0, 0, 1]])
    matrix = place @ unit
    size, how = (WIDTH, HEIGHT), cv2.INTER_AREA
    drawn = cv2.warpAffine(head, matrix, size, flags=how)
    cover = cv2.warpAffine(_oval(height, width), matrix, size, flags=cv2.INTER_LINEAR)[..., None]
    frame += np.asarray((drawn - frame) * cover, np.float32)


@cache
def _oval(height: int, width: int) -> Floats:
    """1 in the middle of a head's picture, 0 at its rim."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.clip((1 - np.hypot(x, y)) * 6, 0, 1).astype(np.float32)


@cache
def _head(part: int) -> Image:
    """A photo with a head in its middle, upright."""
    for photo in DATA.glob(f"faces/{PHOTOS[part % len(PHOTOS)]}*.jpg"):
        return read_picture(photo)
    picture: Callable[[], Image] = astronaut_masked if part % 2 == 0 else astronaut
    return picture()[40:400, 190:470]
