"""Tests that exports are archived, replaced as a whole, and brought back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trainer.errors import TrainerError
from trainer.export import archive
from trainer.export.archive import (
    ARCHIVE,
    FOLDERS,
    describe_archived,
    find_export,
    list_archived,
    present_version,
    publish,
    restore,
)


def write_export(folder: Path, version: str) -> Path:
    """Write an export whose files all contain its version."""
    measured = {"test": {"accuracy": {"value": 0.9, "of": 40}}, "training": {}}
    contract = {"version": version, "measured": measured}
    for part in FOLDERS:
        (folder / part).mkdir(parents=True)
        (folder / part / "weights.bin").write_text(version, encoding="utf-8")
    (folder / "models/contract.json").write_text(json.dumps(contract), encoding="utf-8")
    return folder


def versions(project: Path) -> set[str]:
    """Return the versions that the files in use are of."""
    files = [project / part / "weights.bin" for part in FOLDERS]
    return {file.read_text(encoding="utf-8") for file in files} | {present_version(project)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose model ``a`` was replaced by ``b``, and that by ``c``."""
    project = write_export(tmp_path / "project", "a")
    for version in "bc":
        publish(write_export(tmp_path / version, version), project)
    return project


def test_an_export_replaces_the_model_and_both_are_kept(project: Path) -> None:
    assert versions(project) == {"c"}
    assert [(one.version, one.replaced) for one in list_archived(project)] == [
        ("a", ""),
        ("b", "a"),
        ("c", "b"),
    ]
    assert all(versions(project / ARCHIVE / name) == {name} for name in "abc")
    assert {path.name for path in project.iterdir()} == {"models", "web", "runs"}
    assert {path.name for path in (project / "web/static").iterdir()} == {"models"}


def test_files_of_the_model_before_do_not_stay(project: Path, tmp_path: Path) -> None:
    (project / "web/static/models/shard2.bin").touch()
    publish(write_export(tmp_path / "d", "d"), project)
    assert not (project / "web/static/models/shard2.bin").exists()


def test_restore_goes_back_step_by_step(project: Path) -> None:
    assert restore(project=project).version == "b"
    assert versions(project) == {"b"}
    restore(project=project)
    assert versions(project) == {"a"}
    with pytest.raises(TrainerError, match=r"Expected a version of a, b, c: .* a, replaced none"):
        restore(project=project)
    restore("c", project)
    assert versions(project) == {"c"}


def test_an_unknown_version_is_refused(project: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="Expected a version of a, b, c, got d"):
        restore("d", project)
    with pytest.raises(TrainerError, match=r"Expected exports in .*, got none"):
        restore(project=write_export(tmp_path / "new", "a"))
    assert versions(project) == {"c"}


@pytest.mark.parametrize("lost", FOLDERS)
def test_restore_repairs_an_interrupted_export(lost: str, project: Path) -> None:
    (project / lost).rename(project / f"{lost}.old")
    restore("b", project)
    assert versions(project) == {"b"}


@pytest.mark.parametrize("failing", [1, 2])
def test_an_error_leaves_the_complete_model_before(
    failing: int, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Path] = []
    original = archive._swap

    def swap(folder: Path) -> None:
        calls.append(folder)
        original(folder)
        if len(calls) == failing:
            raise KeyboardInterrupt

    monkeypatch.setattr(archive, "_swap", swap)
    with pytest.raises(KeyboardInterrupt):
        publish(write_export(tmp_path / "d", "d"), project)
    assert versions(project) == {"c"}


def test_an_export_is_found_by_its_version(project: Path) -> None:
    assert find_export("c", project) == project
    assert find_export("a", project) == project / ARCHIVE / "a"
    assert find_export("d", project) is None
    assert find_export("", project) is None


def test_the_list_marks_the_version_in_use(project: Path) -> None:
    assert describe_archived(project).splitlines() == [
        "  a  90.0% of 40 test faces right, the first",
        "  b  90.0% of 40 test faces right",
        "* c  90.0% of 40 test faces right",
    ]
