"""Runs the net of the page's detector alone, in a page."""

from __future__ import annotations

import base64
import json
import subprocess

import numpy as np
from playwright.sync_api import Page

from inference.contract import ROOT
from inference.vision.geometry import Floats

ENTRY = """
  export { CenterFaceNet } from './static/js/vision/centerface-net.js';
  export { startWasm } from './static/js/vision/backend.js';
"""
LOAD = """
  async ({ simd, plain, topologyUrl, weightsUrl }) => {
    await net.startWasm({ simd, plain });
    const [topology, weights] = await Promise.all([topologyUrl, weightsUrl].map(async (url) => {
      return (await fetch(url)).arrayBuffer();
    }));
    window.model = net.CenterFaceNet.load({ topology, weights });
  }
"""
RUN = """
  async ({ pixels, height, width }) => {
    const bytes = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
    const heads = await window.model.run(Float32Array.from(bytes), height, width);
    let text = '';
    for (const byte of new Uint8Array(heads.buffer, heads.byteOffset, heads.byteLength)) {
      text += String.fromCharCode(byte);
    }
    return btoa(text);
  }
"""


def load(page: Page) -> None:
    """Load the net in a page that bypasses its content security policy."""
    command = [
        str(ROOT / "web/node_modules/.bin/esbuild"),
        "--bundle",
        "--format=iife",
        "--global-name=net",
        "--log-level=error",
    ]
    bundle = subprocess.run(
        command, input=ENTRY, cwd=ROOT / "web", capture_output=True, text=True, check=True
    )
    page.add_script_tag(content=f"{bundle.stdout}; window.net = net;")
    manifest = json.loads((ROOT / "web/static/build/manifest.json").read_text())
    names = {
        "simd": "tfjs-backend-wasm-simd.wasm",
        "plain": "tfjs-backend-wasm.wasm",
        "topologyUrl": "centerface.json",
        "weightsUrl": "centerface.bin",
    }
    urls = {key: f"/static/build/{manifest[name]}" for key, name in names.items()}
    page.evaluate(LOAD, urls)


def run(page: Page, canvas: Floats) -> Floats:
    """Run the net.

    Args:
        canvas: integers from 0 to 255, shape (height, width, 3), RGB.

    Returns:
        The outputs, shape (height / 4, width / 4, 15), with logits for the heat map.
    """
    height, width = canvas.shape[:2]
    pixels = base64.b64encode(canvas.astype(np.uint8).tobytes()).decode()
    encoded: str = page.evaluate(RUN, {"pixels": pixels, "height": height, "width": width})
    heads = np.frombuffer(base64.b64decode(encoded), np.float32)
    return heads.reshape(height // 4, width // 4, -1)
