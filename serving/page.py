"""The page: its addresses, what it shows, the files that it loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from werkzeug.security import safe_join

from inference.labels import WORDS
from serving.settings import MEGABYTE
from serving.static_files import ASK_AGAIN, NEVER_CHANGES, built_files, send

page = Blueprint("page", __name__)


def render(result: dict[str, Any] | None = None, error: str | None = None) -> str:
    """The page as HTML.

    Args:
        result: see `serving.results.as_page`.
        error: a sentence.
    """
    config = current_app.config
    return render_template(
        "index.html",
        result=result,
        error=error,
        asset=_asset,
        words=WORDS,
        version=config["DETECTOR"].contract.version,
        photo_megabytes=config["PHOTO_BYTES"] // MEGABYTE,
        request_megabytes=config["MAX_CONTENT_LENGTH"] // MEGABYTE,
        most_photos=config["PHOTOS"],
    )


@page.get("/")
def index() -> Response:
    """The page."""
    response = Response(render(), mimetype="text/html")
    response.headers["Cache-Control"] = ASK_AGAIN
    return response


@page.get("/contract.json")
def contract() -> Response:
    """The contract, read anew: after a training the page uses the new model."""
    return send(current_app.config["MODELS"] / "contract.json", ASK_AGAIN)


@page.get("/sw.js")
def service_worker() -> Response:
    """The service worker, at the root: it serves what lies below its own address."""
    return send(current_app.config["STATIC"] / "build" / _built("sw.js"), ASK_AGAIN)


@page.get("/static/<path:name>")
def static(name: str) -> Response:
    """Static files; those of the build have their hash in their name and never change."""
    path = safe_join(str(current_app.config["STATIC"]), name)
    hashed = name.startswith("build/") and not name.endswith("/manifest.json")
    return send(Path(path or ""), NEVER_CHANGES if hashed else ASK_AGAIN)


def _asset(name: str) -> str:
    """The address of a built file."""
    return current_app.url_for("page.static", name=f"build/{_built(name)}")


def _built(name: str) -> str:
    return built_files(current_app.config["STATIC"] / "build")[name]
