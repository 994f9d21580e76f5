"""The result of a photo as JSON and CSV, the same in the page, API and command line.

Twin of ``web/static/js/photos/results.js``; ``tests/golden.json`` has examples for both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TextIO

from inference.vision.detector import Verdict

COLUMNS = (
    "photo",
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
    "error",
)
"""Of the table: one row per face, and one per photo without faces or with an error."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class PhotoResult:
    """The faces of a photo, or why it could not be processed."""

    photo: str
    """Its name or path; empty where it has none."""
    width: int = 0
    """Of the picture whose pixels the boxes count; large photos are reduced."""
    height: int = 0
    verdicts: tuple[Verdict, ...] = ()
    error: str = ""
    """A sentence; empty where the photo was processed."""

    def as_dict(self) -> dict[str, Any]:
        """``photo`` with either ``width``, ``height`` and ``verdicts`` or ``error``, for JSON."""
        if self.error:
            return {"photo": self.photo, "error": self.error}
        verdicts = [verdict.as_dict() for verdict in self.verdicts]
        return {
            "photo": self.photo,
            "width": self.width,
            "height": self.height,
            "verdicts": verdicts,
        }


def write_csv(file: TextIO, results: Iterable[dict[str, Any]]) -> None:
    """Write a table for spreadsheets (RFC 4180).

    Args:
        file: opened with ``newline=""``.
        results: as `PhotoResult.as_dict` returns them; other keys are ignored.
    """
    writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for result in results:
        writer.writerows(_rows(result | {"photo": _without_formula(result["photo"])}))


def _rows(result: dict[str, Any]) -> list[dict[str, Any]]:
    verdicts = result.get("verdicts", ())
    faces = [result | verdict | verdict["box"] for verdict in verdicts]
    return [{"face": number, **face} for number, face in enumerate(faces, 1)] or [result]


def _without_formula(name: str) -> str:
    """The name, unless a spreadsheet would evaluate it: then with an apostrophe before it."""
    return f"'{name}" if name.startswith(_FORMULA) else name
