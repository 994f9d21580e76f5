"""Tracker and alarm answer as their twins in the page do: tests/vectors.json."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inference.alarm import ALARM, Alarm, AlarmOptions
from inference.geometry import Box
from inference.tracker import TRACKER, Sighting, Tracker

VECTORS = json.loads((Path(__file__).parent.parent / "vectors.json").read_text(encoding="utf-8"))
LABELS: list[str] = VECTORS["labels"]


def snake(value: Any) -> Any:
    """Options under the names that Python gives them."""
    if not isinstance(value, dict):
        return value
    return {re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", k): snake(v) for k, v in value.items()}


def sighting(face: dict[str, Any]) -> Sighting:
    given = face["probabilities"]
    named = None if given is None else dict(zip(LABELS, given, strict=False))
    return Sighting(Box(*face["box"]), face["score"], named)


def test_the_options_are_the_pages() -> None:
    assert asdict(TRACKER) == snake(VECTORS["options"])
    default = next(case for case in VECTORS["alarm"] if case["name"] == "by default")
    assert asdict(ALARM) == snake(default["options"])


@pytest.mark.parametrize("case", VECTORS["tracker"], ids=lambda case: case["name"])
def test_faces_are_followed(case: dict[str, Any]) -> None:
    tracker = Tracker(LABELS, VECTORS["unsure_below"])
    for step in case["steps"]:
        tracks = tracker.update([sighting(face) for face in step["faces"]], step["now"])
        expected = step["tracks"]
        assert [(t.id, t.label, t.settled) for t in tracks] == [
            (t["id"], t["label"], t["settled"]) for t in expected
        ], step["now"]
        for track, wanted in zip(tracks, expected, strict=True):
            assert track.box == pytest.approx(wanted["box"], abs=0.002)
            assert track.probability == pytest.approx(wanted["probability"], abs=2e-5)


@pytest.mark.parametrize("case", VECTORS["alarm"], ids=lambda case: case["name"])
def test_alerts(case: dict[str, Any]) -> None:
    alarm = Alarm(AlarmOptions(**snake(case["options"])))
    for step in case["steps"]:
        tracks = [SimpleNamespace(id=number, label=label) for number, label in step["faces"]]
        events = [asdict(event) for event in alarm.update(tracks, step["now"])]
        assert events == step["events"], step["now"]
