"""The timeout of predictions, and the memory of an idle server."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from inference.contract import ROOT
from serving.predictions import PredictionPool, PredictionTimeout
from tests.serving.conftest import InProcessDecoder

pytestmark = pytest.mark.slow


def test_no_work_starts_after_the_timeout() -> None:
    started = threading.Event()
    with (
        PredictionPool(1, 0, 0, InProcessDecoder()).acquire() as slot,
        pytest.raises(PredictionTimeout),
    ):
        slot.run(started.set)
    assert not started.wait(0.2)


IDLE = """
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import numpy as np
from inference import MaskDetector
from serving.decoder import DecoderPool
from serving.memory import return_freed_memory
from serving.predictions import PredictionPool
from tests.running import memory_mb
from tests.samples import encode
return_freed_memory()
pool = PredictionPool(2, 0, 60, DecoderPool(2))
detector = MaskDetector()
photo = encode(np.full((3000, 4000, 3), 90, np.uint8), "JPEG")
with pool.acquire() as slot:
    slot.decode(encode(np.zeros((9, 9, 3), np.uint8)))
loaded = memory_mb()
def predict(_):
    with pool.acquire() as slot:
        image = slot.decode(photo).image
        slot.run(lambda: detector.detect(image))
with ThreadPoolExecutor(2) as clients:
    list(clients.map(predict, range(6)))
print(loaded, memory_mb())
pool.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_idle_server_uses_little_more_memory_than_its_models() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IDLE], cwd=ROOT, check=True, capture_output=True, text=True
    )
    loaded, idle = map(int, done.stdout.split())
    assert idle <= loaded + 60, "megabytes"
    assert idle < 250
