"""The part of the picture that counts: drawn on the video, applied and stored."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start


@pytest.fixture
def page(new_page: NewPage) -> Page:
    page = new_page(script=SCRIPTED)
    page.locator("#settings-details summary").click()
    set_faces(page, "without_mask")
    start(page)
    expect(page.locator("#alert")).to_contain_text("not wearing a mask")
    return page


def edges(page: Page) -> list[int]:
    names = ("Left", "Top", "Right", "Bottom")
    return [int(page.locator(f"#set-zone{name}").input_value()) for name in names]


def draw(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag from one point of the video to another, in shares of it."""
    page.get_by_role("button", name="Draw it on the video").click()
    page.locator("#stage.zoning").scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # for the page to stop scrolling
    stage = page.locator("#stage").bounding_box()
    assert stage
    for action, (x, y) in ((page.mouse.down, begin), (page.mouse.up, end)):
        page.mouse.move(stage["x"] + x * stage["width"], stage["y"] + y * stage["height"])
        action()


def test_a_zone_is_drawn_applied_and_stored(page: Page) -> None:
    expect(page.locator("#zone")).to_be_hidden()
    draw(page, (0.9, 0.02), (0.98, 0.12))
    expect(page.locator("#zone")).to_be_visible()
    drawn = edges(page)
    assert drawn == pytest.approx([90, 2, 98, 12], abs=1)
    expect(page.locator("#alert")).to_be_empty()
    expect(page.locator("#summary")).to_have_text("No face in view.")
    assert page.locator(".box.ignored").count() == 1
    page.reload()
    assert edges(page) == drawn
    page.locator("#settings-details summary").click()
    page.get_by_role("button", name="Whole picture").click()
    assert edges(page) == [0, 0, 100, 100]
    set_faces(page, "without_mask")
    start(page)
    expect(page.locator("#alert")).to_contain_text("not wearing a mask")


def test_small_faces_can_be_left_out(page: Page) -> None:
    page.evaluate("window.tracks[0].box.bottom = window.tracks[0].box.top + 140")  # 29 % of 480
    page.get_by_label("Faces that count").select_option("at least 30% of the picture’s height")
    expect(page.locator("#alert")).to_be_empty()
    page.get_by_label("Faces that count").select_option("all")
    expect(page.locator("#alert")).to_contain_text("not wearing a mask")


def test_a_number_that_is_not_valid_is_explained_and_not_applied(page: Page) -> None:
    left, right = page.locator("#set-zoneLeft"), page.locator("#set-zoneRight")
    left.fill("150")
    left.press("Tab")
    problem = page.locator("#zone-problem")
    expect(problem).to_be_visible()
    expect(problem).to_contain_text("“Left” must be a whole number from 0 to 100.")
    expect(left).to_have_attribute("aria-invalid", "true")
    expect(left).to_have_accessible_description(re.compile("whole number"))
    expect(left).to_have_value("150")
    expect(page.locator("#zone")).to_be_hidden()
    left.fill("90")
    right.fill("95")
    right.press("Tab")
    expect(problem).to_be_hidden()
    expect(page.locator("#alert")).to_be_empty()  # the face is elsewhere
    assert edges(page) == [90, 0, 95, 100]


def test_drawing_can_be_cancelled(page: Page) -> None:
    button = page.get_by_role("button", name="Draw it on the video")
    button.click()
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    draw(page, (0.5, 0.5), (0.51, 0.51))  # a click
    assert edges(page) == [0, 0, 100, 100]
