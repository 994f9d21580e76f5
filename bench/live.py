"""The live pipeline of the command line: ``python -m bench.live [--step N]``.

Accuracy: each photo is shown as a still 640 × 480 clip for two seconds; figures as of `bench.scenes`,
with faces measured in pixels of the clip and of the photo. Motion: a face that moves across the frame;
how far the box's centre is from the face's, in widths of the face. Times are per frame.
"""

from __future__ import annotations

import time

import numpy as np
from PIL import Image as Pillow

from bench.scenes import Found, Result, Scene, read_options, read_scenes, rescaled, score
from bench.tables import print_table
from inference import LiveDetector, MaskDetector
from inference.vision.geometry import Box, Image
from tests.frames import HEIGHT, WIDTH, astronaut
from trainer.data.boxes.read import LabelledBox

RATE = 30
SECONDS = 2
HEAD = 240  # pixels; the moving picture of a head
SPEEDS_PX_S = (100, 300, 600, 1000)


def place(scene: Scene) -> tuple[Image, list[LabelledBox], float]:
    """A webcam's frame that shows a photo, the boxes on it, and its pixels per pixel of the photo."""
    image, faces = scene
    height, width = image.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    size = (round(width * scale), round(height * scale))
    left, top = (WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2
    frame = Pillow.new("RGB", (WIDTH, HEIGHT))
    frame.paste(Pillow.fromarray(image).resize(size, Pillow.Resampling.BILINEAR), (left, top))
    boxes = [(box.scaled(scale).moved(left, top), label) for box, label in faces]
    return np.asarray(frame), boxes, scale


def print_figures(name: str, results: list[tuple[Result, float]], labels: list[str]) -> None:
    """Prints the figures in pixels of the clip and, by the scales of `place`, of the photo."""
    print_table(
        {
            f"{name}, px of the clip": score([result for result, _ in results], labels),
            "px of the photo": score([rescaled(one, 1 / scale) for one, scale in results], labels),
        }
    )


def still(detector: MaskDetector, scene: Scene) -> tuple[Result, float, list[float]]:
    frame, faces, scale = place(scene)
    live, durations = LiveDetector(detector), []
    for i in range(RATE * SECONDS):
        started = time.perf_counter()
        tracks = live.track(frame, i * 1000 / RATE)
        durations.append((time.perf_counter() - started) * 1000)
    return (faces, [Found(t.box, t.label, t.probabilities) for t in tracks]), scale, durations


def moving(detector: MaskDetector, speed_px_s: int) -> str:
    """A head moves to and fro before a blurred room for four seconds."""
    head = astronaut()[60 : 60 + HEAD, 210 : 210 + HEAD]
    (face,) = detector.face_detector.detect(head)
    room = np.asarray(Pillow.fromarray(astronaut()[:, ::-1]).reduce(32).resize((WIDTH, HEIGHT)))
    live, lags = LiveDetector(detector), []
    way = WIDTH - HEAD
    for i in range(RATE * 4):
        left = round(way - abs(way - speed_px_s * i / RATE % (2 * way)))
        frame = room.copy()
        frame[120 : 120 + HEAD, left : left + HEAD] = head
        apart = [
            abs(_middle(track.box) - _middle(face.box) - left) / face.box.width
            for track in live.track(frame, i * 1000 / RATE)
        ]
        lags += [min(apart)] if apart else []
    median, high = np.percentile(lags, [50, 95])
    return (
        f"{speed_px_s:>5} px/s: off by {median:.1%} of a face (median), {high:.1%} (p95); "
        f"reported in {len(lags) / RATE / 4:.0%} of the frames"
    )


def _middle(box: Box) -> float:
    return (box.left + box.right) / 2


def main() -> None:
    """Print the figures."""
    options, detector = read_options(__doc__), MaskDetector()
    for speed in SPEEDS_PX_S:
        print(moving(detector, speed))
    shown = [still(detector, scene) for scene in read_scenes(options.part, options.step)]
    median, high = np.percentile([ms for _, _, durations in shown for ms in durations], [50, 95])
    print(f"{median:.1f} ms per frame (median), {high:.1f} (p95)")
    print_figures("live", [(result, scale) for result, scale, _ in shown], detector.contract.labels)


if __name__ == "__main__":
    main()
