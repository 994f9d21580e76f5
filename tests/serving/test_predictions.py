"""The timeout of predictions, and the memory of an idle server."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from inference.contract import ROOT
from serving import predictions
from serving.predictions import PredictionPool, PredictionTimeout

pytestmark = pytest.mark.slow


def test_memory_is_trimmed_when_idle_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    trimmed = threading.Event()
    monkeypatch.setattr(predictions, "IDLE_S", 0.3)
    monkeypatch.setattr(predictions, "trim_memory", trimmed.set)
    pool = PredictionPool(2, 2, 30)
    with pool.acquire() as outer:
        with pool.acquire():
            pass
        time.sleep(0.6)
        assert not trimmed.is_set(), "a request is running"
        assert outer.run(lambda: 7) == 7
    assert trimmed.wait(20)


def test_no_work_starts_after_the_timeout() -> None:
    started = threading.Event()
    with PredictionPool(1, 0, 0).acquire() as slot, pytest.raises(PredictionTimeout):
        slot.run(started.set)
    assert not started.wait(0.2)


IDLE = """
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import numpy as np
from inference import MaskDetector, read_picture
from serving import predictions
from tests.samples import encode
def resident():
    return int(re.findall(r"VmRSS:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[0]) // 1000
predictions.IDLE_S = 0.1
pool = predictions.PredictionPool(2, 0, 60)
detector = MaskDetector()
photo = encode(np.full((3000, 4000, 3), 90, np.uint8), "JPEG")
loaded = resident()
def predict(_):
    with pool.acquire() as slot:
        slot.run(lambda: detector.detect(read_picture(photo)))
with ThreadPoolExecutor(2) as clients:
    list(clients.map(predict, range(6)))
deadline = time.monotonic() + 20
while resident() > loaded + 30 and time.monotonic() < deadline:
    time.sleep(0.05)
print(loaded, resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_idle_server_uses_little_more_memory_than_its_models() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IDLE], cwd=ROOT, check=True, capture_output=True, text=True
    )
    loaded, idle = map(int, done.stdout.split())
    assert idle <= loaded + 30, "megabytes"
    assert idle < 250
