"""What a page of results shows, and what can be saved from it. Nothing stays on the server."""

from __future__ import annotations

import base64
import csv
import io
import json
from typing import Any

from inference.labels import WORDS
from inference.vision.annotate import format_probability
from serving.photos import Outcome, Seen, Upload
from serving.texts import summary

COLUMNS = (
    "photo",
    "file",
    "width",
    "height",
    "face",
    "label",
    "probability",
    "score",
    "left",
    "top",
    "right",
    "bottom",
    "problem",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""


def as_page(uploads: list[Upload], outcomes: list[Outcome]) -> dict[str, Any]:
    """What the template needs."""
    several = len(outcomes) > 1
    return {
        "photos": [
            _photo(outcome, upload.name if several else "")
            for upload, outcome in zip(uploads, outcomes, strict=True)
        ],
        "sentence": _together(outcomes),
        "json": _data("application/json", json.dumps(as_json(uploads, outcomes), indent=1)),
        "csv": _data("text/csv;charset=utf-8", _BOM + as_csv(uploads, outcomes)),
    }


def _together(outcomes: list[Outcome]) -> str:
    """All photos in a sentence or two."""
    seen = [one for one in outcomes if isinstance(one, Seen)]
    told = [summary([verdict for one in seen for verdict in one.verdicts])] if seen else []
    if len(seen) < len(outcomes):
        told.append(f"{len(outcomes) - len(seen)} of {len(outcomes)} photos could not be judged.")
    return " ".join(told)


def as_json(uploads: list[Upload], outcomes: list[Outcome]) -> dict[str, Any]:
    """Several photos for programs, in the order in which they came."""
    return {
        "photos": [
            {"name": upload.name}
            | (outcome.as_dict() if isinstance(outcome, Seen) else {"problem": outcome.as_dict()})
            for upload, outcome in zip(uploads, outcomes, strict=True)
        ]
    }


def as_csv(uploads: list[Upload], outcomes: list[Outcome]) -> str:
    """A line a face, and one for each photo without any; boxes in pixels of `width` × `height`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for number, (upload, outcome) in enumerate(zip(uploads, outcomes, strict=True), 1):
        start = {"photo": number, "file": _harmless(upload.name)}
        writer.writerows(start | row for row in _rows(outcome))
    return text.getvalue()


def _rows(outcome: Outcome) -> list[dict[str, Any]]:
    if not isinstance(outcome, Seen):
        return [{"problem": outcome.detail}]
    size = {"width": outcome.width, "height": outcome.height}
    rows = []
    for face, verdict in enumerate(outcome.verdicts, 1):
        told = verdict.as_dict()
        told = {key: told[key] for key in ("label", "probability", "score")} | told["box"]
        rows.append(size | {"face": face} | told)
    return rows or [size]


def _harmless(name: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name


def _photo(outcome: Outcome, name: str) -> dict[str, Any]:
    if not isinstance(outcome, Seen):
        return {"name": name, "problem": outcome.detail}
    return {
        "name": name,
        "drawn": _data("image/jpeg", outcome.drawn),
        "sentence": summary(outcome.verdicts),
        "verdicts": [
            verdict.as_dict() | {"word": WORDS[verdict.label], "sure": format_probability(verdict)}
            for verdict in outcome.verdicts
        ],
    }


def _data(media_type: str, content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return f"data:{media_type};base64,{base64.b64encode(raw).decode()}"
