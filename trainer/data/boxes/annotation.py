"""One annotated face as a file has it, and the photos that annotations name."""

from __future__ import annotations

import codecs
import os
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from PIL import Image as Pillow

from inference.cli.sources import PHOTO_ENDINGS
from inference.vision.geometry import Box
from trainer.data.folders import UNREADABLE, is_photo, walk
from trainer.errors import TrainerError

_EXIF_ORIENTATION = 0x0112
_SIDEWAYS = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""
_CONTENT_FOLDERS = {"images", "labels", "annotations", "jpegimages"}
"""Folders that hold one kind of file: that of a photo differs from that of its annotations."""


class BoxAnnotation(NamedTuple):
    """A box as an annotation file has it."""

    photo: Path
    box: Box
    """In pixels of the upright photo."""
    name: str
    """Of the class, in the file's spelling."""
    place: str
    """Where it is, for messages: ``line 3 of labels/a.txt``."""


@dataclass(frozen=True)
class Source:
    """A file or a folder of annotations, with its photos."""

    path: Path
    unreadable: set[Path] = field(default_factory=set, compare=False)
    """The folders that could not be read, of those that were searched so far."""

    def _walk(self, folder: Path) -> list[Path]:
        tree = walk(folder)
        self.unreadable.update(path.resolve() for why, path in tree.skipped if why == UNREADABLE)
        return tree.files

    @cached_property
    def _files(self) -> list[Path]:
        """All files in `folder`."""
        return self._walk(self.folder)

    @cached_property
    def _inside(self) -> set[Path]:
        """The photos in `folder`."""
        return set(filter(is_photo, self._files))

    @cached_property
    def files(self) -> list[Path]:
        """The files that can be annotations: all of the folder, or the file itself."""
        if not self.path.is_dir():
            return [self.path]
        return [file for file in self._files if file not in self._inside]

    @property
    def folder(self) -> Path:
        """The folder, or that of the file."""
        return self.path if self.path.is_dir() else self.path.parent

    @cached_property
    def photo_folder(self) -> Path:
        """The folder with the photos: `folder`, or the one around it."""
        return self.folder if self._inside else self.folder.resolve().parent

    @cached_property
    def _photos(self) -> dict[str, list[Path]]:
        """The photos by their file name in lower case, and by its stem."""
        photos: dict[str, list[Path]] = defaultdict(list)
        around = [] if self._inside else filter(is_photo, self._walk(self.photo_folder))
        for path in sorted(self._inside) or around:
            for key in {path.name.lower(), path.stem.lower()}:
                photos[key].append(path)
        return photos

    def shown(self, file: Path) -> str:
        """Return a file's path relative to `folder`, for messages."""
        return str(file.relative_to(self.folder) if file.is_relative_to(self.folder) else file)

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
        """Return the photos with the file name, else with its stem.

        Only the ending of a photo is no part of the stem: ``frame.2`` is not ``frame.jpg``.
        """
        base = Path(name.replace("\\", "/")).name.lower()
        path = Path(base)
        stem = path.stem if path.suffix in PHOTO_ENDINGS else base
        return self._photos.get(base) or self._photos.get(stem) or []


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


def decode_text(content: bytes, errors: str = "strict") -> str:
    """Return UTF-8 as text, or UTF-16 with a byte order mark.

    Raises:
        UnicodeDecodeError: it is neither, and `errors` is ``strict``.
    """
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig", errors)


def read_text(path: Path) -> str:
    """Read a text file.

    Raises:
        TrainerError: it cannot be read, or is not encoded as `decode_text` expects.
    """
    try:
        return decode_text(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise TrainerError(f"Expected a text file at {path}: {error}.") from None
