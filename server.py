"""The page and the upload path: ``python server.py --help``.

Pictures stay in memory: nothing that strangers send is written to disk.
"""

from __future__ import annotations

import io
import signal
import socket
import sys
from typing import Any

try:
    from flask import Flask, Request, Response

    from inference import MaskDetector
except ModuleNotFoundError as error:
    sys.exit(
        f"{error.name} is not installed for this Python: start with 'make serve', which does it."
    )

from inference.contract import ROOT, read_export
from inference.errors import ModelError
from serving import SetupError
from serving.api import judging
from serving.metrics import Numbers
from serving.page import page
from serving.predictions import PredictionPool
from serving.problems import problems
from serving.production import addresses, listen, serve
from serving.request_log import logs, start_log
from serving.settings import Settings, read_settings
from serving.static_files import built_files
from serving.texts import greeting

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
        "connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Page": "face-mask-detection",  # by which sw.js knows that no other project has the address
}


class MemoryRequest(Request):
    """A request whose uploads stay in memory."""

    def _get_file_stream(self, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO()


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """The Flask application.

    Args:
        config: Flask's settings, those of `Settings.config`, and `DETECTOR` (a `MaskDetector`, else
            that of the folder `MODELS`) and `STATIC` (folder of the static files).

    Raises:
        ModelError: the model or its weights are missing, changed or wrong.
        SetupError: the page is not built.
    """
    app = Flask(__name__, static_folder=None, template_folder=ROOT / "web/templates")
    app.request_class = MemoryRequest
    app.config.update(Settings().config() | {"STATIC": ROOT / "web/static"} | (config or {}))
    # A photo sent as a text field is then told to be none, not to be too large.
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    built_files(app.config["STATIC"] / "build")  # fail at start, not at the first request
    if "DETECTOR" not in app.config:
        app.config["DETECTOR"] = detector = MaskDetector(app.config["MODELS"])
        for name in ("tfjs_model", "tfjs_weights"):  # told at start, not by each visitor's page
            read_export(app.config["MODELS"].parent, detector.contract.exports[name])
    turns = PredictionPool(app.config["PREDICTIONS"], app.config["QUEUE"], app.config["TIME_LIMIT"])
    app.config.update(TURNS=turns, NUMBERS=Numbers(lambda: turns.busy))
    app.after_request(add_headers)
    for blueprint in (logs, problems, page, judging):
        app.register_blueprint(blueprint)
    return app


def add_headers(response: Response) -> Response:
    """The headers of every answer; what does not say otherwise is not stored."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.update(HEADERS)
    return response


def main(arguments: list[str] | None = None) -> int:
    """Serve from the command line; 0 after a signal, 1 when it cannot start."""
    settings = read_settings(arguments)
    start_log(settings.log)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with listen(settings.address, settings.port) as listener:
            _serve(create_app(settings.config()), listener, settings)
    except (SetupError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _serve(app: Flask, listener: socket.socket, settings: Settings) -> None:
    host, port = settings.address, listener.getsockname()[1]
    everywhere = host in ("0.0.0.0", "::")
    others = addresses() if everywhere else []
    here = "localhost" if everywhere or host in ("127.0.0.1", "::1") else host
    certificate = None
    if settings.https:
        from serving.certificate import ensure_certificate  # with cryptography, which http spares

        names = ["localhost", "127.0.0.1", *others, *([] if here == "localhost" else [here])]
        certificate = ensure_certificate(names)
    print(greeting("https" if certificate else "http", here, port, others), flush=True)
    serve(app, listener, settings, certificate)


if __name__ == "__main__":
    sys.exit(main())
