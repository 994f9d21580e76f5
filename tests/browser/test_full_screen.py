"""Full screen: from edge to edge, its buttons, and the focus."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start

WITHOUT_SUPPORT = SCRIPTED + "delete Element.prototype.requestFullscreen;"
SIZES = [(1279, 719), (853, 480), (390, 844), (720, 1280), (320, 256), (2560, 1080)]


def opened(new_page: NewPage, **options: Any) -> Page:
    page = new_page(script=WITHOUT_SUPPORT, reduced_motion="reduce", **options)
    set_faces(page, "with_mask")
    start(page)
    page.locator(".box").wait_for()
    page.get_by_role("button", name="Full screen", exact=True).click()
    expect(page.locator("#kiosk.with_mask")).to_be_visible()
    return page


def picture(page: Page, background: str) -> np.ndarray:
    """What is shown above a background of another color."""
    page.evaluate(
        "(color) => ['stage', 'scene'].forEach((id) => { "
        "document.getElementById(id).style.background = color; })",
        background,
    )
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)


def test_the_picture_reaches_every_edge(new_page: NewPage) -> None:
    page = opened(
        new_page, device_scale_factor=1.5
    )  # the picture's size is no whole number of pixels
    page.evaluate("document.getElementById('kiosk').hidden = true")
    page.set_viewport_size({"width": 853, "height": 480})
    assert np.abs(picture(page, "#fff") - picture(page, "#000")).max() <= 2


def test_boxes_stay_on_the_picture_and_the_message_on_the_screen(new_page: NewPage) -> None:
    page = opened(new_page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        rects = page.evaluate("""() => ['#stage', '#video', '.box', '#kiosk'].map((name) => {
          const { left, top, width, height } = document.querySelector(name).getBoundingClientRect();
          return [left, top, width, height];
        })""")
        stage, video, box, kiosk = rects
        assert stage == pytest.approx(video, abs=0.5)
        assert stage[2] / stage[3] == pytest.approx(640 / 480, rel=0.01)
        # A face at 40 to 190 of 640 is mirrored to 450; see `scripted.face`.
        assert box[0] == pytest.approx(stage[0] + stage[2] * 450 / 640, abs=1)
        assert box[1] == pytest.approx(stage[1] + stage[3] * 120 / 480, abs=1)
        assert kiosk[:1] + kiosk[2:3] == [0, width]
        assert kiosk[1] + kiosk[3] == pytest.approx(height, abs=0.5)
        assert kiosk[3] < 0.5 * height


FOCUS = """() => {
  window.lost = 0;
  const check = () => {
    if (document.activeElement === document.body) window.lost += 1;
    requestAnimationFrame(check);
  };
  check();
}"""


def test_full_screen_can_be_muted_and_paused_by_the_keyboard(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    start(page)
    page.locator("#settings-details summary").click()
    page.locator("#set-sound").check()
    before = page.locator("#controls button").evaluate_all("(all) => all.map(({ id }) => id)")
    full = page.get_by_role("button", name="Full screen", exact=True)
    full.focus()
    page.evaluate(FOCUS)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.fullscreenElement")
    expect(page.get_by_role("button", name="Exit full screen")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("Paused. The camera is still on.")
    resume = page.get_by_role("button", name="Resume")
    expect(resume).to_be_focused()
    assert resume.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    mute = page.get_by_role("button", name="Mute alerts")
    expect(mute).to_be_focused()
    expect(mute).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#kiosk")).to_be_hidden()
    expect(full).to_be_focused()
    page.wait_for_timeout(200)
    assert page.evaluate("window.lost") == 0
    after = page.locator("#controls button").evaluate_all("(all) => all.map(({ id }) => id)")
    assert after == before
