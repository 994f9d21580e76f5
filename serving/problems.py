"""What goes wrong, in one sentence: as a page for people, as RFC 9457 says for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from http import HTTPStatus

from flask import Blueprint, Response, current_app, json, request
from werkzeug.exceptions import HTTPException

from inference.errors import ModelError, PictureError, PictureTooLarge, UnsupportedPicture
from serving.page import render
from serving.predictions import Busy, TooSlow
from serving.settings import MEGABYTE
from serving.texts import SENTENCES

MEDIA_TYPE = "application/problem+json"
FOR_PROGRAMS = ("/api/", "/healthz", "/metrics")
problems = Blueprint("problems", __name__)


class NoPicture(PictureError):
    """A request came without a photo."""


STATUS: dict[type[Exception], int] = {
    NoPicture: 400,
    PictureTooLarge: 413,
    UnsupportedPicture: 415,
    PictureError: 422,
    ModelError: 500,
    TooSlow: 503,
}


@dataclass(frozen=True)
class Problem:
    """A problem's details (RFC 9457)."""

    type: str
    """``about:blank``: it means what the status means."""
    title: str
    status: int
    detail: str
    """One sentence: what was expected and what came."""

    def as_dict(self) -> dict[str, str | int]:
        """For JSON."""
        return asdict(self)


def problem(status: int, sentence: str) -> Problem:
    """The details of what has no type of its own."""
    return Problem("about:blank", HTTPStatus(status).phrase, status, sentence)


def problem_of(error: Exception) -> Problem:
    """The details of an error of ours."""
    told = error.description if isinstance(error, HTTPException) else str(error)
    return problem(STATUS[type(error)], told or "")


@problems.app_errorhandler(PictureError)
@problems.app_errorhandler(ModelError)
def refuse(error: Exception) -> Response:
    """The sentence of an error of ours."""
    return _answer(problem_of(error))


@problems.app_errorhandler(HTTPException)
def refuse_request(error: HTTPException) -> Response:
    """A sentence for what Flask refuses or what nobody foresaw."""
    code = error.code or 500
    if isinstance(error, (Busy, TooSlow)):
        sentence = error.description or ""
    else:
        sentence = SENTENCES.get(code, f"{error.name}.").format(
            photo=current_app.config["PHOTO_BYTES"] // MEGABYTE,
            together=current_app.config["MAX_CONTENT_LENGTH"] // MEGABYTE,
        )
    response = _answer(problem(code, sentence))
    kept = [(k, v) for k, v in error.get_headers(request.environ) if k in ("Allow", "Retry-After")]
    response.headers.extend(kept)
    return response


def _answer(told: Problem) -> Response:
    if request.path.startswith(FOR_PROGRAMS):
        return Response(json.dumps(told.as_dict()), told.status, mimetype=MEDIA_TYPE)
    return Response(render(error=told.detail), told.status, mimetype="text/html")
