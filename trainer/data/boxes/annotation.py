"""One annotated face as a file has it, and the photos that annotations name."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from PIL import Image as Pillow

from inference.cli.sources import PHOTO_ENDINGS
from inference.vision.geometry import Box
from trainer.data.folders import walk
from trainer.errors import TrainerError

_EXIF_ORIENTATION = 0x0112
_SIDEWAYS = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""
_CONTENT_FOLDERS = {"images", "labels", "annotations", "jpegimages"}
"""Folders that hold one kind of file: that of a photo differs from that of its annotations."""


class Annotation(NamedTuple):
    """A box as an annotation file has it."""

    photo: Path
    box: Box
    """In pixels of the upright photo."""
    name: str
    """Of the class, in the file's spelling."""
    place: str
    """Where it is, for messages: ``line 3 of train.csv``."""


@dataclass(frozen=True)
class Source:
    """A file or a folder of annotations, with its photos."""

    path: Path

    @cached_property
    def files(self) -> list[Path]:
        """The files that can be annotations: all of the folder, or the file itself."""
        files = walk(self.path).files if self.path.is_dir() else [self.path]
        return [file for file in files if not _is_photo(file)]

    @property
    def folder(self) -> Path:
        """The folder, or that of the file."""
        return self.path if self.path.is_dir() else self.path.parent

    @cached_property
    def photo_folder(self) -> Path:
        """The folder with the photos: `folder`, or the one around it."""
        inside = any(_is_photo(path) for path in walk(self.folder).files)
        return self.folder if inside else self.folder.resolve().parent

    @cached_property
    def _photos(self) -> dict[str, list[Path]]:
        """The photos by their file name in lower case, and by its stem."""
        photos: dict[str, list[Path]] = defaultdict(list)
        for path in filter(_is_photo, walk(self.photo_folder).files):
            for key in {path.name.lower(), path.stem.lower()}:
                photos[key].append(path)
        return photos

    def photo(self, name: str, near: Path, place: str) -> Path:
        """Return the photo of a name; of several, the one that is nearest in the folders.

        Args:
            name: the file name or a path, with or without its ending.
            near: the annotation file.
            place: for the message.

        Raises:
            TrainerError: there is none, or the name is ambiguous.
        """
        found = self.find(name)
        if not found:
            raise TrainerError(f"Expected the photo {name} of {place}, got none.")
        inside = [path for path in found if path.as_posix().endswith(f"/{name}")] or found
        ranked = sorted(inside, key=lambda path: -shared_folders(path, near))
        if len({shared_folders(path, near) for path in ranked[:2]}) < len(ranked[:2]):
            raise TrainerError(
                f"Expected one photo {name} for {place}, got {ranked[0]} and {ranked[1]}."
            )
        return ranked[0]

    def find(self, name: str) -> list[Path]:
        """Return the photos with the file name, else with its stem."""
        base = Path(name.replace("\\", "/")).name.lower()
        return self._photos.get(base) or self._photos.get(Path(base).stem) or []


def _is_photo(path: Path) -> bool:
    return path.suffix.lower() in PHOTO_ENDINGS


def shared_folders(one: Path, other: Path) -> int:
    """Return how many folders two files have in common, not counting `_CONTENT_FOLDERS`."""
    paths = [os.path.abspath(path.parent) for path in (one, other)]  # noqa: PTH100
    parts = [
        [part for part in Path(path).parts if part.lower() not in _CONTENT_FOLDERS]
        for path in paths
    ]
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(*parts, strict=False))))


def upright_size(photo: Path) -> tuple[int, int] | None:
    """Return width and height of a photo after EXIF rotation; None if it cannot be read."""
    try:
        with Pillow.open(photo) as picture:
            width, height = picture.size
            turned = picture.getexif().get(_EXIF_ORIENTATION) in _SIDEWAYS
    except Exception:  # decoders raise nearly anything
        return None
    return (height, width) if turned else (width, height)


def read_text(path: Path) -> str:
    """Read a text file.

    Raises:
        TrainerError: it cannot be read, or is no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainerError(f"Expected a text file at {path}: {error}.") from None
