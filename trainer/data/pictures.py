"""The training pictures, and groups of near-duplicates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.vision.geometry import Box

UNKNOWN = "unknown"

_MAX_SOURCE_BYTES, _MAX_REST_BYTES = 80, 120
"""Of the parts of a crop's file name: file systems allow 255 in all."""


@dataclass(frozen=True)
class Picture:
    """A photo with one labelled face: the main one, or the one in an annotated box."""

    path: Path
    label: str
    number: int
    """Index in the list of all pictures; it distinguishes files of the same name."""
    box: Box | None = None
    """The annotated face in pixels, if the photo has several."""
    part: str = ""
    """The part of the data set that the user put it into; empty to split it at random."""
    collection: str = UNKNOWN
    """The source of a photo whose file name has none."""

    @property
    def source(self) -> str:
        """The part of the file name before ``__``, without it the collection."""
        head, separator, _ = self.path.name.partition("__")
        source = head if head and separator else self.collection
        return _shortened(source, _MAX_SOURCE_BYTES).rstrip("_")

    @property
    def name(self) -> str:
        """The stem of the crop's file name: source, file name and number."""
        head, separator, rest = self.path.stem.partition("__")
        rest = rest if head and separator else self.path.stem
        return f"{self.source}__{_shortened(rest[:60], _MAX_REST_BYTES)}__{self.number}"


def _shortened(text: str, max_bytes: int) -> str:
    """Return the start of a text as valid UTF-8; file names can be invalid."""
    return text.encode(errors="replace")[:max_bytes].decode(errors="ignore")


class _Groups:
    """Union-find over indices."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def root(self, i: int) -> int:
        while self._parents[i] != i:
            self._parents[i] = self._parents[self._parents[i]]
            i = self._parents[i]
        return i

    def join(self, i: int, j: int) -> None:
        self._parents[self.root(j)] = self.root(i)


def group_pictures(pictures: list[Picture], hashes: NDArray[np.bool_], max_bits: int) -> list[int]:
    """Return a group number per picture, equal for near-duplicates and faces of one photo.

    A face cropped from an annotated photo is named ``<source>__<the photo's name>_<number>``; it is
    joined with all photos of that name.

    Args:
        hashes: shape (n, bits), perceptual hashes.
        max_bits: maximum number of differing bits; less than 16, the number of bands.
    """
    groups = _Groups(len(pictures))
    _join_duplicates(groups, hashes, max_bits)
    photos: dict[Path, int] = {}
    for i, picture in enumerate(pictures):
        if picture.box:
            groups.join(photos.setdefault(picture.path, i), i)
    named: dict[str, list[int]] = defaultdict(list)
    for path, i in photos.items():
        named[path.stem].append(i)
    for i, picture in enumerate(pictures):
        photo = picture.path.stem.removeprefix(f"{picture.source}__").rpartition("_")[0]
        for j in [] if picture.box else named.get(photo, []):
            groups.join(j, i)
    return [groups.root(i) for i in range(len(pictures))]


def _join_duplicates(groups: _Groups, hashes: NDArray[np.bool_], max_bits: int) -> None:
    """Join hashes that differ in at most `max_bits`.

    Hashes that differ in fewer bits than there are bands share a band, so only these are compared.
    """
    for band in np.array_split(hashes, 16, axis=1):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for i, key in enumerate(np.packbits(band, axis=1)):
            buckets[key.tobytes()].append(i)
        for bucket in buckets.values():
            for i, j in combinations(bucket, 2):
                if groups.root(i) != groups.root(j) and (hashes[i] != hashes[j]).sum() <= max_bits:
                    groups.join(i, j)
