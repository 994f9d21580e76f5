"""What makes the live picture fast keeps it right. Nothing here is timed: ``bench/browser.py`` is.

The page's own worker is driven with frames of lossless pictures, as fast as it answers.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page

from inference.contract import ROOT
from inference.vision.geometry import Box, Image, iou
from tests.browser.conftest import NewPage
from tests.frames import FRAMES
from tests.golden import GOLDEN
from tests.samples import encode

STATIC = "/static/build/"
ASK = """
  const asking = (worker) => (message, transfer, last) => new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      if (data.type === last) resolve(data);
      if (data.type === 'error') reject(new Error(data.message));
    };
    worker.postMessage(message, transfer);
  });
"""
TRACK = """
  async ({ url, frames, count }) => {
    ASK
    const worker = new Worker(url, { type: 'module' });
    const ask = asking(worker);
    await ask({ type: 'load' }, [], 'ready');
    const pictures = await Promise.all(frames.map(async (png) => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      return createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    }));
    const answers = [];
    const begun = performance.now();
    for (let i = 0; i < count; i += 1) {
      const due = begun + (i * 1000) / 60; // as a fast camera gives them
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      const picture = pictures[i % pictures.length];
      const frame = i % 2 ? await createImageBitmap(picture)
        : new VideoFrame(picture, { timestamp: i * 33_000 });
      answers.push(await ask({ type: 'track', frame }, [frame], 'tracks'));
    }
    worker.terminate();
    return answers;
  }
""".replace("ASK", ASK)


def built(name: str) -> str:
    """The address of a built file."""
    manifest = json.loads((ROOT / "web/static/build/manifest.json").read_text())
    return STATIC + str(manifest[name])


def track(page: Page, frames: list[Image], count: int) -> list[dict[str, Any]]:
    """The worker's answers to so many frames of a live picture that shows these in turn."""
    given = [base64.b64encode(encode(frame, "PNG")).decode() for frame in frames]
    asked = {"url": built("worker.js"), "frames": given, "count": count}
    answers: list[dict[str, Any]] = page.evaluate(TRACK, asked)
    return answers


@pytest.mark.parametrize("frame", FRAMES)
def test_a_still_scene_is_judged_as_a_photo_of_it(new_page: NewPage, frame: str) -> None:
    answer = track(new_page(), [FRAMES[frame]()], 60)[-1]
    expected = json.loads(GOLDEN.read_text())["frames"][frame]
    assert (answer["width"], answer["height"]) == (640, 480)
    found = {t["label"]: Box(**t["box"]) for t in answer["tracks"]}
    assert sorted(found) == sorted(verdict["label"] for verdict in expected)
    for verdict in expected:
        assert iou(found[verdict["label"]], Box(**verdict["box"])) > 0.85


@pytest.mark.parametrize("frame", ["astronaut", "astronaut_masked"])
def test_a_large_frame_is_judged_as_a_small_one(new_page: NewPage, frame: str) -> None:
    small = FRAMES[frame]()
    large: Image = np.asarray(cv2.resize(small, (1920, 1440), interpolation=cv2.INTER_CUBIC))
    [found] = track(new_page(), [large], 30)[-1]["tracks"]
    [expected] = json.loads(GOLDEN.read_text())["frames"][frame]
    assert found["label"] == expected["label"]
    assert found["probability"] == pytest.approx(expected["probability"], abs=0.05)
    edges = {edge: value / 3 for edge, value in found["box"].items()}
    assert iou(Box(**edges), Box(**expected["box"])) > 0.85


def test_faces_are_tracked_more_often_than_they_are_detected(new_page: NewPage) -> None:
    answers = track(new_page(), [FRAMES["two_faces"]()], 120)
    passes = Counter(answer.get("pass") for answer in answers)
    assert next(answer["pass"] for answer in answers if answer.get("pass")) == "near"
    assert set(passes) <= {"near", "far", None}
    assert passes[None] > passes["near"] + passes["far"] > 1
    ids = {t["id"] for answer in answers for t in answer["tracks"]}
    assert ids == {1, 2}


def test_a_moving_face_keeps_its_id_and_verdict(new_page: NewPage) -> None:
    still = FRAMES["astronaut_masked"]()
    shifts = [round(60 * float(np.sin(i * np.pi / 20))) for i in range(40)]
    frames = [np.roll(still, shift, axis=1) for shift in shifts]
    answers = track(new_page(), frames, 160)[60:]
    assert {t["id"] for answer in answers for t in answer["tracks"]} == {1}
    assert {t["label"] for answer in answers for t in answer["tracks"]} == {"with_mask"}
    assert all(len(answer["tracks"]) == 1 for answer in answers)


def test_tensors_stay_the_same_over_500_frames(new_page: NewPage) -> None:
    frames = [FRAMES[name]() for name in ("two_faces", "two_faces", "empty", "astronaut")]
    answers = track(new_page(), frames, 500)
    assert len({answer["tensors"] for answer in answers}) == 1


def test_frames_of_another_size_are_another_scene(new_page: NewPage) -> None:
    large = FRAMES["astronaut"]()
    small = np.ascontiguousarray(large[::2, ::2])
    answers = track(new_page(), [*[large] * 150, *[small] * 150], 300)
    assert (answers[0]["width"], answers[0]["height"]) == (640, 480)
    assert (answers[-1]["width"], answers[-1]["height"]) == (320, 240)
    [before], [after] = answers[149]["tracks"], answers[-1]["tracks"]
    assert before["id"] != after["id"]
    assert answers[150]["tracks"] == []
    assert iou(Box(**before["box"]).scaled(0.5), Box(**after["box"])) > 0.85
