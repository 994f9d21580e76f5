"""The page itself: upload without JavaScript, layout, headings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import NewPage
from tests.frames import FRAMES
from tests.samples import encode

TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WIDTHS = [320, 768, 1280]


def upload(page: Page, content: bytes, name: str = "photo.jpg") -> None:
    file: FilePayload = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    page.get_by_label("Choose one or more photos").set_input_files(file)
    page.get_by_role("button", name="Check photos").click()


def test_upload_works_without_javascript(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    assert "The webcam needs JavaScript" in page.locator("noscript").inner_text()
    expect(page.get_by_role("button", name="Start the camera")).to_be_hidden()
    upload(page, encode(FRAMES["two_faces"](), "JPEG"))
    expect(page.get_by_role("heading", name="Your photo")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(3)  # the header and two faces
    assert "2 people" in page.locator(".result .sentence").inner_text()
    expect(page.get_by_role("heading", name="Your photo")).to_be_focused()
    photo = page.get_by_role("img", name="Your photo")
    assert photo.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [640, 480]


def test_a_photo_without_faces(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    upload(page, encode(FRAMES["empty"](), "JPEG"))
    expect(page.locator(".result .sentence")).to_contain_text("No face")
    assert page.get_by_role("table").count() == 0


def test_a_file_that_is_no_picture_is_rejected_with_a_message(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, expected="status of 415")
    upload(page, b"Dear Sir or Madam", "letter.txt")
    expect(page.get_by_role("alert").first).to_contain_text(
        "Expected a JPEG, PNG, WebP, HEIC, AVIF or GIF picture"
    )
    expect(page.get_by_role("heading", name="That did not work")).to_be_focused()


@pytest.mark.parametrize("size", [(1366, 650), (1280, 900)])
def test_a_laptop_shows_video_and_buttons_without_scrolling(
    new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(viewport={"width": size[0], "height": size[1]})
    expect(page.get_by_role("button", name="Start the camera")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#alert")).to_contain_text("not wearing a mask")
    for name in ("#stage", "#alert", "#status", "#stop"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    width, height = page.locator("#stage").evaluate("(e) => [e.clientWidth, e.clientHeight]")
    assert width / height == pytest.approx(4 / 3, rel=0.01)
    video, boxes = (page.locator(name).bounding_box() for name in ("#video", "#boxes"))
    assert video == boxes


def test_a_wide_camera_is_shown_and_checked_whole(new_page: NewPage, tmp_path: Path) -> None:
    frame = np.zeros((720, 1280, 3), np.uint8)
    frame[120:600, :640] = FRAMES["astronaut"]()
    clip = tmp_path / "wide.mjpeg"
    clip.write_bytes(encode(frame, "JPEG") * 2)
    page = new_page(str(clip))
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#summary")).to_have_text("1 person, without a mask.")
    size = page.locator("#video").evaluate("(video) => [video.videoWidth, video.videoHeight]")
    assert size == [1280, 720]
    width, height = page.locator("#stage").evaluate("(e) => [e.clientWidth, e.clientHeight]")
    assert width / height == pytest.approx(16 / 9, rel=0.01)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_jumps_when_an_alert_appears(new_page: NewPage, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#alert")).to_contain_text("not wearing a mask")
    tops = page.evaluate("""
      () => {
        const top = () => document.getElementById('stop').getBoundingClientRect().top;
        const shown = top();
        document.getElementById('alert').textContent = '';
        return [shown, top()];
      }
    """)
    assert tops[0] == tops[1]


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways(new_page: NewPage, width: int) -> None:
    page = new_page("two_faces", viewport={"width": width, "height": 800})
    assert not page.evaluate(TOO_WIDE)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator(".box")).to_have_count(2)
    assert not page.evaluate(TOO_WIDE)


def test_results_of_an_upload_do_not_scroll_sideways(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 320, "height": 800})
    upload(page, encode(FRAMES["two_faces"](), "JPEG"))
    width = page.get_by_role("table").bounding_box()
    assert width
    assert width["x"] + width["width"] <= 320


def test_headings_and_landmarks_are_in_order(new_page: NewPage) -> None:
    page = new_page()
    assert page.locator("h1").count() == 1
    assert page.get_by_role("main").count() == 1
    names = page.get_by_role("region").evaluate_all(
        "(all) => all.map((one) => document.getElementById(one.getAttribute('aria-labelledby'))"
        ".textContent)"
    )
    assert names == ["Use your webcam", "Check a photo", "Alerts", "What the labels mean"]
