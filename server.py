"""The page and the upload path: ``python server.py [--https] [--host HOST] [--port 5000]``.

Pictures stay in memory: nothing that strangers send is written to disk.
"""

from __future__ import annotations

import argparse
import base64
import io
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    current_app,
    jsonify,
    render_template,
    request,
)
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.security import safe_join

from inference import MaskDetector, Verdict, read_picture
from inference.contract import MODELS, ROOT, read_export
from inference.drawing import WORDS, annotate, encode_jpeg, tell_probability
from inference.errors import ModelError, PictureError, PictureTooLarge, UnsupportedPicture
from inference.geometry import Image
from serving import SetupError
from serving.files import ASK_AGAIN, NEVER_CHANGES, Build, send
from serving.https import addresses, relay
from serving.production import listen, serve
from serving.words import SENTENCES, greeting, summary

MEGABYTE = 2**20
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
routes = Blueprint("routes", __name__)


class NoPicture(PictureError):
    """A request came without a photo."""


STATUS: dict[type[Exception], int] = {
    NoPicture: 400,
    PictureTooLarge: 413,
    UnsupportedPicture: 415,
    PictureError: 422,
    ModelError: 500,
}


class MemoryRequest(Request):
    """A request whose uploads stay in memory."""

    def _get_file_stream(self, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO()


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """The Flask application.

    Args:
        config: Flask's settings, and of our own `MODELS` (the folder of the contract), `DETECTOR`
            (a `MaskDetector`, else that of the folder), `STATIC` (folder of the static files),
            `PREDICTIONS` (at the same time), `PATIENCE` (seconds to wait for a turn).

    Raises:
        ModelError: the model or its weights are missing, changed or wrong.
        SetupError: the page is not built.
    """
    app = Flask(__name__, static_folder=None, template_folder="web/templates")
    app.request_class = MemoryRequest
    app.config.update(
        MAX_CONTENT_LENGTH=20 * MEGABYTE,
        STATIC=ROOT / "web/static",
        MODELS=MODELS,
        PREDICTIONS=2,
        PATIENCE=2.0,
    )
    app.config.update(config or {})
    # A photo sent as a text field is then told to be none, not to be too large.
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.config["BUILD"] = Build(app.config["STATIC"] / "build")
    if "DETECTOR" not in app.config:
        app.config["DETECTOR"] = detector = MaskDetector("centerface", app.config["MODELS"])
        for name in ("tfjs_model", "tfjs_weights"):  # told at start, not by each visitor's page
            read_export(app.config["MODELS"].parent, detector.contract.exports[name])
    app.config["TURNS"] = threading.BoundedSemaphore(app.config["PREDICTIONS"])
    app.register_blueprint(routes)
    return app


@routes.get("/")
def index() -> Response:
    """The page."""
    response = Response(_page(), mimetype="text/html")
    response.headers["Cache-Control"] = ASK_AGAIN
    return response


@routes.post("/")
def upload() -> str:
    """The page with the verdicts on the photo of the form."""
    image, verdicts = _predict(_uploaded())
    jpeg = encode_jpeg(annotate(image, verdicts))
    rows = [
        verdict.as_dict() | {"word": WORDS[verdict.label], "sure": tell_probability(verdict)}
        for verdict in verdicts
    ]
    photo = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
    return _page(result={"photo": photo, "sentence": summary(verdicts), "verdicts": rows})


@routes.post("/api/predict")
def predict() -> Response:
    """Verdicts as JSON; boxes are in pixels of a picture of the answer's width and height."""
    form = request.mimetype == "multipart/form-data"
    image, verdicts = _predict(_uploaded() if form else request.get_data(cache=False))
    height, width = image.shape[:2]
    return jsonify(verdicts=[v.as_dict() for v in verdicts], width=width, height=height)


@routes.get("/healthz")
def healthz() -> Response:
    """Whether the server answers, and with which model."""
    return jsonify(status="ok", model=current_app.config["DETECTOR"].contract.version)


@routes.get("/contract.json")
def contract() -> Response:
    """The contract, read anew: after a training the page uses the new model."""
    return send(current_app.config["MODELS"] / "contract.json", ASK_AGAIN)


@routes.get("/sw.js")
def service_worker() -> Response:
    """The service worker, at the root: it serves what lies below its own address."""
    return send(current_app.config["STATIC"] / "build" / _built("sw.js"), ASK_AGAIN)


@routes.get("/static/<path:name>")
def static(name: str) -> Response:
    """Static files; those of the build have their hash in their name and never change."""
    path = safe_join(str(current_app.config["STATIC"]), name)
    hashed = name.startswith("build/") and not name.endswith("/manifest.json")
    return send(Path(path or ""), NEVER_CHANGES if hashed else ASK_AGAIN)


@routes.after_app_request
def add_headers(response: Response) -> Response:
    """The headers of every answer; what does not say otherwise is not stored."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.update(HEADERS)
    return response


@routes.app_errorhandler(PictureError)
@routes.app_errorhandler(ModelError)
def refuse(error: Exception) -> tuple[Response, int]:
    """The sentence of an error of ours."""
    return _sentence(str(error)), STATUS[type(error)]


@routes.app_errorhandler(HTTPException)
def refuse_request(error: HTTPException) -> Response:
    """A sentence for what Flask refuses or what nobody foresaw."""
    code = error.code or 500
    sentence = SENTENCES.get(code, f"{error.name}.")
    response = _sentence(sentence.format(most_megabytes=_most_megabytes()))
    response.status_code = code
    kept = [(k, v) for k, v in error.get_headers(request.environ) if k in ("Allow", "Retry-After")]
    response.headers.extend(kept)
    return response


def _page(result: dict[str, Any] | None = None, error: str | None = None) -> str:
    return render_template(
        "index.html",
        result=result,
        error=error,
        asset=_asset,
        words=WORDS,
        version=current_app.config["DETECTOR"].contract.version,
        most_megabytes=_most_megabytes(),
    )


def _most_megabytes() -> int:
    return int(current_app.config["MAX_CONTENT_LENGTH"]) // MEGABYTE


def _asset(name: str) -> str:
    """The address of a built file."""
    return current_app.url_for("routes.static", name=f"build/{_built(name)}")


def _built(name: str) -> str:
    return str(current_app.config["BUILD"].names()[name])


def _sentence(sentence: str) -> Response:
    """What went wrong: JSON for programs, the page for people."""
    if request.path.startswith("/api/"):
        return jsonify(error=sentence)
    return Response(_page(error=sentence), mimetype="text/html")


def _uploaded() -> bytes:
    """The photo of the form."""
    file = request.files.get("photo")
    if file is None or not file.filename:
        raise NoPicture("Expected a photo in the form's field 'photo', came none.")
    content: bytes = file.read()
    return content


def _predict(content: bytes) -> tuple[Image, list[Verdict]]:
    """The picture and its verdicts; waits for a turn, since each costs memory and a processor."""
    if not content:
        raise NoPicture("Expected a photo, came an empty file.")
    turns, patience = current_app.config["TURNS"], current_app.config["PATIENCE"]
    if not turns.acquire(timeout=patience):
        raise ServiceUnavailable(retry_after=5)
    try:
        image = read_picture(content)
        return image, current_app.config["DETECTOR"].detect(image)
    finally:
        turns.release()


def main(arguments: list[str] | None = None) -> int:
    """Serve from the command line; 0 after a signal, 1 when it cannot start."""
    parser = argparse.ArgumentParser(description="Serve the face mask detection page.")
    parser.add_argument("--https", action="store_true",
                        help="with a self-made certificate, for cameras of other devices")  # fmt: skip
    parser.add_argument("--host", help="address to listen on; else 127.0.0.1, with --https 0.0.0.0")
    parser.add_argument("--port", type=int, default=5000, help="0 takes a free one")
    chosen = parser.parse_args(arguments)
    host = chosen.host or ("0.0.0.0" if chosen.https else "127.0.0.1")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with listen(host, chosen.port) as listener:
            _serve(create_app(), listener, host, chosen.https)
    except (SetupError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _serve(app: Flask, listener: socket.socket, host: str, https: bool) -> None:
    port = listener.getsockname()[1]
    everywhere = host in ("0.0.0.0", "::")
    others = addresses() if everywhere else []
    here = "localhost" if everywhere or host in ("127.0.0.1", "::1") else host
    words = greeting("https" if https else "http", here, port, others)
    if not https:
        print(words, flush=True)
        serve(app, listener)
        return
    from serving import certificate  # with cryptography, which http does not need

    names = ["localhost", "127.0.0.1", *others, *([] if here == "localhost" else [here])]
    tls = certificate.context(certificate.cache_folder(), names)
    with listen("127.0.0.1", 0) as inner:
        relay(listener, inner.getsockname(), tls)
        print(words, flush=True)
        serve(app, inner)


if __name__ == "__main__":
    sys.exit(main())
