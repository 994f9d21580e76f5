"""Pictures of alerts: off by default, kept, corrected, exported for the trainer, and deleted."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start
from tests.trainer.photos import portrait, write
from trainer.config import Config
from trainer.data.crops import FaceCropper
from trainer.data.folders import list_pictures

DATABASES = "indexedDB.databases().then((all) => all.map(({ name }) => name))"
STORED = """
  () => new Promise((resolve) => {
    indexedDB.open('face-mask-pictures').onsuccess = ({ target: { result } }) => {
      const request = result.transaction('pictures').objectStore('pictures').count();
      request.onsuccess = () => { result.close(); resolve(request.result); };
    };
  })
"""


def keep_pictures(page: Page) -> None:
    page.locator("#settings-details summary").click()
    page.get_by_role("switch", name="Keep a picture of each alert").check()


def test_by_default_no_picture_is_kept(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    set_faces(page, "without_mask")
    start(page)
    page.locator("#log-details summary").click()
    row = page.locator("#log tr")
    expect(row).to_have_count(1)
    expect(page.get_by_role("button", name="Enlarge picture")).to_have_count(0)
    assert "face-mask-pictures" not in page.evaluate(DATABASES)
    row.get_by_role("button", name="This was wrong").click()
    page.get_by_role("button", name="not a face").click()
    expect(row).to_contain_text("corrected: not a face")
    expect(row.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.get_by_role("button", name="Export")).to_be_hidden()


def test_a_corrected_picture_is_exported_for_the_trainer(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page("astronaut")
    keep_pictures(page)
    start(page)
    page.locator("#log-details summary").click()
    enlarge = page.get_by_role("button", name="Enlarge picture")
    enlarge.focus()
    enlarge.press("Enter")
    dialog = page.get_by_role("dialog", name="no mask")
    image = dialog.get_by_role("img", name="The face when the alert began")
    width, height = image.evaluate("(one) => [one.naturalWidth, one.naturalHeight]")
    assert width == 320
    assert 250 < height < 320  # the upper edge of the video is near
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(enlarge).to_be_focused()
    page.get_by_role("button", name="This was wrong").click()
    dialog.get_by_role("button", name="mask", exact=True).click()
    expect(page.locator("#log tr")).to_contain_text("corrected: mask")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export corrected pictures (1)").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as file:
        file.extractall(tmp_path / "photos")
        [row] = csv.DictReader(io.StringIO(file.read("pictures.csv").decode("utf-8-sig")))
    assert (row["Result (label)"], row["Corrected (corrected)"]) == ("without_mask", "with_mask")
    write(tmp_path / "photos/without_mask/other.jpg", portrait("without_mask"))
    pictures = list_pictures(tmp_path / "photos").pictures
    [exported] = [picture for picture in pictures if picture.source == "alert"]
    assert (exported.label, exported.path.name) == ("with_mask", Path(row["File (file)"]).name)
    cropped = FaceCropper(Config(), tmp_path / "crops")(exported)
    assert 100 < cropped.face < 160  # the detector finds the face, of 128 pixels


def test_pictures_outlast_the_page_until_they_are_switched_off(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    other = page.context.new_page()
    other.goto(page.url)
    keep_pictures(page)
    expect(other.locator("#set-keepPictures")).to_be_checked()
    set_faces(page, "without_mask", "incorrect_mask")
    start(page)
    page.locator("#log-details summary").click()
    expect(page.get_by_role("button", name="Enlarge picture")).to_have_count(2)
    other.locator("#settings-details summary").click()
    other.locator("#set-volumePercent").select_option("15")
    page.reload()
    page.locator("#log-details summary").click()
    expect(page.get_by_role("button", name="Enlarge picture")).to_have_count(2)
    assert page.evaluate(STORED) == 2
    page.locator("#settings-details summary").click()
    switch = page.get_by_role("switch", name="Keep a picture of each alert")
    switch.click()
    expect(switch).to_be_checked()
    expect(page.locator("#pictures-note")).to_contain_text("deletes all stored pictures (2)")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#pictures-note")).to_be_empty()
    expect(switch).to_be_focused()
    switch.click()
    page.get_by_role("button", name="Delete and turn off").click()
    expect(switch).not_to_be_checked()
    expect(switch).to_be_focused()
    expect(page.get_by_role("button", name="Enlarge picture")).to_have_count(0)
    expect(page.locator("#log tr")).to_have_count(2)
    assert "face-mask-pictures" not in page.evaluate(DATABASES)
