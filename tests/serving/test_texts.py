"""What the server prints when it starts."""

from __future__ import annotations

import pytest

from serving.texts import greeting


@pytest.mark.parametrize(
    ("host", "shown"),
    [("localhost", "localhost"), ("10.0.0.3", "10.0.0.3"), ("fd00::7", "[fd00::7]")],
)
def test_addresses_are_told_as_browsers_take_them(host: str, shown: str) -> None:
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
def test_the_greeting_says_how_others_get_to_the_page(
    scheme: str, others: list[str], words: list[str]
) -> None:
    first, *rest = greeting(scheme, "localhost", 5000, others).splitlines()
    assert first.startswith(f"Face mask detection: {scheme}://localhost:5000 ")
    assert len(rest) == len(words)
    for line, word in zip(rest, words, strict=True):
        assert word in line
