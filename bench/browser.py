"""The page in a real Chromium with a fake camera: ``python -m bench.browser [--json]``.

Prints the milliseconds of each step of a frame, the frames a second (no more than the camera
gives), and from Start to the first verdict the time and the bytes as they are served. Run it on a
quiet machine.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import find_browser, flags
from tests.running import start, stop

PATIENCE = 120  # seconds
CAMERAS = {"one face": "astronaut", "two faces": "two_faces", "nobody": "empty"}
# Notes when Start is pressed and when the worker's answers come.
NOTE = """
  window.answers = [];
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'verdicts') window.answers.push({ ...data, at: performance.now() });
      });
    }
  };
  addEventListener('click', () => { window.begun = performance.now(); }, true);
"""


def run(browser: Browser, address: str, frames: int) -> dict[str, Any]:
    """The figures for the camera of a browser that has nothing in its cache."""
    page = browser.new_page()
    fetched: list[str] = []
    page.on("response", lambda response: fetched.append(response.url))
    page.add_init_script(NOTE)
    page.goto(address)
    page.get_by_role("button", name="Start the camera").click()
    _wait_for(page, 1)
    needed = set(fetched)
    _wait_for(page, frames)
    answers = page.evaluate("window.answers")
    begun = page.evaluate("window.begun")
    page.close()
    times = [answer["at"] for answer in answers]
    return {
        "faces": Counter(len(answer["verdicts"]) for answer in answers).most_common(1)[0][0],
        "frames": len(answers),
        "ms": {step: _spread([a["ms"][step] for a in answers]) for step in answers[0]["ms"]},
        "frames_a_second": round(1000 * (len(times) - 1) / (times[-1] - times[0]), 1),
        "start_to_first_verdict_ms": round(times[0] - begun),
        "bytes_until_first_verdict": sum(_served(url) for url in needed if url.startswith("http")),
    }


def _wait_for(page: Page, frames: int) -> None:
    end = time.monotonic() + PATIENCE
    while page.evaluate("window.answers.length") < frames:
        if time.monotonic() > end:
            said = page.get_by_role("alert").inner_text() or page.get_by_role("status").inner_text()
            raise SystemExit(f"Expected {frames} frames in {PATIENCE} s; the page says: {said}")
        page.wait_for_timeout(50)


def _spread(values: list[float]) -> dict[str, float]:
    low, median, high = np.percentile(values, [0, 50, 95])
    return {"min": round(low, 1), "median": round(median, 1), "p95": round(high, 1)}


def _served(url: str) -> int:
    """Bytes of a file as a browser gets it, gzipped where the server does so."""
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as response:
        return len(response.read())


def measure(frames: int) -> dict[str, Any]:
    """The figures for each camera."""
    process, port = start()
    result = {}
    try:
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            for name, camera in CAMERAS.items():
                browser = playwright.chromium.launch(
                    executable_path=find_browser(), args=flags(camera, Path(folder))
                )
                result[name] = run(browser, f"http://localhost:{port}", frames)
                browser.close()
    finally:
        stop(process)
    return result


def main() -> None:
    """Print the table, and JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.frames)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    for name, figures in result.items():
        print(f"{name}: {figures['faces']} found, {figures['frames_a_second']} frames a second, "
              f"first verdict {figures['start_to_first_verdict_ms']} ms after Start, "
              f"{figures['bytes_until_first_verdict'] / 1e6:.2f} MB until then")  # fmt: skip
        for step, spread in figures["ms"].items():
            print("  {:<9} min {min:6.1f}  median {median:6.1f}  p95 {p95:6.1f} ms".format(
                step, **spread))  # fmt: skip


if __name__ == "__main__":
    main()
