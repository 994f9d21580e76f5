"""The kiosk for a door: starts by its address, restarts by itself, leaves by a long press."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import TWO_CAMERAS, NewPage
from tests.browser.scripted import SCRIPTED, set_faces

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


def scripted(new_page: NewPage, query: str, script: str = "", **options: Any) -> Page:
    page = new_page(script=SCRIPTED + script, path=f"/?kiosk{query}", **options)
    expect(page.locator("#kiosk")).to_have_class("kiosk noFace")
    return page


def test_the_kinds_of_messages_differ_in_color_and_symbol(new_page: NewPage) -> None:
    page = scripted(new_page, "&text-welcome=%3Cb%3ECome in!%3C/b%3E")
    looks = {}
    for label in ("noFace", "with_mask", "without_mask", "unsure"):
        set_faces(page, *[] if label == "noFace" else [label])
        expect(page.locator(f"#kiosk.{label}")).to_be_visible()
        symbol = page.locator("#kiosk-symbol").get_attribute("href") or ""
        assert page.locator(f"symbol{symbol}").count() == 1
        color = "(one) => getComputedStyle(one).getPropertyValue('--color')"
        looks[label] = (symbol, page.locator("#kiosk").evaluate(color))
        if label == "with_mask":
            expect(page.locator("#kiosk")).to_have_text("<b>Come in!</b>")
    for values in zip(*looks.values(), strict=True):
        assert len(set(values)) == len(looks)


def test_an_address_that_cannot_be_used_is_explained(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED, path="/?kiosk&lang=xx&pin=12&volume=loud&text-welcom=x")
    explained = page.locator("#address")
    expect(explained).to_contain_text("Please correct the address of this page:")
    assert [text.split(":")[0] for text in explained.locator("li").all_inner_texts()] == [
        "lang",
        "pin",
        "volume",
        "text-welcom",
    ]
    expect(page.locator("#start")).to_be_visible()


def test_a_camera_that_is_not_connected_is_reported(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED, path="/?kiosk&camera=garden")
    expect(page.locator("#kiosk-problem")).to_contain_text("No camera with “garden” in its name")
    expect(page.locator("#kiosk-problem")).to_be_visible()
    expect(page.locator("#kiosk")).to_have_text("Please ask the staff")


def test_a_pin_leaves_the_kiosk(new_page: NewPage) -> None:
    page = scripted(new_page, "&pin=1203&lang=en&volume=30")
    dialog = page.get_by_role("dialog", name="Leave the kiosk")
    page.mouse.move(200, 200)
    page.mouse.down()
    expect(dialog).to_be_visible()
    page.mouse.up()
    page.wait_for_timeout(300)  # the click must not fill the screen, above the dialog
    over = "document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('dialog')?.id"
    assert page.evaluate(over) == "pin-dialog"
    assert page.evaluate("document.fullscreenElement") is None
    for digit in "1204":
        dialog.get_by_role("button", name=digit, exact=True).click()
    dialog.get_by_role("button", name="OK").click()
    expect(dialog).to_contain_text("Wrong PIN.")
    page.keyboard.type("1203")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?lang=en")


VOICE = """
  window.said = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const speech = {
    getVoices: () => [{ lang: 'de-DE', localService: true }],
    speak: ({ text, volume }) => said.push([text, volume]),
    addEventListener() {},
    cancel() {},
  };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
"""


def test_a_kiosk_speaks(new_page: NewPage) -> None:
    page = scripted(new_page, "&speak&volume=30&lang=de", VOICE)
    set_faces(page, "with_mask")
    page.wait_for_function("() => window.said.length === 1")
    assert page.evaluate("window.said") == [["Die Maske sitzt, willkommen", 0.3]]


def test_a_missing_voice_is_reported(new_page: NewPage) -> None:
    page = scripted(new_page, "&speak", VOICE)  # it has no English one
    expect(page.locator("#kiosk-problem")).to_contain_text("no English voice", timeout=10_000)


def test_the_message_is_announced_where_the_rest_is_inert(new_page: NewPage) -> None:
    page = scripted(new_page, "")
    set_faces(page, "with_mask")
    expect(page.locator("#scene > #announcement")).to_have_text("Mask on, welcome")
    assert page.locator("#kiosk").get_attribute("aria-live") is None


LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"/>'


def test_a_kiosk_shows_the_logo_of_the_server(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED)
    page.route("**/logo", lambda route: route.fulfill(body=LOGO, content_type="image/svg+xml"))
    page.goto("/?kiosk&logo=Corner%20shop")
    logo = page.get_by_role("img", name="Corner shop")
    expect(logo).to_be_visible()
    page.wait_for_function("() => document.querySelector('.logo').naturalWidth === 90")
    expect(page.locator("#kiosk-problem")).to_be_empty()


def test_a_server_without_a_logo_is_reported(new_page: NewPage) -> None:
    page = new_page(script=SCRIPTED, path="/?kiosk&logo", expected="404")
    expect(page.locator("#kiosk-problem")).to_contain_text("The server has no logo.")
