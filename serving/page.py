"""The page, the results of its upload form, and its static files."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from inference.contract import MODELS
from inference.labels import WORDS
from inference.results import PhotoResult, write_csv
from inference.vision.annotate import format_probability
from serving.photos import AnnotatedPhoto, process_request
from serving.services import services
from serving.static_files import IMMUTABLE, REVALIDATE, built_files, send
from serving.texts import summary

page = Blueprint("page", __name__)
_BOM = "\ufeff"
"""Marks the CSV as UTF-8 for Excel."""


def render(result: dict[str, Any] | None = None, error: str | None = None) -> str:
    """The page as HTML.

    Args:
        result: as `_result_context` returns it.
        error: a sentence.
    """
    return render_template(
        "index.html",
        result=result,
        error=error,
        asset=_asset_url,
        words=WORDS,
        version=services().detector.contract.version,
        settings=services().settings,
    )


@page.get("/")
def index() -> Response:
    """The page."""
    response = Response(render(), mimetype="text/html")
    response.headers["Cache-Control"] = REVALIDATE
    return response


@page.post("/")
def upload() -> str:
    """The page with the results of the form's photos."""
    return render(result=_result_context(process_request(draw=True)))


@page.get("/contract.json")
def contract() -> Response:
    """The contract, read from disk, so that the page uses a newly trained model."""
    return send(services().settings.models / "contract.json", REVALIDATE)


@page.get("/sw.js")
def service_worker() -> Response:
    """The service worker, at the root because it controls only the addresses below its own."""
    return send(_built_path("sw.js"), REVALIDATE)


@page.get("/logo")
def logo() -> Response:
    """The operator's logo, which the kiosk shows if its address has the option `logo`.

    Raises:
        NotFound: the server was started without one.
    """
    found = services().logo
    if not found:
        raise NotFound
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = REVALIDATE
    response.set_etag(hashlib.sha256(found.content).hexdigest()[:16])
    response.make_conditional(request)
    return response


@page.get("/static/<path:name>")
def static(name: str) -> Response:
    """Static files; those of the build have a hash in their name and never change."""
    models = services().settings.models  # the page's files of another model are beside it
    other = models != MODELS and name.startswith("models/")
    folder = models.parent / "web/static" if other else services().static
    path = safe_join(str(folder), name)
    hashed = name.startswith("build/") and not name.endswith("/manifest.json")
    return send(Path(path or ""), IMMUTABLE if hashed else REVALIDATE)


def _asset_url(name: str) -> str:
    return url_for("page.static", name=f"build/{_built_path(name).name}")


def _built_path(name: str) -> Path:
    folder = services().static / "build"
    return folder / built_files(folder)[name]


def _result_context(photos: Sequence[AnnotatedPhoto]) -> dict[str, Any]:
    """The results and their downloads for the template; a single photo has no title."""
    results = [photo.result for photo in photos]
    answer = {"photos": [result.as_dict() for result in results]}
    table = io.StringIO(newline="")
    write_csv(table, answer["photos"])
    return {
        "photos": [_photo_context(photo, titled=len(photos) > 1) for photo in photos],
        "sentence": _summarize(results),
        "json": _data_url("application/json", json.dumps(answer, indent=1)),
        "csv": _data_url("text/csv;charset=utf-8", _BOM + table.getvalue()),
    }


def _summarize(results: Sequence[PhotoResult]) -> str:
    """All photos in a sentence or two."""
    read = [result for result in results if not result.error]
    verdicts = [verdict for result in read for verdict in result.verdicts]
    sentences = [summary(verdicts)] if read else []
    if len(read) < len(results):
        failed = len(results) - len(read)
        sentences.append(f"{failed} of {len(results)} photos could not be checked.")
    return " ".join(sentences)


def _photo_context(photo: AnnotatedPhoto, titled: bool) -> dict[str, Any]:
    result = photo.result
    return {
        "name": result.photo if titled else "",
        "error": result.error,
        "image": _data_url("image/jpeg", photo.jpeg),
        "download": f"{Path(result.photo).stem or 'photo'}-checked.jpg",
        "sentence": summary(result.verdicts),
        "verdicts": [
            {
                "label": verdict.label,
                "word": WORDS[verdict.label],
                "probability": format_probability(verdict),
            }
            for verdict in result.verdicts
        ],
    }


def _data_url(media_type: str, content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return f"data:{media_type};base64,{base64.b64encode(raw).decode()}"
