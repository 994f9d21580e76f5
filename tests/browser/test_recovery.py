"""What comes between a camera and its page, each told, and over by itself where that can be."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.scripted import SCRIPTED, set_faces, start

CAMERA = """
  const list = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
  navigator.mediaDevices.enumerateDevices = async () => window.unplugged ? [] : list();
  window.permission = 'granted';
  Permissions.prototype.query = async () => ({ state: window.permission });
  window.lose = () => document.getElementById('video').srcObject.getTracks()[0]
    .dispatchEvent(new Event('ended'));
  window.plug = (there) => {
    window.unplugged = !there;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  };
  window.hide = (hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
"""
# No new picture comes while the computer sleeps, and some give none for a while after.
SLEEP = """
  const wait = HTMLVideoElement.prototype.requestVideoFrameCallback;
  window.waiting = [];
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (call) {
    if (window.asleep) return window.waiting.push(() => wait.call(this, call));
    return wait.call(this, call);
  };
  window.wake = () => {
    window.asleep = false;
    for (const go of window.waiting.splice(0)) go();
  };
"""


@pytest.fixture
def page(new_page: NewPage) -> Page:
    page = new_page(script=SCRIPTED + CAMERA + SLEEP)
    set_faces(page, "with_mask")
    start(page)
    expect(page.locator(".box")).to_have_count(1)
    return page


def test_an_unplugged_camera_goes_on_when_it_is_plugged_in_again(page: Page) -> None:
    page.evaluate("window.lose()")
    expect(page.locator("#alert")).to_contain_text("was disconnected")
    page.evaluate("window.plug(false)")
    page.wait_for_timeout(200)
    expect(page.locator("#status")).to_have_text("Not running. The camera is off.")
    page.evaluate("window.plug(true)")
    expect(page.locator(".box")).to_have_count(1)
    expect(page.locator("#alert")).to_be_empty()
    expect(page.locator("#status")).to_have_text("Running")


@pytest.mark.parametrize("now", ["denied", "prompt"])
def test_a_camera_that_is_no_longer_allowed_stays_off(page: Page, now: str) -> None:
    page.evaluate("(now) => { window.permission = now; window.lose(); }", now)
    expect(page.locator("#alert")).to_contain_text("access was withdrawn")
    page.evaluate("window.plug(true)")
    page.wait_for_timeout(200)
    expect(page.locator("#start")).to_be_visible()
    page.evaluate("window.permission = 'granted'")
    start(page)
    expect(page.locator(".box")).to_have_count(1)


def test_a_camera_that_is_lost_while_the_page_is_hidden_is_told_on_return(page: Page) -> None:
    page.evaluate("window.hide(true)")
    expect(page.locator("#status")).to_contain_text("Paused")
    page.evaluate("window.lose(); window.plug(false)")
    expect(page.locator("#alert")).to_contain_text("was disconnected")
    page.evaluate("window.hide(false)")
    page.wait_for_timeout(200)
    expect(page.locator("#alert")).to_contain_text("was disconnected")
    expect(page.locator("#status")).to_have_text("Not running. The camera is off.")


def test_a_camera_that_comes_back_to_a_hidden_page_waits_for_its_return(page: Page) -> None:
    page.evaluate("window.lose()")
    expect(page.locator("#alert")).to_contain_text("was disconnected")
    page.evaluate("window.hide(true); window.plug(true)")
    page.wait_for_timeout(200)
    expect(page.locator("#status")).to_have_text("Not running. The camera is off.")
    page.evaluate("window.hide(false)")
    expect(page.locator("#status")).to_have_text("Running")
    expect(page.locator(".box")).to_have_count(1)


def test_a_sleep_is_told_and_over_with_the_next_picture(page: Page) -> None:
    page.evaluate("window.asleep = true")
    expect(page.locator("#status")).to_contain_text("sends no new picture")
    expect(page.locator("#rate")).to_be_empty()
    page.evaluate("window.wake()")
    expect(page.locator("#status")).to_have_text("Running")
    expect(page.locator("#rate")).not_to_be_empty()
