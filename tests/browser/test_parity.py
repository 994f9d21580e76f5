"""The browser and Python return the same verdicts for the same pixels; differences are printed.

The worker runs tfjs on wasm. tests/test_parity.py compares all exports with Keras.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from inference import MaskDetector, read_picture
from inference.contract import ROOT
from inference.vision.detector import Verdict
from inference.vision.geometry import Box, Image, iou, sample, square_around
from tests.browser.conftest import NewPage
from tests.browser.scenes import needs_scenes, read_scenes
from tests.frames import FRAMES
from tests.golden import GOLDEN
from tests.real import choose, needs_photos
from tests.samples import encode

IMAGES = 32
MATCH_IOU = 0.9
"""Boxes with at least this IoU are the same face."""
MIN_AGREEMENT = 0.99
"""Minimum share of faces that both sides detect and give the same label."""
MAX_DIFFERENCE = 5e-3
"""Maximum difference of a probability; the browser's weights have half the bits."""
CLASSIFY = """
  async ({ url, frames }) => {
    const worker = new Worker(url, { type: 'module' });
    const ask = (message, transfer, last) => new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.type === last) resolve(data);
        if (data.type === 'error') reject(new Error(data.message));
      };
      worker.postMessage(message, transfer);
    });
    await ask({ type: 'load' }, [], 'ready');
    const responses = [];
    for (const png of frames) {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      responses.push(await ask({ type: 'photo', bitmap }, [bitmap], 'verdicts'));
    }
    worker.terminate();
    return responses;
  }
"""


def classify(page: Page, images: list[Image]) -> list[dict[str, Any]]:
    """The responses of the page's worker to pictures, which are sent as lossless files."""
    manifest = json.loads((ROOT / "web/static/build/manifest.json").read_text())
    frames = [base64.b64encode(encode(image, "PNG")).decode() for image in images]
    responses: list[dict[str, Any]] = page.evaluate(
        CLASSIFY, {"url": f"/static/build/{manifest['worker.js']}", "frames": frames}
    )
    return responses


def test_verdicts_on_the_golden_frames_match_python(new_page: NewPage) -> None:
    responses = classify(new_page(), [make() for make in FRAMES.values()])
    expected = json.loads(GOLDEN.read_text())["frames"]
    assert set(expected) == set(FRAMES)
    for name, response in zip(FRAMES, responses, strict=True):
        verdicts, found = expected[name], response["verdicts"]
        assert (response["width"], response["height"]) == (640, 480)
        assert [v["label"] for v in found] == [v["label"] for v in verdicts], name
        for one, other in zip(found, verdicts, strict=True):
            assert one["box"] == pytest.approx(other["box"], abs=1e-3), name
            assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-3), name
            assert one["probability"] == pytest.approx(other["probability"], abs=1e-3), name
            assert one["score"] == pytest.approx(other["score"], abs=1e-4), name


@pytest.fixture(scope="module")
def detector() -> MaskDetector:
    """Python's detector."""
    return MaskDetector()


def drawn(detector: MaskDetector) -> list[Image]:
    """The faces of the golden frames, cropped a little differently each time."""
    generator = np.random.default_rng(5)
    frames = [make() for make in FRAMES.values()]
    faces = [(frame, verdict.box) for frame in frames for verdict in detector.detect(frame)]

    def crop(frame: Image, box: Box) -> Image:
        scale, (dx, dy) = generator.uniform(1.2, 2.4), generator.uniform(-20, 20, 2)
        square = square_around(box, scale).moved(dx, dy)
        return np.round(sample(frame, square, 224, 224)).astype(np.uint8)

    return [crop(*faces[i % len(faces)]) for i in range(IMAGES)]


def photographed(detector: MaskDetector) -> list[Image]:
    """Real photos of single faces, the same number of each label."""
    labels = detector.contract.labels
    photos = [photo for label in labels for photo in choose(label, -(-IMAGES // len(labels)))]
    return [read_picture(photo, 640) for photo in photos[:IMAGES]]


def scenes(detector: MaskDetector) -> list[Image]:
    """Photos of streets and groups."""
    return read_scenes(IMAGES)


def match(found: list[dict[str, Any]], expected: list[Verdict]) -> list[tuple[Any, Verdict]]:
    """The pairs of verdicts on the same face."""
    unmatched = list(expected)
    pairs = []
    for one in found:
        box = Box(**one["box"])
        best = max(unmatched, key=lambda other: iou(box, other.box), default=None)
        if best and iou(box, best.box) >= MATCH_IOU:
            unmatched.remove(best)
            pairs.append((one, best))
    return pairs


@pytest.mark.parametrize(
    "make",
    [
        drawn,
        pytest.param(photographed, marks=needs_photos),
        pytest.param(scenes, marks=needs_scenes),
    ],
)
def test_verdicts_on_many_faces_match_python(
    make: Callable[[MaskDetector], list[Image]],
    new_page: NewPage,
    detector: MaskDetector,
    capsys: pytest.CaptureFixture[str],
) -> None:
    images = make(detector)
    assert len(images) == IMAGES
    expected = [detector.detect(image) for image in images]
    found = [response["verdicts"] for response in classify(new_page(), images)]
    pairs = [pair for both in zip(found, expected, strict=True) for pair in match(*both)]
    faces = sum(map(len, found)) + sum(map(len, expected)) - len(pairs)
    agreeing = sum(one["label"] == other.label for one, other in pairs)
    differences = [
        abs(one["probabilities"][label] - probability)
        for one, other in pairs
        for label, probability in other.probabilities.items()
        if one["probabilities"]
    ]
    with capsys.disabled():
        print(
            f"\nChromium against Python on {IMAGES} {make.__name__} pictures: of {faces} faces "
            f"{len(pairs)} are the same, {agreeing} with the same label; probabilities differ by at "
            f"most {max(differences):.1e}"
        )
    assert faces > IMAGES / 2
    assert agreeing >= MIN_AGREEMENT * faces
    assert max(differences) <= MAX_DIFFERENCE
