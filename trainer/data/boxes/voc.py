"""Reads boxes from Pascal VOC: one XML file per photo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat

from inference.vision.geometry import Box
from trainer.data.boxes.annotation import BoxAnnotation, Source
from trainer.errors import TrainerError

_EDGES = ("xmin", "ymin", "xmax", "ymax")
_OBJECT = ("annotation", "object")
_MAX_DEPTH = 20
"""Maximum number of nested elements; annotations have up to four."""


def is_voc(_: Path, start: str) -> bool:
    """Return whether a file is a Pascal VOC annotation, from its first characters."""
    return start.startswith("<") and "<annotation" in start


class _Parser:
    """Collects the file name and the objects of an annotation, with their line numbers.

    A document type is refused: entities, which can expand without limit or read other files, are
    declared only there.
    """

    def __init__(self) -> None:
        self.filename = ""
        self.objects: list[tuple[int, dict[str, str]]] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add

    def parse(self, content: bytes) -> None:
        """Parse a whole file.

        Raises:
            ExpatError: it is not well-formed.
            ValueError: it declares a document type, or is nested too deeply.
        """
        self._parser.Parse(content, True)

    def _refuse(self, *_: Any) -> None:
        raise ValueError("a document type (DOCTYPE) is not allowed")

    def _start(self, name: str, _: dict[str, str]) -> None:
        self._open.append(name)
        if len(self._open) > _MAX_DEPTH:
            raise ValueError(f"more than {_MAX_DEPTH} nested elements")
        self._text.clear()
        if tuple(self._open) == _OBJECT:
            self.objects.append((self._parser.CurrentLineNumber, {}))

    def _add(self, text: str) -> None:
        self._text.append(text)

    def _end(self, name: str) -> None:
        path = tuple(self._open)
        if path == ("annotation", "filename"):
            self.filename = "".join(self._text).strip()
        elif path in ((*_OBJECT, "name"), *((*_OBJECT, "bndbox", edge) for edge in _EDGES)):
            self.objects[-1][1][name] = "".join(self._text).strip()
        self._open.pop()
        self._text.clear()


def read_voc(source: Source, files: Sequence[Path]) -> Iterator[BoxAnnotation]:
    """Read the objects of files.

    Raises:
        TrainerError: one is not a valid annotation, or its photo is missing.
    """
    for file in files:
        yield from _read(source, file)


def _read(source: Source, file: Path) -> Iterator[BoxAnnotation]:
    parser = _Parser()
    try:
        parser.parse(file.read_bytes())
    except (expat.ExpatError, ValueError) as error:
        raise TrainerError(f"Expected a Pascal VOC annotation in {file}: {error}.") from None
    for line, found in parser.objects:
        place = f"line {line} of {source.shown(file)}"
        try:
            box, name = Box(*(float(found[edge]) for edge in _EDGES)), found["name"]
        except (KeyError, ValueError):
            raise TrainerError(
                f"Expected name, {', '.join(_EDGES)} of the object in {place}, got "
                f"{', '.join(found.values()) or 'none'}."
            ) from None
        yield BoxAnnotation(_photo(source, parser.filename, file), box, name, place)


def _photo(source: Source, filename: str, file: Path) -> Path:
    """Return the photo: of the name in the file, else of the file's own name.

    Raises:
        TrainerError: there is none, or the two names are those of different photos.
    """
    named = source.find(filename) if filename else []
    own = source.find(file.stem)
    if named and own and not set(named) & set(own):
        raise TrainerError(
            f"Expected one photo for {source.shown(file)}, got {source.shown(named[0])} by its "
            f"<filename> and {source.shown(own[0])} by its own name."
        )
    return source.photo(filename if named else file.stem, file, source.shown(file))
