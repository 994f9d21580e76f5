"""Tests that synthetic cases are added to train and test."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from inference import read_picture
from inference.labels import DEFINITE_LABELS
from inference.vision.centerface import CenterFace
from tests.frames import astronaut
from tests.trainer.conftest import Run
from tests.trainer.photos import write
from trainer.config import Config, detector_settings
from trainer.data.crops import FaceCrop
from trainer.data.synthetic import CASES, SOURCE, draw_cases, kind_of

CONFIG = Config(made=6.0)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """A part with one unmasked face."""
    for label in DEFINITE_LABELS:
        (tmp_path / label).mkdir()
    write(tmp_path / "without_mask/a__1__1.jpg", astronaut()[:, 80:560])
    return tmp_path


def faces_of_part() -> list[FaceCrop]:
    """Return the row of the only crop, and rows of labels without crops."""
    points = CenterFace(detector_settings()).detect(astronaut()[:, 80:560])[0].points
    row = FaceCrop("a__1__1.jpg", "without_mask", "a", 0, 480, 480, 100, "without_mask", points)
    others = [
        replace(row, crop=f"a__{label}__1.jpg", label=label) for label in DEFINITE_LABELS[::2]
    ]
    return [row, *others]


def made(part: Path) -> list[Path]:
    return sorted(part.glob(f"*/{SOURCE}__*.jpg"))


def test_train_and_test_have_synthetic_cases(prepared: Run) -> None:
    found = {path.parts[-3] for path in prepared.folder.rglob(f"{SOURCE}__*.jpg")}
    assert found == {"train", "test"}
    assert {path.parent.name for path in made(prepared.folder / "dataset/train")} <= set(
        DEFINITE_LABELS
    )
    side = prepared.config.crop_side
    for path in made(prepared.folder / "dataset/train"):
        assert read_picture(path).shape == (side, side, 3)


def test_each_case_is_in_the_folder_of_its_label(part: Path) -> None:
    assert draw_cases(part, faces_of_part(), replace(CONFIG, made=1.0)) == 1
    for path in made(part):
        assert CASES[kind_of(path)].label == path.parent.name


@pytest.mark.parametrize("labels", [DEFINITE_LABELS[:2], DEFINITE_LABELS], ids=["two", "three"])
def test_only_labels_of_the_data_are_drawn(
    labels: tuple[str, ...], prepared: Run, tmp_path: Path
) -> None:
    train = tmp_path / "train"
    shutil.copytree(
        prepared.folder / "dataset/train", train, ignore=shutil.ignore_patterns(f"{SOURCE}__*")
    )
    faces = [face for face in prepared.faces if face.label in labels]
    before = Counter(path.parent.name for path in train.glob("*/*.jpg"))
    count = draw_cases(train, faces, replace(prepared.config, made=1.0))
    assert count == len(made(train)) > 0
    assert {path.parent.name for path in made(train)} <= set(labels)
    after = Counter(path.parent.name for path in train.glob("*/*.jpg"))
    assert after.total() == before.total() + count


def test_all_labels_of_a_base_model_are_drawn(part: Path) -> None:
    (part / "incorrect_mask").rmdir()
    write(part / "with_mask/a__with_mask__1.jpg", astronaut()[:, 80:560])
    draw_cases(part, faces_of_part()[:2], replace(CONFIG, made=10.0, base_model="2026.11.27"))
    assert {path.parent.name for path in made(part)} == set(DEFINITE_LABELS)


def test_no_cases_are_drawn_at_a_ratio_of_0(part: Path) -> None:
    assert draw_cases(part, faces_of_part(), replace(CONFIG, made=0.0)) == 0
    assert made(part) == []


def test_every_label_has_cases() -> None:
    assert {case.label for case in CASES.values()} == set(DEFINITE_LABELS)


def test_what_both_masked_and_unmasked_people_wear_is_drawn_on_both() -> None:
    for kind in ("headgear", "hood", "glasses"):
        for name, label in ((kind, "without_mask"), (f"{kind} masked", "with_mask")):
            assert (CASES[name].base, CASES[name].label) == (label, label)
