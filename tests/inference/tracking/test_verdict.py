"""What tests/vectors.json does not show of the steady verdict."""

from __future__ import annotations

from inference.labels import TOO_SMALL, UNSURE
from inference.tracking.tracker import TRACKER
from inference.tracking.verdict import StableVerdict

LABELS = ["with_mask", "without_mask", "incorrect_mask"]


def answer(label: str, probability: float = 0.97) -> dict[str, float]:
    rest = (1 - probability) / 2
    return {name: probability if name == label else rest for name in LABELS}


def feed(verdict: StableVerdict, given: dict[str, float], start: int, end: int) -> list[str]:
    """The labels reported meanwhile, each once in a row."""
    reported: list[str] = []
    for now in range(start, end + 1, 50):
        verdict.update(given, now)
        if reported[-1:] != [verdict.label]:
            reported.append(verdict.label)
    return reported


def test_a_verdict_is_reported_once_it_stayed_and_short_flicker_is_not() -> None:
    verdict = StableVerdict(LABELS, 0.7, TRACKER)
    assert (verdict.label, verdict.probability) == (UNSURE, 0)
    assert feed(verdict, answer("with_mask"), 0, 300) == [UNSURE, "with_mask"]
    assert feed(verdict, answer("without_mask"), 350, 500) == ["with_mask"]
    assert feed(verdict, answer("with_mask"), 550, 2000) == ["with_mask"]
    assert feed(verdict, answer("without_mask"), 2050, 3000)[-1] == "without_mask"
    assert feed(verdict, answer("without_mask", 0.45), 3050, 6000)[-1] == UNSURE


def test_two_equally_likely_labels_do_not_alternate() -> None:
    verdict = StableVerdict(LABELS, 0.3, TRACKER)
    feed(verdict, {"with_mask": 0.5, "without_mask": 0.4, "incorrect_mask": 0.1}, 0, 1000)
    other = {"with_mask": 0.4, "without_mask": 0.5, "incorrect_mask": 0.1}
    assert feed(verdict, other, 1050, 5000) == ["with_mask"]


def test_too_small_is_reported_once_it_stays_without_probabilities() -> None:
    verdict = StableVerdict(LABELS, 0.7, TRACKER)
    feed(verdict, answer("with_mask"), 0, 2000)
    assert feed(verdict, {}, 2050, 2100) == ["with_mask"]
    assert feed(verdict, {}, 2200, 2500)[-1] == TOO_SMALL
    assert (verdict.probability, verdict.probabilities) == (0, {})
    assert not verdict.stable(2500)


def test_a_sure_verdict_settles_until_it_is_old_or_contradicted() -> None:
    verdict = StableVerdict(LABELS, 0.7, TRACKER)
    feed(verdict, answer("with_mask"), 0, 500)
    assert not verdict.stable(500)
    feed(verdict, answer("with_mask"), 550, 700)
    assert verdict.stable(700 + TRACKER.reclassify_after_ms - 1)
    assert not verdict.stable(700 + TRACKER.reclassify_after_ms)
    verdict.update(answer("without_mask"), 750)
    assert verdict.label == "with_mask"
    assert not verdict.stable(751)
