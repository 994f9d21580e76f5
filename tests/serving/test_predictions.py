"""A request's time is bounded, and an idle server returns its memory."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from inference.contract import ROOT
from serving import predictions as turns
from serving.predictions import PredictionPool, TooSlow


def test_memory_is_trimmed_when_idle_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    trimmed = threading.Event()
    monkeypatch.setattr(turns, "IDLE_S", 0.3)
    monkeypatch.setattr(turns, "trim_memory", trimmed.set)
    made = PredictionPool(2, 2, 30)
    with made.place() as outer:
        with made.place():
            pass
        time.sleep(0.6)
        assert not trimmed.is_set(), "a request is running"
        assert outer.run(lambda: 7) == 7
    assert trimmed.wait(20)


def test_nothing_is_begun_once_the_time_is_over() -> None:
    begun = threading.Event()
    with PredictionPool(1, 0, 0).place() as turn, pytest.raises(TooSlow):
        turn.run(begun.set)
    assert not begun.wait(0.2)


IDLE = """
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import numpy as np
from inference import MaskDetector, read_picture
from serving import predictions as turns
from tests.samples import encode
def resident():
    return int(re.findall(r"VmRSS:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[0]) // 1000
turns.IDLE_S = 0.1
pool = turns.PredictionPool(2, 0, 60)
detector = MaskDetector()
photo = encode(np.full((3000, 4000, 3), 90, np.uint8), "JPEG")
loaded = resident()
def predict(_):
    with pool.place() as turn:
        turn.run(lambda: detector.detect(read_picture(photo)))
with ThreadPoolExecutor(2) as clients:
    list(clients.map(predict, range(6)))
deadline = time.monotonic() + 20
while resident() > loaded + 30 and time.monotonic() < deadline:
    time.sleep(0.05)
print(loaded, resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_idle_server_holds_little_more_than_its_models() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IDLE], cwd=ROOT, check=True, capture_output=True, text=True
    )
    loaded, idle = map(int, done.stdout.split())
    assert idle <= loaded + 30, "megabytes"
    assert idle < 250
