"""When the server has nothing to do it gives memory back, and answers as before."""

from __future__ import annotations

import re
import sys
import threading
import time
from pathlib import Path

import pytest

from inference import MaskDetector
from serving import turns
from serving.turns import Turns
from tests.frames import two_faces


def test_it_rests_once_nobody_asks_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "IDLE", 0.3)
    rested = threading.Event()
    made = Turns(2, 2, 30, rested.set)
    with made.place() as outer:
        with made.place():
            pass
        time.sleep(0.6)
        assert not rested.is_set(), "one is under way"
        assert outer.run(lambda: 7) == 7
    assert rested.wait(20)


def resident() -> int:
    """Megabytes of this process."""
    (kilobytes,) = re.findall(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kilobytes) // 1000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_rest_gives_back_much_and_changes_no_verdict() -> None:
    detector = MaskDetector()
    before = detector.detect(two_faces())
    held = resident()
    detector.rest()
    assert resident() < held - 80
    assert detector.detect(two_faces()) == before
