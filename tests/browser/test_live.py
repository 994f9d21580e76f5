"""The live webcam with the real models: results, progress, errors, start and stop."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from inference.contract import MODELS
from inference.labels import WORDS
from inference.vision.geometry import Box, iou
from serving.texts import PHRASES
from tests.browser.conftest import DENIED, NO_CAMERA, TIMEOUT_MS, NewPage
from tests.golden import GOLDEN

LABELS = {"astronaut": "without_mask", "astronaut_masked": "with_mask"}
RECORD_RESPONSES = """
  window.responses = [];
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => window.responses.push(data));
    }
  };
"""
# The boxes as shares of the unmirrored video.
BOXES = """
  () => {
    const video = document.getElementById('video').getBoundingClientRect();
    return [...document.querySelectorAll('.box')].map((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      const x = (edge) => 1 - (edge - video.left) / video.width;
      const y = (edge) => (edge - video.top) / video.height;
      return [x(right), y(top), x(left), y(bottom)];
    });
  }
"""


def refusing(name: str) -> str:
    """A script whose camera fails with this DOMException."""
    return f"""
      navigator.mediaDevices.getUserMedia = async () => {{
        throw new DOMException('', '{name}');
      }};
    """


def golden_box(frame: str) -> Box:
    """The first face that Python detects, as shares of the frame."""
    edges = json.loads(GOLDEN.read_text())["frames"][frame][0]["box"]
    return Box(edges["left"] / 640, edges["top"] / 480, edges["right"] / 640, edges["bottom"] / 480)


def start(page: Page) -> None:
    page.get_by_role("button", name="Start the camera").click()


def frames(page: Page) -> list[dict[str, Any]]:
    """The worker's responses to frames, with `RECORD_RESPONSES`."""
    responses = page.evaluate("window.responses.filter(({ type }) => type === 'tracks')")
    return list(responses)


def wait_for_frames(page: Page, count: int) -> None:
    """Poll: the page's content security policy forbids `page.wait_for_function`."""
    end = time.monotonic() + 60
    while len(frames(page)) < count:
        assert time.monotonic() < end, (
            f"Expected {count} frames in a minute, got {len(frames(page))}."
        )
        page.wait_for_timeout(100)


def wait_for_faces(page: Page, summary: str) -> None:
    expect(page.locator("#summary")).to_have_text(summary, timeout=TIMEOUT_MS)


@pytest.mark.parametrize("frame", LABELS)
def test_the_verdict_is_right_within_five_seconds(new_page: NewPage, frame: str) -> None:
    page = new_page(frame)
    begun = time.monotonic()
    start(page)
    page.locator(f".box.{LABELS[frame]}").wait_for(timeout=TIMEOUT_MS)
    assert time.monotonic() - begun < 5
    wait_for_faces(page, f"1 person, {PHRASES[LABELS[frame]]}.")
    assert WORDS[LABELS[frame]] in page.locator(".box").inner_text()
    [edges] = page.evaluate(BOXES)
    assert iou(Box(*edges), golden_box(frame)) > 0.8


def test_only_a_bare_face_raises_the_alert(new_page: NewPage) -> None:
    page = new_page("astronaut")
    alert = page.get_by_role("alert")
    expect(alert).to_be_empty()
    start(page)
    expect(alert).to_have_text("Someone is not wearing a mask.")
    masked = new_page("astronaut_masked")
    start(masked)
    wait_for_faces(masked, "1 person, wearing a mask.")
    expect(masked.get_by_role("alert")).to_be_empty()


def test_two_faces_are_classified_separately(new_page: NewPage) -> None:
    page = new_page("two_faces")
    start(page)
    wait_for_faces(page, "2 people: 1 wearing a mask, 1 without a mask.")


def test_a_frame_without_faces(new_page: NewPage) -> None:
    page = new_page("empty")
    start(page)
    wait_for_faces(page, "No face in view.")
    assert page.locator(".box").count() == 0


def test_nothing_is_loaded_or_requested_before_start(new_page: NewPage) -> None:
    page = new_page(script="navigator.mediaDevices.getUserMedia = () => window.requested = true;")
    names = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert not [name for name in names if "worker" in name or ".bin" in name or ".wasm" in name]
    assert page.evaluate("window.requested") is None
    assert page.locator("#status").inner_text() == "Ready. The camera is off."


def test_tensors_do_not_grow(new_page: NewPage) -> None:
    page = new_page("two_faces", script=RECORD_RESPONSES)
    start(page)
    wait_for_frames(page, 120)
    tensors = [frame["tensors"] for frame in frames(page)]
    assert len(set(tensors)) == 1


def test_progress_is_shown(new_page: NewPage) -> None:
    page = new_page(script=RECORD_RESPONSES)
    start(page)
    expect(page.locator("#status")).to_have_text("Running")
    expect(page.locator("#rate")).to_contain_text("frames per second")
    responses = page.evaluate("window.responses")
    downloading = [one for one in responses if one["type"] == "downloading"]
    assert downloading[-1]["doneBytes"] == downloading[-1]["totalBytes"]
    others = [one["type"] for one in responses if one["type"] != "downloading"]
    assert others[:2] == ["warming", "ready"]


def test_loading_is_shown_before_warming_up(new_page: NewPage) -> None:
    record = """
      window.statuses = [];
      document.addEventListener('DOMContentLoaded', () => {
        const status = document.getElementById('status');
        const note = () => window.statuses.push(status.textContent.split(' ')[0]);
        new MutationObserver(note).observe(status, { childList: true });
      });
    """

    def slowly(route: Route) -> None:  # so that the camera starts first
        time.sleep(1)
        route.continue_()

    page = new_page(script=record)
    page.route("**/contract.json", slowly)
    start(page)
    expect(page.locator("#status")).to_have_text("Running")
    statuses = list(dict.fromkeys(page.evaluate("window.statuses")))
    assert statuses == ["Waiting", "Loading", "Warming", "Running"]
    assert page.evaluate("window.statuses").count("Warming") == 1


def test_stop_turns_the_camera_off_and_start_turns_it_on(new_page: NewPage) -> None:
    page = new_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".box").wait_for()
    page.evaluate("window.track = document.getElementById('video').srcObject.getTracks()[0]")
    assert page.evaluate("window.track.readyState") == "live"
    page.keyboard.press("Enter")  # the focus moved to Stop
    assert page.evaluate("window.track.readyState") == "ended"
    expect(page.locator("#status")).to_have_text("Stopped. The camera is off.")
    assert page.locator(".box").count() == 0
    page.keyboard.press("Enter")
    page.locator(".box").wait_for()


@pytest.mark.parametrize(
    ("camera", "script", "text"),
    [
        (DENIED, "", "access is blocked"),
        (NO_CAMERA, "", "No camera was found"),
        ("astronaut", refusing("NotReadableError"), "Another program may be using it"),
        ("astronaut", refusing("OverconstrainedError"), "no suitable resolution"),
        ("astronaut", refusing("UnknownError"), "did not start"),
        ("astronaut", "delete Navigator.prototype.mediaDevices;", "no access to the camera"),
    ],
)
def test_each_camera_error_has_a_message(
    new_page: NewPage, camera: str, script: str, text: str
) -> None:
    page = new_page(camera, script=script)
    start(page)
    expect(page.get_by_role("alert")).to_contain_text(text)
    expect(page.locator("#status")).to_have_text("Not running. The camera is off.")
    expect(page.get_by_role("button", name="Start the camera")).to_be_visible()


def test_an_unanswered_permission_prompt_is_explained(new_page: NewPage) -> None:
    page = new_page(script="navigator.mediaDevices.getUserMedia = () => new Promise(() => {});")
    page.clock.install()
    start(page)
    expect(page.locator("#status")).to_have_text("Waiting for the camera")
    page.clock.fast_forward(6_000)
    expect(page.locator("#status")).to_contain_text("choose “Allow”")


def test_a_disconnected_camera_is_reported(new_page: NewPage) -> None:
    page = new_page()
    start(page)
    page.locator(".box").wait_for()
    page.evaluate(
        "document.getElementById('video').srcObject.getTracks()[0]"
        ".dispatchEvent(new Event('ended'))"
    )
    expect(page.get_by_role("alert")).to_contain_text("was disconnected")
    assert page.locator(".box").count() == 0


HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_a_hidden_page_runs_without_the_frames_of_the_video(new_page: NewPage) -> None:
    page = new_page(
        script=RECORD_RESPONSES
        + """
          const request = HTMLVideoElement.prototype.requestVideoFrameCallback;
          HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
            return document.hidden ? 0 : request.call(this, callback);
          };
        """
    )
    start(page)
    page.locator(".box").wait_for()
    page.evaluate(HIDE, True)
    expect(page.locator("#status")).to_have_text("Running slowly while this page is hidden.")
    wait_for_frames(page, len(frames(page)) + 5)
    expect(page.locator("#status")).to_have_text("Running slowly while this page is hidden.")
    page.evaluate(HIDE, False)
    expect(page.locator("#status")).to_have_text("Running")
    wait_for_frames(page, len(frames(page)) + 5)


def test_a_browser_that_sends_hidden_pages_no_frames_is_reported(new_page: NewPage) -> None:
    page = new_page()
    start(page)
    page.locator(".box").wait_for()
    page.evaluate(HIDE, True)
    page.evaluate("Object.defineProperty(video, 'paused', { value: true, configurable: true })")
    expect(page.locator("#status")).to_contain_text("sends no new picture")
    page.evaluate("delete video.paused")
    page.evaluate(HIDE, False)
    expect(page.locator("#status")).to_contain_text("This browser pauses the camera")


def test_the_footer_shows_the_version_of_the_loaded_model(new_page: NewPage) -> None:
    page = new_page()
    contract = json.loads((MODELS / "contract.json").read_text(encoding="utf-8"))
    footer = page.get_by_role("contentinfo")
    expect(footer).to_contain_text(f"Model {contract['version']}")
    page.route("**/contract.json", lambda route: route.fulfill(json=contract | {"version": "new"}))
    start(page)
    expect(footer).to_contain_text("Model new")


def test_start_retries_loading_after_both_camera_and_model_failed(
    new_page: NewPage,
) -> None:
    fail_once = """
      const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async () => {
        navigator.mediaDevices.getUserMedia = getUserMedia;
        throw new DOMException('', 'NotFoundError');
      };
    """
    page = new_page(script=RECORD_RESPONSES + fail_once, expected="ERR_FAILED")
    page.route("**/contract.json", lambda route: route.abort())
    start(page)
    expect(page.get_by_role("alert")).to_contain_text("No camera was found")
    while not page.evaluate("window.responses.some(({ type }) => type === 'error')"):
        page.wait_for_timeout(50)
    page.unroute_all()
    start(page)
    page.locator(".box").wait_for()


def test_a_changed_model_is_rejected_with_a_message(new_page: NewPage) -> None:
    page = new_page()
    page.route("**/static/models/*.bin?*", lambda route: route.fulfill(body=b"not the weights"))
    start(page)
    expect(page.get_by_role("alert")).to_contain_text("is not the file that the model’s contract")
    page.unroute_all()
    start(page)
    page.locator(".box").wait_for()


def test_the_demo_shows_all_results_without_a_camera(new_page: NewPage) -> None:
    page = new_page(NO_CAMERA)
    page.get_by_role("button", name="Watch a demo").click()
    for phrase in ("without_mask", "with_mask", "incorrect_mask"):
        expect(page.locator(f".box.{phrase}").first).to_be_visible(timeout=TIMEOUT_MS)
    expect(page.locator("#status")).to_contain_text("Demo with sample pictures")
    expect(page.locator("#counts")).to_be_hidden()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Watch a demo")).to_be_visible()
    expect(page.locator("#log-count")).to_be_empty()
