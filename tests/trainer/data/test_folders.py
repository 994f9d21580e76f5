"""Tests the layouts of folders of photos that people have."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from inference.labels import DEFINITE_LABELS
from tests.trainer.photos import faceless, forbid, write
from trainer.data.folders import Taken, list_pictures
from trainer.errors import TrainerError


def fill(data: Path, *names: str) -> Path:
    for name in names:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(b"photo")
    return data


def listed(data: Path) -> list[tuple[str, str, str]]:
    """Return the place of each photo below the data, its label and its part."""
    return sorted(
        (picture.path.relative_to(data).as_posix(), picture.label, picture.part)
        for picture in list_pictures(data).pictures
    )


def skipped(data: Path) -> Counter[str]:
    return Counter(reason for reason, _ in list_pictures(data).skipped)


@pytest.mark.parametrize("labels", [DEFINITE_LABELS, DEFINITE_LABELS[:2]], ids=["three", "two"])
def test_labels_are_those_of_the_folders(labels: tuple[str, ...], tmp_path: Path) -> None:
    data = fill(tmp_path, *(f"{label}/a__1.jpg" for label in labels))
    found = list_pictures(data)
    assert [picture.label for picture in found.pictures] == list(labels)
    assert [picture.number for picture in found.pictures] == list(range(len(labels)))
    assert found.skipped == []


def test_splits_and_spellings(tmp_path: Path) -> None:
    """As the 12K data set of Kaggle has them, in a folder of their own."""
    data = fill(
        tmp_path,
        "Face Mask Dataset/Train/WithMask/1.png",
        "Face Mask Dataset/Train/WithoutMask/2.png",
        "Face Mask Dataset/Validation/WithMask/3.png",
        "Face Mask Dataset/Test/Without Mask/deep/4.png",
    )
    assert listed(data) == [
        ("Face Mask Dataset/Test/Without Mask/deep/4.png", "without_mask", "test"),
        ("Face Mask Dataset/Train/WithMask/1.png", "with_mask", "train"),
        ("Face Mask Dataset/Train/WithoutMask/2.png", "without_mask", "train"),
        ("Face Mask Dataset/Validation/WithMask/3.png", "with_mask", "val"),
    ]
    taken = Taken(Path("Face Mask Dataset/Test/Without Mask"), "without_mask", "test")
    assert list_pictures(data).folders[taken] == 1


def test_parts_can_be_inside_the_label_folders(tmp_path: Path) -> None:
    data = fill(tmp_path, "mask/train/1.jpg", "mask/test/2.jpg", "no_mask/3.jpg")
    assert listed(data) == [
        ("mask/test/2.jpg", "with_mask", "test"),
        ("mask/train/1.jpg", "with_mask", "train"),
        ("no_mask/3.jpg", "without_mask", ""),
    ]


def test_several_folders_of_the_same_layout_are_joined(tmp_path: Path) -> None:
    """Such as exports of the page from several doors."""
    data = fill(tmp_path, *(f"{one}/{label}/a.jpg" for one in "xy" for label in DEFINITE_LABELS))
    assert Counter(label for _, label, _ in listed(data)) == dict.fromkeys(DEFINITE_LABELS, 2)


def test_a_folder_around_the_labels_can_be_named_like_one(tmp_path: Path) -> None:
    data = fill(tmp_path, "Mask/with_mask/1.jpg", "Mask/without_mask/2.jpg")
    assert [label for _, label, _ in listed(data)] == ["with_mask", "without_mask"]


def test_an_export_of_the_page_is_read(tmp_path: Path) -> None:
    names = [f"{label}/2026-11-27T08-30-0{i}.jpg" for i, label in enumerate(DEFINITE_LABELS)]
    data = fill(tmp_path, "README.txt", *names)
    assert [name for name, _, _ in listed(data)] == sorted(names)
    assert skipped(data) == {"other files": 1}


def test_hidden_system_and_other_files_are_skipped_and_counted(tmp_path: Path) -> None:
    data = fill(
        tmp_path,
        "with_mask/a.jpg",
        "with_mask/._a.jpg",
        "with_mask/.ipynb_checkpoints/a-checkpoint.jpg",
        "with_mask/@eaDir/a.jpg/thumb.jpg",
        "__MACOSX/with_mask/._a.jpg",
        "without_mask/b.jpg",
        "without_mask/Thumbs.db",
        "docs/notes.txt",
        "not_a_face/c.jpg",
        "preview.png",
        "test/unlabelled.jpg",
    )
    assert [name for name, _, _ in listed(data)] == ["with_mask/a.jpg", "without_mask/b.jpg"]
    assert skipped(data) == {
        "hidden or system files": 4,
        "other files": 2,
        "photos in not_a_face": 1,
        "photos in no label folder": 2,
    }


def test_photos_without_an_ending_are_recognized(tmp_path: Path) -> None:
    data = fill(tmp_path, "with_mask/notes")
    write(tmp_path / "a.png", faceless()).rename(data / "with_mask/IMG 0001")
    assert [name for name, _, _ in listed(data)] == ["with_mask/IMG 0001"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["cats/a.jpg"], r"Expected folders of photos named with_mask .*, got cats \(1\): rename"),
        (["Archive/x/a.jpg", "Archive/b.jpg"], r"got Archive \(2\)"),
        (["train/with_mask/a.jpg", "train/other/b.jpg"], r"got train/other \(1\)"),
        (
            ["val/covered/a.jpg", "val/bare/b.jpg", "val/bare/c.jpg", "val/d.jpg"],
            r"got val/bare \(2\), val/covered \(1\)",
        ),
        (["train/test/with_mask/a.jpg"], "Expected one of train, val, test in a path, got train/t"),
        (
            ["with_mask/a.jpg", "with_mask/wrong/b.jpg"],
            r"photos of one label below with_mask \(with_mask\), got with_mask/wrong \(incorrect_",
        ),
    ],
)
def test_unknown_and_ambiguous_folders_are_refused(
    names: list[str], words: str, tmp_path: Path
) -> None:
    data = fill(tmp_path, "with_mask/1.jpg", "without_mask/2.jpg", *names)
    with pytest.raises(TrainerError, match=words) as caught:
        list_pictures(data)
    assert "\n" not in str(caught.value)


def test_linked_folders_are_read_once(tmp_path: Path) -> None:
    """Also where links lead to a folder above, or to each other."""
    store = fill(tmp_path / "store", "a.jpg", "more/b.jpg")
    data = fill(tmp_path / "data", "without_mask/c.jpg", "with_mask/d.jpg")
    (data / "with_mask/linked").symlink_to(store)
    (data / "with_mask/same").symlink_to(store)
    (data / "all").symlink_to(data / "with_mask")
    (data / "without_mask/loop").symlink_to(data)
    (store / "back").symlink_to(tmp_path)
    (data / "with_mask/gone.jpg").symlink_to(tmp_path / "gone.jpg")
    assert [name for name, _, _ in listed(data)] == [
        "with_mask/d.jpg",
        "with_mask/linked/a.jpg",
        "with_mask/linked/more/b.jpg",
        "without_mask/c.jpg",
    ]
    assert skipped(data) == {
        "links to folders that are read already": 4,
        "links that lead nowhere": 1,
    }


def test_names_of_any_length_are_listed(tmp_path: Path) -> None:
    name = "with_mask/" + "/".join(["x" * 250, "y" * 251 + ".jpg"])
    assert listed(fill(tmp_path, name)) == [(name, "with_mask", "")]


def test_files_of_one_name_have_different_numbers(tmp_path: Path) -> None:
    data = fill(tmp_path, "with_mask/a.jpg", "with_mask/x/a.jpg", "without_mask/a.jpg")
    pictures = list_pictures(data).pictures
    assert len({picture.number for picture in pictures}) == 3
    assert len({picture.name for picture in pictures}) == 3


@pytest.mark.parametrize("name", ["none", "file.txt"])
def test_a_missing_folder_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"Expected a folder of photos at .*, got none"):
        list_pictures(fill(tmp_path, "file.txt") / name)


def test_folders_that_cannot_be_read_are_skipped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = fill(tmp_path, "with_mask/a.jpg", "with_mask/locked/b.jpg")
    forbid(data / "with_mask/locked", monkeypatch)
    assert [name for name, _, _ in listed(data)] == ["with_mask/a.jpg"]
    assert skipped(data) == {"folders that cannot be read": 1}
    forbid(data, monkeypatch)
    with pytest.raises(PermissionError):
        list_pictures(data)
