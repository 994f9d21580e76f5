"""Controls of a running camera: camera picker, pause, full screen, snapshot."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from inference.vision.geometry import Box, iou
from tests.browser.conftest import TWO_CAMERAS, NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start

# Cameras of phones report a direction; Chromium's fake ones do not.
PHONE = """
  window.requested = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) => {
    window.requested.push(wanted.video);
    return ask({ video: true });
  };
  MediaStreamTrack.prototype.getSettings = () => {
    return { facingMode: window.requested.at(-1).facingMode };
  };
"""
TRACK = "document.getElementById('video').srcObject.getTracks()[0]"


def test_a_camera_can_be_picked_and_the_choice_is_stored(new_page: NewPage) -> None:
    page = new_page(TWO_CAMERAS, script=SCRIPTED)
    start(page)
    picker = page.get_by_label("Camera", exact=True)
    expect(picker.locator("option")).to_have_count(2)
    expect(page.get_by_role("button", name="Switch camera")).to_be_hidden()
    page.evaluate(f"window.first = {TRACK}")
    first = picker.input_value()
    other = picker.locator("option").evaluate_all("(all) => all.map((one) => one.value)")
    other.remove(first)
    picker.focus()
    picker.select_option(other[0])
    expect(page.get_by_role("status").first).to_contain_text("Running")
    assert page.evaluate("window.first.readyState") == "ended"
    assert page.evaluate(f"{TRACK}.getSettings().deviceId") == other[0]
    expect(picker).to_have_value(other[0])
    expect(picker).to_be_focused()
    page.reload()
    start(page)
    assert page.evaluate(f"{TRACK}.getSettings().deviceId") == other[0]


def test_one_camera_needs_no_picker(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    start(page)
    expect(page.locator("#stop")).to_be_visible()
    expect(page.get_by_label("Camera", exact=True)).to_be_hidden()


def test_a_phone_switches_cameras_and_only_mirrors_the_front_one(
    new_page: NewPage,
) -> None:
    page = new_page(TWO_CAMERAS, script=SCRIPTED + PHONE)
    start(page)
    assert page.locator("video.mirrored").count() == 1
    page.get_by_role("button", name="Switch camera").click()
    expect(page.locator("video.mirrored")).to_have_count(0)
    assert page.evaluate("window.requested.map(({ facingMode }) => facingMode)") == [
        "user",
        "environment",
    ]
    page.reload()
    start(page)
    assert page.evaluate("window.requested.at(-1).facingMode") == "environment"


def test_pause_freezes_the_video_until_resumed(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    set_faces(page, "with_mask")
    start(page)
    page.locator(".box").wait_for()
    page.get_by_role("button", name="Pause").click()
    # Its name changes, so it must not be announced as pressed as well.
    assert page.locator("#pause").get_attribute("aria-pressed") is None
    expect(page.locator("#status")).to_have_text("Paused. The camera is still on.")
    assert page.locator("#video").evaluate("(video) => video.paused")
    set_faces(page)
    page.wait_for_timeout(300)
    assert page.locator(".box").count() == 1
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".box")).to_have_count(0)
    expect(page.locator("#status")).to_have_text("Running")


def test_stop_ends_a_pause(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    start(page)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#start")).to_be_focused()
    start(page)
    expect(page.get_by_role("button", name="Pause")).to_be_enabled()
    expect(page.locator("#pause.pressed")).to_have_count(0)


KIOSK = {
    "with_mask": "Mask on, welcome",
    "without_mask": "Please put on a mask",
    "incorrect_mask": "Please cover your nose and mouth",
    "unsure": "One moment, please",
    "too_small": "Please come closer",
}


def test_full_screen_shows_one_message(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    start(page)
    page.get_by_role("button", name="Full screen", exact=True).click()
    kiosk = page.locator("#kiosk")
    expect(kiosk).to_have_text("Please look into the camera")
    for label, sentence in KIOSK.items():
        set_faces(page, label)
        expect(kiosk).to_have_text(sentence)
    set_faces(page, "with_mask", "without_mask", "with_mask")
    expect(kiosk).to_have_text("Please put on a mask")
    expect(kiosk).to_have_css("background-color", "rgb(213, 94, 0)")
    expect(page.get_by_role("button", name="Exit full screen")).to_be_focused()
    box = page.locator("#scene").bounding_box()
    assert box == {"x": 0, "y": 0, **page.evaluate("({ width: innerWidth, height: innerHeight })")}
    page.get_by_role("button", name="Exit full screen").click()
    expect(kiosk).to_be_hidden()
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_focused()
    assert page.evaluate("document.fullscreenElement") is None


def test_without_full_screen_support_the_page_is_filled(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED + "delete Element.prototype.requestFullscreen;")
    start(page)
    page.get_by_role("button", name="Full screen", exact=True).click()
    expect(page.locator("#kiosk")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || "
            "Boolean(document.activeElement.closest('#scene'))"
        )
    page.keyboard.press("Escape")
    expect(page.locator("#kiosk")).to_be_hidden()
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_focused()
    assert page.locator("[inert]").count() == 0


def test_a_refused_exit_from_full_screen_is_no_error(new_page: NewPage) -> None:
    refused = "Document.prototype.exitFullscreen = () => Promise.reject(new Error('refused'));"
    page = new_page(script=SCRIPTED + refused)
    start(page)
    page.get_by_role("button", name="Full screen", exact=True).click()
    page.wait_for_function("document.fullscreenElement")
    page.get_by_role("button", name="Exit full screen").click()
    expect(page.locator("#kiosk")).to_be_hidden()
    assert page.locator("[inert]").count() == 0


def test_a_disconnected_camera_ends_full_screen(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    start(page)
    page.get_by_role("button", name="Full screen", exact=True).click()
    page.evaluate(f"{TRACK}.dispatchEvent(new Event('ended'))")
    expect(page.locator("#kiosk")).to_be_hidden()
    expect(page.get_by_role("alert")).to_contain_text("was disconnected")
    expect(page.get_by_role("button", name="Start the camera")).to_be_focused()


@pytest.fixture
def saved(new_page: NewPage, tmp_path: Path) -> np.ndarray:
    page: Page = new_page(script=SCRIPTED)
    set_faces(page, "without_mask")
    start(page)
    page.locator(".box").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.suggested_filename.endswith(".jpg")
    download.value.save_as(tmp_path / "saved.jpg")
    return np.asarray(Image.open(io.BytesIO((tmp_path / "saved.jpg").read_bytes())))


def test_a_snapshot_is_mirrored_as_the_video_is(saved: np.ndarray) -> None:
    assert saved.shape == (480, 640, 3)
    vermillion = (np.abs(saved.astype(int) - (213, 94, 0)) < 40).all(axis=2)
    columns = np.flatnonzero(vermillion[150:280].mean(axis=0) > 0.8)
    # A face at 40 to 190 is mirrored to 450 to 600.
    assert columns.min() > 430
    assert columns.max() == pytest.approx(600, abs=12)


def test_in_a_crowd_boxes_show_no_probability(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    set_faces(page, "with_mask", "without_mask")
    start(page)
    shares = page.locator(".box i")
    expect(shares).to_have_count(2)
    expect(shares.first).to_be_visible()
    set_faces(page, *["with_mask"] * 5)
    expect(shares).to_have_count(5)
    expect(shares.first).to_be_hidden()


CROWD = """
  (step) => {
    window.tracks = Array.from({ length: 24 }, (_, i) => {
      const left = 20 + 78 * (i % 8) + step * Math.sin(i);
      const top = 60 + 130 * Math.floor(i / 8) + step * Math.cos(i);
      const box = { left, top, right: left + 62, bottom: top + 80 };
      return { id: i + 1, box, label: 'incorrect_mask', probability: 0.9 };
    });
  }
"""
LABELS = """
  () => [...document.querySelectorAll('.box')].map((box) => {
    const rect = (element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return [left, top, right, bottom];
    };
    return { face: rect(box), label: rect(box.firstChild), place: { ...box.dataset } };
  })
"""


def test_labels_cover_neither_faces_nor_each_other_and_stay_at_their_places(
    new_page: NewPage,
) -> None:
    page = new_page(script=SCRIPTED)
    page.evaluate(CROWD, 0)
    start(page)
    expect(page.locator(".box")).to_have_count(24)
    found = page.evaluate(LABELS)
    labels = [Box(*one["label"]) for one in found]
    assert all(iou(*pair) == 0 for pair in itertools.combinations(labels, 2))
    assert all(iou(label, Box(*one["face"])) == 0 for label in labels for one in found)
    assert {one["place"]["detail"] for one in found} <= {"word", "symbol"}
    for step in (1, -1, 2):
        page.evaluate(CROWD, step)
        page.wait_for_timeout(150)
        moved = page.evaluate(LABELS)
        assert moved[0]["face"] != found[0]["face"]
        assert [one["place"] for one in moved] == [one["place"] for one in found]
