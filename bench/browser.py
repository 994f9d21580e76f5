"""Speed of the page in a real Chromium with a fake camera: ``python -m bench.browser``.

For each clip of ``bench/clips.py`` prints the milliseconds of each step of a frame, apart for
frames in which faces were only followed and those with which the result of a near or far pass of the
detector was added; the frames per second (at most the camera's 30); how long the page's own thread was
blocked; false faces and changes of a face's label; and from Start to the first result the time and
the compressed bytes. ``--frames 1800`` is a minute. Run it on a quiet machine; compare only figures of
one run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from bench import clips
from bench.tables import print_table
from tests.browser.conftest import NO_CAMERA, find_browser, flags
from tests.running import start, stop

TIMEOUT_S = 180
STEPS = ("read", "track", "classify", "all")
# Notes what the page's worker reports, when Start is pressed, and what blocks the page.
NOTE = """
  window.messages = [];
  window.blocked = [];
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        window.messages.push({ ...data, at: performance.now() });
      });
    }
  };
  addEventListener('click', () => { window.begun = performance.now(); }, true);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.blocked.push(duration);
  }).observe({ type: 'longtask' });
"""
VERDICT = "messages.some(({ tracks }) => tracks?.some(({ label }) => label.endsWith('_mask')))"


@contextmanager
def opened(camera: str = NO_CAMERA) -> Iterator[tuple[Page, str]]:
    """A page of a new browser, which has nothing in its cache, and the server's address."""
    process, port = start()
    try:
        with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
            browser = playwright.chromium.launch(
                executable_path=find_browser(), args=flags(camera, Path(folder))
            )
            page = browser.new_context(service_workers="block").new_page()
            page.add_init_script(NOTE)
            yield page, f"http://localhost:{port}"
            browser.close()
    finally:
        stop(process)


def wait_for(page: Page, condition: str) -> None:
    """Wait until an expression of the page is true."""
    end = time.monotonic() + TIMEOUT_S
    while not page.evaluate(condition):
        if time.monotonic() > end:
            status = page.locator("[role=alert], [role=status]").all_inner_texts()
            raise SystemExit(f"Expected {condition}, got: {' '.join(status)}")
        page.wait_for_timeout(50)


def run(page: Page, address: str, frames: int, people: int) -> dict[str, Any]:
    """The figures of a camera before which are at most so many people."""
    fetched: set[str] = set()
    page.on("response", lambda response: fetched.add(response.url))
    page.goto(address)
    page.get_by_role("button", name="Start the camera").click()
    wait_for(page, VERDICT if people else "messages.some(({ tracks }) => tracks)")
    needed = {url for url in fetched if url.startswith("http")}
    wait_for(page, f"messages.filter(({{ tracks }}) => tracks).length >= {frames}")
    messages, begun, blocked = page.evaluate("[messages, begun, blocked]")
    answers = [message for message in messages if message["type"] == "tracks"]
    version = next((one["version"] for one in messages if "version" in one), "")
    verdicts = [one["at"] for one in answers if any(_is_verdict(t) for t in one["tracks"])]
    return (
        {"version": version}
        | _summary(answers[len(answers) // 20 :])
        | {  # the first ones warm up
            "false_faces": len(
                {t["id"] for one in answers for t in _beyond(one["tracks"], people)}
            ),
            "label_changes": _label_changes(answers),
            "page_blocked": {
                "over_50_ms": len(blocked),
                "longest_ms": round(max(blocked, default=0)),
            },
            "start_to_first_result_ms": round((verdicts or [answers[0]["at"]])[0] - begun),
            "bytes_until_first_result": {
                codings: sum(_served(url, codings) for url in needed)
                for codings in ("gzip", "gzip, br")
            },
        }
    )


def _summary(answers: list[dict[str, Any]]) -> dict[str, Any]:
    times = [one["at"] for one in answers]
    groups = {"every frame": answers}
    for name in ("followed", "near", "far"):
        groups[name] = [one for one in answers if (one["pass"] or "followed") == name]
    return {
        "faces": Counter(len(one["tracks"]) for one in answers).most_common(1)[0][0],
        "frames_per_second": round(1000 * (len(times) - 1) / (times[-1] - times[0]), 1),
        "ms": {
            name: {"frames": len(group)}
            | {step: spread([one["ms"][step] for one in group]) for step in STEPS if group}
            for name, group in groups.items()
        },
    }


def spread(values: list[float]) -> str:
    """Mean, median and 95th percentile."""
    median, high = np.percentile(values, [50, 95])
    return f"{np.mean(values):.1f} / {median:.1f} / {high:.1f}"


def _is_verdict(track: dict[str, Any]) -> bool:
    return str(track["label"]).endswith("_mask")


def _beyond(tracks: list[dict[str, Any]], people: int) -> list[dict[str, Any]]:
    """Tracks beside as many others as there are people; the newest ones are the false ones."""
    return sorted(tracks, key=lambda track: int(track["id"]))[people:]


def _label_changes(answers: list[dict[str, Any]]) -> int:
    """How often the reported label of a face changed, its first verdict not counted."""
    labels: dict[int, str] = {}
    changes = 0
    for track in (track for one in answers for track in one["tracks"]):
        changes += labels.get(track["id"], track["label"]) != track["label"]
        if track["id"] in labels or _is_verdict(track):
            labels[track["id"]] = track["label"]
    return changes


def _served(url: str, codings: str) -> int:
    """Bytes of a file as it is sent to clients that take these codings."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": codings})
    with urllib.request.urlopen(request) as response:
        return len(response.read())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300, help="frames per clip")
    parser.add_argument("--clip", choices=clips.CLIPS, nargs="+", default=list(clips.CLIPS))
    options = parser.parse_args()
    result = {}
    for name in options.clip:
        with tempfile.TemporaryDirectory() as folder:
            clip = Path(folder) / "clip.mjpeg"
            clips.write(name, clip)
            with opened(str(clip)) as (page, address):
                result[name] = run(page, address, options.frames, len(clips.CLIPS[name]))
    print_table(result)


if __name__ == "__main__":
    main()
