"""The JSON and CSV of photos; the page's are compared with the same golden values."""

from __future__ import annotations

import csv
import io
import json

from inference.results import COLUMNS, PhotoResult, write_csv
from inference.vision.detector import Verdict
from inference.vision.geometry import Box
from tests.golden import GOLDEN

GOLDEN_RESULTS = json.loads(GOLDEN.read_text(encoding="utf-8"))["results"]
FACE = Verdict(Box(0, 0, 9, 9), 0.9, "with_mask", 0.98, {"with_mask": 0.98, "without_mask": 0.02})


def table(*results: PhotoResult) -> list[dict[str, str]]:
    file = io.StringIO()
    write_csv(file, [result.as_dict() for result in results])
    return list(csv.DictReader(io.StringIO(file.getvalue())))


def test_the_golden_table_is_that_of_its_photos() -> None:
    file = io.StringIO()
    write_csv(file, GOLDEN_RESULTS["photos"])
    assert file.getvalue() == GOLDEN_RESULTS["csv"]


def test_a_row_per_face_and_one_per_photo_without() -> None:
    rows = table(
        PhotoResult("a", 9, 9, (FACE, FACE)), PhotoResult("b", 9, 9), PhotoResult("c", error="No.")
    )
    assert [(row["photo"], row["face"], row["error"]) for row in rows] == [
        ("a", "1", ""),
        ("a", "2", ""),
        ("b", "", ""),
        ("c", "", "No."),
    ]
    assert tuple(rows[0]) == COLUMNS


def test_a_photo_has_either_verdicts_or_an_error() -> None:
    assert PhotoResult("a", 9, 8).as_dict() == {
        "photo": "a",
        "width": 9,
        "height": 8,
        "verdicts": [],
    }
    assert PhotoResult("a", error="No.").as_dict() == {"photo": "a", "error": "No."}


def test_a_spreadsheet_evaluates_no_name() -> None:
    (row,) = table(PhotoResult("=1+1"))
    assert row["photo"] == "'=1+1"
