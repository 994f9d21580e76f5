"""When the server has nothing to do it gives memory back, and answers as before."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from inference.contract import ROOT
from serving import turns
from serving.turns import TooSlow, Turns


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


def test_nothing_is_begun_once_the_time_is_over() -> None:
    begun = threading.Event()
    with Turns(1, 0, 0, lambda: None).place() as turn, pytest.raises(TooSlow):
        turn.run(begun.set)
    assert not begun.wait(0.2)


REST = """
import re
from pathlib import Path
from inference import MaskDetector
from tests.frames import two_faces
def resident():
    return int(re.findall(r"VmRSS:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[0]) // 1000
detector = MaskDetector()
before = detector.detect(two_faces())
held = resident()
detector.rest()
print(held - resident(), detector.detect(two_faces()) == before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_rest_gives_back_much_and_changes_no_verdict() -> None:
    told = subprocess.run(
        [sys.executable, "-c", REST], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert int(told[0]) > 80, "megabytes"
    assert told[1] == "True"
