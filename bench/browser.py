"""The page in a real Chromium with a fake camera: ``python -m bench.browser [--rivals] [--json]``.

For each clip of ``bench/clips.py`` it prints the milliseconds of each step of a frame, apart for
frames where faces were found and where they were followed, the frames a second (no more than the
camera gives), how long the page's own thread was blocked, the faces told of that are none, how often
a face's label changed, and from Start to the first verdict the time and the bytes. With ``--rivals`` other libraries find the faces of the same clips. Run it on a
quiet machine; compare only figures of one run.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from bench import clips, rivals
from tests.browser.conftest import find_browser, flags
from tests.running import start, stop

PATIENCE = 120  # seconds
STEPS = ("read", "follow", "find", "classify", "all")
BLOCKED = 50  # ms of one task of the page's thread, from which people notice
# Notes when Start is pressed, when the worker's answers come, and what blocks the page.
NOTE = """
  window.answers = [];
  window.blocked = [];
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'ready') window.backend = data.backend;
        if (data.type === 'backend') window.backend = data.backend;
        if (data.type !== 'tracks') return;
        const { ms, pass, tracks } = data;
        const told = tracks.some(({ label }) => label.endsWith('_mask'));
        const labels = Object.fromEntries(tracks.map(({ id, label }) => [id, label]));
        window.answers.push({ ms, pass, told, labels, at: performance.now() });
      });
    }
  };
  addEventListener('click', () => { window.begun = performance.now(); }, true);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.blocked.push(duration);
  }).observe({ type: 'longtask' });
"""


def run(browser: Browser, address: str, frames: int, people: int) -> dict[str, Any]:
    """The figures for the camera of a browser that has nothing in its cache, before which are so
    many people at most.
    """
    page = browser.new_context(service_workers="block").new_page()
    fetched: list[str] = []
    page.on("response", lambda response: fetched.append(response.url))
    page.add_init_script(NOTE)
    page.goto(address)
    page.get_by_role("button", name="Start the camera").click()
    _wait_for(page, frames, "window.answers.some(({ told }) => told)")
    needed = {url for url in fetched if url.startswith("http")}
    _wait_for(page, frames)
    answers, begun, blocked, backend = page.evaluate("[answers, begun, blocked, window.backend]")
    page.context.close()
    times = [answer["at"] for answer in answers]
    running = answers[len(answers) // 20 :]  # the first ones warm up
    return {
        "backend": backend,
        "faces": Counter(len(answer["labels"]) for answer in running).most_common(1)[0][0],
        "false_faces": _false_faces(answers, people),
        "label_changes": _label_changes(answers),
        "frames": len(answers),
        "passes": {
            name: _steps([answer["ms"] for answer in running if answer["pass"] == name])
            for name in ("tracked", "full")
        },
        "all_frames": spread([answer["ms"]["all"] for answer in running]),
        "frames_a_second": round(1000 * (len(times) - 1) / (times[-1] - times[0]), 1),
        "page_blocked": {"over_50_ms": len(blocked), "longest_ms": round(max(blocked, default=0))},
        "start_to_first_verdict_ms": next(
            (round(answer["at"] - begun) for answer in answers if answer["told"]), None
        ),
        "bytes_until_first_verdict": {
            coding: sum(_served(url, taken) for url in needed)
            for coding, taken in (
                ("gzip", "gzip"),
                ("br", "gzip, br"),
            )  # not all is there in Brotli
        },
    }


def _false_faces(answers: list[dict[str, Any]], people: int) -> int:
    """Faces told of beside as many others as there are people; the newest ones are the false ones."""
    return len({face for answer in answers for face in sorted(map(int, answer["labels"]))[people:]})


def _label_changes(answers: list[dict[str, Any]]) -> int:
    """How often what was told of a face changed, its first verdict not counted."""
    told: dict[str, str] = {}
    changes = 0
    for answer in answers:
        for face, label in answer["labels"].items():
            changes += told.get(face, label) != label
            if face in told or label.endswith("_mask"):
                told[face] = label
    return changes


def _steps(passes: list[dict[str, float]]) -> dict[str, Any]:
    return {"frames": len(passes)} | {
        step: spread([ms[step] for ms in passes]) for step in STEPS if passes
    }


def _wait_for(page: Page, frames: int, enough: str = "false") -> None:
    """Wait for so many frames, or until an expression of the page is true."""
    end = time.monotonic() + PATIENCE
    while page.evaluate(f"!({enough}) && window.answers.length < {frames}"):
        if time.monotonic() > end:
            said = page.get_by_role("alert").inner_text() or page.get_by_role("status").inner_text()
            raise SystemExit(f"Expected {frames} frames in {PATIENCE} s; the page says: {said}")
        page.wait_for_timeout(50)


def spread(values: list[float]) -> dict[str, float]:
    """Least, median and 95th percentile."""
    low, median, high = np.percentile(values, [0, 50, 95])
    return {"min": round(low, 1), "median": round(median, 1), "p95": round(high, 1)}


def _served(url: str, codings: str) -> int:
    """Bytes of a file as it is sent to those who take these codings."""
    asked = urllib.request.Request(url, headers={"Accept-Encoding": codings})
    with urllib.request.urlopen(asked) as response:
        return len(response.read())


def measure(frames: int, with_rivals: bool) -> dict[str, Any]:
    """The figures for each clip."""
    process, port = start()
    result = {}
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            playwright = stack.enter_context(sync_playwright())
            others = stack.enter_context(rivals.served()) if with_rivals else ""
            for name in clips.CLIPS:
                clip = folder / "clip.mjpeg"
                clips.write(name, clip)
                browser = playwright.chromium.launch(
                    executable_path=find_browser(), args=flags(str(clip), folder)
                )
                people = len(clips.CLIPS[name])
                result[name] = run(browser, f"http://localhost:{port}", frames, people)
                if with_rivals:
                    found = rivals.measure(browser, others, max(20, frames // 10))
                    result[name]["rivals"] = {
                        rival: figures | {"ms": spread(figures["ms"])}
                        for rival, figures in found.items()
                    }
                browser.close()
    finally:
        stop(process)
    return result


def _row(name: str, figures: dict[str, float]) -> str:
    return "    {:<22} min {min:6.1f}  median {median:6.1f}  p95 {p95:6.1f} ms".format(
        name, **figures
    )


def show(name: str, figures: dict[str, Any]) -> None:
    """Print the figures of a clip."""
    sizes, first = figures["bytes_until_first_verdict"], figures["start_to_first_verdict_ms"]
    print(f"{name}: {figures['faces']} found, {figures['backend']}, "
          f"{figures['frames_a_second']} frames a second, "
          f"{f'first verdict {first} ms after Start' if first else 'no verdict'}, until then "
          f"{sizes['gzip'] / 1e6:.2f} MB gzipped, {sizes['br'] / 1e6:.2f} MB Brotli; "
          f"page blocked over {BLOCKED} ms: {figures['page_blocked']['over_50_ms']} times; "
          f"false faces: {figures['false_faces']}; "
          f"changes of a label: {figures['label_changes']}")  # fmt: skip
    for kind, steps in figures["passes"].items():
        print(f"  {kind}, {steps['frames']} frames")
        for step in STEPS if steps["frames"] else ():
            print(_row(step, steps[step]))
    print(f"  every frame\n{_row('all', figures['all_frames'])}")
    for rival, found in figures.get("rivals", {}).items():
        print(f"  {rival}: {found['faces']} found\n{_row('finding alone', found['ms'])}")


def main() -> None:
    """Print the table, or JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--rivals", action="store_true", help="other libraries too; needs npm")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.frames, options.rivals)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    for name, figures in result.items():
        show(name, figures)


if __name__ == "__main__":
    main()
