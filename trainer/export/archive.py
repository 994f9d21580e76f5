"""Keeps every exported model in ``runs/exports/``, and replaces the project's model as a whole."""

from __future__ import annotations

import json
import logging
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.contract import ROOT
from trainer.config import RUNS
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

FOLDERS = ("models", "web/static/models")
"""The folders of an export, relative to the project; nothing else is in them."""

ARCHIVE = RUNS / "exports"
"""Folder of the archived exports, relative to the project: one folder per version."""

_REPLACED = "replaced.txt"
"""File of an archived export: the version that was in use before it."""
_CONTRACT = "models/contract.json"
_NEW, _OLD = ".new", ".old"


@dataclass(frozen=True)
class Archived:
    """An archived export."""

    folder: Path
    contract: dict[str, Any]
    replaced: str
    """The version that was in use before it; empty for the first one."""

    @property
    def version(self) -> str:
        """The model's version."""
        return str(self.contract["version"])


def present_version(project: Path = ROOT) -> str:
    """Return the version of the model in use; empty without one."""
    return _read_contract(project).get("version", "")


def list_archived(project: Path = ROOT) -> list[Archived]:
    """List the archived exports in the order of their versions, which start with their date."""
    folders = sorted((project / ARCHIVE).glob("*/"))
    return [
        Archived(folder, contract, _read_text(folder / _REPLACED))
        for folder in folders
        if (contract := _read_contract(folder)) and not folder.name.endswith(_NEW)
    ]


def find_export(version: str, project: Path = ROOT) -> Path | None:
    """Return the folder that holds an export as the project does: the project or an archived one."""
    if version and present_version(project) == version:
        return project
    return next((one.folder for one in list_archived(project) if one.version == version), None)


def publish(stage: Path, project: Path = ROOT) -> None:
    """Replace the project's model by a complete export, and keep both in the archive.

    Both are complete in the archive before the first file of the project changes, and the folders
    are replaced by renaming: after a crash, `restore` brings either back.

    Args:
        stage: a folder with `FOLDERS`.
    """
    before = present_version(project)
    if before:
        _archive(project, before, project)
    version = present_version(stage)
    _archive(stage, version, project)
    if before != version:
        (project / ARCHIVE / version / _REPLACED).write_text(before, encoding="utf-8")
    _replace(project / ARCHIVE / version, project)


def restore(version: str = "", project: Path = ROOT) -> Archived:
    """Bring an archived export back into use.

    Args:
        version: of the export; by default the one that the present export replaced.

    Raises:
        TrainerError: there is no such export.
    """
    archived = {one.version: one for one in list_archived(project)}
    present = present_version(project)
    if not archived:
        raise TrainerError(f"Expected exports in {project / ARCHIVE}, got none: none was replaced.")
    if not version and present in archived:
        version = archived[present].replaced
    if version not in archived:
        found = f", got {version}." if version else f": the one in use, {present}, replaced none."
        raise TrainerError(f"Expected a version of {', '.join(archived)}{found}")
    _replace(archived[version].folder, project)
    return archived[version]


def describe_archived(project: Path = ROOT) -> str:
    """Return a line per archived export: version, test accuracy, origin, and which is in use."""
    present = present_version(project)
    return "\n".join(_line(one, present) for one in list_archived(project)) or "No exports yet."


def _line(one: Archived, present: str) -> str:
    accuracy = one.contract["measured"]["test"]["accuracy"]
    base = one.contract["measured"]["training"].get("base_model")
    return (
        f"{'*' if one.version == present else ' '} {one.version}  "
        f"{accuracy['value']:.1%} of {accuracy['of']:,} test faces right"
        f"{f', fine-tuned from {base}' if base else ''}"
        f"{'' if one.replaced else ', the first'}"
    )


def _archive(source: Path, version: str, project: Path) -> None:
    """Copy an export into the archive, unless a complete copy is there."""
    target = project / ARCHIVE / version
    if present_version(target) == version:
        return
    partial = target.with_name(version + _NEW)
    shutil.rmtree(partial, ignore_errors=True)
    for folder in FOLDERS:
        if (source / folder).is_dir():
            shutil.copytree(source / folder, partial / folder)
    shutil.rmtree(target, ignore_errors=True)
    partial.replace(target)


def _replace(source: Path, project: Path) -> None:
    """Replace the folders of the project's export by copies; an exception brings them all back."""
    for folder in FOLDERS:
        new = _beside(project / folder, _NEW)
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(source / folder, new)
    replaced: list[Path] = []
    try:
        for folder in FOLDERS:
            replaced.append(project / folder)
            _swap(project / folder)
    except BaseException:
        for path in replaced:
            _swap_back(path)
        raise
    for path in replaced:
        shutil.rmtree(_beside(path, _OLD), ignore_errors=True)


def _swap(folder: Path) -> None:
    old = _beside(folder, _OLD)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    _beside(folder, _NEW).rename(folder)


def _swap_back(folder: Path) -> None:
    if _beside(folder, _OLD).exists():
        shutil.rmtree(folder, ignore_errors=True)
        _beside(folder, _OLD).rename(folder)


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(folder.name + suffix)


def _read_contract(folder: Path) -> dict[str, Any]:
    """Read the contract of an export; empty where there is none that can be read."""
    with suppress(OSError, ValueError):
        return dict(json.loads((folder / _CONTRACT).read_text(encoding="utf-8")))
    return {}


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
