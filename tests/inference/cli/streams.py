"""Real servers on loopback: a network camera, which sends JPEGs over HTTP, and a webhook."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

import numpy as np

from inference.vision.geometry import Image
from tests.samples import encode

BITS = 16
_SIZE = (64, 20 * BITS)  # height, width


def numbered(number: int) -> Image:
    """A picture that shows a number in black and white stripes."""
    bits = np.array([number >> i & 1 for i in range(BITS)], np.uint8)
    row = np.repeat(bits * 255, _SIZE[1] // BITS)
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (*_SIZE, 3)))


def number_of(image: Image) -> int:
    """The number that a picture shows."""
    stripes = image.mean(axis=(0, 2)).reshape(BITS, -1)[:, 5:-5].mean(axis=1)
    return sum(int(white) << i for i, white in enumerate(stripes > 127))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class MjpegServer:
    """Serves frames to every client until it is killed; it can be started again."""

    def __init__(self, picture: Callable[[int], Image], rate: float = 30, port: int = 0) -> None:
        """`picture` gives the n-th one since the server began."""
        self.sent = 0
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}/door.mjpg"
        self._picture = picture
        self._rate = rate
        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
                self.end_headers()
                due = time.monotonic()
                try:
                    while not outer._ended.wait(max(0.0, due - time.monotonic())):
                        self._send(encode(outer._picture(outer.sent), "JPEG"))
                        outer.sent += 1
                        due += 1 / outer._rate
                except OSError:
                    pass  # the client went

            def _send(self, jpeg: bytes) -> None:
                head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg + b"\r\n")

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def kill(self) -> None:
        """End in the middle of everything."""
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> MjpegServer:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._ended.is_set():
            self.kill()


class PictureServer:
    """Answers every GET with the same content and status."""

    def __init__(self, content: bytes, status: int = 200) -> None:
        self.requests = 0
        self.paths = set[str]()
        self.status = status
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests += 1
                outer.paths.add(self.path)
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/door"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def __enter__(self) -> PictureServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Hook:
    """Takes what is posted and answers with a status."""

    def __init__(self, status: int = 200) -> None:
        self.bodies: list[Any] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.bodies.append(json.loads(body))
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def do_GET(self) -> None:  # where a redirect leads
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/alert"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def wait_for(happened: Callable[[], object], seconds: float = 240) -> None:
    """Wait until something is so; long, since machines that test may be busy.

    Raises:
        TimeoutError: it did not come to be.
    """
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError("It did not happen.")
        time.sleep(0.02)
