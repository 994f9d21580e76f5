"""Interruptions of the camera are reported, and the video resumes by itself where possible."""

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
  window.endTrack = () => document.getElementById('video').srcObject.getTracks()[0]
    .dispatchEvent(new Event('ended'));
  window.setPlugged = (plugged) => {
    window.unplugged = !plugged;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  };
  window.setHidden = (hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
"""
# Cameras deliver no frames while the computer sleeps, and some not for a while afterwards.
SLEEP = """
  const request = HTMLVideoElement.prototype.requestVideoFrameCallback;
  window.delayed = [];
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
    if (window.asleep) return window.delayed.push(() => request.call(this, callback));
    return request.call(this, callback);
  };
  window.wake = () => {
    window.asleep = false;
    for (const resume of window.delayed.splice(0)) resume();
  };
"""


@pytest.fixture
def page(new_page: NewPage) -> Page:
    page = new_page(script=SCRIPTED + CAMERA + SLEEP)
    set_faces(page, "with_mask")
    start(page)
    expect(page.locator(".box")).to_have_count(1)
    return page


def test_an_unplugged_camera_resumes_when_it_is_plugged_in_again(page: Page) -> None:
    page.evaluate("window.endTrack()")
    expect(page.locator("#alert")).to_contain_text("was disconnected")
    page.evaluate("window.setPlugged(false)")
    page.wait_for_timeout(200)
    expect(page.locator("#status")).to_have_text("Not running. The camera is off.")
    page.evaluate("window.setPlugged(true)")
    expect(page.locator(".box")).to_have_count(1)
    expect(page.locator("#alert")).to_be_empty()
    expect(page.locator("#status")).to_have_text("Running")


@pytest.mark.parametrize("now", ["denied", "prompt"])
def test_a_camera_that_lost_its_permission_stays_off(page: Page, now: str) -> None:
    page.evaluate("(now) => { window.permission = now; window.endTrack(); }", now)
    expect(page.locator("#alert")).to_contain_text("access was withdrawn")
    page.evaluate("window.setPlugged(true)")
    page.wait_for_timeout(200)
    expect(page.locator("#start")).to_be_visible()
    page.evaluate("window.permission = 'granted'")
    start(page)
    expect(page.locator(".box")).to_have_count(1)


def test_a_camera_that_was_lost_on_a_hidden_page_is_reported(page: Page) -> None:
    page.evaluate("window.setHidden(true)")
    page.evaluate("window.endTrack(); window.setPlugged(false)")
    expect(page.locator("#alert")).to_contain_text("was disconnected")
    page.evaluate("window.setHidden(false)")
    page.wait_for_timeout(200)
    expect(page.locator("#alert")).to_contain_text("was disconnected")
    expect(page.locator("#status")).to_have_text("Not running. The camera is off.")


def test_a_camera_that_is_back_resumes_once_the_page_is_visible(page: Page) -> None:
    page.evaluate("window.endTrack()")
    expect(page.locator("#alert")).to_contain_text("was disconnected")
    page.evaluate("window.setHidden(true); window.setPlugged(true)")
    page.wait_for_timeout(200)
    expect(page.locator("#status")).to_have_text("Not running. The camera is off.")
    page.evaluate("window.setHidden(false)")
    expect(page.locator("#status")).to_have_text("Running")
    expect(page.locator(".box")).to_have_count(1)


def test_a_stall_is_reported_until_the_next_frame(page: Page) -> None:
    page.evaluate("window.asleep = true")
    expect(page.locator("#status")).to_contain_text("sends no new picture")
    expect(page.locator("#rate")).to_be_empty()
    page.evaluate("window.wake()")
    expect(page.locator("#status")).to_have_text("Running")
    expect(page.locator("#rate")).not_to_be_empty()
