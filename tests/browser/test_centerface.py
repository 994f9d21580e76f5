"""The page's net computes what OpenCV computes from the same weights. The figures are printed."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page

from inference.centerface import letterbox
from inference.contract import WEIGHTS
from inference.geometry import Floats, Image
from tests.browser import net
from tests.browser.conftest import NewPage
from tests.browser.scenes import needs_scenes, read_scenes
from tests.frames import FRAMES

OUTPUTS = {"537": "heat map", "538": "log sizes", "539": "offsets", "540": "points"}
SIDES = (320, 608)
"""Longer sides of the canvases."""
PHOTOS = 8
TOLERANCE = 2e-3


def drawn() -> list[Image]:
    """The frames of the tests."""
    return [make() for make in FRAMES.values()]


def photographed() -> list[Image]:
    """Real photos of people."""
    return read_scenes(PHOTOS)


def compute(canvas: Floats) -> dict[str, Floats]:
    """OpenCV's outputs; its fused layers give wrong ones once the input has another shape."""
    model = cv2.dnn.readNetFromONNX(str(WEIGHTS / "centerface.onnx"))
    model.enableFusion(False)
    model.setInput(canvas.transpose(2, 0, 1)[None])
    outputs = model.forward(list(OUTPUTS))
    return {name: np.asarray(found)[0] for name, found in zip(OUTPUTS, outputs, strict=True)}


def differences(page: Page, canvas: Floats) -> dict[str, float]:
    """The largest difference of each output."""
    heads, _ = net.run(page, canvas)
    logits, *others = np.split(heads.transpose(2, 0, 1).astype(np.float64), [1, 3, 5])
    found = (1 / (1 + np.exp(-logits)), *others)
    expected = compute(canvas)
    assert [one.shape for one in found] == [one.shape for one in expected.values()]
    return {
        name: float(np.abs(one - expected[name]).max())
        for name, one in zip(OUTPUTS, found, strict=True)
    }


@pytest.mark.parametrize("make", [drawn, pytest.param(photographed, marks=needs_scenes)])
def test_the_outputs_are_opencvs(
    make: Callable[[], list[Image]], new_page: NewPage, capsys: pytest.CaptureFixture[str]
) -> None:
    images = make()
    page = new_page(bypass_csp=True)
    net.load(page)
    canvases = [letterbox(image, side)[0] for image in images for side in SIDES]
    found = [differences(page, canvas) for canvas in canvases]
    worst = {name: max(one[name] for one in found) for name in OUTPUTS}
    with capsys.disabled():
        figures = ", ".join(f"{OUTPUTS[name]} {value:.1e}" for name, value in worst.items())
        print(f"\nChromium against OpenCV, {len(images)} {make.__name__} pictures: {figures}")
    assert len(canvases) >= 2 * (PHOTOS if make is photographed else len(FRAMES))
    assert max(worst.values()) <= TOLERANCE
