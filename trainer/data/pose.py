"""Classifies faces by how far the head is turned, from the detector's landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.vision.detections import Point
from trainer.data.crops import read_faces

POSES = ("frontal", "turned", "profile")
_TURNED, _PROFILE = 0.35, 0.6  # nose offsets, in distances of the eyes


def pose_of(points: Sequence[Point]) -> str:
    """Return the pose of a face with these landmarks (`Detection.points`); "" without landmarks.

    The nose moves away from the middle of the eyes, along the line between them, as the head turns.
    """
    if not points:
        return ""
    first, second, nose, _ = np.array(points, float)
    across = second - first
    distance = float(np.hypot(*across))
    offset = abs(float((nose - (first + second) / 2) @ across)) / max(distance, 1e-6) ** 2
    return POSES[int(np.searchsorted([_TURNED, _PROFILE], offset))]


def read_poses(run: Path) -> dict[str, str]:
    """Return the pose of each crop of a run by file name; synthetic cases have none."""
    return {face.crop: pose_of(face.points) for face in read_faces(run / "faces.csv")}
