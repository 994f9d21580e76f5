"""The kiosk for a door: starts by its address, restarts by itself, leaves by a long press."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import TWO_CAMERAS, NewPage

KIOSK = "/?kiosk&lang=de"


def opened(new_page: NewPage) -> Page:
    page = new_page(path=KIOSK)
    expect(page.locator("#kiosk")).to_have_text("Bitte setzen Sie eine Maske auf")
    return page


def test_the_kiosk_starts_by_its_address(new_page: NewPage) -> None:
    page = opened(new_page)
    assert page.locator(".scene.full").count() == 1
    expect(page.get_by_role("button", name="Vollbild beenden")).to_be_hidden()
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert page.locator(".scene.full").count() == 1
    page.reload()
    expect(page.locator("#kiosk")).to_have_text("Bitte setzen Sie eine Maske auf")


def test_the_kiosk_restarts_after_a_lost_camera(new_page: NewPage) -> None:
    page = opened(new_page)
    page.evaluate("""() => {
      const [track] = document.getElementById('video').srcObject.getTracks();
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }""")
    expect(page.locator("#alert")).not_to_be_empty()
    expect(page.locator("#alert")).to_be_empty()
    expect(page.locator("#kiosk")).to_have_text("Bitte setzen Sie eine Maske auf")
    assert page.locator(".scene.full").count() == 1
    assert page.evaluate("document.getElementById('video').srcObject.active")


def test_the_kiosk_uses_the_camera_of_its_address(new_page: NewPage) -> None:
    names = set()
    for number in (0, 1):
        page = new_page(TWO_CAMERAS, path=f"/?kiosk&camera=device_{number}")
        expect(page.locator("#status")).to_have_text("Running")
        name = "document.getElementById('video').srcObject.getVideoTracks()[0].label"
        page.wait_for_function(f"{name}.includes('device_{number}')")
        names.add(page.evaluate(name))
    assert len(names) == 2


def test_a_long_press_leaves_the_kiosk(new_page: NewPage) -> None:
    page = opened(new_page)
    page.mouse.move(200, 200)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(3500)
    assert "kiosk" in page.url
    page.mouse.down()
    page.wait_for_url("**/?lang=de")
    expect(page.get_by_role("button", name="Kamera starten")).to_be_visible()
