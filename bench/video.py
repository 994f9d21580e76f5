"""Video files and streams from the command line: ``python -m bench.video``.

For each clip prints how many 640 × 480 frames per second ``python -m inference`` processes of a
file, with and without an annotated copy, and how many frames of a camera that sends 30 per second over
HTTP are dropped. `bench.live` times single frames. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.clips import RATE, frames
from bench.tables import print_table
from inference.cli.recorder import Recorder
from inference.contract import ROOT
from tests.inference.cli.streams import MjpegServer

CLIPS = ("one face", "five faces", "no face")


def command(source: str, *options: str) -> dict[str, Any]:
    """The last event of the command line at a source, which sums it up."""
    arguments = [sys.executable, "-m", "inference", source, "--json", "--no-window", *options]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(name: str, seconds: float, folder: str) -> dict[str, Any]:
    """The figures of a clip."""
    pictures = list(frames(name, seconds))
    video = Path(folder) / f"{name}.mp4"
    recorder = Recorder(video)
    for i, picture in enumerate(pictures):
        recorder.write(picture, i * 1000 / RATE)
    recorder.close()
    with MjpegServer(lambda number: pictures[number % len(pictures)], RATE) as server:
        stream = command(server.address, "--seconds", str(seconds))
    return {
        "frames_per_second": command(str(video), "--no-copy")["rate"],
        "with_copy": command(str(video), "--out", folder)["rate"],
        "stream": {key: stream[key] for key in ("frames", "dropped", "rate")},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12.0, help="length of each clip")
    length = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as out:
        print_table({name: measure(name, length, out) for name in CLIPS})
