"""Video files and streams from the command line: ``python -m bench.video [--json]``.

Prints how many 640 × 480 pictures a second ``python -m inference`` judges of a file, with and
without an annotated copy, how long each step takes, and how many pictures of a camera that sends 30
a second over HTTP are dropped. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.clips import RATE, frames
from inference import LiveDetector
from inference.capture import VideoFile
from inference.contract import ROOT
from inference.drawing import annotate
from inference.geometry import Image
from inference.recorder import Recorder
from tests.inference.streams import MjpegServer

CLIPS = ("one face", "five faces", "nobody")


def record(pictures: list[Image], path: Path) -> Path:
    """The pictures as a video file."""
    recorder = Recorder(path)
    for i, picture in enumerate(pictures):
        recorder.write(picture, i * 1000 / RATE)
    recorder.close()
    return path


def command(source: str, *options: str) -> dict[str, Any]:
    """The last event of the command line at a source: it tells how it went."""
    arguments = [sys.executable, "-m", "inference", source, "--json", "--no-window", *options]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def steps(video: Path) -> dict[str, dict[str, float]]:
    """Mean, median and 95th percentile of each step, in milliseconds a picture.

    Every third picture is judged for longer: it is searched for far faces as well.
    """
    times: dict[str, list[float]] = {"read": [], "judge": [], "annotate": [], "write": []}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        times[step].append((time.perf_counter() - begun) * 1000)

    live, recorder = LiveDetector(), Recorder(video.with_suffix(".copy.mp4"))
    pictures = VideoFile(video).frames()
    while True:
        with timed("read"):
            frame = next(pictures, None)
        if frame is None:
            break
        with timed("judge"):
            tracks = live.track(frame.image, frame.at)
        with timed("annotate"):
            drawn = annotate(frame.image, tracks)
        with timed("write"):
            recorder.write(drawn, frame.at)
    recorder.close()
    return {step: _figures(values) for step, values in times.items()}


def _figures(values: list[float]) -> dict[str, float]:
    found = {
        "mean_ms": np.mean(values),
        "median_ms": np.median(values),
        "p95_ms": np.percentile(values, 95),
    }
    return {name: round(float(value), 2) for name, value in found.items()}


def stream(pictures: list[Image], seconds: float) -> dict[str, Any]:
    """What becomes of the pictures of a camera that sends 30 a second."""
    with MjpegServer(lambda number: pictures[number % len(pictures)], RATE) as server:
        told = command(server.address, "--seconds", str(seconds))
    return {"pictures": told["frames"], "dropped": told["dropped"], "rate": told["rate"]}


def measure(seconds: float) -> dict[str, Any]:
    """All figures."""
    result: dict[str, Any] = {"opencv_threads": cv2.getNumThreads()}
    with tempfile.TemporaryDirectory() as folder:
        for name in CLIPS:
            pictures = list(frames(name, seconds))
            video = record(pictures, Path(folder) / f"{name}.mp4")
            result[name] = {
                "judged_a_second": command(str(video), "--no-copy")["rate"],
                "with_copy_a_second": command(str(video), "--out", folder)["rate"],
                "steps": steps(video),
                "stream": stream(pictures, seconds),
            }
    return result


def main() -> None:
    """Print the figures, and JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12.0, help="of each clip")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.seconds)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    for name in CLIPS:
        told = result[name]
        print(f"{name}: {told['judged_a_second']} pictures a second, "
              f"{told['with_copy_a_second']} with an annotated copy")  # fmt: skip
        for step, figures in told["steps"].items():
            print(f"  {step:<9} mean {figures['mean_ms']} ms, median {figures['median_ms']} ms, "
                  f"p95 {figures['p95_ms']} ms")  # fmt: skip
        print(f"  of a stream: {told['stream']}")


if __name__ == "__main__":
    main()
