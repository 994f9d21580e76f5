"""Uploads to the production server: ``python -m bench.server [--json]``.

Prints the time from start to first answer, the median and 95th percentile of an upload, small and
of 12 megapixels, and the memory afterwards (read from /proc, so on Linux). Run it on a quiet
machine.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inference.geometry import Image
from tests.frames import astronaut
from tests.running import start, stop
from tests.samples import encode


def photos() -> dict[str, bytes]:
    """JPEGs of one face, by their names."""
    small = astronaut()
    large: Image = np.asarray(cv2.resize(small, (4000, 3000), interpolation=cv2.INTER_CUBIC))
    return {
        "640 x 480": encode(small, "JPEG", quality=90),
        "12 megapixels": encode(large, "JPEG", quality=90),
    }


def timed(do: Callable[[], Any]) -> float:
    """How many milliseconds something takes."""
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def fetch(url: str, body: bytes | None = None) -> bytes:
    """The answer to a GET, or to a POST of a body."""
    with urllib.request.urlopen(urllib.request.Request(url, body)) as response:
        return bytes(response.read())


def memory(pid: int) -> float:
    """Resident megabytes of a process."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return round(int(found[1]) / 1000, 1) if found else float("nan")


def measure(uploads: int) -> dict[str, Any]:
    """All figures of one server."""
    begun = time.perf_counter()
    process, port = start()
    try:
        address = f"http://127.0.0.1:{port}"
        fetch(f"{address}/")
        result: dict[str, Any] = {"start_ms": round((time.perf_counter() - begun) * 1000)}
        for name, photo in photos().items():
            upload = partial(fetch, f"{address}/api/predict", photo)
            times = [timed(upload) for _ in range(uploads)]
            median, high = np.percentile(times, [50, 95])
            result[name] = {"median_ms": round(median), "p95_ms": round(high)}
        result["memory_mb"] = memory(process.pid)
    finally:
        stop(process)
    return result


def main() -> None:
    """Print the figures, and JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.uploads)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print(f"start to first answer {result.pop('start_ms')} ms")
    megabytes = result.pop("memory_mb")
    for name, figures in result.items():
        print(f"{name:<14} median {figures['median_ms']} ms, p95 {figures['p95_ms']} ms")
    print(f"memory afterwards {megabytes} MB")


if __name__ == "__main__":
    main()
