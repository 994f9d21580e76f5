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


class Text(logging.Formatter):
    """For people at a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s  %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  as logging calls it
        if record.name == ACCESS.name and isinstance(record.args, dict):
            record.message = _tell(record.args)
        return super().formatMessage(record)


def _tell(line: dict[str, Any]) -> str:
    photos = [
        f"{one['format']} {one['width']} × {one['height']}: {_faces(one)}"
        if one["format"]
        else "no picture"
        for one in line.get("photos", [])
    ]
    ms = f"  {line['ms']:.0f} ms" if "ms" in line else ""
    return f"{line['status']} {line['method']} {line['path']}{ms}  {'; '.join(photos)}".rstrip()


def _faces(photo: dict[str, Any]) -> str:
    count = photo.get("faces")
    return "not judged" if count is None else f"{count} face{'s' if count != 1 else ''}"


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
    handler.setFormatter(Text() if form == TEXT else JsonLines())
    if form == TEXT:
        handler.addFilter(_matters)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    ACCESS.setLevel(logging.CRITICAL if form == OFF else logging.INFO)


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
    method = request.method if request.method in METHODS else OTHER
    current_app.config["NUMBERS"].answered(method, path, response.status_code, seconds)
    more = {"photos": g.photos} if g.photos else {}
    _write({"method": method, "path": path, "status": response.status_code,
            "ms": round(seconds * 1000, 1), **more})  # fmt: skip
    return response


def log_refusal(status: int) -> None:
    """The line of a request that cannot be read, or not to its end."""
    _write({"method": OTHER, "path": NOWHERE, "status": status})


def _write(line: dict[str, Any]) -> None:
    ACCESS.info("request", line)
