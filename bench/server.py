"""Uploads to the production server: ``python -m bench.server``.

Prints the milliseconds from start to the first answer, the median and 95th percentile of an
upload, small and of 12 megapixels, and the memory afterwards (read from /proc, so on Linux). Run it on
a quiet machine.
"""

from __future__ import annotations

import argparse
import time
import urllib.request
from typing import Any

import cv2
import numpy as np

from bench.tables import print_table
from inference.vision.geometry import Image
from tests.frames import astronaut
from tests.running import memory_mb, start, stop
from tests.samples import encode


def photos() -> dict[str, bytes]:
    """JPEGs of one face, by their names."""
    small = astronaut()
    large: Image = np.asarray(cv2.resize(small, (4000, 3000), interpolation=cv2.INTER_CUBIC))
    return {
        "640 x 480": encode(small, "JPEG", quality=90),
        "12 megapixels": encode(large, "JPEG", quality=90),
    }


def fetch_ms(url: str, body: bytes | None = None) -> float:
    """How many milliseconds a GET takes, or a POST of a body."""
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, body)) as response:
        response.read()
    return (time.perf_counter() - started) * 1000


def measure(uploads: int) -> dict[str, Any]:
    """All figures of one server."""
    started = time.perf_counter()
    process, port = start()
    try:
        address = f"http://127.0.0.1:{port}"
        fetch_ms(f"{address}/")
        result: dict[str, Any] = {"start_ms": round((time.perf_counter() - started) * 1000)}
        for name, photo in photos().items():
            times = [fetch_ms(f"{address}/api/predict", photo) for _ in range(uploads)]
            median, high = np.percentile(times, [50, 95])
            result[name] = {"median_ms": round(median), "p95_ms": round(high)}
        result["memory_mb"] = memory_mb(process.pid)
    finally:
        stop(process)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=20)
    print_table({"server": measure(parser.parse_args().uploads)})
