"""Counts of people: today's numbers, their storage, the days before, CSV and reset."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start

WRITE_INTERVAL_MS = 3000
HIDE = """() => {
  Object.defineProperty(document, 'hidden', { value: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def expect_counts(page: Page, **counts: int) -> None:
    for name, count in counts.items():
        expect(page.locator(f"#count-{name}")).to_have_text(str(count))


def test_counts_outlive_a_reload_until_they_are_reset(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(script=SCRIPTED, timezone_id="Asia/Karachi")
    expect(page.locator("#counts")).to_be_hidden()
    set_faces(page, "with_mask", "unsure", "without_mask")
    start(page)
    expect_counts(page, people=3, with_mask=1, unsure=1, without_mask=1)
    set_faces(page, "with_mask", "unsure", "with_mask")
    expect_counts(page, people=3, with_mask=2, without_mask=0, put_on_after_alert=1)
    expect(page.locator("#chart-share")).to_have_text("100% with a mask")
    page.evaluate(HIDE)
    page.wait_for_timeout(300)  # enough to store the counts
    page.reload()
    expect_counts(page, people=3, with_mask=2, unsure=1, put_on_after_alert=1)
    expect(page.locator("#counts-since")).to_contain_text("since")
    assert page.locator("#chart rect.with_mask").count() >= 1
    page.get_by_text("Last 7 days").click()
    expect(page.locator("#counts-days tr")).to_have_count(7)
    expect(page.locator("#counts-kept")).to_have_text("Stored in this browser for up to 400 days.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save counts as CSV").click()
    download.value.save_as(tmp_path / "counts.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "counts.csv").read_text("utf-8-sig"))))
    assert sum(int(row["mask (with_mask)"]) for row in rows) == 2
    hour = datetime.fromisoformat(rows[0]["Time (time)"])
    assert (hour.minute, hour.utcoffset()) == (0, timedelta(hours=5))
    reset = page.locator("#counts-reset")
    reset.click()
    expect(reset).to_have_text("Delete the counts of all days?")
    page.wait_for_timeout(600)  # no double click
    reset.click()
    expect_counts(page, people=0, with_mask=0, put_on_after_alert=0)
    page.reload()
    expect(page.locator("#counts")).to_be_hidden()


def test_two_tabs_count_together(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        set_faces(tab, "with_mask")
        start(tab)
        expect(tab.locator("#count-with_mask")).not_to_have_text("0")
    page.wait_for_timeout(WRITE_INTERVAL_MS)
    for tab in (page, other):
        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # shown again
        expect_counts(tab, people=2)


def test_without_storage_the_counts_last_as_long_as_the_page(new_page: NewPage) -> None:
    refuse = "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };"
    page = new_page(script=SCRIPTED + refuse)
    set_faces(page, "with_mask")
    start(page)
    expect_counts(page, people=1)
    page.wait_for_timeout(WRITE_INTERVAL_MS)
    expect_counts(page, people=1)
    expect(page.locator("#counts-problem")).to_be_empty()
    expect(page.locator("#counts-kept")).to_have_text(
        "Kept until this page is closed: your browser allows no storage."
    )
