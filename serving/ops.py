"""Routes for operators: health and metrics."""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, jsonify, request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from werkzeug.exceptions import Forbidden, NotFound, ServiceUnavailable

from inference.errors import ModelError, PictureError
from serving import Refusal
from serving.services import services

ops = Blueprint("ops", __name__)
_FORWARDED = re.compile(
    r"(x-forwarded-.*|x-real-ip|.*-client-ip|.*-connecting-ip|forwarded|via)", re.I
)
"""Headers that proxies add."""


class Unhealthy(Refusal, ServiceUnavailable):
    """The server cannot process photos."""

    description = "Photos cannot be processed at the moment; see the server's log."


@ops.get("/healthz")
def healthz() -> Response:
    """Reports that photos can be processed, and the version of the classifier.

    Raises:
        Unhealthy: the models or the decoder fail, or there is no memory for them.
    """
    try:
        services().health.check()
    except (ModelError, PictureError, TimeoutError, MemoryError, RuntimeError):
        current_app.logger.exception("The health check failed.")
        raise Unhealthy from None
    return jsonify(status="ok", model=services().detector.contract.version)


@ops.get("/metrics")
def metrics() -> Response:
    """Metrics for Prometheus, for the clients that the settings allow."""
    access = services().settings.metrics_access
    if access == "off":
        raise NotFound
    if access == "local" and not _is_local():
        raise Forbidden
    return Response(services().metrics.exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _is_local() -> bool:
    """Whether the client runs on this computer.

    Requests that a proxy forwards come from this computer too, but have a header that says so.
    The host name is checked against DNS rebinding, by which a foreign page reaches this address.
    """
    local_address = request.remote_addr in ("127.0.0.1", "::1", "::ffff:127.0.0.1")
    local_name = request.host.rsplit(":", 1)[0] in ("localhost", "127.0.0.1", "[::1]")
    forwarded = any(_FORWARDED.fullmatch(name) for name, _ in request.headers)
    return local_address and local_name and not forwarded
