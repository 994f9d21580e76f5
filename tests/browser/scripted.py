"""A page whose worker returns faces that the test sets, without running the models."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

SCRIPTED = """
  window.tracks = [];
  window.verdicts = [];
  window.Worker = class extends EventTarget {
    constructor() {
      super();
      window.respond = (data) => this.dispatchEvent(new MessageEvent('message', { data }));
    }
    postMessage(message) {
      const { type, frame, bitmap } = message;
      frame?.close();
      const size = { width: bitmap?.width ?? 640, height: bitmap?.height ?? 480 };
      const response = {
        load: () => ({ type: 'ready', version: 'scripted' }),
        track: () => ({ type: 'tracks', tracks: window.tracks, ...size }),
        photo: () => ({ type: 'verdicts', verdicts: window.verdicts, ...size }),
      }[type];
      if (!response) return;
      setTimeout(() => window.respond(response()), 10);
    }
    terminate() {}
  };
"""


def face(label: str, number: int = 1) -> dict[str, Any]:
    """A track as the worker returns it; also a verdict."""
    left, top = 40 + 200 * (number % 3), 120 + 220 * (number // 3)
    return {
        "id": number,
        "box": {"left": left, "top": top, "right": left + 150, "bottom": min(top + 180, 470)},
        "score": 0.9,
        "label": label,
        "probability": 0.97,
        "probabilities": {label: 0.97},
        "stable": True,
    }


def set_faces(page: Page, *labels: str) -> None:
    """Let the worker return faces with these labels from now on."""
    faces = [face(label, i) for i, label in enumerate(labels)]
    page.evaluate("(faces) => { window.tracks = window.verdicts = faces; }", faces)


def start(page: Page) -> None:
    """Start the camera and wait for the video."""
    page.locator("#start").click()
    page.locator(".live").wait_for()
