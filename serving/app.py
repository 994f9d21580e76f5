"""The application factory."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask import Flask, Request
from werkzeug.middleware.proxy_fix import ProxyFix

from inference import MaskDetector
from inference.contract import ROOT, read_export
from serving.api import api
from serving.decoder import MAX_MEMORY_BYTES, DecoderPool
from serving.health import HealthCheck
from serving.logo import read_logo
from serving.metrics import Metrics
from serving.ops import ops
from serving.page import page
from serving.predictions import PredictionPool
from serving.problems import problems
from serving.request_log import request_log
from serving.security import security
from serving.services import EXTENSION, Services
from serving.settings import MEGABYTE, Settings
from serving.static_files import built_files


class MemoryRequest(Request):
    """A request whose uploads stay in memory."""

    def _get_file_stream(self, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO()


def create_app(
    settings: Settings,
    detector: MaskDetector | None = None,
    static: Path = ROOT / "web/static",
    decoder: DecoderPool | None = None,
    host_names: frozenset[str] = frozenset({"localhost"}),
) -> Flask:
    """Create the Flask application.

    Args:
        detector: by default with the model of the settings.
        static: folder of the static files.
        decoder: by default one with a process per prediction; closed with the application's pool.
        host_names: names and addresses of this computer (`serving.security.host_names`).

    Raises:
        ModelError: the model or its weights are missing, changed or invalid.
        SetupError: the page is not built, or the logo cannot be used.
    """
    built_files(static / "build")  # fail at start, not at the first request
    logo = read_logo(settings.logo)
    detector = detector or _load_detector(settings.models)
    memory_bytes = MAX_MEMORY_BYTES + 3 * settings.max_photo_mb * MEGABYTE  # its file, and copies
    decoder = decoder or DecoderPool(settings.predictions, memory_bytes)
    pool = PredictionPool(
        settings.predictions, settings.queue, settings.prediction_timeout_s, decoder
    )
    metrics = Metrics(lambda: pool.busy)
    app = Flask(__name__, static_folder=None, template_folder=ROOT / "web/templates")
    app.request_class = MemoryRequest
    if trusted := settings.trusted_proxy:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted, x_prefix=trusted
        )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    # A photo sent as a text field gets the error that it is no file, not that it is too large.
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_request_bytes
    app.extensions[EXTENSION] = Services(
        settings, detector, pool, metrics, HealthCheck(detector, pool), static, host_names, logo
    )
    for blueprint in (request_log, security, problems, page, api, ops):
        app.register_blueprint(blueprint)
    return app


def _load_detector(models: Path) -> MaskDetector:
    detector = MaskDetector(models)
    for name in ("tfjs_model", "tfjs_weights"):  # report damaged files here, not in each browser
        read_export(models.parent, detector.contract.exports[name])
    return detector
