"""People who walk through a still room, drawn from photos: the clips of `bench.counting`.

A figure is the head of a photo, bent round a cylinder so that it can turn, on a drawn torso in the
colors that people wear. Light falls off to one side of the room, and the camera is noisy.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np

from bench.clips import DATA, NOISE
from inference import MaskDetector, read_picture
from inference.vision.geometry import Box, Floats, Image
from tests.frames import HEIGHT, WIDTH, astronaut, astronaut_masked, empty

SOURCES = ("jolignier_ilc2021", "kary", "kary_incorrect", "shiraz", "vasqq", "utkface")
"""Color photos of many different people with some room around their faces."""
LABELS = ("with_mask", "without_mask", "with_mask", "without_mask", "incorrect_mask")
"""The labels of the people, in turn."""
HEAD_PX = 240
"""Side of a head's picture; it is `HEAD_SCALE` times the longer side of the face."""
HEAD_SCALE = 1.7
FIGURE_PX = (420, 620)
"""Width and height of a figure's picture; the head is at the middle of its top."""
CLOTHES = np.array(
    [(28, 28, 32)] * 5
    + [(32, 40, 70)] * 3
    + [(110, 112, 118)] * 3
    + [(205, 205, 200)] * 3
    + [(60, 90, 140)] * 2
    + [
        (130, 105, 80),
        (185, 165, 135),
        (150, 30, 40),
        (40, 100, 60),
        (200, 150, 50),
        (120, 60, 110),
    ],
    np.float32,
)
"""RGB, as often as people in a city wear them: mostly dark."""


@dataclass(frozen=True, eq=False)
class Person:
    """One person of a set."""

    head: Image
    """uint8, shape (HEAD_PX, HEAD_PX, 3); the face is in its middle."""
    face: tuple[float, float]
    """Width and height of the face, in pixels of `head`."""
    label: str
    shirt: tuple[Floats, Floats]
    """Colors of the clothes: outside, and in the middle, which an open jacket shows."""


@dataclass(frozen=True)
class Walk:
    """The path of one person through a clip."""

    person: int
    keys: tuple[tuple[float, ...], ...]
    """Time in s, x in frame widths, y in frame heights, height of the face in frame heights, and
    how far the head is turned in degrees; straight in between. It is present from the first to the
    last."""

    def place(self, now_s: float) -> tuple[float, float, float, float] | None:
        """X, y, height and turn at a time; None while the person is not there."""
        times, *values = np.array(self.keys).T
        if not times[0] <= now_s <= times[-1]:
            return None
        x, y, height, turn = (float(np.interp(now_s, times, value)) for value in values)
        phase = now_s + 1.7 * self.person
        y += 0.006 * np.sin(2 * np.pi * 1.8 * phase)  # steps
        return x, y, height, turn + 10 * np.sin(2 * np.pi * 0.4 * phase)


@dataclass(frozen=True)
class Seen:
    """Where the face of a person is in a frame."""

    person: int
    box: Box
    hidden: bool
    """Whether another person, the pillar or the frame's edge covers its middle, or it is turned
    away."""


@cache
def read_people(part: str, draw: int, count: int, detector: MaskDetector) -> tuple[Person, ...]:
    """Different people of a set, ``tune`` or ``test``; each `draw` is another sample of it.

    Without the photos, tinted drawings.
    """
    found = _from_photos(part, draw, count, detector) if (DATA / "manifest.csv").exists() else []
    return tuple(found or (_drawn(i, detector) for i in range(count)))


def frames(
    walks: Sequence[Walk],
    people: Sequence[Person],
    seconds: float,
    rate: int,
    pillar: Sequence[float],
) -> Iterator[tuple[Image, list[Seen]]]:
    """The frames of a clip and who is where; `pillar` are its edges in frame widths, if any."""
    generator = np.random.default_rng(5)
    noise = generator.normal(0, NOISE, (2 * HEIGHT, 2 * WIDTH, 1)).astype(np.float32)
    room = cv2.GaussianBlur(empty(), (0, 0), 1.5).astype(np.float32)
    light = np.linspace(0.8, 1.12, WIDTH, dtype=np.float32)[None, :, None]
    edges = [round(edge * WIDTH) for edge in pillar]
    for i in range(round(seconds * rate)):
        frame, seen = room.copy(), []
        placed = [(walk.person, walk.place(i / rate)) for walk in walks]
        there = [(person, place) for person, place in placed if place]
        for person, place in sorted(there, key=lambda one: one[1][2]):
            box = _draw(frame, people[person], person, place)
            seen = [_behind(one, box) for one in seen]
            seen.append(Seen(person, box, _is_away(box, place[3], edges)))
        if edges:
            frame[:, edges[0] : edges[1]] = (150, 140, 125)
        down, right = generator.integers(0, (HEIGHT, WIDTH))
        frame = frame * light + noise[down : down + HEIGHT, right : right + WIDTH]
        yield np.clip(np.round(frame), 0, 255).astype(np.uint8), seen


def _behind(one: Seen, box: Box) -> Seen:
    x, y = (one.box.left + one.box.right) / 2, (one.box.top + one.box.bottom) / 2
    wide, high = 0.2 * box.width, 0.2 * box.height  # a head is larger than its face
    inside = box.left - wide < x < box.right + wide and box.top - high < y < box.bottom + high
    return Seen(one.person, one.box, one.hidden or inside)


def _is_away(box: Box, turn: float, edges: Sequence[int]) -> bool:
    x = (box.left + box.right) / 2
    covered = bool(edges) and edges[0] - 0.2 * box.width < x < edges[1] + 0.2 * box.width
    return covered or not 0 < x < WIDTH or abs(turn) > 75


def _draw(frame: Floats, person: Person, number: int, place: tuple[float, ...]) -> Box:
    """Draw a figure and return the box of its face."""
    x, y, height, turn = place
    scale = height * HEIGHT / person.face[1]
    figure = _figure(person, number, round(turn / 3) * 3)
    left, top = x * WIDTH - FIGURE_PX[0] / 2 * scale, y * HEIGHT - HEAD_PX / 2 * scale
    x0, y0 = max(0, int(left)), max(0, int(top))
    x1 = min(WIDTH, int(left + FIGURE_PX[0] * scale) + 1)
    y1 = min(HEIGHT, int(top + FIGURE_PX[1] * scale) + 1)
    if x1 > x0 and y1 > y0:
        matrix = np.array([[scale, 0, left - x0], [0, scale, top - y0]])
        drawn = cv2.warpAffine(figure, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
        part = frame[y0:y1, x0:x1]
        part += drawn[..., :3] - part * drawn[..., 3:]
    half = (person.face[0] / 2 * scale, person.face[1] / 2 * scale)
    middle = (x * WIDTH, y * HEIGHT)
    return Box(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])


@lru_cache(256)
def _figure(person: Person, number: int, turn: int) -> Floats:
    """RGBA, premultiplied, 0 to 255 and 0 to 1."""
    width, height = FIGURE_PX
    y, x = np.mgrid[:height, :width].astype(np.float32)
    across = abs(x - width / 2) / person.face[0]
    down = (y - HEAD_PX / 2) / person.face[1]
    shoulder = 0.25 + 0.95 * np.sqrt(np.clip((down - 0.45) / 0.5, 0, 1))
    body = np.clip((shoulder - across) * 12, 0, 1) * (down > 0.45)
    inner = np.clip((0.25 - across) * 20, 0, 1)[..., None]
    color = person.shirt[0] + (person.shirt[1] - person.shirt[0]) * inner
    folds = 1 + 0.12 * np.sin(x / 23 + number) * np.cos(y / 31 + 2 * number) - 0.15 * across
    figure = np.dstack([color * folds[..., None] * body[..., None], body])
    head = _turned(person.head, turn)
    left = (width - HEAD_PX) // 2
    part = figure[:HEAD_PX, left : left + HEAD_PX]
    part[:] = head + part * (1 - head[..., 3:])
    return figure.astype(np.float32)


def _turned(head: Image, turn: int) -> Floats:
    """A head bent round a cylinder and turned; its back is hair. RGBA as of `_figure`."""
    y, x = np.mgrid[-1 : 1 : HEAD_PX * 1j, -1 : 1 : HEAD_PX * 1j].astype(np.float32)
    angle = np.arcsin(np.clip(x / 0.95, -1, 1)) - np.float32(np.radians(turn))
    front = np.cos(angle)
    from_x = (0.95 * np.sin(angle) + 1) / 2 * (HEAD_PX - 1)
    rows = (y + 1) / 2 * (HEAD_PX - 1)
    texture = cv2.remap(head, from_x, rows, cv2.INTER_LINEAR).astype(np.float32)
    hair = head[20:44, 90:150].reshape(-1, 3).mean(axis=0)
    face = np.clip(front * 5, 0, 1)[..., None]
    picture = hair + (texture - hair) * face
    oval = np.clip((1 - np.hypot(x * 1.12, y)) * 6, 0, 1)[..., None]
    return np.dstack([picture * oval, oval]).astype(np.float32)


def _from_photos(part: str, draw: int, count: int, detector: MaskDetector) -> list[Person]:
    with (DATA / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] in SOURCES]
    rows = [row for row in rows if min(int(row["width"]), int(row["height"])) >= 120]
    mine = [row for row in rows if (_digest(row["file"])[-1] < "8") == (part == "tune")]
    mine.sort(key=lambda row: _digest(f"{part}{draw}{row['file']}"))
    waiting = {
        label: iter([row["file"] for row in mine if row["class"] == label]) for label in set(LABELS)
    }
    people: list[Person] = []
    while len(people) < count:
        label = LABELS[len(people) % len(LABELS)]
        file = next(waiting[label])
        seed = len(people) + 1000 * draw + (0 if part == "tune" else 100)
        person = _person(read_picture(DATA / "faces" / file), label, seed, detector)
        people += [person] if person else []
    return people


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _drawn(number: int, detector: MaskDetector) -> Person:
    masked = number % 2 == 0
    picture = (astronaut_masked() if masked else astronaut())[20:420, 150:520]
    tint = 0.75 + 0.25 * np.random.default_rng(number).random(3)
    tinted = np.round(picture * tint).astype(np.uint8)
    person = _person(tinted, "with_mask" if masked else "without_mask", number, detector)
    assert person
    return person


def _person(photo: Image, label: str, seed: int, detector: MaskDetector) -> Person | None:
    """The person of a photo; None unless it shows one face, in color and with some room around."""
    found = detector.face_detector.detect(photo)
    if len(found) != 1 or found[0].score < 0.7 or photo.std(axis=2).mean() < 6:
        return None
    box = found[0].box
    scale = HEAD_PX / (HEAD_SCALE * max(box.width, box.height))
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    room = min(x, photo.shape[1] - x, y, photo.shape[0] - y) * scale
    if scale > 2 or room < 0.36 * HEAD_PX:
        return None
    matrix = np.array([[scale, 0, HEAD_PX / 2 - x * scale], [0, scale, HEAD_PX / 2 - y * scale]])
    head = cv2.warpAffine(
        photo, matrix, (HEAD_PX, HEAD_PX), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    generator = np.random.default_rng(seed)
    outside, middle = CLOTHES[generator.integers(len(CLOTHES), size=2)]
    shirt = (outside, middle if seed % 3 == 0 else outside)
    return Person(head, (box.width * scale, box.height * scale), label, shirt)
