"""The page's worker tracks faces correctly at speed; ``bench/browser.py`` measures the speed.

It gets frames of lossless pictures, at 60 per second or as fast as it responds.
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
  const asker = (worker) => (message, transfer, last) => new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      if (data.type === last) resolve(data);
      if (data.type === 'error') reject(new Error(data.message));
    };
    worker.postMessage(message, transfer);
  });
"""
TRACK = """
  async ({ url, frames, order, count }) => {
    ASK
    const worker = new Worker(url, { type: 'module' });
    const ask = asker(worker);
    await ask({ type: 'load' }, [], 'ready');
    const pictures = await Promise.all(frames.map(async (png) => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      return createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    }));
    const responses = [];
    const start = performance.now();
    for (let i = 0; i < count; i += 1) {
      const due = start + (i * 1000) / 60; // as from a fast camera
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      const picture = pictures[order[i % order.length]];
      const frame = i % 2 ? await createImageBitmap(picture)
        : new VideoFrame(picture, { timestamp: i * 33_000 });
      responses.push(await ask({ type: 'track', frame }, [frame], 'tracks'));
    }
    worker.terminate();
    return responses;
  }
""".replace("ASK", ASK)


def built(name: str) -> str:
    """The URL path of a built file."""
    manifest = json.loads((ROOT / "web/static/build/manifest.json").read_text())
    return STATIC + str(manifest[name])


def track(page: Page, frames: list[Image], count: int) -> list[dict[str, Any]]:
    """The worker's responses to `count` frames of a live video that repeats `frames`."""
    different = {id(frame): frame for frame in frames}
    encoded = [base64.b64encode(encode(frame, "PNG")).decode() for frame in different.values()]
    order = [list(different).index(id(frame)) for frame in frames]
    arguments = {"url": built("worker.js"), "frames": encoded, "order": order, "count": count}
    responses: list[dict[str, Any]] = page.evaluate(TRACK, arguments)
    return responses


@pytest.mark.parametrize("frame", FRAMES)
def test_a_still_scene_has_the_verdicts_of_a_photo(new_page: NewPage, frame: str) -> None:
    response = track(new_page(), [FRAMES[frame]()], 60)[-1]
    expected = json.loads(GOLDEN.read_text())["frames"][frame]
    assert (response["width"], response["height"]) == (640, 480)
    found = {t["label"]: Box(**t["box"]) for t in response["tracks"]}
    assert sorted(found) == sorted(verdict["label"] for verdict in expected)
    for verdict in expected:
        assert iou(found[verdict["label"]], Box(**verdict["box"])) > 0.85


@pytest.mark.parametrize("frame", ["astronaut", "astronaut_masked"])
def test_a_large_frame_has_the_verdict_of_a_small_one(new_page: NewPage, frame: str) -> None:
    small = FRAMES[frame]()
    large: Image = np.asarray(cv2.resize(small, (1920, 1440), interpolation=cv2.INTER_CUBIC))
    [found] = track(new_page(), [large], 30)[-1]["tracks"]
    [expected] = json.loads(GOLDEN.read_text())["frames"][frame]
    assert found["label"] == expected["label"]
    assert found["probability"] == pytest.approx(expected["probability"], abs=0.05)
    edges = {edge: value / 3 for edge, value in found["box"].items()}
    assert iou(Box(**edges), Box(**expected["box"])) > 0.85


def test_faces_are_tracked_more_often_than_they_are_detected(new_page: NewPage) -> None:
    responses = track(new_page(), [FRAMES["two_faces"]()], 120)
    passes = Counter(response.get("pass") for response in responses)
    assert next(response["pass"] for response in responses if response.get("pass")) == "near"
    assert set(passes) <= {"near", "far", None}
    assert passes[None] > passes["near"] + passes["far"] > 1
    ids = {t["id"] for response in responses for t in response["tracks"]}
    assert ids == {1, 2}


def test_a_moving_face_keeps_its_id_and_verdict(new_page: NewPage) -> None:
    still = FRAMES["astronaut_masked"]()
    shifts = [round(60 * float(np.sin(i * np.pi / 20))) for i in range(40)]
    frames = [np.roll(still, shift, axis=1) for shift in shifts]
    responses = track(new_page(), frames, 160)[60:]
    assert {t["id"] for response in responses for t in response["tracks"]} == {1}
    assert {t["label"] for response in responses for t in response["tracks"]} == {"with_mask"}
    assert all(len(response["tracks"]) == 1 for response in responses)


def test_500_frames_leak_no_tensors(new_page: NewPage) -> None:
    frames = [FRAMES[name]() for name in ("two_faces", "two_faces", "empty", "astronaut")]
    responses = track(new_page(), frames, 500)
    assert len({response["tensors"] for response in responses}) == 1


def test_frames_of_another_size_start_new_tracks(new_page: NewPage) -> None:
    large = FRAMES["astronaut"]()
    small = np.ascontiguousarray(large[::2, ::2])
    responses = track(new_page(), [*[large] * 150, *[small] * 150], 300)
    assert (responses[0]["width"], responses[0]["height"]) == (640, 480)
    assert (responses[-1]["width"], responses[-1]["height"]) == (320, 240)
    [before], [after] = responses[149]["tracks"], responses[-1]["tracks"]
    assert before["id"] != after["id"]
    assert responses[150]["tracks"] == []
    assert iou(Box(**before["box"]).scaled(0.5), Box(**after["box"])) > 0.85
