"""Verdicts in the live picture: steady while nothing changes, prompt when something does.

The camera plays a clip of `tests/shaky.py`, and what counts is what people see: the words at the
boxes. A change's delay is taken in the page: from when the video presented the first changed frame
to when the frame whose answer changed the words was given to the worker.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from inference.geometry import Image
from tests import shaky
from tests.browser.conftest import NewPage
from tests.browser.people import people
from tests.browser.scripted import start
from tests.frames import WIDTH, astronaut, astronaut_masked
from tests.real import needs_photos

STILL = 30  # seconds
CLIP = 15  # seconds; it is played again and again
LATEST = 700  # ms
CHANGES = 4
ROUNDS = 2  # a busy machine may be late in one
SLOWEST = 15  # frames a second that the machine must be able to judge for this to be seen
LONGEST_GAP = 300  # ms between two answers, likewise
# Notes what is said of the FACES largest faces, from left to right, and whether the clip's mark is
# white, each time that it changes; and when each answer comes.
WATCH = """
  window.said = [];
  window.marks = [];
  window.answers = [];
  let judged = 0;
  const note = (notes, value, at) => {
    if (notes.at(-1)?.value !== value) notes.push({ value, at });
  };
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'tracks') window.answers.push(performance.now());
      });
    }
    postMessage(message, transfer) {
      if (message.type === 'track') judged = performance.now();
      super.postMessage(message, transfer);
    }
  };
  addEventListener('DOMContentLoaded', () => {
    const [boxes, video] = ['boxes', 'video'].map((id) => document.getElementById(id));
    const edge = (box, name) => parseFloat(box.style[name]);
    const words = () => [...boxes.children]
      .sort((a, b) => edge(b, 'height') - edge(a, 'height'))
      .slice(0, FACES)
      .sort((a, b) => edge(a, 'left') - edge(b, 'left'))
      .map((box) => box.textContent.replace(/[^a-z ]/g, '').trim())
      .join(', ');
    new MutationObserver(() => note(window.said, words(), judged))
      .observe(boxes, { subtree: true, childList: true, attributes: true, characterData: true });
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const look = (_, { presentationTime }) => {
      context.drawImage(video, 8, 8, 8, 8, 0, 0, 1, 1);
      note(window.marks, context.getImageData(0, 0, 1, 1).data[0] > 127, presentationTime);
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
"""


def side_by_side(*pictures: Image) -> Image:
    """The middles of frames in a row; not mirrored, since symmetry looks like a face."""
    half = WIDTH // len(pictures) // 2
    return np.hstack([picture[:, WIDTH // 2 - half : WIDTH // 2 + half] for picture in pictures])


def watch(new_page: NewPage, clip: Path, said: str) -> Page:
    """The page, see `WATCH`, once it says this."""
    script = WATCH.replace("FACES", str(said.count(",") + 1))
    page = new_page(str(clip), script=script)
    start(page)
    end = 600
    while not any(note["value"] == said for note in page.evaluate("window.said")):
        end -= 1
        assert end, f"Expected {said!r}, the page says {page.evaluate('window.said')}"
        page.wait_for_timeout(100)
    return page


def test_a_still_face_keeps_its_label_for_30_seconds(new_page: NewPage, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mjpeg"
    shaky.write(shaky.still(side_by_side(astronaut(), astronaut_masked()), CLIP), clip)
    assert_still(new_page, clip, "mask, no mask")


@needs_photos
def test_real_faces_keep_their_labels_for_30_seconds(new_page: NewPage, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mjpeg"
    shaky.write(shaky.still(people()[0], CLIP), clip)
    assert_still(new_page, clip, "no mask, mask, no mask")


def test_a_mask_put_on_or_off_is_told_in_time(new_page: NewPage, tmp_path: Path) -> None:
    bare, masked = astronaut(), astronaut_masked()
    scenes = [side_by_side(bare, masked), side_by_side(masked, bare)]
    assert_prompt(new_page, tmp_path, scenes, ["mask, no mask", "no mask, mask"])


@needs_photos
def test_a_mask_drawn_on_real_faces_is_told_in_time(new_page: NewPage, tmp_path: Path) -> None:
    said = ["no mask, mask, no mask", "mask, mask, mask"]
    assert_prompt(new_page, tmp_path, people(), said)


def assert_still(new_page: NewPage, clip: Path, said: str) -> None:
    """The page, which shows its picture mirrored, says this and nothing else."""
    page = watch(new_page, clip, said)
    page.wait_for_timeout(500)  # also of the faces that it saw last
    before, first = page.evaluate("[window.said.length, window.answers.length]")
    page.wait_for_timeout(1000 * STILL)
    notes, answers = page.evaluate("[window.said, window.answers]")
    changes = [note["value"] for note in notes[before:]]
    if changes:
        need_pace(answers[first:])
    assert changes == []
    assert notes[before - 1]["value"] == said
    assert len(answers) - first > 2 * STILL


def need_pace(answers: list[float]) -> None:
    """Skip where the machine was so busy that the page missed much of what the camera showed."""
    gaps = np.diff(answers)
    rate = 1000 / gaps.mean()
    if rate < SLOWEST or gaps.max() > LONGEST_GAP:
        pytest.skip(f"the machine is too busy: {rate:.0f} frames a second were judged, "
                    f"with up to {gaps.max():.0f} ms between two")  # fmt: skip


def assert_prompt(new_page: NewPage, folder: Path, scenes: list[Image], said: list[str]) -> None:
    """Where the scenes take turns, the page soon says what belongs to each."""
    clip = folder / "clip.mjpeg"
    shaky.write(shaky.changing(scenes, CHANGES * shaky.CHANGE_EVERY), clip)
    page = watch(new_page, clip, said[0])
    for _ in range(ROUNDS):
        late, answers = delays(page, said)
        if max(late, default=np.inf) <= LATEST:
            return
    need_pace(answers)
    raise AssertionError(f"Expected at most {LATEST} ms, the changes took {late}.")


def delays(page: Page, said: list[str]) -> tuple[list[float], list[float]]:
    """How long each of the next changes took, in ms, and when the answers came meanwhile."""
    first, begun = page.evaluate("[window.marks.length, window.answers.length]")
    page.wait_for_timeout(1000 * (CHANGES + 1) * shaky.CHANGE_EVERY)
    marks, notes, answers = page.evaluate("[window.marks, window.said, window.answers]")
    late = [
        told_after(notes, mark["at"], following["at"], said[mark["value"]])
        for mark, following in pairwise(marks[first : first + CHANGES + 1])
    ]
    return late, answers[begun:]


def told_after(notes: list[dict[str, Any]], begin: float, end: float, words: str) -> float:
    """How long after `begin` the words are noted; infinite where that is not before `end`."""
    times = [note["at"] for note in notes if begin <= note["at"] < end and note["value"] == words]
    return min(times, default=np.inf) - begin
