"""Alerts on the page: start and end, sound, notifications, settings and log."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start

RECORD_SOUNDS = """
  window.tones = 0;
  const begin = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) {
    window.tones += 1;
    return begin.apply(this, given);
  };
"""
RECORD_NOTIFICATIONS = """
  Object.defineProperty(navigator, 'serviceWorker', { value: undefined }); // it would show them
  window.notifications = [];
  window.Notification = class {
    static permission = 'default';
    static async requestPermission() {
      return (this.permission = window.permission ?? 'granted');
    }
    constructor(title, { body }) { window.notifications.push(body); }
  };
"""


@pytest.fixture
def page(new_page: NewPage) -> Page:
    page = new_page(script=SCRIPTED + RECORD_SOUNDS + RECORD_NOTIFICATIONS)
    page.locator("#settings-details summary").click()
    return page


def alert(page: Page) -> None:
    """Raise an alert and end it."""
    set_faces(page, "without_mask")
    expect(page.locator("#alert")).to_have_text("Someone is not wearing a mask.")
    set_faces(page, "with_mask")
    expect(page.locator("#alert")).to_be_empty()


def test_an_alert_begins_and_ends(page: Page) -> None:
    set_faces(page, "with_mask", "unsure", "too_small")
    start(page)
    expect(page.locator("#summary")).to_contain_text("3 people")
    expect(page.locator("#alert")).to_be_empty()
    set_faces(page, "with_mask", "incorrect_mask")
    expect(page.locator("#alert")).to_have_text("Someone is not wearing their mask properly.")
    assert page.locator(".alerting").count() == 1
    set_faces(page, "with_mask")
    expect(page.locator("#alert")).to_be_empty()
    assert page.locator(".alerting").count() == 0


def test_the_log_is_stored_downloaded_and_cleared(page: Page, tmp_path: Path) -> None:
    start(page)
    alert(page)
    page.reload()
    page.locator("#log-details summary").click()
    expect(page.locator("#log tr")).to_have_count(1)
    expect(page.locator("#log tr")).to_contain_text("no mask")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.suggested_filename == "alerts.csv"
    download.value.save_as(tmp_path / "alerts.csv")
    text = (tmp_path / "alerts.csv").read_text(encoding="utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["Result (verdict)"], row["Code (code)"]) == ("no mask", "without_mask")
    assert datetime.fromisoformat(row["Time (time)"]).tzinfo
    assert float(row["Duration (duration_seconds)"]) > 0
    clear = page.locator("#log-clear")
    clear.click()
    expect(clear).to_have_text("Clear the log?")
    page.wait_for_timeout(600)  # no double click
    expect(page.locator("#log tr")).to_have_count(1)
    clear.click()
    expect(page.locator("#log-empty")).to_be_visible()
    page.reload()
    expect(page.locator("#log tr")).to_have_count(0)


def test_an_unreadable_log_is_reported(page: Page) -> None:
    start(page)
    alert(page)
    page.locator("#log-details summary").click()
    refuse = "() => { throw new DOMException('', 'UnknownError'); }"
    page.evaluate(
        f"() => {{ window.original = IDBObjectStore.prototype.getAll;"
        f" IDBObjectStore.prototype.getAll = {refuse}; }}"
    )
    page.get_by_role("button", name="Download CSV").click()
    page.locator("#log-details summary").click()
    expect(page.locator("#log-problem")).to_be_visible()  # although the log is collapsed
    expect(page.locator("#log-problem")).to_have_text("The log could not be saved. Try again.")
    page.locator("#log-details summary").click()
    page.evaluate("() => { IDBObjectStore.prototype.getAll = window.original; }")
    with page.expect_download():
        page.get_by_role("button", name="Download CSV").click()
    expect(page.locator("#log-problem")).to_be_empty()


def test_a_second_person_raises_an_alert_of_their_own(page: Page) -> None:
    set_faces(page, "without_mask")
    start(page)
    expect(page.locator("#alert")).to_have_text("Someone is not wearing a mask.")
    set_faces(page, "without_mask", "without_mask", "incorrect_mask")
    expect(page.locator("#alert")).to_have_text("2 without a mask, 1 with one worn incorrectly.")
    set_faces(page, "with_mask", "without_mask", "with_mask")
    expect(page.locator("#alert")).to_have_text("Someone is not wearing a mask.")
    page.locator("#log-details summary").click()
    expect(page.locator("#log tr")).to_have_count(3)
    expect(page.locator("#log tr", has_text="–")).to_have_count(1)  # still in progress


def test_the_tab_shows_an_alert(page: Page) -> None:
    icon = page.locator("link[rel=icon]")
    usual = icon.get_attribute("href")
    set_faces(page, "without_mask")
    start(page)
    expect(page).to_have_title("⚠ Someone is not wearing a mask.")
    shown = icon.get_attribute("href") or ""
    assert shown != usual
    assert page.request.get(urljoin(page.url, shown)).ok
    set_faces(page, "with_mask")
    expect(page).to_have_title("Face mask detection")
    assert icon.get_attribute("href") == usual


def test_an_alert_ends_with_the_camera(page: Page) -> None:
    set_faces(page, "without_mask")
    start(page)
    expect(page.locator("#alert")).to_contain_text("not wearing a mask")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#alert")).to_be_empty()
    page.locator("#log-details summary").click()
    expect(page.locator("#log td").last).to_contain_text("s")


def test_the_settings_of_alerts_apply_and_are_stored(page: Page) -> None:
    page.get_by_label("Alert after").select_option("5 seconds")
    page.get_by_label("Sound or notification").select_option("for every alert")
    set_faces(page, "without_mask")
    start(page)
    page.locator(".box").wait_for()
    page.wait_for_timeout(1000)  # enough for half a second, not for five
    expect(page.locator("#alert")).to_be_empty()
    page.get_by_label("Alert after").select_option("0.5 seconds")
    expect(page.locator("#alert")).to_contain_text("not wearing a mask")
    page.get_by_label("Faces that count").select_option("at least 5% of the picture’s height")
    page.reload()
    values = page.locator("#settings select").evaluate_all("(all) => all.map((one) => one.value)")
    assert values[:3] == ["0.5", "0", "5"]


def test_a_stored_value_that_no_list_offers_is_kept(page: Page) -> None:
    page.evaluate("localStorage.settings = JSON.stringify({ cooldownS: 45, minFrames: 3 })")
    page.reload()
    page.locator("#settings-details summary").click()
    expect(page.locator("#set-cooldownS option:checked")).to_have_text(
        "at most once every 45 seconds"
    )
    expect(page.locator("#set-afterS option:checked")).to_have_text("0.5 seconds")


def test_results_are_announced_calmly(page: Page) -> None:
    page.evaluate("""() => {
      window.announced = [];
      const region = document.getElementById('announcement');
      new MutationObserver(() => {
        if (region.textContent) window.announced.push([region.textContent, performance.now()]);
      }).observe(region, { childList: true, characterData: true, subtree: true });
    }""")
    start(page)
    for faces in (1, 2, 3, 4):
        set_faces(page, *["with_mask"] * faces)
        expect(page.locator("#summary")).to_contain_text(f"{faces} pe")  # visible at once
    last = "4 people, all wearing a mask."
    expect(page.locator("#announcement")).to_have_text(last, timeout=10_000)
    announced = page.evaluate("window.announced")
    assert [text for text, _ in announced][-1] == last
    times = [at_ms for _, at_ms in announced]
    assert all(b - a >= 2990 for a, b in pairwise(times)), announced
    page.get_by_label("Announce results to screen readers").uncheck()
    expect(page.locator("#announcement")).to_be_empty()


def test_an_alert_interrupts_screen_readers_once(page: Page) -> None:
    page.evaluate("""() => {
      window.interrupted = [];
      const region = document.getElementById('urgent');
      new MutationObserver(() => {
        if (region.textContent) window.interrupted.push(region.textContent);
      }).observe(region, { childList: true, characterData: true, subtree: true });
    }""")
    start(page)
    for faces in (1, 2, 4, 3):
        set_faces(page, *["without_mask"] * faces)
        expected = "Someone is not" if faces == 1 else f"{faces} people are not"
        expect(page.locator("#alert")).to_contain_text(expected)
    assert page.locator("#alert").get_attribute("role") is None
    assert page.evaluate("window.interrupted") == ["Someone is not wearing a mask."]


def test_sound_is_off_until_enabled_and_can_be_tried(page: Page) -> None:
    page.get_by_label("Sound or notification").select_option("for every alert")
    start(page)
    expect(page.get_by_role("button", name="Mute alerts")).to_be_hidden()
    alert(page)
    assert page.evaluate("window.tones") == 0
    page.get_by_role("button", name="Try it").click()
    page.wait_for_timeout(200)
    tried = page.evaluate("window.tones")
    assert tried > 0
    page.get_by_label("Sound", exact=True).check()
    alert(page)
    heard = page.evaluate("window.tones")
    assert heard > tried
    mute = page.get_by_role("button", name="Mute alerts")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    alert(page)
    assert page.evaluate("window.tones") == heard


def test_a_notification_is_shown_only_if_enabled_and_allowed(page: Page) -> None:
    page.get_by_label("Sound or notification").select_option("for every alert")
    start(page)
    alert(page)
    assert page.evaluate("window.notifications") == []
    switch = page.get_by_role("switch", name="Notifications")
    page.evaluate("window.permission = 'denied'")
    switch.click()
    expect(page.locator("#notification-blocked")).to_contain_text("blocks")
    expect(switch).not_to_be_checked()
    page.evaluate("window.permission = 'granted'")
    switch.click()
    expect(switch).to_be_checked()
    expect(page.locator("#notification-blocked")).to_be_empty()
    alert(page)
    assert page.evaluate("window.notifications") == ["Someone is not wearing a mask."]
    page.get_by_role("button", name="Mute alerts").click()
    alert(page)
    assert len(page.evaluate("window.notifications")) == 1
