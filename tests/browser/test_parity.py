"""The browser and Python say the same of the same pixels."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from playwright.sync_api import Page

from inference.contract import ROOT
from tests.browser.conftest import NewPage
from tests.frames import FRAMES
from tests.golden import GOLDEN
from tests.samples import encode

JUDGE = """
  async ({ url, frames }) => {
    const worker = new Worker(url, { type: 'module' });
    const ask = (message, transfer, last) => new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.type === last) resolve(data);
        if (data.type === 'error') reject(new Error(data.sentence));
      };
      worker.postMessage(message, transfer);
    });
    await ask({ type: 'init' }, [], 'ready');
    const answers = {};
    for (const [name, png] of Object.entries(frames)) {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      answers[name] = await ask({ type: 'frame', bitmap }, [bitmap], 'verdicts');
    }
    worker.terminate();
    return answers;
  }
"""


def judge(page: Page, frames: dict[str, bytes]) -> dict[str, Any]:
    """What the page's worker answers to pictures given as lossless files."""
    manifest = json.loads((ROOT / "web/static/build/manifest.json").read_text())
    given = {name: base64.b64encode(content).decode() for name, content in frames.items()}
    answers: dict[str, Any] = page.evaluate(
        JUDGE, {"url": f"/static/build/{manifest['worker.js']}", "frames": given}
    )
    return answers


def test_the_verdicts_on_the_golden_frames_are_pythons(new_page: NewPage) -> None:
    answers = judge(new_page(), {name: encode(make(), "PNG") for name, make in FRAMES.items()})
    expected = json.loads(GOLDEN.read_text())["frames"]
    assert set(expected) == set(answers)
    for name, verdicts in expected.items():
        found = answers[name]["verdicts"]
        assert (answers[name]["width"], answers[name]["height"]) == (640, 480)
        assert [v["label"] for v in found] == [v["label"] for v in verdicts], name
        for one, other in zip(found, verdicts, strict=True):
            assert one["box"] == pytest.approx(other["box"], abs=1e-3), name
            assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-3), name
            assert one["probability"] == pytest.approx(other["probability"], abs=1e-3), name
            assert one["score"] == pytest.approx(other["score"], abs=1e-4), name
