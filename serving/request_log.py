"""The log: one line per request and per error; never a picture or its name."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, g, request

from serving.metrics import NO_ROUTE, OTHER_METHOD
from serving.services import services

ACCESS = logging.getLogger("serving.access")
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
REQUEST_TEXT = "%(status)s %(method)s %(path)s"  # JSON lines have all keys
request_log = Blueprint("request_log", __name__)


class JsonFormatter(logging.Formatter):
    """Formats each record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        time_utc = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {"time": time_utc.isoformat(timespec="milliseconds")}
        line["level"] = record.levelname.lower()
        if record.name == ACCESS.name and isinstance(record.args, dict):
            return json.dumps(line | record.args)
        line |= {"logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _is_notable(record: logging.LogRecord) -> bool:
    """Whether to show the record on a terminal: photos, refusals and errors, not static files."""
    line = record.args if isinstance(record.args, dict) else {}
    return record.name != ACCESS.name or "photos" in line or line["status"] >= 400


def start_log(log_format: str) -> None:
    """Write the log to stderr.

    Args:
        log_format: of the requests, one of `LOG_FORMATS` in `serving.settings`. Errors are always
            written.
    """
    if log_format == "auto":
        log_format = "text" if sys.stderr.isatty() else "json"
    logging.raiseExceptions = False  # a log that cannot be written must not fail requests
    handler = logging.StreamHandler(sys.stderr)
    if log_format == "text":
        handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
        handler.addFilter(_is_notable)
    else:
        handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    ACCESS.setLevel(logging.CRITICAL if log_format == "off" else logging.INFO)


@request_log.before_app_request
def start_timer() -> None:
    """Start the timer; handlers append the metadata of photos to `g.photos`."""
    g.started_s = time.perf_counter()
    g.photos = []


@request_log.after_app_request
def log_response(response: Response) -> Response:
    """Log and count a response."""
    seconds = time.perf_counter() - g.started_s
    path = request.url_rule.rule if request.url_rule else NO_ROUTE
    method = request.method if request.method in METHODS else OTHER_METHOD
    services().metrics.count_response(method, path, response.status_code, seconds)
    line = {
        "method": method,
        "path": path,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    photos = {"photos": g.photos} if g.photos else {}
    ACCESS.info(f"{REQUEST_TEXT}  %(ms).0f ms", line | photos)
    return response


def log_refusal(status: int) -> None:
    """Log a request that is malformed or incomplete."""
    ACCESS.info(REQUEST_TEXT, {"method": OTHER_METHOD, "path": NO_ROUTE, "status": status})
