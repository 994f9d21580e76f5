"""The page, its upload form and its static files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from werkzeug.security import safe_join

from inference.labels import WORDS
from serving.photos import process_request
from serving.results import page_context
from serving.services import services
from serving.static_files import IMMUTABLE, REVALIDATE, built_files, send

page = Blueprint("page", __name__)


def render(result: dict[str, Any] | None = None, error: str | None = None) -> str:
    """The page as HTML.

    Args:
        result: as `serving.results.page_context` returns it.
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
    return render(result=page_context(process_request(draw=True)))


@page.get("/contract.json")
def contract() -> Response:
    """The contract, read from disk, so that the page uses a newly trained model."""
    return send(services().settings.models / "contract.json", REVALIDATE)


@page.get("/sw.js")
def service_worker() -> Response:
    """The service worker, at the root because it controls only the addresses below its own."""
    return send(_built_path("sw.js"), REVALIDATE)


@page.get("/static/<path:name>")
def static(name: str) -> Response:
    """Static files; those of the build have a hash in their name and never change."""
    path = safe_join(str(services().static), name)
    hashed = name.startswith("build/") and not name.endswith("/manifest.json")
    return send(Path(path or ""), IMMUTABLE if hashed else REVALIDATE)


def _asset_url(name: str) -> str:
    return url_for("page.static", name=f"build/{_built_path(name).name}")


def _built_path(name: str) -> Path:
    folder = services().static / "build"
    return folder / built_files(folder)[name]
