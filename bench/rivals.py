"""What other libraries take to find faces in the same clips, in the same browser, on WebAssembly.

They are installed for it into a temporary folder. They only find faces: whether a mask is worn is
not asked of them. ``@tensorflow-models/blazeface`` is not here: its package lacks the weights.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from playwright.sync_api import Browser

from inference.contract import ROOT

PACKAGE = "@vladmandic/face-api@1.7.15"
MODULES = ROOT / "web" / "node_modules"
LINKS = {
    "human": MODULES / "@vladmandic" / "human",
    "wasm": MODULES / "@tensorflow" / "tfjs-backend-wasm" / "dist",
}
# Each gives the function that finds the faces of a video and tells how many.
LOAD = {
    "face-api tiny 416": """
      const api = await faceApi();
      await api.nets.tinyFaceDetector.loadFromUri('/face-api/model');
      const options = new api.TinyFaceDetectorOptions({ inputSize: 416 });
      return async () => (await api.detectAllFaces(video, options)).length;
    """,
    "face-api SSD": """
      const api = await faceApi();
      await api.nets.ssdMobilenetv1.loadFromUri('/face-api/model');
      const options = new api.SsdMobilenetv1Options();
      return async () => (await api.detectAllFaces(video, options)).length;
    """,
    "human, detector only": """
      const { Human } = await import('/human/dist/human.esm.js');
      const off = { enabled: false };
      const human = new Human({
        backend: 'wasm', wasmPath: '/wasm/', modelBasePath: '/human/models/', cacheSensitivity: 0,
        filter: off, gesture: off, body: off, hand: off, object: off, segmentation: off,
        face: {
          detector: { rotation: false, maxDetected: 10 }, mesh: off, iris: off, emotion: off,
          description: off, antispoof: off, liveness: off, attention: off,
        },
      });
      await human.load();
      return async () => (await human.detect(video)).face.length;
    """,
}
RUN = """
  async (frames) => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
    const video = Object.assign(document.createElement('video'), { muted: true, srcObject: stream });
    video.width = 640;
    video.height = 480;
    await video.play();
    const faceApi = async () => {
      const api = await import('/face-api/dist/face-api.esm.js');
      api.tf.setWasmPaths('/wasm/');
      api.tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      await api.tf.setBackend('wasm');
      return api;
    };
    const load = async () => { LOAD };
    const find = await load();
    await find(); // the first is slow
    const ms = [];
    const faces = [];
    while (ms.length < frames) {
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      const begun = performance.now();
      faces.push(await find());
      ms.push(performance.now() - begun);
    }
    stream.getTracks()[0].stop();
    return { ms, faces };
  }
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """The address where the rivals' files are, while it is open."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        subprocess.run([*install, "--prefix", name, PACKAGE], check=True)
        (folder / "index.html").write_text("<title>Rivals</title>")
        (folder / "face-api").symlink_to(folder / "node_modules" / "@vladmandic" / "face-api")
        for link, target in LINKS.items():
            (folder / link).symlink_to(target)
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=name)) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://localhost:{server.server_port}"
            server.shutdown()


def measure(browser: Browser, address: str, frames: int) -> dict[str, dict[str, Any]]:
    """By rival the milliseconds of each frame of the browser's camera, and how many faces most
    frames had.
    """
    result = {}
    for name, load in LOAD.items():
        page = browser.new_page()
        page.goto(address)
        found = page.evaluate(RUN.replace("LOAD", load), frames)
        page.close()
        faces = Counter(found["faces"]).most_common(1)[0][0]
        result[name] = {"faces": faces, "ms": found["ms"]}
    return result
