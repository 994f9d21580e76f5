"""Photos judged in the browser: chosen, dropped, pasted; the server only where asked."""

from __future__ import annotations

import base64
import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from tests.browser.conftest import NewPage
from tests.browser.scripted import SCRIPTED, face, see
from tests.frames import FRAMES
from tests.samples import encode

UNKNOWN: FilePayload = {
    "name": "other.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"of a kind of its own",
}


def photo(frame: str, name: str = "photo.jpg") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": encode(FRAMES[frame](), "JPEG")}


def posts(page: Page) -> list[str]:
    """The addresses of what is sent from now on."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    return sent


def test_photos_are_judged_in_the_browser_and_sent_nowhere(new_page: NewPage) -> None:
    page = new_page()
    sent = posts(page)
    page.locator("#photo").set_input_files(
        [photo("two_faces", "two.jpg"), photo("empty", "none.jpg")]
    )
    cards = page.get_by_role("article")
    expect(cards).to_have_count(2)
    expect(page.get_by_role("heading", name="Your photos")).to_be_focused()
    expect(cards.nth(0)).to_contain_text("2 faces: 1 mask, 1 no mask.")
    expect(cards.nth(0)).to_contain_text("two.jpg")
    expect(cards.nth(0).get_by_role("listitem")).to_have_count(2)
    expect(cards.nth(1)).to_contain_text("No face was found.")
    expect(cards.nth(1).get_by_role("img", name="none.jpg")).to_be_visible()
    assert sent == []
    page.get_by_role("button", name="Close", exact=True).click()
    expect(cards).to_have_count(0)
    expect(page.locator("#photo")).to_be_focused()


def test_the_server_is_asked_only_by_the_button(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)  # whose worker sees nobody
    sent = posts(page)
    page.locator("#photo").set_input_files(photo("two_faces"))
    card = page.get_by_role("article")
    expect(card).to_contain_text("No face was found.")
    card.get_by_role("button", name="Look closer on the server").click()
    expect(card).to_contain_text("2 faces: 1 mask, 1 no mask.")
    assert [address.rsplit("/", 2)[1:] for address in sent] == [["api", "predict"]]


def test_a_server_that_is_away_is_told_and_can_be_asked_again(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED, expected="ERR_FAILED")
    page.route("**/api/predict", lambda route: route.abort())
    page.locator("#photo").set_input_files(photo("two_faces"))
    button = page.get_by_role("button", name="Look closer on the server")
    button.click()
    expect(page.get_by_role("article")).to_contain_text("The server cannot be reached.")
    page.unroute_all()
    button.click()
    expect(page.get_by_role("article")).to_contain_text("2 faces")


def test_what_the_browser_cannot_read_is_told(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    page.locator("#photo").set_input_files(
        {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": b"Dear Sir or Madam"}
    )
    expect(page.get_by_role("article")).to_contain_text("not a picture that your browser can read")


def test_what_is_no_picture_is_told_beside_what_is(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    letter: FilePayload = {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"Dear Sir"}
    page.locator("#photo").set_input_files([letter, photo("astronaut")])
    cards = page.get_by_role("article")
    expect(cards.nth(0)).to_contain_text("not a picture that your browser can read")
    expect(cards.nth(0).get_by_role("button")).to_have_count(0)
    expect(cards.nth(1)).to_contain_text("No face was found.")


def test_the_server_may_read_what_the_browser_cannot(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    page.locator("#photo").set_input_files(UNKNOWN)
    answer = {"verdicts": [face("with_mask")], "width": 640, "height": 480}
    page.route("**/api/predict", lambda route: route.fulfill(json=answer))
    card = page.get_by_role("article")
    card.get_by_role("button").click()
    expect(card.get_by_role("listitem")).to_have_count(1)


def test_what_the_server_refuses_is_told_in_the_readers_language_and_not_asked_again(
    new_page: NewPage,
) -> None:
    page = new_page(script=SCRIPTED, locale="de", expected="415")
    page.locator("#photo").set_input_files(UNKNOWN)
    card = page.get_by_role("article")
    card.get_by_role("button").click()
    expect(card).to_contain_text("Der Server liest Bilder als JPEG, PNG oder WebP")
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
    see(page, "with_mask")
    content = base64.b64encode(photo("astronaut")["buffer"]).decode()
    taken = page.evaluate(TRANSFER, [way, content])
    assert taken == (way == "drop")  # else the browser would leave the page for the file
    assert page.evaluate("window.hint") == (way == "drop")
    expect(page.get_by_role("article")).to_contain_text("1 face: mask.")
    expect(page.locator("#drop")).to_be_hidden()


def test_a_photo_beside_the_running_camera(new_page: NewPage) -> None:
    page = new_page("astronaut")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#summary")).to_have_text("1 face: no mask.")
    page.locator("#photo").set_input_files(photo("astronaut_masked"))
    expect(page.get_by_role("article")).to_contain_text("1 face: mask.")
    expect(page.locator("#summary")).to_have_text("1 face: no mask.")
    expect(page.locator("#status")).to_have_text("Running")


def test_the_verdicts_are_saved(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page()
    notes: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}
    expect(page.locator("#photos-save")).to_be_hidden()
    page.locator("#photo").set_input_files([photo("two_faces", "two.jpg"), notes])
    expect(page.get_by_role("article").first).to_contain_text("2 faces: 1 mask, 1 no mask.")
    saved = {}
    for name, button in (("verdicts.csv", "CSV"), ("verdicts.json", "JSON")):
        with page.expect_download() as download:
            page.locator("#photos-save").get_by_role("button", name=button).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        saved[name] = (tmp_path / name).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(saved["verdicts.csv"])))
    assert [(row["file"], row["face"]) for row in rows] == [
        ("two.jpg", "1"), ("two.jpg", "2"), ("notes.txt", ""),
    ]  # fmt: skip
    assert sorted(row["label"] for row in rows) == ["", "with_mask", "without_mask"]
    assert rows[2]["problem"].startswith("This file is not a picture")
    seen = json.loads(saved["verdicts.json"])["photos"]
    assert [len(one.get("verdicts", [])) for one in seen] == [2, 0]
    page.get_by_role("button", name="Close", exact=True).click()
    page.locator("#photo").set_input_files(photo("empty", "none.jpg"))
    expect(page.locator("#photos-save")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#photos-csv").click()
    download.value.save_as(tmp_path / "again.csv")
    assert "two.jpg" not in (tmp_path / "again.csv").read_text(encoding="utf-8-sig")
