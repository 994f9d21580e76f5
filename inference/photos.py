"""Judges photos and folders of them: on all cores, and not again what was judged before."""

from __future__ import annotations

import argparse
import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import cv2
from tqdm import tqdm

from inference.contract import Contract
from inference.detector import MaskDetector, Verdict
from inference.drawing import WORDS, annotate, encode_jpeg, tell_probability
from inference.errors import ModelError, PictureError
from inference.geometry import Box
from inference.parallel import cores, in_order
from inference.pictures import read_picture
from inference.results import LINES, TABLE, Record, Results, stamp
from inference.sources import COPY, Photos
from inference.terminal import say, tell_count

_SHOWN = ("photo", "width", "height", "verdicts", "copy")  # what --json prints


@dataclass(frozen=True)
class Task:
    """A photo to judge."""

    photo: Path
    copy: Path | None
    """Where its annotated copy goes."""
    before: Record | None = None
    """What an earlier call said of it, if that holds."""


@dataclass
class Summary:
    """What a call did."""

    photos: int = 0
    before: int = 0
    faces: Counter[str] = field(default_factory=Counter)
    """By their labels."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Photos that could not be judged, each with the reason."""

    def add(self, record: Record) -> None:
        """Count a photo."""
        self.photos += 1
        if "error" in record:
            self.failed.append((record["photo"], record["error"]))
        self.faces.update(verdict["label"] for verdict in record.get("verdicts", ()))

    def __str__(self) -> str:
        """Two or three sentences."""
        parts = [
            f"{self.faces[label]} {word}" for label, word in WORDS.items() if self.faces[label]
        ]
        faces = tell_count(self.faces.total(), "face") + (f": {', '.join(parts)}" if parts else "")
        failed = f" {len(self.failed)} could not be judged." if self.failed else ""
        before = f" {self.before} judged before." if self.before else ""
        return f"{tell_count(self.photos, 'photo')}, {faces}.{failed}{before}"


def judge_photos(photos: Photos, options: argparse.Namespace) -> int:
    """Judge them all; 0 where each could be judged, else 1 after a sentence on each that could not.

    Args:
        options: of the command line: ``out``, ``no_copy``, ``json``, ``finder``, ``jobs``,
            ``again``.

    Raises:
        ModelError: there is no model that works.
    """
    finder = options.finder or "centerface"
    judge = Judge(finder)
    out = options.out or (None if options.no_copy else photos.home)
    results = Results(out) if out else None
    tasks = plan(photos, out, results, options, judge.contract)
    summary = Summary(before=sum(task.before is not None for task in tasks))
    if results:
        results.begin(task.photo for task in tasks if not task.before)
    try:
        for task, record in zip(tasks, _records(tasks, judge, options.jobs), strict=True):
            if results and not task.before:
                results.add(record)
            summary.add(record)
            _tell(task, record, options.json)
    finally:
        if results:
            results.end(judge.contract.labels)
        _conclude(summary, results)
    return 1 if summary.failed else 0


def plan(
    photos: Photos,
    out: Path | None,
    results: Results | None,
    options: argparse.Namespace,
    contract: Contract,
) -> list[Task]:
    """What is to be done with each photo.

    Args:
        out: the folder of the copies; None if they go beside the photos.
        results: None if none are kept.
    """
    finder = options.finder or "centerface"
    copies = name_copies(photos, out, results)
    tasks = []
    for photo in photos.places:
        copy = None if options.no_copy else copies[photo]
        before = None
        if results and not options.again:
            depends = stamp(photo, contract.version, finder)
            before = results.find(photo, depends, copied=copy is not None)
        tasks.append(Task(photo, copy, before))
    return tasks


def name_copies(photos: Photos, out: Path | None, results: Results | None) -> dict[Path, Path]:
    """Where each photo's copy goes; photos that would share a name get numbers.

    Args:
        results: of earlier calls; their copies keep their names.
    """
    taken = results.copies if results else set()
    copies = {}
    for photo, place in photos.places.items():
        folder = photo.parent if out is None else (out / place).parent
        names = (f"{photo.name}{f'.{i}' if i > 1 else ''}{COPY}" for i in count(1))
        free = (folder / name for name in names if folder / name not in taken)
        copies[photo] = (results and results.copy_of(photo)) or next(free)
        taken.add(copies[photo])
    return copies


class Judge(threading.local):
    """Judges photos; each thread has a detector of its own, since CenterFace runs one at a time."""

    def __init__(self, finder: str) -> None:
        """Load the model, anew in each thread.

        Raises:
            ModelError: there is none that works.
        """
        self.finder = finder
        self.detector = MaskDetector(finder)
        self.contract = self.detector.contract

    def judge(self, task: Task) -> Record:
        """What is said of a photo; its copy is written."""
        depends = stamp(task.photo, self.contract.version, self.finder)
        photo = {"photo": str(task.photo)} | depends
        try:
            image = read_picture(task.photo)
            verdicts = self.detector.detect(image)
            if task.copy:
                task.copy.parent.mkdir(parents=True, exist_ok=True)
                task.copy.write_bytes(encode_jpeg(annotate(image, verdicts)))
        except (PictureError, ModelError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            return photo | {"error": str(reason)}
        told = {
            "width": image.shape[1],
            "height": image.shape[0],
            "verdicts": [verdict.as_dict() for verdict in verdicts],
            "copy": str(task.copy) if task.copy else None,
        }
        return photo | told


def _records(tasks: list[Task], judge: Judge, jobs: int | None) -> Iterator[Record]:
    """What is said of each photo, in their order, under a progress bar where somebody watches."""
    fresh = [task for task in tasks if not task.before]
    jobs = min(jobs or cores(), max(1, len(fresh)))
    answers = (judge.judge(task) for task in fresh)
    if jobs > 1:
        cv2.setNumThreads(1)  # a thread a photo is faster than two threads on one
        answers = in_order(judge.judge, fresh, jobs)
    hidden = True if len(tasks) < 2 else None  # None: where standard error is no terminal
    try:
        for task in tqdm(tasks, desc="Judging", unit=" photos", disable=hidden):
            yield task.before or next(answers)
    finally:
        answers.close()


def _tell(task: Task, record: Record, as_json: bool) -> None:
    """Print what is said of a photo; what was said before is printed for programs alone."""
    if "error" in record:
        return
    if as_json:
        tqdm.write(json.dumps({name: record[name] for name in _SHOWN}))
    elif not task.before:
        verdicts = [describe(verdict) for verdict in record["verdicts"]]
        copy = [f"  → {record['copy']}"] if record["copy"] else []
        tqdm.write("\n".join([record["photo"], *(verdicts or ["  no face was found"]), *copy]))


def describe(verdict: Record) -> str:
    """A verdict, as `Verdict.as_dict` gives it, in one line for a terminal."""
    box = Box(**verdict["box"])
    told = Verdict(box, 0.0, verdict["label"], verdict["probability"], {})
    place = f"at {box.left:.0f},{box.top:.0f}, {box.width:.0f} × {box.height:.0f} pixels"
    return f"  {WORDS[told.label]:<12} {tell_probability(told):>6}  {place}"


def _conclude(summary: Summary, results: Results | None) -> None:
    """The end of a call: how many there were, what could not be judged, where the results are."""
    if summary.photos > 1:
        say(str(summary))
    for photo, reason in summary.failed:
        say(f"{photo}: {reason}")
    if results:
        say(f"Results: {results.folder / LINES}, {results.folder / TABLE}")
