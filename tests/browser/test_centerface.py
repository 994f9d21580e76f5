"""The page's net has the outputs of ONNX Runtime and OpenCV; the differences are printed."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import onnxruntime
import pytest
from playwright.sync_api import Page

from inference.contract import WEIGHTS
from inference.vision.centerface import letterbox
from inference.vision.geometry import Floats, Image
from tests.browser import net
from tests.browser.conftest import NewPage
from tests.browser.scenes import needs_scenes, read_scenes
from tests.frames import FRAMES

OUTPUTS = {"537": "heat map", "538": "log sizes", "539": "offsets", "540": "points"}
SIDES = (320, 608)
"""Longer sides of the canvases."""
MODEL = str(WEIGHTS / "centerface.onnx")
PHOTOS = 8
TOLERANCE = 2e-3


def drawn() -> list[Image]:
    """The frames of the tests."""
    return [make() for make in FRAMES.values()]


def photographed() -> list[Image]:
    """Real photos of people."""
    return read_scenes(PHOTOS)


def onnx_runtime(canvas: Floats) -> list[Floats]:
    """The outputs of ONNX Runtime, as on the server."""
    model = onnxruntime.InferenceSession(MODEL)
    return list(model.run(list(OUTPUTS), {model.get_inputs()[0].name: canvas}))


def opencv(canvas: Floats) -> list[Floats]:
    """The outputs of OpenCV; its layer fusion fails when the shape of the input changes."""
    model = cv2.dnn.readNetFromONNX(MODEL)
    model.enableFusion(False)
    model.setInput(canvas)
    return [np.asarray(one, np.float32) for one in model.forward(list(OUTPUTS))]


def differences(page: Page, canvas: Floats) -> dict[tuple[str, str], float]:
    """The largest absolute difference, by runtime and output."""
    heads = net.run(page, canvas).transpose(2, 0, 1).astype(np.float64)
    logits, *others = np.split(heads, [1, 3, 5])
    found = (1 / (1 + np.exp(-logits)), *others)
    differences = {}
    for compute in (onnx_runtime, opencv):
        expected = compute(np.ascontiguousarray(canvas.transpose(2, 0, 1)[None]))
        assert [one.shape for one in found] == [one.shape[1:] for one in expected]
        for name, one, other in zip(OUTPUTS.values(), found, expected, strict=True):
            differences[compute.__name__, name] = float(np.abs(one - other[0]).max())
    return differences


@pytest.mark.parametrize("make", [drawn, pytest.param(photographed, marks=needs_scenes)])
def test_outputs_match_other_runtimes(
    make: Callable[[], list[Image]], new_page: NewPage, capsys: pytest.CaptureFixture[str]
) -> None:
    images = make()
    page = new_page(bypass_csp=True)
    net.load(page)
    canvases = [letterbox(image, side)[0] for image in images for side in SIDES]
    found = [differences(page, canvas) for canvas in canvases]
    worst = {key: max(one[key] for one in found) for key in found[0]}
    with capsys.disabled():
        print(f"\nChromium, {len(images)} {make.__name__} pictures:")
        for (runtime, output), value in worst.items():
            print(f"  {output}, against {runtime}: {value:.1e}")
    assert len(canvases) >= 2 * (PHOTOS if make is photographed else len(FRAMES))
    assert max(worst.values()) <= TOLERANCE
