"""Errors as one sentence: on the page for people, as problem details (RFC 9457) for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import HTTPException

from inference.errors import ModelError, PictureError, PictureTooLarge, UnsupportedPicture
from serving import Refusal
from serving.page import render
from serving.photos import NoPicture
from serving.predictions import Busy
from serving.services import services
from serving.texts import SENTENCES

MEDIA_TYPE = "application/problem+json"
FOR_PROGRAMS = ("/api/", "/healthz", "/metrics")
STATUS: dict[type[Exception], int] = {
    NoPicture: 400,
    PictureTooLarge: 413,
    UnsupportedPicture: 415,
    PictureError: 422,
    ModelError: 500,
}
problems = Blueprint("problems", __name__)


def problem(status: int, detail: str) -> dict[str, Any]:
    """Problem details of the generic type, whose title is that of the HTTP status."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}


@problems.app_errorhandler(PictureError)
@problems.app_errorhandler(ModelError)
def handle_error(error: Exception) -> Response:
    """Respond to an error of `inference`, whose message is a sentence."""
    return _respond(STATUS[type(error)], str(error))


@problems.app_errorhandler(HTTPException)
def handle_http_error(error: HTTPException) -> Response:
    """Respond to an error of Flask, or to an unexpected one."""
    code = error.code or 500
    if isinstance(error, Refusal):
        sentence = error.description or ""
    else:
        settings = services().settings
        sentence = SENTENCES.get(code, f"{error.name}.").format(
            max_photo_mb=settings.max_photo_mb, max_request_mb=settings.max_request_mb
        )
    response = _respond(code, sentence)
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers.add(name, value)
    return response


@problems.app_errorhandler(MemoryError)
def handle_memory_error(_: MemoryError) -> Response:
    """Respond as to a request that comes at a busy time."""
    return handle_http_error(Busy())


def _respond(status: int, sentence: str) -> Response:
    if request.path.startswith(FOR_PROGRAMS):
        return Response(json.dumps(problem(status, sentence)), status, mimetype=MEDIA_TYPE)
    return Response(render(error=sentence), status, mimetype="text/html")
