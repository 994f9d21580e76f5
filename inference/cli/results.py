"""The results of photos: ``results.jsonl``, written as they come, and ``results.csv`` from it."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from inference.contract import Contract
from inference.vision.geometry import Box

Record = dict[str, Any]
"""A photo: what ``--json`` prints of it, ``file``, ``model`` and ``detector``; or its ``error``.

In the file ``copy`` starts from the folder of the results, so that it may be moved.
"""

LINES = "results.jsonl"
TABLE = "results.csv"


def stamp(photo: Path, contract: Contract) -> Record:
    """What the verdicts on a photo depend on; of one that is not there, its path."""
    file: Record = {"path": _key(photo)}
    with contextlib.suppress(OSError):
        status = photo.stat()
        file |= {"bytes": status.st_size, "modified": status.st_mtime_ns}
    rules = [asdict(contract.detector), contract.unsure_below, contract.smallest_face]
    detector = hashlib.sha256(json.dumps(rules).encode()).hexdigest()[:12]
    return {"file": file, "model": contract.version, "detector": detector}


def _key(photo: Path) -> str:
    """The same for a photo wherever the command is called."""
    return os.path.abspath(photo)  # noqa: PTH100  links are kept, dots are not


class Results:
    """The results of a folder; photos that have one need not be processed again."""

    def __init__(self, folder: Path) -> None:
        """Read what an earlier call left, whether it ended or was interrupted."""
        self.folder = folder
        self._known = {record["file"]["path"]: record for record in read(folder / LINES)}
        self._file: TextIO  # once writing has begun

    def copy_of(self, photo: Path) -> Path | None:
        """The copy written of a photo so far."""
        copy = self._known.get(_key(photo), {}).get("copy")
        return self.folder / copy if copy else None

    @property
    def copies(self) -> set[Path]:
        """All copies written so far."""
        copies = (record.get("copy") for record in self._known.values())
        return {self.folder / copy for copy in copies if copy}

    def find(self, photo: Path, depends: Record, copied: bool) -> Record | None:
        """The result of a photo, unless it is stale.

        Args:
            depends: its `stamp` now.
            copied: whether there must be an annotated copy.
        """
        record = self._known.get(_key(photo), {"error": "not processed"})
        if "error" in record or any(record.get(name) != now for name, now in depends.items()):
            return None
        copy = self.copy_of(photo)
        if copied and not (copy and copy.is_file()):
            return None
        return record | {"photo": str(photo), "copy": str(copy) if copy else None}

    def begin(self, again: Iterable[Path]) -> None:
        """Start to write: keep all results but those of photos that are processed again."""
        for photo in again:
            self._known.pop(_key(photo), None)
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"{LINES}.part"
        partial.write_text("".join(map(_line, self._known.values())), encoding="utf-8")
        partial.replace(self.folder / LINES)
        self._file = (self.folder / LINES).open("a", encoding="utf-8")

    def add(self, record: Record) -> None:
        """Write the result of a photo, so that it survives the end of the program."""
        copy = record.get("copy")
        relative = {"copy": os.path.relpath(copy, self.folder)} if copy else {}
        self._file.write(_line(record | relative))
        self._file.flush()

    def end(self, labels: list[str]) -> None:
        """Close, and write the table."""
        self._file.close()
        write_table(self.folder / TABLE, read(self.folder / LINES), labels)


def _line(record: Record) -> str:
    return json.dumps(record) + "\n"


def read(path: Path) -> list[Record]:
    """The records of a file, without a line that was cut off; none if there is no file."""
    records = []
    with contextlib.suppress(FileNotFoundError):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                records.append(json.loads(line))
    return [one for one in records if isinstance(one, dict) and {"photo", "file"} <= one.keys()]


def write_table(path: Path, records: Iterable[Record], labels: list[str]) -> None:
    """A table for spreadsheets (RFC 4180): a face a row, a row without face where none was found.

    Args:
        labels: whose probabilities get a column each.
    """
    partial = path.with_name(f"{path.name}.part")
    with partial.open("w", newline="", encoding="utf-8", errors="replace") as file:
        columns = (
            "photo",
            "width",
            "height",
            "face",
            "label",
            "probability",
            *labels,
            *Box._fields,
            "score",
            "error",
        )
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        for record in records:
            if not record.get("verdicts"):
                writer.writerow(record)
            for number, verdict in enumerate(record.get("verdicts", ()), 1):
                face = {"face": number, **verdict, **verdict["probabilities"], **verdict["box"]}
                writer.writerow(record | face)
    partial.replace(path)
