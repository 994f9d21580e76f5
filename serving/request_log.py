"""The log: a line for each request, and for each fault; never a picture or its name."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from serving.metrics import NOWHERE, OTHER

ACCESS = logging.getLogger("serving.access")
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
JSON, TEXT, AUTO, OFF = FORMS = ("json", "text", "auto", "off")
REQUEST = "%(status)s %(method)s %(path)s"  # for people; programs get all keys
logs = Blueprint("logs", __name__)


class JsonLines(logging.Formatter):
    """For programs: each record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {"time": when.isoformat(timespec="milliseconds")}
        line["level"] = record.levelname.lower()
        if record.name == ACCESS.name and isinstance(record.args, dict):
            return json.dumps(line | record.args)
        line |= {"logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _matters(record: logging.LogRecord) -> bool:
    """Whether people want to read it: not that the page's files were sent."""
    line = record.args if isinstance(record.args, dict) else {}
    return record.name != ACCESS.name or "photos" in line or line["status"] >= 400


def start_log(form: str) -> None:
    """Write to stderr.

    Args:
        form: of the requests' lines, one of `FORMS`; ``auto`` is ``text`` on a terminal, else
            ``json``. Faults are written always.
    """
    if form == AUTO:
        form = TEXT if sys.stderr.isatty() else JSON
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S")
    handler.setFormatter(text if form == TEXT else JsonLines())
    if form == TEXT:
        handler.addFilter(_matters)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    ACCESS.setLevel(logging.CRITICAL if form == OFF else logging.INFO)


@logs.before_app_request
def begin() -> None:
    """Start the timer; handlers append the metadata of photos to `g.photos`."""
    g.begun = time.perf_counter()
    g.photos = []


@logs.after_app_request
def end(response: Response) -> Response:
    """Log and count an answer."""
    seconds = time.perf_counter() - g.begun
    path = request.url_rule.rule if request.url_rule else NOWHERE
    method = request.method if request.method in METHODS else OTHER
    current_app.config["NUMBERS"].answered(method, path, response.status_code, seconds)
    line = {
        "method": method,
        "path": path,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    photos = {"photos": g.photos} if g.photos else {}
    ACCESS.info(f"{REQUEST}  %(ms).0f ms", line | photos)
    return response


def log_refusal(status: int) -> None:
    """Log a request that cannot be read, or not to its end."""
    ACCESS.info(REQUEST, {"method": OTHER, "path": NOWHERE, "status": status})
