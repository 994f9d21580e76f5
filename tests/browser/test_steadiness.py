"""Live labels are stable while nothing changes, and change promptly when a mask is put on or off.

The page plays a clip of `tests/shaky.py`, and the test reads the words on the boxes. The camera
waits for the page and for the detector, and the worker's clock is that of the clip: each frame
takes 1/30 s, however busy the machine is. ``bench/browser.py`` measures the real speed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import accumulate

import numpy as np
from playwright.sync_api import Page, Route

from inference.vision.geometry import Image
from tests import shaky
from tests.browser.conftest import NewPage
from tests.browser.people import people
from tests.browser.scripted import start
from tests.frames import WIDTH, astronaut, astronaut_masked
from tests.real import needs_photos

STILL_S = 30
CLIP_S = 15  # played repeatedly
PHOTOS_S = 6  # of real faces, of which every frame takes longer
WARM_UP_S = 1  # until the first verdicts
MAX_DELAY_S = 0.7
TIMEOUT_S = 900  # an idle machine needs little more than the duration of the clip
CLOCK = """
  let now = 0, passes = 0, held = () => {};
  performance.now = () => now;
  addEventListener('message', ({ data }) => {
    if (data.type === 'track') now += 1000 / RATE;
  });
  const post = self.postMessage.bind(self);
  self.postMessage = (message) => {
    if (message.type === 'tracks' && passes) held = () => post(message);
    else post(message);
  };
  self.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => {
        passes -= 1;
        held();
        held = () => {};
      });
    }
    postMessage(...sent) {
      passes += 1;
      super.postMessage(...sent);
    }
  };
""".replace("RATE", str(shaky.RATE))
# A camera that shows the next frame after the results of the last one, and records the words of the
# FACES largest faces, from left to right.
CAMERA = """
  window.labels = [];
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  const context = canvas.getContext('2d');
  let clip, track, retry;
  const show = async () => {
    clearTimeout(retry);
    retry = setTimeout(show, 2000); // in case the page missed the frame
    const i = window.labels.length % (ENDS.length - 1);
    const picture = await createImageBitmap(clip.slice(ENDS[i], ENDS[i + 1], 'image/jpeg'));
    context.drawImage(picture, 0, 0);
    track.requestFrame();
  };
  navigator.mediaDevices.getUserMedia = async () => {
    clip = await (await fetch('/clip')).blob();
    const stream = canvas.captureStream(0);
    [track] = stream.getVideoTracks();
    show();
    return stream;
  };
  const edge = (box, name) => parseFloat(box.style[name]);
  const words = () => [...document.getElementById('boxes').children]
    .sort((a, b) => edge(b, 'height') - edge(a, 'height'))
    .slice(0, FACES)
    .sort((a, b) => edge(a, 'left') - edge(b, 'left'))
    .map((box) => box.textContent.replace(/[^a-z ]/g, '').trim())
    .join(', ');
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      const record = () => {
        window.labels.push(words());
        show();
      };
      this.addEventListener('message', ({ data }) => data.type === 'tracks' && setTimeout(record));
    }
  };
"""


def test_a_still_face_keeps_its_label_for_30_seconds(new_page: NewPage) -> None:
    clip = shaky.still(side_by_side(astronaut(), astronaut_masked()), CLIP_S)
    assert set(play(new_page, clip, 2, WARM_UP_S + STILL_S)) == {"mask, no mask"}


@needs_photos
def test_real_faces_keep_their_labels(new_page: NewPage) -> None:
    labels = play(new_page, shaky.still(people()[0], PHOTOS_S), 3, PHOTOS_S)
    assert set(labels) == {"no mask, mask, no mask"}


def test_a_mask_put_on_or_off_is_reported_in_time(new_page: NewPage) -> None:
    bare, masked = astronaut(), astronaut_masked()
    scenes = [side_by_side(bare, masked), side_by_side(masked, bare)]
    assert_prompt(new_page, scenes, ["mask, no mask", "no mask, mask"])


@needs_photos
def test_a_mask_drawn_on_real_faces_is_reported_in_time(new_page: NewPage) -> None:
    assert_prompt(new_page, people(), ["no mask, mask, no mask", "mask, mask, mask"], changes=2)


def side_by_side(*pictures: Image) -> Image:
    """The centers of frames side by side; not mirrored, since symmetric halves resemble a face."""
    half = WIDTH // len(pictures) // 2
    return np.hstack([picture[:, WIDTH // 2 - half : WIDTH // 2 + half] for picture in pictures])


def play(new_page: NewPage, clip: Iterator[Image], faces: int, seconds: float) -> list[str]:
    """The labels on the mirrored video at each frame after the warm-up."""
    jpegs = list(shaky.encoded(clip))
    ends = [0, *accumulate(map(len, jpegs))]
    page = new_page(script=CAMERA.replace("ENDS", f"{ends}").replace("FACES", f"{faces}"))
    page.route("**/clip", lambda route: route.fulfill(body=b"".join(jpegs)))
    page.route("**/worker-*.js", with_clip_clock)
    start(page)
    labels = wait_for_frames(page, round(seconds * shaky.RATE))
    return labels[WARM_UP_S * shaky.RATE :]


def with_clip_clock(route: Route) -> None:
    """Serve the worker with a clock that the frames advance."""
    response = route.fetch()
    route.fulfill(response=response, body=CLOCK + response.text())


def wait_for_frames(page: Page, count: int) -> list[str]:
    """The labels at each of `count` frames."""
    end = time.monotonic() + TIMEOUT_S
    while page.evaluate("window.labels.length") < count:
        assert time.monotonic() < end, f"Expected {count} frames in {TIMEOUT_S} s."
        page.wait_for_timeout(200)
    labels: list[str] = page.evaluate("window.labels")
    return labels[:count]


def assert_prompt(
    new_page: NewPage, scenes: list[Image], expected: list[str], changes: int = 4
) -> None:
    """Alternate scenes and check that the labels follow within `MAX_DELAY_S`."""
    seconds = (changes + 1) * shaky.CHANGE_EVERY
    labels = play(new_page, shaky.changing(scenes, seconds), expected[0].count(",") + 1, seconds)
    each = round(shaky.CHANGE_EVERY * shaky.RATE)
    first = each - WARM_UP_S * shaky.RATE
    turns = [labels[i : i + each] for i in range(first, len(labels), each)]
    words = [expected[(i + 1) % len(expected)] for i in range(changes)]
    delays = [turn.index(word) + 1 for turn, word in zip(turns, words, strict=True) if word in turn]
    assert len(delays) == changes, turns
    assert max(delays) / shaky.RATE <= MAX_DELAY_S, delays
