"""Summaries, and the greeting at start."""

from __future__ import annotations

import pytest

from inference import Verdict
from inference.vision.geometry import Box
from serving.texts import greeting, summary


@pytest.mark.parametrize(
    ("host", "shown"),
    [("localhost", "localhost"), ("10.0.0.3", "10.0.0.3"), ("fd00::7", "[fd00::7]")],
)
def test_addresses_are_valid_urls(host: str, shown: str) -> None:
    first, second, *_ = greeting("https", host, 5000, [host]).splitlines()
    assert f" https://{shown}:5000 " in first
    assert second.endswith(f" https://{shown}:5000")


@pytest.mark.parametrize(
    ("scheme", "others", "words"),
    [
        ("http", [], []),
        ("https", ["10.0.0.3"], ["https://10.0.0.3:5000", "choose “Advanced”"]),
        ("http", ["10.0.0.3"], ["http://10.0.0.3:5000", "Start with --https"]),
    ],
)
def test_the_greeting_explains_access_from_other_devices(
    scheme: str, others: list[str], words: list[str]
) -> None:
    first, *rest = greeting(scheme, "localhost", 5000, others).splitlines()
    assert first.startswith(f"Face mask detection: {scheme}://localhost:5000 ")
    assert len(rest) == len(words)
    for line, word in zip(rest, words, strict=True):
        assert word in line


def verdicts(*labels: str) -> list[Verdict]:
    return [Verdict(Box(0, 0, 9, 9), 0.9, label, 0.9, {}) for label in labels]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["with_mask"], "1 person, wearing a mask."),
        (["too_small"], "1 person, with a face that is too small."),
        (
            ["without_mask", "with_mask", "with_mask"],
            "3 people: 2 wearing a mask, 1 without a mask.",
        ),
        (["without_mask", "without_mask"], "2 people, both without a mask."),
        (["with_mask"] * 3, "3 people, all wearing a mask."),
        (
            ["unsure", "incorrect_mask"],
            "2 people: 1 with a mask worn incorrectly, 1 with an unsure result.",
        ),
    ],
)
def test_summary(labels: list[str], expected: str) -> None:
    assert summary(verdicts(*labels)) == expected
