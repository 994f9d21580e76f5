"""Tests the pose from the detector's landmarks."""

from __future__ import annotations

import numpy as np
import pytest

from inference.vision.detections import Point
from tests.trainer.conftest import Run
from trainer.data.pose import POSES, pose_of, read_poses


def landmarks(nose: float, degrees: float = 0.0) -> tuple[Point, ...]:
    """A face with the nose beside the middle line, rotated in the picture; eyes 20 px apart."""
    points = np.array([[-10, 0], [10, 0], [20 * nose, 12], [10 * nose, 25]], float)
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    rotated = points @ np.array([[cos, sin], [-sin, cos]]) + 50
    return tuple((float(x), float(y)) for x, y in rotated)


@pytest.mark.parametrize("degrees", [0, 25, -60])
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize(
    ("nose", "pose"), [(0.0, "frontal"), (0.3, "frontal"), (0.4, "turned"), (0.7, "profile")]
)
def test_the_pose_is_the_offset_of_the_nose(
    nose: float, pose: str, side: int, degrees: float
) -> None:
    assert pose_of(landmarks(side * nose, degrees)) == pose


def test_without_landmarks_there_is_no_pose() -> None:
    assert pose_of(()) == ""


def test_a_face_whose_eyes_coincide_is_a_profile() -> None:
    assert pose_of(((50, 50), (50, 50), (60, 60), (55, 70))) in POSES


def test_poses_are_read_by_file_name(prepared: Run) -> None:
    poses = read_poses(prepared.folder)
    assert poses.keys() == {face.crop for face in prepared.faces}
    assert set(poses.values()) <= {"", *POSES}
