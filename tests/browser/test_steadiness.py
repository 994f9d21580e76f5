"""Verdicts in the live picture: steady while nothing changes, prompt when something does.

The page sees a clip of `tests/shaky.py`, and what counts is what people see: the words at the boxes.
The camera waits for the page and for the detector, and the worker's clock is the clip's: each frame
takes a thirtieth of a second for all of them, however busy the machine is. ``bench/browser.py``
measures how fast frames are judged.
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

STILL = 30  # seconds
CLIP = 15  # seconds; it is played again and again
SETTLED = 1  # seconds until the first verdicts are told
LATEST = 0.7  # seconds
CHANGES = 4
PATIENCE = 900  # seconds; a free machine needs little more than the clip's own time
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
# A camera that shows the next frame once the last is judged, and notes what is said then of the
# FACES largest faces, from left to right.
CAMERA = """
  window.said = [];
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  const context = canvas.getContext('2d');
  let clip, track, again;
  const show = async () => {
    clearTimeout(again);
    again = setTimeout(show, 2000); // a frame that comes while nobody looks is lost
    const i = window.said.length % (ENDS.length - 1);
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
      const judged = () => {
        window.said.push(words());
        show();
      };
      this.addEventListener('message', ({ data }) => data.type === 'tracks' && setTimeout(judged));
    }
  };
"""


def test_a_still_face_keeps_its_label_for_30_seconds(new_page: NewPage) -> None:
    clip = shaky.still(side_by_side(astronaut(), astronaut_masked()), CLIP)
    assert set(play(new_page, clip, 2, SETTLED + STILL)) == {"mask, no mask"}


@needs_photos
def test_real_faces_keep_their_labels(new_page: NewPage) -> None:
    said = play(new_page, shaky.still(people()[0], CLIP), 3, CLIP)
    assert set(said) == {"no mask, mask, no mask"}


def test_a_mask_put_on_or_off_is_told_in_time(new_page: NewPage) -> None:
    bare, masked = astronaut(), astronaut_masked()
    scenes = [side_by_side(bare, masked), side_by_side(masked, bare)]
    assert_prompt(new_page, scenes, ["mask, no mask", "no mask, mask"])


@needs_photos
def test_a_mask_drawn_on_real_faces_is_told_in_time(new_page: NewPage) -> None:
    assert_prompt(new_page, people(), ["no mask, mask, no mask", "mask, mask, mask"])


def side_by_side(*pictures: Image) -> Image:
    """The middles of frames in a row; not mirrored, since symmetry looks like a face."""
    half = WIDTH // len(pictures) // 2
    return np.hstack([picture[:, WIDTH // 2 - half : WIDTH // 2 + half] for picture in pictures])


def play(new_page: NewPage, clip: Iterator[Image], faces: int, seconds: float) -> list[str]:
    """What the page, which shows its picture mirrored, says at each frame once it has settled."""
    jpegs = list(shaky.encoded(clip))
    ends = [0, *accumulate(map(len, jpegs))]
    page = new_page(script=CAMERA.replace("ENDS", f"{ends}").replace("FACES", f"{faces}"))
    page.route("**/clip", lambda route: route.fulfill(body=b"".join(jpegs)))
    page.route("**/worker-*.js", with_the_clip_s_clock)
    start(page)
    said = wait_for_frames(page, round(seconds * shaky.RATE))
    return said[SETTLED * shaky.RATE :]


def with_the_clip_s_clock(route: Route) -> None:
    """Serve the worker so that it takes the time from the frames."""
    response = route.fetch()
    route.fulfill(response=response, body=CLOCK + response.text())


def wait_for_frames(page: Page, count: int) -> list[str]:
    """What is said at each of so many frames."""
    end = time.monotonic() + PATIENCE
    while page.evaluate("window.said.length") < count:
        assert time.monotonic() < end, f"Expected {count} frames in {PATIENCE} s."
        page.wait_for_timeout(200)
    said: list[str] = page.evaluate("window.said")
    return said[:count]


def assert_prompt(new_page: NewPage, scenes: list[Image], expected: list[str]) -> None:
    """Where the scenes take turns, the page soon says what belongs to each."""
    seconds = (CHANGES + 1) * shaky.CHANGE_EVERY
    said = play(new_page, shaky.changing(scenes, seconds), expected[0].count(",") + 1, seconds)
    each = round(shaky.CHANGE_EVERY * shaky.RATE)
    first = each - SETTLED * shaky.RATE
    turns = [said[i : i + each] for i in range(first, len(said), each)]
    words = [expected[(i + 1) % len(expected)] for i in range(CHANGES)]
    late = [told.index(word) + 1 for told, word in zip(turns, words, strict=True) if word in told]
    assert len(late) == CHANGES, turns
    assert max(late) / shaky.RATE <= LATEST, late
