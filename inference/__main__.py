"""Judges photos without a browser: ``python -m inference photo.jpg``."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from itertools import count
from pathlib import Path

from inference.detector import FINDERS, MaskDetector, Verdict
from inference.drawing import WORDS, annotate, encode_jpeg, tell_probability
from inference.errors import ModelError, PictureError
from inference.pictures import read_picture

COPY = ".masks.jpg"


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m inference",
        description="Finds the faces of photos and says whether each wears a mask.",
    )
    parser.add_argument("photos", nargs="+", type=Path, help="JPEG, PNG or WebP")
    parser.add_argument("--out", type=Path, help="folder for the annotated copies; else beside")
    parser.add_argument("--no-copy", action="store_true", help="write no annotated copies")
    parser.add_argument("--json", action="store_true", help="print a JSON object a photo")
    parser.add_argument(
        "--finder", choices=FINDERS, default="centerface", help="default: centerface, for photos"
    )
    return parser.parse_args(arguments)


def describe(verdict: Verdict) -> str:
    """A verdict in one line for a terminal."""
    box = verdict.box
    place = f"at {box.left:.0f},{box.top:.0f}, {box.width:.0f} × {box.height:.0f} pixels"
    sure = tell_probability(verdict)
    return f"  {WORDS[verdict.label]:<12} {sure:>6}  {place}"


def judge(
    detector: MaskDetector, photo: Path, options: argparse.Namespace, written: set[Path]
) -> str:
    """Judge one photo and write its annotated copy; what to print of it.

    Args:
        written: the copies of this call so far, which are not overwritten.

    Raises:
        PictureError: it is not a picture that can be judged.
        OSError: it cannot be opened, or its copy not be written.
    """
    image = read_picture(photo)
    verdicts = detector.detect(image)
    copy = None if options.no_copy else _name_copy(photo, options.out or photo.parent, written)
    if copy:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(encode_jpeg(annotate(image, verdicts)))
    if options.json:
        return json.dumps({
            "photo": str(photo),
            "width": image.shape[1],
            "height": image.shape[0],
            "verdicts": [verdict.as_dict() for verdict in verdicts],
            "copy": str(copy) if copy else None,
        })  # fmt: skip
    lines = [describe(verdict) for verdict in verdicts] or ["  no face was found"]
    return "\n".join([f"{photo}", *lines, *([f"  → {copy}"] if copy else [])])


def _name_copy(photo: Path, folder: Path, written: set[Path]) -> Path:
    """Where the copy goes; photos of one name from several folders get numbers."""
    names = (f"{photo.name}{f'.{i}' if i > 1 else ''}{COPY}" for i in count(1))
    copy = next(folder / name for name in names if folder / name not in written)
    written.add(copy)
    return copy


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 where every photo was judged, else 1 after a sentence on each."""
    options = parse(arguments)
    try:
        detector = MaskDetector(options.finder)
    except ModelError as error:
        print(f"inference: {error}", file=sys.stderr)
        return 1
    for stream in (sys.stdout, sys.stderr):  # a terminal that has no arrow gets a question mark
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    failed = 0
    written: set[Path] = set()
    for photo in options.photos:
        if photo.name.endswith(COPY):  # what an earlier call wrote is no photo to judge
            continue
        try:
            print(judge(detector, photo, options, written), flush=True)
        except BrokenPipeError:  # nobody reads any more, as after "| head"
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  for the flush at exit
            return 1
        except (PictureError, ModelError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            print(f"inference: {photo}: {reason}", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
