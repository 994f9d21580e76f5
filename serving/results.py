"""Results as JSON and for the page, with its downloads. Nothing is kept on the server."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from inference.labels import WORDS
from inference.results import PhotoResult, write_csv
from inference.vision.annotate import format_probability
from serving.photos import AnnotatedPhoto
from serving.texts import summary

_BOM = "\ufeff"
"""Marks the CSV as UTF-8 for Excel."""


def as_json(results: Iterable[PhotoResult]) -> dict[str, Any]:
    """Several photos, in the order of the request."""
    return {"photos": [result.as_dict() for result in results]}


def page_context(photos: Sequence[AnnotatedPhoto]) -> dict[str, Any]:
    """The results for the page's template; a single photo has no title."""
    results = [photo.result for photo in photos]
    answer, table = as_json(results), io.StringIO(newline="")
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
        sentences.append(f"{failed} of {len(results)} photos could not be processed.")
    return " ".join(sentences)


def _photo_context(photo: AnnotatedPhoto, titled: bool) -> dict[str, Any]:
    result = photo.result
    return {
        "name": result.photo if titled else "",
        "error": result.error,
        "image": _data_url("image/jpeg", photo.jpeg),
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
