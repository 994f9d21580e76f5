"""The results of a folder: ``results.jsonl``, one line per photo, and ``results.csv`` from it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from inference.contract import Contract
from inference.results import write_csv

Record = dict[str, Any]
"""`PhotoResult.as_dict` with ``copy`` (the annotated copy) and the photo's `stamp`.

In the file ``copy`` is relative to the folder of the results, so that the folder may be moved.
"""

LINES = "results.jsonl"
TABLE = "results.csv"


def stamp(photo: Path, contract: Contract) -> Record:
    """What the result of a photo depends on: the file, the model and the settings."""
    file: Record = {"path": _key(photo)}
    with contextlib.suppress(OSError):
        status = photo.stat()
        file |= {"bytes": status.st_size, "modified": status.st_mtime_ns}
    rules = [asdict(contract.detector), contract.unsure_below, contract.smallest_face]
    detector = hashlib.sha256(json.dumps(rules).encode()).hexdigest()[:12]
    return {"file": file, "model": contract.version, "detector": detector}


def _key(photo: Path) -> str:
    """The absolute path, which does not depend on the working directory."""
    return os.path.abspath(photo)  # noqa: PTH100  links are kept, dots are not


class Results:
    """The results of a folder; photos with a current result need not be processed again."""

    def __init__(self, folder: Path) -> None:
        """Read the results of earlier calls, even interrupted ones."""
        self.folder = folder
        self._known = {record["file"]["path"]: record for record in read(folder / LINES)}
        self._file: TextIO  # once writing has begun

    def copy_of(self, photo: Path) -> Path | None:
        """The annotated copy of a photo, if there is one."""
        copy = self._known.get(_key(photo), {}).get("copy")
        return self.folder / copy if copy else None

    @property
    def copies(self) -> set[Path]:
        """All annotated copies."""
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
        """Start to write; keeps all results except those of photos that are processed again."""
        for photo in again:
            self._known.pop(_key(photo), None)
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"{LINES}.part"
        partial.write_text("".join(map(_line, self._known.values())), encoding="utf-8")
        partial.replace(self.folder / LINES)
        self._file = (self.folder / LINES).open("a", encoding="utf-8")

    def add(self, record: Record) -> None:
        """Write the result of a photo to disk."""
        copy = record.get("copy")
        relative = {"copy": os.path.relpath(copy, self.folder)} if copy else {}
        self._file.write(_line(record | relative))
        self._file.flush()

    def end(self) -> None:
        """Close the file and write the table."""
        self._file.close()
        write_table(self.folder / TABLE, read(self.folder / LINES))


def _line(record: Record) -> str:
    return json.dumps(record) + "\n"


def read(path: Path) -> list[Record]:
    """The records of a file, without incomplete lines; empty if there is no file."""
    records = []
    with contextlib.suppress(FileNotFoundError):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                records.append(json.loads(line))
    return [one for one in records if isinstance(one, dict) and {"photo", "file"} <= one.keys()]


def write_table(path: Path, records: Iterable[Record]) -> None:
    """Write the records as a table; see `write_csv`."""
    partial = path.with_name(f"{path.name}.part")
    with partial.open("w", newline="", encoding="utf-8", errors="replace") as file:
        write_csv(file, records)
    partial.replace(path)
