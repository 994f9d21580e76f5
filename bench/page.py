"""Accuracy of the page in a real Chromium: ``python -m bench.page [--step N] [--live]``.

Photos are chosen on the page as a user does: figures as of `bench.scenes`, and the share of the faces of
page or server (`MaskDetector`) that both detect (IoU ≥ 0.9) with the same label. With ``--live`` each
photo is shown to the page's worker as a still 640 × 480 clip, 30 frames per second for two seconds of
real time.
"""

from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from tqdm import tqdm

from bench.browser import opened, wait_for
from bench.clips import DATA
from bench.live import place, print_figures
from bench.scenes import Found, Result, match, photos, score
from bench.tables import print_table
from inference import MaskDetector, read_picture
from inference.contract import ROOT
from inference.vision.geometry import Box
from tests.samples import encode
from trainer.data.boxes.read import LabelledBox, read_boxes

SAME = 0.9
OPEN_WORKER = """
  async (url) => {
    const worker = new Worker(url, { type: 'module' });
    window.ask = (message, transfer, last) => new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.type === last) resolve(data);
        if (data.type === 'error') reject(new Error(data.message));
      };
      worker.postMessage(message, transfer);
    });
    window.reset = () => worker.postMessage({ type: 'reset' });
    await window.ask({ type: 'load' }, [], 'ready');
  }
"""
SHOW = """
  async (file) => {
    reset();
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    const still = await createImageBitmap(new Blob([bytes]));
    const begun = performance.now();
    let result;
    for (let i = 0; performance.now() < begun + 2000; i += 1) {
      const frame = new VideoFrame(still, { timestamp: i * 33_333 });
      result = await ask({ type: 'track', frame }, [frame], 'tracks');
      const next = begun + (i + 1) * 1000 / 30;
      await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
    }
    return result.tracks;
  }
"""
Labelled = list[tuple[Path, list[LabelledBox]]]


def found(reported: list[dict[str, Any]]) -> list[Found]:
    return [Found(Box(**one["box"]), one["label"], one["probabilities"]) for one in reported]


def agreement(page: list[Result], server: list[Result]) -> str:
    faces = alike = 0
    for (_, ours), (_, theirs) in zip(page, server, strict=True):
        pairs = match([one.box for one in ours], [one.box for one in theirs], SAME)
        faces += len(ours) + len(theirs) - len(pairs)
        alike += sum(ours[i].label == theirs[j].label for i, j in pairs.items())
    return f"page and server: {alike} of {faces} faces alike ({alike / max(1, faces):.2%})"


def check(page: Page, labelled: Labelled) -> list[Result]:
    """What the page reports of photos."""
    results = []
    answered = "messages.filter(({ verdicts }) => verdicts)"
    for path, faces in tqdm(labelled, leave=False):
        before = page.evaluate(f"{answered}.length")
        page.locator("#photo").set_input_files(path)
        wait_for(page, f"{answered}.length > {before}")
        results.append((faces, found(page.evaluate(f"{answered}.at(-1).verdicts"))))
    return results


def show(page: Page, labelled: Labelled) -> list[tuple[Result, float]]:
    """What the page's worker reports of still clips, and the scale of the photos on them."""
    manifest = json.loads((ROOT / "web/static/build/manifest.json").read_text())
    page.evaluate(OPEN_WORKER, f"/static/build/{manifest['worker.js']}")
    results = []
    for path, faces in tqdm(labelled, leave=False):
        frame, boxes, scale = place((read_picture(path), faces))
        tracks = page.evaluate(SHOW, base64.b64encode(encode(frame, "PNG")).decode())
        results.append(((boxes, found(tracks)), scale))
    return results


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=int, default=1, help="measure every n-th photo")
    parser.add_argument("--live", action="store_true", help="still clips instead of photos")
    options = parser.parse_args()
    detector = MaskDetector()
    labels = detector.contract.labels
    labelled = sorted(read_boxes(DATA / "scenes/val.csv").items())[:: options.step]
    with opened() as (page, address):
        page.goto(address)
        if options.live:
            print_figures("page, live", show(page, labelled), labels)
            return
        ours = check(page, labelled)
    theirs = photos(detector, [(read_picture(path), boxes) for path, boxes in labelled])
    print_table({"page": score(ours, labels), "server": score(theirs, labels)})
    print(agreement(ours, theirs))


if __name__ == "__main__":
    main()
