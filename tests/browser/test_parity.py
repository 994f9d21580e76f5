"""The browser and Python say the same of the same pixels. The figures are printed.

The worker runs tfjs on wasm, and refuses a model that does not give the golden answer.
tests/test_parity.py holds Python's own export and all others to Keras.
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

MANY = 64
SAME = 0.9
"""Boxes with this IoU are the same face."""
ALIKE = 0.99
"""Share of the faces of either side that the other detects too and labels the same."""
CLOSE = 5e-3
"""Largest difference of a probability; the browser's weights have half the bits."""
JUDGE = """
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
    const answers = [];
    for (const png of frames) {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      answers.push(await ask({ type: 'classify', bitmap }, [bitmap], 'verdicts'));
    }
    worker.terminate();
    return answers;
  }
"""


def judge(page: Page, images: list[Image]) -> list[dict[str, Any]]:
    """What the page's worker answers to pictures, which it gets as lossless files."""
    manifest = json.loads((ROOT / "web/static/build/manifest.json").read_text())
    given = [base64.b64encode(encode(image, "PNG")).decode() for image in images]
    answers: list[dict[str, Any]] = page.evaluate(
        JUDGE, {"url": f"/static/build/{manifest['worker.js']}", "frames": given}
    )
    return answers


def test_the_verdicts_on_the_golden_frames_are_pythons(new_page: NewPage) -> None:
    answers = judge(new_page(), [make() for make in FRAMES.values()])
    expected = json.loads(GOLDEN.read_text())["frames"]
    assert set(expected) == set(FRAMES)
    for name, answer in zip(FRAMES, answers, strict=True):
        verdicts, found = expected[name], answer["verdicts"]
        assert (answer["width"], answer["height"]) == (640, 480)
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

    def cut(frame: Image, box: Box) -> Image:
        scale, (dx, dy) = generator.uniform(1.2, 2.4), generator.uniform(-20, 20, 2)
        square = square_around(box, scale).moved(dx, dy)
        return np.round(sample(frame, square, 224, 224)).astype(np.uint8)

    return [cut(*faces[i % len(faces)]) for i in range(MANY)]


def photographed(detector: MaskDetector) -> list[Image]:
    """Real photos of single faces, as many of each label."""
    labels = detector.contract.labels
    photos = [photo for label in labels for photo in choose(label, -(-MANY // len(labels)))]
    return [read_picture(photo, 640) for photo in photos[:MANY]]


def scenes(detector: MaskDetector) -> list[Image]:
    """Photos of streets and groups."""
    return read_scenes(MANY)


def match(found: list[dict[str, Any]], expected: list[Verdict]) -> list[tuple[Any, Verdict]]:
    """The pairs that are the same face, each used once."""
    rest = list(expected)
    pairs = []
    for one in found:
        box = Box(**one["box"])
        best = max(rest, key=lambda other: iou(box, other.box), default=None)
        if best and iou(box, best.box) >= SAME:
            rest.remove(best)
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
def test_the_verdicts_on_many_faces_are_pythons(
    make: Callable[[MaskDetector], list[Image]],
    new_page: NewPage,
    detector: MaskDetector,
    capsys: pytest.CaptureFixture[str],
) -> None:
    images = make(detector)
    assert len(images) == MANY
    expected = [detector.detect(image) for image in images]
    answers = [answer["verdicts"] for answer in judge(new_page(), images)]
    pairs = [pair for both in zip(answers, expected, strict=True) for pair in match(*both)]
    faces = sum(map(len, answers)) + sum(map(len, expected)) - len(pairs)
    alike = sum(one["label"] == other.label for one, other in pairs)
    differences = [
        abs(one["probabilities"][label] - probability)
        for one, other in pairs
        for label, probability in other.probabilities.items()
        if one["probabilities"]
    ]
    with capsys.disabled():
        print(
            f"\nChromium against Python on {MANY} {make.__name__} pictures: of {faces} faces "
            f"{len(pairs)} are the same, {alike} with the same label; probabilities differ by at "
            f"most {max(differences):.1e}"
        )
    assert faces > MANY / 2
    assert alike >= ALIKE * faces
    assert max(differences) <= CLOSE
