"""Photos are checked in the browser, and on the server only if the user agrees."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from inference import read_picture
from inference.results import COLUMNS
from inference.vision.geometry import Box, Image, iou
from tests.browser.conftest import NO_CAMERA, NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start
from tests.frames import FRAMES
from tests.samples import encode

BROKEN = SCRIPTED.replace(
    "load: () => ({ type: 'ready', version: 'scripted' })",
    "load: () => ({ type: 'error', message: 'The model did not start.' })",
)
"""A page whose worker cannot load the models."""


def photo(frame: str, name: str = "photo.jpg") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": encode(FRAMES[frame](), "JPEG")}


def posts(page: Page) -> list[str]:
    """The URLs of the POST requests from now on."""
    sent: list[str] = []

    def record(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", record)
    return sent


def test_photos_are_classified_in_the_browser_and_not_sent(new_page: NewPage) -> None:
    page = new_page()
    sent = posts(page)
    page.locator("#photo").set_input_files(
        [photo("two_faces", "two.jpg"), photo("empty", "none.jpg")]
    )
    cards = page.get_by_role("article")
    expect(cards).to_have_count(2)
    expect(page.get_by_role("heading", name="Your photos")).to_be_focused()
    expect(cards.nth(0)).to_contain_text("2 people: 1 wearing a mask, 1 without a mask.")
    expect(cards.nth(0)).to_contain_text("two.jpg")
    expect(cards.nth(0).get_by_role("listitem")).to_have_count(2)
    expect(cards.nth(1)).to_contain_text("No face was found.")
    expect(cards.nth(1).get_by_role("img", name="none.jpg")).to_be_visible()
    assert sent == []
    page.get_by_role("button", name="Close", exact=True).click()
    expect(cards).to_have_count(0)
    expect(page.locator("#photo")).to_be_focused()


def test_a_browser_that_cannot_run_the_models_offers_the_server(new_page: NewPage) -> None:
    page = new_page(script=BROKEN)
    sent = posts(page)
    page.locator("#photo").set_input_files([photo("two_faces"), photo("astronaut")])
    cards = page.get_by_role("article")
    for i in range(2):
        expect(cards.nth(i)).to_contain_text("did not start")
        expect(cards.nth(i).get_by_role("button", name="Send to the server")).to_be_visible()
    assert sent == []
    cards.first.get_by_role("button").click()
    expect(cards.first.get_by_role("status")).to_be_focused()  # the button is gone
    expect(cards.first).to_contain_text("2 people: 1 wearing a mask, 1 without a mask.")
    expect(cards.first.get_by_role("button", name="Send to the server")).to_have_count(0)
    assert [address.rsplit("/", 2)[1:] for address in sent] == [["api", "predict"]]


@pytest.mark.parametrize(
    ("missing", "words"),
    [("centerface-", "could not be loaded (404)"), ("detector-worker-", "did not start")],
)
def test_a_page_whose_detector_does_not_load_offers_the_server(
    new_page: NewPage, missing: str, words: str
) -> None:
    page = new_page(expected="404")

    def rename(route: Route) -> None:
        script = route.fetch()
        route.fulfill(response=script, body=script.text().replace(missing, "missing-"))

    page.route("**/worker-*.js", rename)
    page.locator("#photo").set_input_files(photo("two_faces"))
    card = page.get_by_role("article")
    expect(card).to_contain_text(words)
    card.get_by_role("button", name="Send to the server").click()
    expect(card).to_contain_text("2 people: 1 wearing a mask, 1 without a mask.")


@pytest.mark.parametrize(
    ("locale", "words"), [("de", "An den Server senden"), ("fr", "Envoyer au serveur")]
)
def test_the_offer_is_in_the_users_language(new_page: NewPage, locale: str, words: str) -> None:
    page = new_page(script=BROKEN, locale=locale)
    page.locator("#photo").set_input_files(photo("two_faces"))
    expect(page.get_by_role("article").get_by_role("button", name=words)).to_be_visible()


def test_a_browser_that_runs_the_models_offers_no_server(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    page.locator("#photo").set_input_files(photo("two_faces"))
    card = page.get_by_role("article")
    expect(card).to_contain_text("No face was found.")
    expect(card.get_by_role("button", name="Send to the server")).to_have_count(0)


def test_an_unreachable_server_is_reported_and_can_be_retried(new_page: NewPage) -> None:
    page = new_page(script=BROKEN, expected="ERR_FAILED")
    page.route("**/api/predict", lambda route: route.abort())
    page.locator("#photo").set_input_files(photo("two_faces"))
    button = page.get_by_role("button", name="Send to the server")
    button.click()
    expect(page.get_by_role("article")).to_contain_text("The server cannot be reached.")
    page.unroute_all()
    button.click()
    expect(page.get_by_role("article")).to_contain_text("2 people")


def test_a_broken_picture_is_reported(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    page.locator("#photo").set_input_files(
        {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": b"Dear Sir or Madam"}
    )
    expect(page.get_by_role("article")).to_contain_text("cannot read this file as a picture")


def test_files_that_are_no_pictures_are_reported_beside_a_picture(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    set_faces(page, "with_mask", "unsure")
    letter: FilePayload = {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"Dear Sir"}
    nothing: FilePayload = {"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": b""}
    page.locator("#photo").set_input_files([letter, nothing, photo("astronaut")])
    cards = page.get_by_role("article")
    for card, reason in ((cards.nth(0), "cannot read this file"), (cards.nth(1), "is empty")):
        expect(card).to_contain_text("Not checked")
        expect(card).to_contain_text(reason)
        expect(card.locator(".sentence svg")).to_be_visible()
        expect(card.get_by_role("button")).to_have_count(0)
    expect(page.locator("#photos-summary")).to_have_text(
        "2 people: 1 wearing a mask, 1 with an unsure result. 2 of 3 photos could not be checked."
    )


def test_a_refusal_of_the_server_is_translated_and_final(
    new_page: NewPage,
) -> None:
    page = new_page(script=BROKEN, locale="de", expected="415")
    page.route("**/api/predict", lambda route: route.fulfill(status=415, json={"detail": "No."}))
    page.locator("#photo").set_input_files(photo("two_faces"))
    card = page.get_by_role("article")
    card.get_by_role("button").click()
    expect(card).to_contain_text("Der Server liest Bilder als JPEG, PNG, WebP, HEIC, AVIF und GIF")
    expect(card.get_by_role("button")).to_have_count(0)


TRANSFER = """([type, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], 'dropped.jpg', { type: 'image/jpeg' }));
  const names = { drop: 'dataTransfer', paste: 'clipboardData' };
  const Kind = type === 'paste' ? ClipboardEvent : DragEvent;
  const over = new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true });
  if (type === 'drop') document.body.dispatchEvent(over);
  window.hint = !document.getElementById('drop').hidden;
  const event = new Kind(type, { [names[type]]: data, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}"""


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_photos_can_be_dropped_and_pasted(new_page: NewPage, way: str) -> None:
    page = new_page(script=SCRIPTED)
    set_faces(page, "with_mask")
    content = base64.b64encode(photo("astronaut")["buffer"]).decode()
    prevented = page.evaluate(TRANSFER, [way, content])
    assert prevented == (way == "drop")  # else the browser would open the file
    assert page.evaluate("window.hint") == (way == "drop")
    expect(page.get_by_role("article")).to_contain_text("1 person, wearing a mask.")
    expect(page.locator("#drop")).to_be_hidden()


def test_a_photo_beside_the_running_camera(new_page: NewPage) -> None:
    page = new_page("astronaut")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#summary")).to_have_text("1 person, without a mask.")
    page.locator("#photo").set_input_files(photo("astronaut_masked"))
    expect(page.get_by_role("article")).to_contain_text("1 person, wearing a mask.")
    expect(page.locator("#summary")).to_have_text("1 person, without a mask.")
    expect(page.locator("#status")).to_have_text("Running")


@pytest.mark.parametrize("size", [(1280, 800), (390, 800)])
def test_the_results_leave_the_video_of_a_running_camera_in_view(
    new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(script=SCRIPTED, viewport={"width": size[0], "height": size[1]})
    set_faces(page, "without_mask")
    start(page)
    expect(page.locator("#alert")).to_contain_text("not wearing a mask")
    page.locator("#photo").set_input_files([photo("astronaut")] * 6)
    expect(page.locator("#photos-summary")).to_have_text("6 people, all without a mask.")
    expect(page.get_by_role("heading", name="Your photos")).to_be_focused()
    for name in ("#stage", "#alert"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    order = "[...document.querySelectorAll('.webcam, #photos')].map((one) => one.offsetTop)"
    video, results = page.evaluate(order)
    assert results > video
    page.locator("#stop").click()
    page.locator("#photo").set_input_files(photo("astronaut"))
    expect(page.get_by_role("heading", name="Your photos")).to_be_in_viewport()


def test_a_photo_opens_in_large_and_is_saved(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(script=SCRIPTED)
    set_faces(page, "with_mask", "without_mask")
    page.locator("#photo").set_input_files(photo("two_faces", "two.people.jpg"))
    button = page.get_by_role("button", name="Enlarge two.people.jpg")
    button.press("Enter")
    dialog = page.get_by_role("dialog", name="two.people.jpg")
    large = dialog.get_by_role("img", name="two.people.jpg with every face marked")
    expect(large).to_be_in_viewport(ratio=1)
    fitting = large.bounding_box()
    assert fitting
    assert fitting["width"] > 640
    large.click()
    expect(dialog.get_by_role("button", name="Zoom in")).to_have_attribute("aria-pressed", "true")
    zoomed = large.bounding_box()
    assert zoomed
    assert zoomed["width"] == pytest.approx(2 * fitting["width"])
    frame = page.locator("#picture-frame")
    assert frame.evaluate("(e) => e.scrollLeft > 0 && e.scrollWidth > e.clientWidth")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save annotated picture").click()
    assert download.value.suggested_filename == "two.people-checked.jpg"
    download.value.save_as(tmp_path / "saved.jpg")
    saved = read_picture(tmp_path / "saved.jpg")
    assert saved.shape == (480, 640, 3)
    assert np.abs(saved.astype(int) - FRAMES["two_faces"]()).max() > 100, "it has the boxes"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    page.get_by_role("img", name="two.people.jpg").click(position={"x": 50, "y": 50}, force=True)
    expect(dialog).to_be_visible()


def test_photos_are_chosen_with_a_button_that_touch_screens_do_not_call_a_drop_target(
    new_page: NewPage,
) -> None:
    page = new_page(script=SCRIPTED)
    expect(page.get_by_text("or drop or paste them")).to_be_visible()
    with page.expect_file_chooser():
        page.locator(".chooser").click(position={"x": 20, "y": 20})
    page.get_by_label("Choose photos").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    outline = "(element) => getComputedStyle(element).outlineStyle"
    assert page.locator(".chooser").evaluate(outline) == "solid"
    phone = new_page(script=SCRIPTED, has_touch=True, is_mobile=True)
    expect(phone.get_by_text("Choose photos", exact=True)).to_be_visible()
    expect(phone.get_by_text("or drop or paste them")).to_be_hidden()


def test_results_are_saved_as_csv_and_json(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page()
    notes: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}
    expect(page.locator("#photos-save")).to_be_hidden()
    page.locator("#photo").set_input_files([photo("two_faces", "two.jpg"), notes])
    expect(page.get_by_role("article").first).to_contain_text(
        "2 people: 1 wearing a mask, 1 without a mask."
    )
    saved = {}
    for name, button in (("verdicts.csv", "CSV"), ("verdicts.json", "JSON")):
        with page.expect_download() as download:
            page.locator("#photos-save").get_by_role("button", name=button).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        saved[name] = (tmp_path / name).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(saved["verdicts.csv"])))
    assert [(row["photo"], row["face"]) for row in rows] == [
        ("two.jpg", "1"),
        ("two.jpg", "2"),
        ("notes.txt", ""),
    ]
    assert sorted(row["label"] for row in rows) == ["", "with_mask", "without_mask"]
    assert rows[2]["error"].startswith("Your browser cannot read this file")
    assert tuple(rows[0]) == COLUMNS
    processed, failed = json.loads(saved["verdicts.json"])["photos"]
    assert set(processed) == {"photo", "width", "height", "verdicts"}
    keys = {"label", "probability", "probabilities", "box", "score"}
    assert [set(verdict) for verdict in processed["verdicts"]] == [keys, keys]
    assert failed == {"photo": "notes.txt", "error": rows[2]["error"]}
    page.get_by_role("button", name="Close", exact=True).click()
    page.locator("#photo").set_input_files(photo("empty", "none.jpg"))
    expect(page.locator("#photos-save")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#photos-csv").click()
    download.value.save_as(tmp_path / "again.csv")
    assert "two.jpg" not in (tmp_path / "again.csv").read_text(encoding="utf-8-sig")


def large() -> Image:
    """A photo that both the page and the server reduce."""
    return np.asarray(
        cv2.resize(FRAMES["two_faces"](), (3200, 2400), interpolation=cv2.INTER_CUBIC)
    )


@pytest.mark.parametrize("make", [*FRAMES.values(), large])
def test_the_page_and_the_server_return_the_same_verdicts(
    new_page: NewPage, address: str, make: Callable[[], Image], tmp_path: Path
) -> None:
    content = encode(make(), "JPEG")
    page = new_page()
    page.locator("#photo").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
    )
    with page.expect_download() as download:
        page.locator("#photos-json").click()
    download.value.save_as(tmp_path / "found.json")
    [found] = json.loads((tmp_path / "found.json").read_text())["photos"]
    expected = page.request.post(f"{address}/api/predict", data=content).json()
    assert set(found) == set(expected)
    assert len(found["verdicts"]) == len(expected["verdicts"])
    for one, other in zip(found["verdicts"], expected["verdicts"], strict=True):
        assert one["label"] == other["label"]
        assert iou(relative_box(one, found), relative_box(other, expected)) >= 0.98
        assert one["probability"] == pytest.approx(other["probability"], abs=0.01)


def relative_box(verdict: dict[str, Any], photo: dict[str, Any]) -> Box:
    """The box of a verdict, divided by the photo's longer side."""
    longest = max(photo["width"], photo["height"])
    return Box(**verdict["box"]).scaled(1 / longest)


def test_a_sample_photo_is_one_click_away(new_page: NewPage) -> None:
    page = new_page(NO_CAMERA)
    samples = page.get_by_role("group", name="Or try a sample:")
    samples.get_by_role("button", name="worn incorrectly").click()
    card = page.get_by_role("article")
    expect(card).to_contain_text("1 person, with a mask worn incorrectly.")
