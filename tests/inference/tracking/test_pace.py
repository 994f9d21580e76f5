"""The tracker's time at usual, low and irregular frame rates."""

from __future__ import annotations

import pytest

from inference.tracking.pace import MAX_GAP_MS, MAX_STEP_MS, Pace


def ticked(*times_ms: float) -> list[tuple[float, bool]]:
    """The tracker's time and whether the source is slow, at each frame."""
    pace = Pace()
    result = []
    for now_ms in times_ms:
        pace.tick(now_ms)
        result.append((pace.now_ms, pace.slow))
    return result


def test_at_usual_rates_it_is_the_real_time() -> None:
    assert ticked(1000, 1033, 1066, 1266) == [(0, False), (33, False), (66, False), (266, False)]


@pytest.mark.parametrize("every_ms", [500, 1000, 60_000])
def test_at_low_rates_time_runs_slower(every_ms: float) -> None:
    ticks = ticked(*(i * every_ms for i in range(4)))
    assert [slow for _, slow in ticks] == [False, False, True, True]
    assert ticks[3][0] - ticks[1][0] == 2 * MAX_STEP_MS


def test_a_short_interruption_is_not_slow_and_ends_no_track() -> None:
    assert ticked(0, 40, 2040, 2080) == [(0, False), (40, False), (240, False), (280, False)]


def test_a_gap_ends_tracks() -> None:
    assert ticked(0, 40, 40 + MAX_GAP_MS + 1)[-1] == (40 + MAX_GAP_MS + 1, False)
    slow = ticked(0, 1000, 2000, 3000, 603_000)
    assert slow[-1][0] - slow[-2][0] == 600_000
