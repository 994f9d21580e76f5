"""Tests listing pictures and grouping near-duplicates."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Box
from trainer.data.pictures import (
    BOX_COLUMNS,
    Picture,
    group_pictures,
    list_boxed,
    list_pictures,
    read_boxes,
)
from trainer.errors import TrainerError


def fill(data: Path, *names: str) -> Path:
    for name in names:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(b"photo")
    return data


@pytest.mark.parametrize("labels", [DEFINITE_LABELS, DEFINITE_LABELS[:2]], ids=["three", "two"])
def test_labels_are_those_of_the_folders(labels: tuple[str, ...], tmp_path: Path) -> None:
    data = fill(tmp_path, *(f"{label}/a__1.jpg" for label in labels))
    pictures, left_out = list_pictures(data)
    assert [picture.label for picture in pictures] == list(labels)
    assert left_out == []


def test_other_folders_are_reported_and_hidden_files_ignored(tmp_path: Path) -> None:
    data = fill(
        tmp_path,
        "with_mask/a.jpg",
        "with_mask/.DS_Store",
        "without_mask/sub/deep/b.jpg",
        "not_a_face/c.jpg",
        "Archive/d.jpg",
        "e.jpg",
    )
    pictures, left_out = list_pictures(data)
    assert [picture.path.name for picture in pictures] == ["a.jpg", "b.jpg"]
    assert left_out == ["Archive", "not_a_face"]


@pytest.mark.parametrize("inside", ["Dataset", "archive"])
def test_labels_one_folder_below_are_found(inside: str, tmp_path: Path) -> None:
    """Archives often unpack like this."""
    names = (f"{inside}/with_mask/a.jpg", f"{inside}/without_mask/b.jpg", f"{inside}/other/c.jpg")
    pictures, left_out = list_pictures(fill(tmp_path, *names))
    assert [picture.label for picture in pictures] == ["with_mask", "without_mask"]
    assert left_out == ["other"]


def test_two_nested_data_sets_are_refused(tmp_path: Path) -> None:
    both = [f"{one}/{label}/a.jpg" for one in ("x", "y") for label in DEFINITE_LABELS]
    with pytest.raises(TrainerError, match=r"Expected folders .*, got x, y\."):
        list_pictures(fill(tmp_path, *both))


def test_files_of_one_name_have_different_numbers(tmp_path: Path) -> None:
    data = fill(tmp_path, "with_mask/a.jpg", "with_mask/x/a.jpg", "without_mask/a.jpg")
    pictures, _ = list_pictures(data)
    assert len({picture.number for picture in pictures}) == 3
    assert len({picture.name for picture in pictures}) == 3


@pytest.mark.parametrize(
    ("names", "got"),
    [
        ((), "no folder"),
        (("a.jpg",), "no folder"),
        (("with_mask/a.jpg",), "with_mask"),
        (("with_mask/a.jpg", "without_mask/.hidden"), "with_mask, without_mask"),
        (("with_mask/a.jpg", "incorrect_mask/a.jpg"), "incorrect_mask, with_mask"),
        (("masked/a.jpg", "unmasked/a.jpg"), "masked, unmasked"),
    ],
)
def test_fewer_than_two_labels_are_refused(
    names: tuple[str, ...], got: str, tmp_path: Path
) -> None:
    with pytest.raises(TrainerError, match=f"Expected folders .*, got {got}\\."):
        list_pictures(fill(tmp_path, *names))


@pytest.mark.parametrize("name", ["none", "file.txt"])
def test_a_missing_folder_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"Expected a folder of photos at .*, got none"):
        list_pictures(fill(tmp_path, "file.txt") / name)


@pytest.mark.parametrize(
    ("file", "source", "name"),
    [
        ("karan__12.jpg", "karan", "karan__12__5"),
        ("karan__a__b.jpg", "karan", "karan__a__b__5"),
        ("holiday.jpg", "unknown", "unknown__holiday__5"),
        ("__12.jpg", "unknown", "unknown____12__5"),
        ("caf\udce9.jpg", "unknown", "unknown__caf?__5"),  # as a file name of Latin-1 is read
    ],
)
def test_source_and_name_of_a_picture(file: str, source: str, name: str) -> None:
    picture = Picture(Path(file), "with_mask", 5)
    assert picture.source == source
    assert picture.name == name
    assert picture.name.partition("__")[0] == source


def test_crop_names_are_short_enough_for_file_systems() -> None:
    assert len(Picture(Path(f"karan__{'x' * 240}.jpg"), "with_mask", 123_456).name) < 100


def changed(bits: np.ndarray, places: range) -> np.ndarray:
    result = bits.copy()
    result[list(places)] ^= True
    return result


def grouped(hashes: np.ndarray, most: int) -> list[int]:
    pictures = [Picture(Path(f"a__{i}.jpg"), "with_mask", i) for i in range(len(hashes))]
    return group_pictures(pictures, hashes, most)


@pytest.mark.parametrize("most", [0, 12, 15])
def test_hashes_that_differ_in_few_bits_are_one_group(most: int) -> None:
    rng = np.random.default_rng(2)
    base, other = rng.random((2, 256)) < 0.5
    step = 256 // (most + 1)  # spread over all bands
    near = changed(base, range(0, most * step, step))
    far = changed(base, range(0, (most + 1) * step, step))
    groups = grouped(np.array([base, other, near]), most)
    assert groups[0] == groups[2] != groups[1]
    groups = grouped(np.array([base, far]), most)
    assert groups[0] != groups[1]


def test_grouping_is_transitive() -> None:
    base = np.random.default_rng(3).random(256) < 0.5
    chain = [changed(base, range(n)) for n in (0, 10, 20, 30)]
    assert len(set(grouped(np.array(chain), 12))) == 1


def test_groups_match_a_comparison_of_all_pairs() -> None:
    rng = np.random.default_rng(4)
    hashes = rng.random((40, 256)) < 0.5
    copies = [hash_ ^ (rng.random(256) < share) for hash_ in hashes for share in (0.02, 0.05)]
    hashes = np.array([*hashes, *copies])
    groups = grouped(hashes, 12)
    near = [
        (i, j)
        for i, j in combinations(range(len(hashes)), 2)
        if (hashes[i] != hashes[j]).sum() <= 12
    ]
    assert near, "the test has pairs to find"
    assert all(groups[i] == groups[j] for i, j in near)
    assert len(set(groups)) >= len(hashes) - len(near)


def test_faces_of_one_annotated_photo_are_one_group() -> None:
    box = Box(0, 0, 9, 9)
    names = [
        "street.jpg",
        "street.jpg",
        "other.jpg",
        "a__street_1.jpg",
        "a__street.jpg",
        "b__7.jpg",
    ]
    boxes = [box, box, box, None, None, None]
    pictures = [
        Picture(Path("scenes/train") / name, "with_mask", i, drawn)
        for i, (name, drawn) in enumerate(zip(names, boxes, strict=True))
    ]
    hashes = np.random.default_rng(5).random((len(names), 256)) < 0.5
    groups = group_pictures(pictures, hashes, 12)
    assert groups[0] == groups[1] == groups[3]
    assert len({groups[i] for i in (0, 2, 4, 5)}) == 4


def write_table(folder: Path, *rows: str, header: str = ",".join(BOX_COLUMNS)) -> Path:
    fill(folder, "train/a.jpg", "train/b__2.jpg")
    (folder / "train.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    return folder / "train.csv"


def test_annotated_faces_are_listed_with_their_photo(tmp_path: Path) -> None:
    rows = (
        "b__2.jpg,0,0,8,9.5,with_mask",
        "a.jpg,1,2,31,42,without_mask",
        "a.jpg,5,5,17,10,incorrect_mask",
    )
    table = write_table(tmp_path / "streets", *rows)
    assert read_boxes(table)[table.parent / "train/b__2.jpg"] == [(Box(0, 0, 8, 9.5), "with_mask")]
    first, second = list_boxed(table, smallest=12, first=70)
    assert (first.box, first.label, first.number) == (Box(1, 2, 31, 42), "without_mask", 70)
    assert (second.box, second.label, second.number) == (Box(5, 5, 17, 10), "incorrect_mask", 71)
    assert first.source == "streets"
    assert list_boxed(table, smallest=9, first=0)[-1].source == "b"


@pytest.mark.parametrize(
    "row",
    [
        "a.jpg,1,2,3,x,with_mask",
        "a.jpg,1,2,3,4,mask",
        "a.jpg,5,2,3,4,with_mask",
        "a.jpg,1,2",
        "a.jpg,1,2,nan,4,with_mask",
        "a.jpg,1,2,inf,4,with_mask",
    ],
)
def test_an_invalid_box_is_reported_with_its_line(row: str, tmp_path: Path) -> None:
    table = write_table(tmp_path, "a.jpg,1,2,3,4,with_mask", row)
    with pytest.raises(
        TrainerError, match=r"image, x1, y1, .* in line 3 of train\.csv, got a\.jpg"
    ):
        read_boxes(table)


def test_a_table_in_the_working_directory_has_a_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(tmp_path / "streets", "a.jpg,1,2,30,40,with_mask")
    monkeypatch.chdir(tmp_path / "streets")
    (face,) = list_boxed(Path("train.csv"), smallest=9, first=0)
    assert face.source == "streets"
    assert face.name == "streets__a__0"


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    table = write_table(tmp_path, "a.jpg,1,2,30,40,with_mask")
    table.write_text(table.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert len(read_boxes(table)) == 1


def test_a_missing_table_or_photo_is_reported(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"Expected boxes in train\.csv, got none"):
        read_boxes(write_table(tmp_path / "none"))
    with pytest.raises(TrainerError, match="Expected a table of boxes at"):
        read_boxes(tmp_path / "train.csv")
    with pytest.raises(TrainerError, match=r"photos of train\.csv in .*gone\.jpg is missing"):
        read_boxes(write_table(tmp_path, "gone.jpg,1,2,3,4,with_mask"))
    with pytest.raises(TrainerError, match="in line 2"):
        read_boxes(write_table(tmp_path, "a.jpg,1,2,3,4,with_mask", header="file,a,b,c,d,kind"))
