"""Tests that the split has the configured proportions and keeps duplicates together."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from inference.labels import DEFINITE_LABELS
from tests.trainer.data.test_prepare import CROP, crops
from trainer.config import Config
from trainer.data.crops import FaceCrop
from trainer.data.spellings import PARTS
from trainer.data.split import HELD_OUT, split
from trainer.errors import TrainerError

Split = Callable[..., Path]


@pytest.fixture
def divide(tmp_path: Path) -> Split:
    """Splits crops, given as (label, source, group); parts are those of users, by crop."""

    def run(
        faces: list[tuple[str, str, int]], parts: dict[int, str] | None = None, **options: object
    ) -> Path:
        rows = []
        for number, (label, source, group) in enumerate(faces):
            name = f"{source}__{number}.jpg"
            (tmp_path / "cuts" / label).mkdir(parents=True, exist_ok=True)
            (tmp_path / "cuts" / label / name).write_bytes(CROP)
            rows.append(FaceCrop(name, label, source, group, 200, 150, 80, label))
        given = {rows[number].crop: part for number, part in (parts or {}).items()}
        config = Config.from_dict(options)
        return split(rows, tmp_path / "cuts", tmp_path / "dataset", config, given)

    return run


def many(label: str, count: int, first: int, source: str = "a") -> list[tuple[str, str, int]]:
    return [(label, source, first + i) for i in range(count)]


def test_parts_have_the_configured_proportions(divide: Split) -> None:
    faces = many("with_mask", 200, 0) + many("without_mask", 100, 1000)
    dataset = divide(faces, split=[0.7, 0.2, 0.1])
    for label, count in (("with_mask", 200), ("without_mask", 100)):
        found = [len(list((dataset / part / label).iterdir())) for part in PARTS]
        assert found == pytest.approx([0.7 * count, 0.2 * count, 0.1 * count], abs=1)


def test_a_corrected_crop_is_in_the_folder_of_its_new_label(tmp_path: Path) -> None:
    """It was cropped into the folder of its old label."""
    faces = [
        FaceCrop(f"a__{i}.jpg", DEFINITE_LABELS[i % 2], "a", i, 9, 9, 0, DEFINITE_LABELS[0])
        for i in range(40)
    ]
    (tmp_path / "cuts" / DEFINITE_LABELS[0]).mkdir(parents=True)
    for face in faces:
        (tmp_path / "cuts" / DEFINITE_LABELS[0] / face.crop).write_bytes(CROP)
    found = crops(split(faces, tmp_path / "cuts", tmp_path / "dataset", Config()))
    assert {path.name: path.parent.name for path in found} == {f.crop: f.label for f in faces}


def test_crops_are_copied_if_links_are_not_supported(
    divide: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(source: Path, target: Path) -> None:
        raise OSError("Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    dataset = divide(many("with_mask", 12, 0) + many("without_mask", 12, 50))
    assert [path.read_bytes() for path in crops(dataset)] == [CROP] * 24


def test_the_seed_determines_the_split(divide: Split) -> None:
    faces = many("with_mask", 30, 0) + many("without_mask", 30, 100)

    def tested(seed: int) -> set[str]:
        return {path.name for path in crops(divide(faces, seed=seed), "test")}

    first, second, again = tested(1), tested(2), tested(1)
    assert first == again != second


def test_copies_under_two_labels_are_in_one_part(divide: Split) -> None:
    """Forty photos are in both folders; each pair must stay together."""
    faces = many("with_mask", 60, 0) + many("without_mask", 60, 20)
    dataset = divide(faces)
    sides = defaultdict(set)
    for path in crops(dataset):
        number = int(path.stem.split("_")[2])
        assert path.parent.name == faces[number][0]
        sides[faces[number][2]].add(path.parts[-3])
    assert len(sides) == 80
    assert all(len(parts) == 1 for parts in sides.values())


def test_copies_of_held_out_photos_are_not_trained_on(divide: Split) -> None:
    faces = many("with_mask", 40, 0) + many("with_mask", 10, 0, "b") + many("without_mask", 40, 50)
    dataset = divide(faces, hold_out_sources=["b"])
    used = {
        faces[int(path.stem.split("_")[2])][2] for part in PARTS for path in crops(dataset, part)
    }
    assert used == set(range(10, 40)) | set(range(50, 90))
    assert len(crops(dataset, HELD_OUT)) == 10


def test_fine_tuning_tests_on_no_face_of_the_first_training(divide: Split, tmp_path: Path) -> None:
    """Source b is held out first; some of its photos are near-duplicates of a's."""
    faces = many("with_mask", 60, 0) + many("without_mask", 60, 100)
    faces += many("with_mask", 30, 50, "b") + many("without_mask", 30, 300, "b")
    before = Config(hold_out_sources=("b",))
    before.save(tmp_path / "before/config.json")
    first = divide(faces, hold_out_sources=["b"])
    learned = {path.name: path.parts[-3] for part in PARTS for path in crops(first, part)}
    second = divide(faces, start_from=str(tmp_path / "before"))
    parts = {path.name: path.parts[-3] for part in PARTS for path in crops(second, part)}
    assert len(parts) == len(faces)
    assert {name: parts[name] for name in learned} == learned
    new = {parts[name] for name in parts.keys() - learned.keys()}
    assert new == set(PARTS)


@pytest.mark.parametrize(
    ("faces", "options", "words"),
    [
        ([], {}, "at least 10 different photos in with_mask .*, got 0"),
        (many("with_mask", 30, 0), {}, "photos in without_mask .*, got 0"),
        (many("with_mask", 30, 0) + many("without_mask", 9, 50), {}, "without_mask .*, got 9"),
        (many("with_mask", 30, 0) + [("without_mask", "a", 50)] * 30, {}, "without_mask .* got 1"),
        (
            many("with_mask", 30, 0)
            + many("without_mask", 30, 50)
            + many("incorrect_mask", 20, 90, "b"),
            {"hold_out_sources": ["b"]},
            "in incorrect_mask .*, got 0",
        ),
        (
            many("with_mask", 30, 0) + many("without_mask", 30, 50),
            {"split": [0.9, 0.08, 0.02]},
            "at least 50 different photos in with_mask .*, got 30",
        ),
    ],
    ids=["none", "one label", "few", "copies", "held out", "small share"],
)
def test_too_few_photos_are_refused(
    faces: list[tuple[str, str, int]], options: dict[str, object], words: str, divide: Split
) -> None:
    with pytest.raises(TrainerError, match=words):
        divide(faces, **options)


@pytest.mark.parametrize("labels", [DEFINITE_LABELS[:2], DEFINITE_LABELS], ids=["two", "three"])
def test_the_minimum_number_of_photos_fills_every_part(
    labels: tuple[str, ...], divide: Split
) -> None:
    faces = [face for i, label in enumerate(labels) for face in many(label, 10, 100 * i)]
    dataset = divide(faces)
    for part in PARTS:
        assert {path.parent.name for path in crops(dataset, part)} == set(labels)


BOTH = many("with_mask", 40, 0) + many("without_mask", 40, 100)


def parts_of(dataset: Path) -> dict[int, str]:
    return {int(path.stem.split("_")[2]): path.parts[-3] for path in crops(dataset)}


@pytest.mark.parametrize("made", [["val", "test"], ["val"], ["test"]])
def test_parts_of_the_user_stay_and_missing_ones_come_from_train(
    made: list[str], divide: Split
) -> None:
    given = {number: part for i, part in enumerate(made) for number in (i, i + 10, i + 50, i + 60)}
    found = parts_of(divide(BOTH, parts=dict.fromkeys(range(80), "train") | given))
    assert len(found) == 80
    assert {number: found[number] for number in given} == given
    counts = {part: list(found.values()).count(part) for part in PARTS}
    assert all(counts[part] == 4 for part in made)
    assert all(7 <= counts[part] <= 10 for part in PARTS[1:] if part not in made)


def test_near_duplicates_in_two_parts_of_the_user_are_reported_and_not_moved(
    divide: Split, caplog: pytest.LogCaptureFixture
) -> None:
    """Those that are in no part follow their near-duplicate."""
    faces = [*BOTH, ("with_mask", "a", 0), ("with_mask", "a", 1)]
    given = {0: "test", 1: "test", 50: "test", 80: "train"}
    found = parts_of(divide(faces, parts=given))
    assert (found[0], found[80]) == ("test", "train")
    assert found[81] == found[1] == "test"
    assert "1 of 3 faces of your test are from a scene that is in another part" in caplog.text


def test_a_part_of_the_user_without_a_label_is_refused(divide: Split) -> None:
    with pytest.raises(TrainerError, match="Expected photos of without_mask in your test"):
        divide(BOTH, parts={0: "test"})


def test_a_part_of_the_user_needs_no_incorrect_masks(divide: Split) -> None:
    faces = [*BOTH, *many("incorrect_mask", 20, 200)]
    assert parts_of(divide(faces, parts={0: "test", 50: "test"}))[50] == "test"


def test_near_duplicates_are_explained(divide: Split) -> None:
    faces = many("with_mask", 30, 0) + [("without_mask", "a", 50)] * 31
    faces += many("without_mask", 9, 90)
    words = "got 10: 31 of 40 faces are from the same scene, so each scene counts once"
    with pytest.raises(TrainerError, match=words):
        divide(faces, split=[0.9, 0.05, 0.05])
    copies = [("without_mask", "a", group) for group in (50, 50, 50, 51, 51, 52)]
    with pytest.raises(TrainerError, match=r"got 3: 5 of 6 faces .* as another one, so"):
        divide(many("with_mask", 30, 0) + copies)
