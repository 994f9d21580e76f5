"""What audits such as Lighthouse check, as far as possible offline."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TIMEOUT_MS, NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start

MAX_SHIFT = 0.1  # "good" in Lighthouse

# A camera that starts 700 ms after the click: later shifts do not count as caused by the click.
SLOW_CAMERA = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    return ask(wanted);
  };
"""
RECORD_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      const moved = sources.map(({ node }) => node?.id || node?.className || node?.nodeName);
      if (!hadRecentInput) window.shifts.push({ value, moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });
"""


def meta(page: Page, name: str) -> list[str]:
    found = page.locator(f"meta[name='{name}']").evaluate_all("(all) => all.map((m) => m.content)")
    return list(found)


def test_the_head_describes_the_page(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    assert page.evaluate("[document.doctype.name, document.compatMode, document.characterSet]") == [
        "html",
        "CSS1Compat",
        "UTF-8",
    ]
    assert page.title() == "Face mask detection"
    assert page.locator("html").get_attribute("lang") == "en"
    assert meta(page, "viewport") == ["width=device-width, initial-scale=1"]
    [description] = meta(page, "description")
    assert 50 <= len(description) <= 160
    assert len(set(meta(page, "theme-color"))) == 2  # light and dark
    assert meta(page, "robots") == []
    robots = page.request.get("/robots.txt")
    assert robots.status == 404 or "text/plain" in robots.headers["content-type"]


def test_the_manifest_and_its_icons_exist(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    link = page.locator("link[rel=manifest]").get_attribute("href") or ""
    manifest = page.request.get(link).json()
    assert manifest["name"]
    assert len(manifest["short_name"]) <= 12
    assert manifest["display"] == "standalone"
    assert urljoin(urljoin(page.url, link), manifest["start_url"]) == page.url
    assert manifest["icons"]
    icons = [urljoin(page.url, urljoin(link, one["src"])) for one in manifest["icons"]]
    icons.append(page.locator("link[rel=icon]").get_attribute("href") or "")
    for address in icons:
        answer = page.request.get(address)
        assert answer.ok, address
        assert answer.headers["content-type"].startswith("image/")


def test_one_style_sheet_and_one_script_block_rendering(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    blocking = page.evaluate("""
      performance.getEntriesByType('resource')
        .filter(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking')
        .map(({ name }) => name)
    """)
    names = {re.sub(r"-\w+\.", ".", name.rsplit("/", 1)[1]) for name in blocking}
    assert names == {"style.css", "app.js"}  # the script translates the page
    scripts = page.locator("script").evaluate_all("(all) => all.map(({ type }) => type)")
    assert scripts == ["module"]


def test_files_with_a_hash_in_their_name_are_cached_for_a_year_and_others_revalidated(
    new_page: NewPage,
) -> None:
    page = new_page()
    start(page)
    expect(page.locator("#status")).to_have_text("Running", timeout=TIMEOUT_MS)
    names = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    built = [name for name in names if "/static/build/" in name]
    assert len(built) >= 3  # style, script, worker
    for name in built:
        answer = page.request.get(name)
        assert re.search(r"-[0-9a-f]{10}\.\w+$", name)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
    for name in ("/", "/sw.js", "/contract.json"):
        assert page.request.get(name).headers["cache-control"] == "no-cache"


def shift(page: Page) -> tuple[float, list[Any]]:
    """The sum of layout shifts without user input, and their sources."""
    page.wait_for_timeout(300)
    shifts = page.evaluate("window.shifts")
    return sum(one["value"] for one in shifts), shifts


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_shifts_until_the_first_verdict(new_page: NewPage, width: int, locale: str) -> None:
    page = new_page(
        script=SCRIPTED + SLOW_CAMERA + RECORD_SHIFTS,
        viewport={"width": width, "height": 800},
        locale=locale,
    )
    set_faces(page, "with_mask", "without_mask")
    start(page)
    expect(page.locator("#alert")).not_to_be_empty()
    total, shifts = shift(page)
    assert total < MAX_SHIFT, shifts


def test_nothing_shifts_while_the_models_are_loaded(new_page: NewPage) -> None:
    page = new_page(script=SLOW_CAMERA + RECORD_SHIFTS)
    start(page)
    expect(page.locator("#alert")).not_to_be_empty(timeout=2 * TIMEOUT_MS)
    total, shifts = shift(page)
    assert total < MAX_SHIFT, shifts


@pytest.mark.parametrize("width", [320, 1280])
def test_controls_are_at_least_24_px_large(new_page: NewPage, width: int) -> None:
    page = new_page(script=SCRIPTED, viewport={"width": width, "height": 800})
    start(page)
    for details in page.locator("summary").all():
        details.click()
    small = page.locator(
        "button:visible, input:visible, select:visible, summary:visible"
    ).evaluate_all(
        """(all) => all
          .filter((one) => {
            const { width, height } = one.getBoundingClientRect();
            return Math.min(width, height) < 24;
          })
          .map(({ id, outerHTML }) => id || outerHTML)"""
    )
    assert small == []
