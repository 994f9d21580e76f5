"""golden.json says what Python says now; the browser's tests hold the twins to the same file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import golden

TOLERANCES = {  # the nets' last digits differ from processor to processor
    "geometry": 1e-4,
    "centerface": 1e-3,
    "masks": 1e-4,
    "frames": 2e-2,
    "words": 0,
    "annotate": 1e-6,
    "results": 1e-6,
}


def assert_close(found: Any, expected: Any, tolerance: float, where: str) -> None:
    """Equal all the way down, numbers within `tolerance`."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), where
        for key in expected:
            assert_close(found[key], expected[key], tolerance, f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for i, pair in enumerate(zip(found, expected, strict=True)):
            assert_close(*pair, tolerance, f"{where}[{i}]")
    elif isinstance(expected, float | int):
        assert found == pytest.approx(expected, abs=tolerance), where
    else:
        assert found == expected, where


@pytest.mark.parametrize("part", TOLERANCES)
def test_python_gives_what_the_file_says(part: str) -> None:
    """After a change that is meant: ``python -m tests.golden``."""
    expected = json.loads(golden.GOLDEN.read_text(encoding="utf-8"))[part]
    assert_close(golden.make()[part], expected, TOLERANCES[part], part)


def test_the_file_has_no_other_parts() -> None:
    assert json.loads(golden.GOLDEN.read_text(encoding="utf-8")).keys() == TOLERANCES.keys()
