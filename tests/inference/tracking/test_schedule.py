"""What tests/vectors.json does not show of the schedule."""

from __future__ import annotations

import numpy as np
import pytest

from inference.tracking.schedule import SCHEDULE, Pass, Schedule
from inference.tracking.template import GrayImage


def gray(value: float, width: int = 4) -> GrayImage:
    return GrayImage(np.full((3, width), value, np.float32), 0.1)


def passes(near_ms: float, far_ms: float) -> list[Pass]:
    """Those of ten seconds with one face in a still picture, 30 frames a second."""
    schedule, started, busy_until = Schedule(), [], 0.0
    for i in range(300):
        now = i * 1000 / 30
        kind = schedule.next(gray(100), 1, None, now) if now >= busy_until else None
        if kind:
            started.append(kind)
            duration = near_ms if kind == "near" else far_ms
            schedule.ended(kind, duration)
            busy_until = now + duration
    return started


def test_a_fast_device_starts_near_passes_five_times_a_second_and_a_far_one_every_second() -> None:
    started = passes(20, 60)
    assert 44 <= started.count("near") <= 50
    assert 9 <= started.count("far") <= 10


def test_a_slow_device_spends_no_more_of_its_time_than_it_may() -> None:
    started = passes(250, 1000)
    near, far = started.count("near"), started.count("far")
    assert near * 250 + far * 1000 <= SCHEDULE.max_load * 10_000 + 1000
    assert far <= 3
    assert near >= 10


@pytest.mark.parametrize("fps", [3, 5, 10, 30])
def test_motion_does_not_keep_far_passes_from_starting(fps: int) -> None:
    schedule, started = Schedule(), []
    for i in range(20 * fps):
        kind = schedule.next(gray(100 + 10 * (i % 7)), 0, None, i * 1000 / fps)
        started += [kind] if kind else []
    assert started[0] == "near"
    assert started.count("far") >= 10
    assert started.count("near") >= started.count("far")


def test_a_slow_device_shows_distant_faces_in_motion_too() -> None:
    schedule, started, busy_until = Schedule(), [], 0.0
    for i in range(600):
        now = i * 1000 / 30
        if now >= busy_until and (kind := schedule.next(gray(100 + 10 * (i % 7)), 0, None, now)):
            started.append(kind)
            duration = 80 if kind == "near" else 300
            schedule.ended(kind, duration)
            busy_until = now + duration
    assert started.count("far") >= 10


def test_another_size_is_another_scene_and_so_is_what_comes_after_a_reset() -> None:
    schedule = Schedule()
    assert schedule.next(gray(100), 1, None, 0) == "near"
    assert schedule.next(gray(100), 1, None, 10) == "far"
    assert schedule.next(gray(100, 9), 1, None, 120) == "near"
    assert schedule.next(gray(100, 9), 1, None, 130) is None
    schedule.reset()
    assert schedule.next(gray(100, 9), 1, None, 140) == "near"


def test_only_a_far_pass_detects_every_size() -> None:
    assert Schedule().min_face_px("near", 1000) == 80
    assert Schedule().min_face_px("far", 1000) == 0
