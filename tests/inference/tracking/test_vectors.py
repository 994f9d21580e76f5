"""Tracker, schedule, live detector and rule answer as their twins in the page do: tests/vectors.json."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.contract import Contract
from inference.tracking.alerts import ALERT_OPTIONS, AlertOptions, AlertRule
from inference.tracking.appearance import ColorImage, thumbnail
from inference.tracking.live import LiveDetector
from inference.tracking.schedule import SCHEDULE, Schedule
from inference.tracking.template import GrayImage, levels_of
from inference.tracking.track import Track
from inference.tracking.tracker import TRACKER, DetectorPass, Tracker
from inference.vision.detections import Detection
from inference.vision.geometry import Box, Image
from tests.inference.scene import draw, draw_gray, draw_people

VECTORS = json.loads((Path(__file__).parents[2] / "vectors.json").read_text(encoding="utf-8"))
LABELS: list[str] = VECTORS["labels"]
SMALLEST = 12
WIDTH, HEIGHT = 320, 240  # of the frames of the live detector
MIN_NEAR_PX = 26  # only far passes detect smaller faces


def snake(value: Any) -> Any:
    """Options under the names that Python gives them."""
    if not isinstance(value, dict):
        return value
    return {re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", k): snake(v) for k, v in value.items()}


def box_of(blob: dict[str, Any]) -> Box:
    x, y, side = blob["at"]
    return Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)


def answer_for(box: Box, blobs: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The classifier's answer for a box: that of the nearest blob; none for a small box."""
    if max(box.width, box.height) < SMALLEST:
        return {}
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    nearest = min(blobs, key=lambda blob: math.hypot(blob["at"][0] - x, blob["at"][1] - y))
    return dict(zip(LABELS, nearest["probabilities"], strict=True))


def colors_of(blobs: Sequence[dict[str, Any]]) -> ColorImage | None:
    """The frame in color; None if its blobs have none."""
    people = [(box_of(blob), blob["color"]) for blob in blobs if "color" in blob]
    return thumbnail(draw_people(people, 160, 120), 160) if people else None


def pass_of(
    given: dict[str, Any],
    frames: Sequence[Sequence[GrayImage]],
    drawn: Sequence[Sequence[dict[str, Any]]],
) -> DetectorPass:
    found = [Detection(Box(*one["box"]), one["score"], ()) for one in given["found"]]
    since = frames[-1 - given["delay"] :]
    return DetectorPass(found, since, given["min_face_px"], colors_of(drawn[-len(since)]))


class Given:
    """In place of a MaskDetector and its face detector: detects and classifies what a step gives."""

    def __init__(self) -> None:
        contract = Contract.load()
        self.contract = replace(
            contract,
            labels=LABELS,
            smallest_face=SMALLEST,
            unsure_below=VECTORS["unsure_below"],
            detector=replace(contract.detector, near_side=WIDTH, far_side=2 * WIDTH),
        )
        self.face_detector = self
        self.step: dict[str, Any] = {"faces": []}
        self.side: int | None = None

    def detect_once(self, image: Image, side: int, score_threshold: float) -> list[Detection]:
        self.side = side
        return [
            Detection(box_of(face), face["score"], ())
            for face in self.step["faces"]
            if face["score"] > 0 and (side > WIDTH or face["at"][2] >= MIN_NEAR_PX)
        ]

    def classify(self, image: Image, boxes: Sequence[Box]) -> list[dict[str, float]]:
        answer = dict(zip(LABELS, self.step["probabilities"], strict=True)) if boxes else {}
        return [answer if max(box.width, box.height) >= SMALLEST else {} for box in boxes]


def assert_tracks(tracks: Sequence[Track], expected: Sequence[dict[str, Any]], now: float) -> None:
    assert [(t.id, t.label, t.stable) for t in tracks] == [
        (t["id"], t["label"], t["stable"]) for t in expected
    ], now
    for track, there in zip(tracks, expected, strict=True):
        assert track.box == pytest.approx(there["box"], abs=0.05), now
        assert track.probability == pytest.approx(there["probability"], abs=1e-4), now


def test_the_options_are_the_pages() -> None:
    assert asdict(TRACKER) == snake(VECTORS["options"])
    assert asdict(SCHEDULE) == snake(VECTORS["schedule_options"])
    default = next(case for case in VECTORS["alerts"] if case["name"] == "by default")
    assert asdict(ALERT_OPTIONS) == snake(default["options"])


@pytest.mark.parametrize("case", VECTORS["tracker"], ids=lambda case: case["name"])
def test_faces_are_tracked(case: dict[str, Any]) -> None:
    tracker = Tracker(LABELS, VECTORS["unsure_below"], Contract.load().detector)
    frames: list[list[GrayImage]] = []
    drawn: list[list[dict[str, Any]]] = []
    for step in case["steps"]:
        now = step["now"]
        frames.append(levels_of(draw_gray([box_of(blob) for blob in step["blobs"]]), 1.0))
        drawn.append(step["blobs"])
        tracker.follow(frames[-1], now)
        if step["pass"]:
            tracker.correct(pass_of(step["pass"], frames, drawn), now)
        due = tracker.due(now, 2)
        for track_id, box in due:
            tracker.classify(track_id, answer_for(box, step["blobs"]), now)
        tracks = tracker.report(now)
        assert [track_id for track_id, _ in due] == step["due"], now
        assert_tracks(tracks, step["tracks"], now)


@pytest.mark.parametrize("case", VECTORS["schedule"], ids=lambda case: case["name"])
def test_passes_start(case: dict[str, Any]) -> None:
    schedule = Schedule()
    for step in case["steps"]:
        scene = GrayImage(np.full((3, 4), step["scene"], np.float32), 1.0)
        started = schedule.next(scene, step["faces"], step["unconfirmed"], step["now"])
        assert started == step["pass"], step["now"]
        if started:
            schedule.ended(started, step["took"])


@pytest.mark.parametrize("case", VECTORS["live"], ids=lambda case: case["name"])
def test_frames_are_buffered_until_their_pass_ends(case: dict[str, Any]) -> None:
    given: Any = Given()
    live = LiveDetector(given)
    live.track(draw([], WIDTH, HEIGHT), 0)
    live.reset()
    for step in case["steps"]:
        given.step, given.side = step, None
        frame = draw([box_of(face) for face in step["faces"]], WIDTH, HEIGHT)
        tracks = live.track(frame, step["now"])
        assert given.side == step["side"], step["now"]
        assert_tracks(tracks, step["tracks"], step["now"])


@pytest.mark.parametrize("case", VECTORS["alerts"], ids=lambda case: case["name"])
def test_alerts_are_in_the_events(case: dict[str, Any]) -> None:
    rule = AlertRule(AlertOptions(**snake(case["options"])))
    for step in case["steps"]:
        tracks = [
            Track(track_id, Box(0, 0, 9, 9), 0.9, label, 0.9, {}, stable=False)
            for track_id, label in step["faces"]
        ]
        events = [asdict(event) for event in rule.update(tracks, step["now"])]
        assert events == [snake(event) for event in step["events"]], step["now"]
