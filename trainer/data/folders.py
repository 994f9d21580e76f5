"""Lists the photos of a folder of users: which label and part each of its folders is taken for."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from inference.cli.sources import PHOTO_ENDINGS, is_hidden
from inference.labels import DEFINITE_LABELS
from inference.vision.pictures import is_picture
from trainer.data.pictures import Picture
from trainer.data.spellings import EXAMPLES, NOT_A_FACE, PARTS, label_of, part_of
from trainer.errors import TrainerError

UNREADABLE = "folders that cannot be read"
"""A reason to skip."""


@dataclass(frozen=True)
class Tree:
    """All files below a folder, without hidden ones."""

    files: list[Path] = field(default_factory=list)
    skipped: list[tuple[str, Path]] = field(default_factory=list)
    """What was skipped, with the reason."""


@dataclass(frozen=True)
class Taken:
    """A folder of photos, and what it is taken for."""

    folder: Path
    """Relative to the folder of the data."""
    label: str
    part: str
    """Empty if the folder is not in a part."""


@dataclass(frozen=True)
class Listing:
    """The photos of a folder."""

    pictures: list[Picture]
    folders: dict[Taken, int]
    """The number of photos of each folder."""
    skipped: list[tuple[str, Path]]
    """What was skipped, with the reason."""


def walk(root: Path) -> Tree:
    """List the files below a folder; linked folders are followed once, after all others."""
    tree, visited, start = Tree(), set[str](), os.path.realpath(root)
    waiting, links = deque([root]), deque[Path]()
    while waiting:
        folder = waiting.popleft()
        real = os.path.realpath(folder)
        above = folder != root and start.startswith(os.path.join(real, ""))  # noqa: PTH118
        if real in visited or above:
            tree.skipped.append(("links to folders that are read already", folder))
        else:
            visited.add(real)
            folders = _read(folder, tree, required=folder == root)
            waiting.extend(path for path in folders if not path.is_symlink())
            links.extend(path for path in folders if path.is_symlink())
        if not waiting:
            waiting, links = links, waiting
    tree.files.sort()
    return tree


def _read(folder: Path, tree: Tree, required: bool) -> list[Path]:
    """Add the files of a folder to the tree; return its folders.

    Raises:
        OSError: the folder cannot be read, and is required.
    """
    try:
        found, folders = _list(folder)
    except OSError:
        if required:
            raise
        found, folders = Tree(skipped=[(UNREADABLE, folder)]), []
    tree.files.extend(found.files)
    tree.skipped.extend(found.skipped)
    return folders


def _list(folder: Path) -> tuple[Tree, list[Path]]:
    """Return the files of a folder, and its folders."""
    tree, folders = Tree(), []
    for path in sorted(folder.iterdir()):
        if is_hidden(path.name):
            inside = [Path(at, name) for at, _, names in os.walk(path) for name in names]
            tree.skipped.extend(("hidden or system files", one) for one in inside or [path])
        elif path.is_dir():
            folders.append(path)
        elif path.is_file():
            tree.files.append(path)
        else:
            tree.skipped.append(("links that lead nowhere", path))
    return tree, folders


def is_photo(path: Path) -> bool:
    """Return whether a file is taken for a photo: by its ending, else by its content."""
    return path.suffix.lower() in PHOTO_ENDINGS or is_picture(path)


def list_pictures(data: Path) -> Listing:
    """List the photos of label folders, in any spelling, on any level and perhaps in parts.

    Raises:
        TrainerError: there is no folder, or a folder with photos has an unknown or ambiguous name.
    """
    if not data.is_dir():
        raise TrainerError(f"Expected a folder of photos at {data}, got none.")
    tree = walk(data)
    taken: dict[Path, Taken] = {}
    others: list[Path] = []
    skipped = list(tree.skipped)
    for path in tree.files:
        if not is_photo(path):
            skipped.append(("other files", path))
        elif not (place := _take(path.parent.relative_to(data))):
            others.append(path)
        elif place.label == NOT_A_FACE:
            skipped.append((f"photos in {place.folder}", path))
        else:
            taken[path] = place
    _check_nesting(set(taken.values()))
    _check_unknown([path.relative_to(data) for path in others], taken.values())
    skipped += [("photos in no label folder", path) for path in others]
    ordered = sorted(taken, key=lambda path: DEFINITE_LABELS.index(taken[path].label))
    pictures = [
        Picture(path, taken[path].label, number, part=taken[path].part)
        for number, path in enumerate(ordered)
    ]
    return Listing(pictures, dict(Counter(taken.values())), skipped)


def _take(folder: Path) -> Taken | None:
    """Return what the photos of a folder are taken for; None without a label.

    The innermost folder with the name of a label gives the label.

    Raises:
        TrainerError: the path names two parts.
    """
    names = folder.parts
    labels = [i for i, name in enumerate(names) if label_of(name)]
    if not labels:
        return None
    parts = [i for i, name in enumerate(names) if part_of(name)]
    found = {part_of(names[i]) or "" for i in parts}
    if len(found) > 1:
        raise TrainerError(f"Expected one of {', '.join(PARTS)} in a path, got {folder}.")
    end = max(labels[-1:] + parts) + 1
    return Taken(Path(*names[:end]), label_of(names[labels[-1]]) or "", "".join(found))


def _check_nesting(folders: set[Taken]) -> None:
    """Raise TrainerError if a folder of photos of one label is inside one of another label."""
    labels = {one.folder: one.label for one in folders}
    for folder, label in sorted(labels.items()):
        for parent in folder.parents:
            if labels.get(parent, label) != label:
                raise TrainerError(
                    f"Expected photos of one label below {parent} ({labels[parent]}), got {folder} "
                    f"({label}) too: move one of them."
                )


def _check_unknown(photos: list[Path], taken: Iterable[Taken]) -> None:
    """Raise TrainerError if photos are in folders whose names are unknown.

    Photos beside the label folders, or in a part's folder itself, are no reason.
    """
    known = {Path()}.union(*({one.folder, *one.folder.parents} for one in taken))
    unknown: Counter[Path] = Counter()
    for photo in photos:
        folders = [at for at in reversed(photo.parents) if at not in known and not part_of(at.name)]
        unknown.update(folders[:1])
    if unknown:
        listed = ", ".join(f"{at} ({count})" for at, count in sorted(unknown.items()))
        raise TrainerError(
            f"Expected folders of photos named {EXAMPLES}, got {listed}: rename them, or move "
            "them away. (Photos with boxes are passed by --boxes.)"
        )
