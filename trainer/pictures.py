"""Which pictures a folder of photos holds, and which of them are nearly the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.config import LABELS
from trainer.errors import TrainerError

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Picture:
    """A photo and what its folder and its name say of it."""

    path: Path
    label: str
    number: int
    """Its place in the list of all pictures; tells files of one name apart."""

    @property
    def source(self) -> str:
        """The part of the file's name before ``__``; ``unknown`` where there is none."""
        head, separator, _ = self.path.name.partition("__")
        return head if head and separator else UNKNOWN

    @property
    def name(self) -> str:
        """The start of its crops' names: its source, and what tells files of one name apart."""
        rest = self.path.stem.removeprefix(f"{self.source}__")[:60]
        name = f"{self.source}__{rest}__{self.number}"
        return name.encode(errors="replace").decode()  # not every file name is text


def list_pictures(data: Path) -> tuple[list[Picture], list[str]]:
    """The pictures of ``data/<label>/`` and the names of the folders that are left out.

    Raises:
        TrainerError: there are not at least the two folders with_mask and without_mask with
            files in them.
    """
    if not data.is_dir():
        raise TrainerError(f"Expected a folder of photos, there is none at {data}.")
    data = _layout(data)
    folders = sorted(folder.name for folder in data.iterdir() if folder.is_dir())
    files = [
        (path, label)
        for label in LABELS
        if label in folders
        for path in sorted((data / label).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    pictures = [Picture(path, label, number) for number, (path, label) in enumerate(files)]
    found = {picture.label for picture in pictures}
    if not {"with_mask", "without_mask"} <= found:
        raise TrainerError(
            f"Expected folders with_mask and without_mask with photos in {data}, came "
            f"{', '.join(folders) or 'no folder'}."
        )
    return pictures, [name for name in folders if name not in LABELS]


def _layout(data: Path) -> Path:
    """The folder with the labels' folders: `data` or, as archives often unpack, one below it."""
    nested = [folder.parent for folder in sorted(data.glob("*/with_mask")) if folder.is_dir()]
    return nested[0] if len(nested) == 1 and not (data / "with_mask").is_dir() else data


def group_duplicates(hashes: NDArray[np.bool_], most_bits: int) -> list[int]:
    """A number for each picture, the same for pictures that are nearly the same.

    Two hashes that differ in fewer bits than there are bands agree in a whole band, so only
    pictures that share a band are compared.

    Args:
        hashes: shape (n, bits), a perceptual hash each.
        most_bits: how many bits may differ; below 16, the number of bands.
    """
    parents = list(range(len(hashes)))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    for band in np.array_split(hashes, 16, axis=1):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for i, key in enumerate(np.packbits(band, axis=1)):
            buckets[key.tobytes()].append(i)
        for bucket in buckets.values():
            for i, j in combinations(bucket, 2):
                if root(i) != root(j) and (hashes[i] != hashes[j]).sum() <= most_bits:
                    parents[root(j)] = root(i)
    return [root(i) for i in range(len(hashes))]
