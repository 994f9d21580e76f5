"""Tests preparing a data set: crops are cached, and no photo is in two parts."""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.labels import DEFINITE_LABELS
from tests.samples import encode
from tests.trainer.conftest import Run
from tests.trainer.photos import SOURCES, faceless, write
from trainer.__main__ import main
from trainer.config import Config, detector_settings
from trainer.data import prepare as module
from trainer.data.crops import FaceCrop, crop_all, read_faces
from trainer.data.pictures import Picture
from trainer.data.prepare import prepare
from trainer.data.spellings import PARTS
from trainer.data.split import HELD_OUT
from trainer.data.synthetic import SOURCE
from trainer.errors import TrainerError

CROP = encode(faceless(), "JPEG")


def crops(dataset: Path, part: str = "*") -> list[Path]:
    """List the crops of a data set without synthetic cases."""
    found = dataset.glob(f"{part}/*/*.jpg")
    return [path for path in found if not path.name.startswith(f"{SOURCE}__")]


def test_a_photo_and_its_copies_are_in_one_part(prepared: Run) -> None:
    groups = {face.crop: face.group for face in prepared.faces}
    parts = defaultdict(set)
    for path in crops(prepared.folder / "dataset"):
        parts[groups[path.name]].add(path.parts[-3])
    assert all(len(names) == 1 for names in parts.values())
    assert set.union(*parts.values()) == {*PARTS, HELD_OUT}


def test_every_crop_is_in_the_folder_of_its_label(prepared: Run) -> None:
    labels = {face.crop: face.label for face in prepared.faces}
    found = crops(prepared.folder / "dataset")
    assert found
    assert all(path.parent.name == labels[path.name] for path in found)


def test_only_copies_of_held_out_photos_are_left_out(prepared: Run) -> None:
    found = Counter(path.name for path in crops(prepared.folder / "dataset"))
    assert set(found.values()) == {1}
    missing = {face.crop for face in prepared.faces} - found.keys()
    assert {name.rpartition("__")[0] for name in missing} == {"alpha__of_gamma"}


def test_a_held_out_source_is_in_held_out_only(prepared: Run) -> None:
    sources = {
        part: {path.name.partition("__")[0] for path in crops(prepared.folder / "dataset", part)}
        for part in (*PARTS, HELD_OUT)
    }
    assert sources[HELD_OUT] == {"gamma"}
    assert "gamma" not in set.union(*(sources[part] for part in PARTS))


def test_every_part_has_every_label(prepared: Run) -> None:
    for part in (*PARTS, HELD_OUT):
        assert {path.parent.name for path in crops(prepared.folder / "dataset", part)} == set(
            DEFINITE_LABELS
        )


def test_the_configuration_is_saved_in_the_run(prepared: Run) -> None:
    assert Config.load(prepared.folder / "config.json") == prepared.config


def test_a_second_run_of_the_same_photos_reuses_the_crops(
    prepared: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "crop_all", lambda *_: pytest.fail("cropped again"))
    with caplog.at_level(logging.INFO):
        dataset = prepare(prepared.photos, prepared.folder.parent / "second", prepared.config)
    assert "Skipped photos in not_a_face: 1" in caplog.text
    assert "Skipped other files: 1 (without_mask/notes.txt)" in caplog.text
    assert "2 pictures could not be read" in caplog.text
    assert "faces are from the same scene as another one." in caplog.text
    first = crops(prepared.folder / "dataset")
    assert {path.relative_to(dataset) for path in crops(dataset)} == {
        path.relative_to(prepared.folder / "dataset") for path in first
    }


@pytest.fixture
def crop_calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Fakes cropping; records the number of pictures of each call."""
    calls: list[int] = []

    def fake(pictures: list[Picture], config: Config, out: Path) -> None:
        calls.append(len(pictures))
        crop_all([], config, out)
        lines = [",".join(f.name for f in dataclasses.fields(FaceCrop))]
        for picture in pictures:
            (out / picture.label).mkdir(exist_ok=True)
            (out / picture.label / f"{picture.name}.jpg").write_bytes(CROP)
            face = FaceCrop(
                f"{picture.name}.jpg", picture.label, picture.source, picture.number, 200, 150, 80
            )
            lines.append(",".join(map(str, dataclasses.astuple(face)[:-1])) + ",[]")
        (out / "faces.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    monkeypatch.setattr(module, "crop_all", fake)
    return calls


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Seventeen files per label, for fake cropping."""
    for label in DEFINITE_LABELS[:2]:
        (tmp_path / "photos" / label).mkdir(parents=True)
        for source, numbers in SOURCES.items():
            for number in numbers:
                (tmp_path / "photos" / label / f"{source}__{number}.jpg").write_bytes(CROP)
    return tmp_path / "photos"


def test_annotated_faces_are_added(data: Path, crop_calls: list[int], tmp_path: Path) -> None:
    table = tmp_path / "streets/train.csv"
    write(table.parent / "train/a.jpg", faceless())
    rows = [
        "image,x1,y1,x2,y2,label",
        "a.jpg,0,0,40,50,with_mask",
        "a.jpg,50,0,61,11,without_mask",
        "a.jpg,70,0,90,30,without_mask",
    ]
    table.write_text("\n".join(rows), encoding="utf-8")
    options = ["--data", str(data), "--run", str(tmp_path / "run"), "--boxes", str(table)]
    assert main(["prepare", *options]) == 0
    assert crop_calls == [2 * 17 + 2], "the face of 11 pixels is too small"
    assert {face.source for face in read_faces(tmp_path / "run/faces.csv")} == {*SOURCES, "streets"}
    table.write_text("\n".join([*rows[:3], "a.jpg,71,0,90,30,without_mask"]), encoding="utf-8")
    assert main(["prepare", *options]) == 0
    assert crop_calls == [36, 36], "another box is cropped again"


def test_faces_of_one_annotated_photo_are_in_one_part(prepared: Run, tmp_path: Path) -> None:
    """Each photo has two faces with different labels."""
    table, rng = tmp_path / "streets/train.csv", np.random.default_rng(2)
    rows = ["image,x1,y1,x2,y2,label"]
    for number in range(30):
        noise = rng.integers(0, 256, (8, 12, 3), np.uint8).repeat(10, axis=0).repeat(10, axis=1)
        write(table.parent / f"train/{number}.png", noise)
        rows += [f"{number}.png,0,0,50,60,with_mask", f"{number}.png,60,0,110,60,without_mask"]
    table.write_text("\n".join(rows), encoding="utf-8")
    dataset = prepare(prepared.photos, tmp_path / "run", replace(prepared.config, made=0), table)
    sides: dict[str, set[str]] = defaultdict(set)
    for part in PARTS:
        for crop in crops(dataset, part):
            if crop.name.startswith("streets__"):
                sides[crop.name.split("__")[1]].add(part)
    assert len(sides) == 30
    assert all(len(parts) == 1 for parts in sides.values())
    assert set().union(*sides.values()) == set(PARTS)


def test_photos_of_users_parts_stay_there(
    data: Path, crop_calls: list[int], tmp_path: Path
) -> None:
    """Another assignment changes the data, but needs no new crops."""
    for label in DEFINITE_LABELS[:2]:
        (data / "Train").mkdir(exist_ok=True)
        (data / label).rename(data / "Train" / label)
        for number in range(3):
            write(data / "valid" / label / f"valid__{number}.jpg", faceless())
    dataset = prepare(data, tmp_path / "run", Config(made=0))
    parts = {path.name: path.parts[-3] for path in crops(dataset)}
    assert {parts[name] for name in parts if name.startswith("valid__")} == {"val"}
    assert sorted(parts.values()).count("val") == 6
    assert "test" in parts.values(), "taken from train"
    before = (tmp_path / "run/data.txt").read_text(encoding="utf-8")
    (data / "valid").rename(data / "train2")
    (data / "train2").rename(data / "test")
    prepare(data, tmp_path / "run", Config(made=0))
    assert len(crop_calls) == 1
    assert (tmp_path / "run/data.txt").read_text(encoding="utf-8") != before


def change_nothing(data: Path) -> None:
    pass


def change_a_photo(data: Path) -> None:
    (data / "with_mask/alpha__0.jpg").write_bytes(encode(faceless()[::-1], "JPEG"))


def change_a_photo_of_the_same_size(data: Path) -> None:
    (data / "with_mask/alpha__0.jpg").write_bytes(CROP[:-2] + b"\0\0")


def add_a_photo(data: Path) -> None:
    (data / "with_mask/delta__0.jpg").write_bytes(CROP)


def remove_a_photo(data: Path) -> None:
    (data / "with_mask/alpha__0.jpg").unlink()


def change_a_label(data: Path) -> None:
    (data / "with_mask/alpha__0.jpg").rename(data / "without_mask/alpha__00.jpg")


@pytest.mark.parametrize(
    ("change", "times"),
    [
        (change_nothing, 1),
        (change_a_photo, 2),
        (change_a_photo_of_the_same_size, 2),
        (add_a_photo, 2),
        (remove_a_photo, 2),
        (change_a_label, 2),
    ],
)
def test_photos_are_cropped_again_only_if_they_change(
    change: Callable[[Path], None], times: int, crop_calls: list[int], data: Path, tmp_path: Path
) -> None:
    prepare(data, tmp_path / "run", Config())
    change(data)
    prepare(data, tmp_path / "run", Config())
    assert len(crop_calls) == times


@pytest.mark.parametrize(
    ("options", "times"),
    [
        ({"crop_side": 160}, 2),
        ({"crop_context": 1.7}, 2),
        ({"duplicate_bits": 3}, 2),
        ({"seed": 9, "epochs": 2, "dense": 8, "hold_out_sources": ["gamma"]}, 1),
    ],
)
def test_photos_are_cropped_again_only_if_cropping_options_change(
    options: dict[str, object], times: int, crop_calls: list[int], data: Path, tmp_path: Path
) -> None:
    prepare(data, tmp_path / "run", Config())
    prepare(data, tmp_path / "run", Config.from_dict(options))
    assert len(crop_calls) == times


@pytest.mark.parametrize(("changed", "times"), [({"far_side": 480}, 1), ({"small_side": 256}, 2)])
def test_live_settings_do_not_invalidate_crops(
    changed: dict[str, Any],
    times: int,
    crop_calls: list[int],
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepare(data, tmp_path / "run", Config())
    monkeypatch.setattr(
        module, "detector_settings", lambda: replace(detector_settings(), **changed)
    )
    prepare(data, tmp_path / "run", Config())
    assert len(crop_calls) == times


def test_interrupted_cropping_is_repeated(
    crop_calls: list[int], data: Path, tmp_path: Path
) -> None:
    prepare(data, tmp_path / "run", Config())
    (listed,) = (tmp_path / "cuts").glob("*/faces.csv")
    listed.unlink()  # it is written last of all
    prepare(data, tmp_path / "run", Config())
    assert len(crop_calls) == 2


@pytest.mark.parametrize(
    ("options", "kept"),
    [({}, True), ({"dense": 8}, False), ({"hold_out_sources": ["beta"]}, False)],
)
def test_an_interrupted_training_resumes_only_with_the_same_faces_and_options(
    options: dict[str, object], kept: bool, crop_calls: list[int], data: Path, tmp_path: Path
) -> None:
    small = {"split": [0.6, 0.2, 0.2]}
    prepare(data, tmp_path / "run", Config.from_dict(small))
    (tmp_path / "run/backup").mkdir()
    prepare(data, tmp_path / "run", Config.from_dict(small | options))
    assert (tmp_path / "run/backup").exists() == kept


def test_an_unknown_held_out_source_is_refused(
    crop_calls: list[int], data: Path, tmp_path: Path
) -> None:
    config = Config(hold_out_sources=("alpha", "delta", "epsilon"))
    with pytest.raises(TrainerError, match=r"Expected held-out sources .*, got delta, epsilon"):
        prepare(data, tmp_path / "run", config)


def test_a_failure_leaves_the_run_unchanged(
    crop_calls: list[int], data: Path, tmp_path: Path
) -> None:
    dataset = prepare(data, tmp_path / "run", Config())
    before = {path: path.read_bytes() for path in dataset.rglob("*.jpg")}
    (dataset.parent / "backup").mkdir()
    with pytest.raises(TrainerError):
        prepare(data, tmp_path / "run", Config(hold_out_sources=("delta",)))
    with pytest.raises(TrainerError):
        prepare(tmp_path / "none", tmp_path / "run", Config(dense=8))
    assert {path: path.read_bytes() for path in dataset.rglob("*.jpg")} == before
    assert Config.load(tmp_path / "run/config.json") == Config()
    assert (dataset.parent / "backup").exists()


def test_a_model_of_other_faces_is_renamed(prepared: Run, tmp_path: Path) -> None:
    run = prepared.folder.parent / f"aside-{tmp_path.name}"  # beside the cuts, to use them again
    prepare(prepared.photos, run, prepared.config)
    (run / "model.keras").write_bytes(b"trained")
    prepare(prepared.photos, run, prepared.config)
    assert (run / "model.keras").exists(), "the same faces: it stays"
    changed = dataclasses.replace(prepared.config, seed=prepared.config.seed + 1)
    prepare(prepared.photos, run, changed)
    assert not (run / "model.keras").exists()
    assert (run / "model.before.keras").read_bytes() == b"trained"
