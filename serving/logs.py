"""The log: a line of JSON for each request, and for each fault; never a picture or its name."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request

ACCESS = logging.getLogger("serving.access")
NOWHERE = "(none)"
"""The path of a request that has no template: it may hold anything."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
logs = Blueprint("logs", __name__)


class JsonLines(logging.Formatter):
    """Writes each record as one line."""

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


def start_log(form: str) -> None:
    """Write to stderr: the requests too where `form` is ``json``, faults always."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    ACCESS.setLevel(logging.INFO if form == "json" else logging.CRITICAL)


@logs.before_app_request
def begin() -> None:
    """Note when the answer is begun; its photos are told to `g.photos` as they are read."""
    g.begun = time.perf_counter()
    g.photos = []


@logs.after_app_request
def tell(response: Response) -> Response:
    """One line, and the numbers."""
    seconds = time.perf_counter() - g.begun
    path = request.url_rule.rule if request.url_rule else NOWHERE
    method = request.method if request.method in METHODS else "other"
    current_app.config["NUMBERS"].answered(method, path, response.status_code, seconds)
    more = {"photos": g.photos} if g.photos else {}
    _write({"method": method, "path": path, "status": response.status_code,
            "ms": round(seconds * 1000, 1), **more})  # fmt: skip
    return response


def log_refusal(status: int) -> None:
    """The line of a request that cannot be read, or not to its end."""
    _write({"method": "other", "path": NOWHERE, "status": status})


def _write(line: dict[str, Any]) -> None:
    ACCESS.info("request", line)
