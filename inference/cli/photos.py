"""Processes photos and folders of photos; skips those that were processed before."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from inference.cli.options import Options
from inference.cli.pool import Task, process_photos
from inference.cli.results import LINES, TABLE, Record, Results, stamp
from inference.cli.sources import COPY, Photos, numbered
from inference.cli.terminal import format_count, print_message, print_result
from inference.labels import WORDS
from inference.vision.annotate import format_probability
from inference.vision.detector import MaskDetector, Verdict
from inference.vision.geometry import Box

_SHOWN = ("photo", "width", "height", "verdicts", "copy", "error")  # what --json prints


@dataclass
class Summary:
    """The totals of a call."""

    photos: int = 0
    skipped: int = 0
    faces: Counter[str] = field(default_factory=Counter)
    """Number of faces by label."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Photos that could not be processed, each with the reason."""

    def add(self, record: Record) -> None:
        """Add the result of a photo."""
        self.photos += 1
        if "error" in record:
            self.failed.append((record["photo"], record["error"]))
        self.faces.update(verdict["label"] for verdict in record.get("verdicts", ()))

    def __str__(self) -> str:
        """Two or three sentences."""
        parts = [
            f"{self.faces[label]} {word}" for label, word in WORDS.items() if self.faces[label]
        ]
        faces = format_count(self.faces.total(), "face") + (
            f": {', '.join(parts)}" if parts else ""
        )
        failed = f" {len(self.failed)} could not be processed." if self.failed else ""
        before = f" {self.skipped} processed before." if self.skipped else ""
        return f"{format_count(self.photos, 'photo')}, {faces}.{failed}{before}"


def process_folder(photos: Photos, options: Options) -> int:
    """Process photos and return 0, or 1 after a message about each photo that failed.

    Raises:
        ModelError: the model is missing or damaged.
        BrokenProcessPool: a process died; the results so far are kept.
    """
    detector = MaskDetector()
    out = options.out or (None if options.no_copy else photos.home)
    results = Results(out) if out else None
    copies = {} if options.no_copy else name_copies(photos, out, results)
    before: dict[Path, Record] = {}
    if results and not options.again:
        stamps = {photo: stamp(photo, detector.contract) for photo in photos.places}
        found = {photo: results.find(photo, now, photo in copies) for photo, now in stamps.items()}
        before = {photo: record for photo, record in found.items() if record}
    tasks = [Task(photo, copies.get(photo)) for photo in photos.places if photo not in before]
    if results:
        results.begin(again=(task.photo for task in tasks))
    summary = Summary(skipped=len(before))
    fresh = process_photos(tasks, detector, options.jobs)
    hidden = True if len(photos.places) < 2 else None  # None shows the bar only on a terminal
    try:
        for photo in tqdm(photos.places, desc="Checking photos", unit=" photos", disable=hidden):
            record = before.get(photo) or next(fresh)
            if results and photo not in before:
                results.add(record)
            summary.add(record)
            _report(record, photo in before, options.json)
    finally:
        fresh.close()
        if results:
            results.end()
        _conclude(summary, results)
        if photos.videos:
            skipped = format_count(photos.videos, "video")
            print_message(f"Skipped {skipped} in the folder: pass videos in a separate call.")
    return 1 if summary.failed else 0


def name_copies(photos: Photos, out: Path | None, results: Results | None) -> dict[Path, Path]:
    """The path of each photo's copy; photos that would share a name get numbers.

    Args:
        out: the folder of the copies; None if they go beside the photos.
        results: of earlier calls; their copies keep their names.
    """
    taken = results.copies if results else set()
    copies = {}
    for photo, place in photos.places.items():
        folder = photo.parent if out is None else (out / place).parent
        names = (folder / name for name in numbered(photo.name, COPY))
        free = (path for path in names if path not in taken)
        copies[photo] = (results and results.copy_of(photo)) or next(free)
        taken.add(copies[photo])
    return copies


def _report(record: Record, before: bool, as_json: bool) -> None:
    """Print the result of a photo; an earlier result is printed only as JSON."""
    if as_json:
        print_result(json.dumps({name: record[name] for name in _SHOWN if name in record}))
    elif "error" in record:
        return
    elif not before:
        verdicts = [describe(verdict) for verdict in record["verdicts"]]
        copy = [f"  → {record['copy']}"] if record["copy"] else []
        print_result("\n".join([record["photo"], *(verdicts or ["  no face detected"]), *copy]))


def describe(verdict: Record) -> str:
    """A verdict, as `Verdict.as_dict` gives it, in one line for a terminal."""
    box = Box(**verdict["box"])
    shown = Verdict(box, 0.0, verdict["label"], verdict["probability"], {})
    place = f"at {box.left:.0f},{box.top:.0f}, {box.width:.0f} × {box.height:.0f} pixels"
    return f"  {WORDS[shown.label]:<18} {format_probability(shown):>6}  {place}"


def _conclude(summary: Summary, results: Results | None) -> None:
    """Report the totals, the photos that could not be processed, and where the results are."""
    if summary.photos > 1:
        print_message(str(summary))
    for photo, why in summary.failed:
        print_message(f"{photo}: {why}")
    if results:
        print_message(f"Results: {results.folder / LINES}, {results.folder / TABLE}")
