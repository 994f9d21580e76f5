"""What a folder of photos holds, and which photos are nearly the same."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from trainer.config import LABELS
from trainer.errors import TrainerError
from trainer.pictures import Picture, group_duplicates, list_pictures


def fill(data: Path, *names: str) -> Path:
    for name in names:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(b"photo")
    return data


@pytest.mark.parametrize("labels", [LABELS, LABELS[:2]], ids=["three", "two"])
def test_the_labels_are_those_found(labels: tuple[str, ...], tmp_path: Path) -> None:
    data = fill(tmp_path, *(f"{label}/a__1.jpg" for label in labels))
    pictures, left_out = list_pictures(data)
    assert [picture.label for picture in pictures] == list(labels)
    assert left_out == []


def test_other_folders_are_named_and_hidden_files_left_out(tmp_path: Path) -> None:
    data = fill(
        tmp_path, "with_mask/a.jpg", "with_mask/.DS_Store", "without_mask/sub/deep/b.jpg",
        "not_a_face/c.jpg", "Archive/d.jpg", "e.jpg",
    )  # fmt: skip
    pictures, left_out = list_pictures(data)
    assert [picture.path.name for picture in pictures] == ["a.jpg", "b.jpg"]
    assert left_out == ["Archive", "not_a_face"]


@pytest.mark.parametrize("inside", ["Dataset", "archive"])
def test_labels_one_folder_below_are_found(inside: str, tmp_path: Path) -> None:
    """As archives often unpack."""
    names = (f"{inside}/with_mask/a.jpg", f"{inside}/without_mask/b.jpg", f"{inside}/other/c.jpg")
    pictures, left_out = list_pictures(fill(tmp_path, *names))
    assert [picture.label for picture in pictures] == ["with_mask", "without_mask"]
    assert left_out == ["other"]


def test_of_two_data_sets_none_is_taken(tmp_path: Path) -> None:
    both = [f"{one}/{label}/a.jpg" for one in ("x", "y") for label in LABELS]
    with pytest.raises(TrainerError, match=r"Expected folders .*, came x, y\."):
        list_pictures(fill(tmp_path, *both))


def test_files_of_one_name_have_different_numbers(tmp_path: Path) -> None:
    data = fill(tmp_path, "with_mask/a.jpg", "with_mask/x/a.jpg", "without_mask/a.jpg")
    pictures, _ = list_pictures(data)
    assert len({picture.number for picture in pictures}) == 3
    assert len({picture.name for picture in pictures}) == 3


@pytest.mark.parametrize(
    ("names", "came"),
    [
        ((), "no folder"),
        (("a.jpg",), "no folder"),
        (("with_mask/a.jpg",), "with_mask"),
        (("with_mask/a.jpg", "without_mask/.hidden"), "with_mask, without_mask"),
        (("with_mask/a.jpg", "incorrect_mask/a.jpg"), "incorrect_mask, with_mask"),
        (("masked/a.jpg", "unmasked/a.jpg"), "masked, unmasked"),
    ],
)
def test_fewer_than_the_two_labels(names: tuple[str, ...], came: str, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=f"Expected folders .*, came {came}\\."):
        list_pictures(fill(tmp_path, *names))


@pytest.mark.parametrize("name", ["none", "file.txt"])
def test_no_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="Expected a folder of photos, there is none at"):
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
def test_what_a_file_name_says(file: str, source: str, name: str) -> None:
    picture = Picture(Path(file), "with_mask", 5)
    assert picture.source == source
    assert picture.name == name
    assert picture.name.partition("__")[0] == source


def test_a_crops_name_is_never_too_long_for_a_file() -> None:
    assert len(Picture(Path(f"karan__{'x' * 240}.jpg"), "with_mask", 123_456).name) < 100


def changed(bits: np.ndarray, places: range) -> np.ndarray:
    result = bits.copy()
    result[list(places)] ^= True
    return result


@pytest.mark.parametrize("most", [0, 12, 15])
def test_hashes_that_differ_in_few_bits_are_one_group(most: int) -> None:
    rng = np.random.default_rng(2)
    base, other = rng.random((2, 256)) < 0.5
    step = 256 // (most + 1)  # spread over all bands
    near = changed(base, range(0, most * step, step))
    far = changed(base, range(0, (most + 1) * step, step))
    groups = group_duplicates(np.array([base, other, near]), most)
    assert groups[0] == groups[2] != groups[1]
    groups = group_duplicates(np.array([base, far]), most)
    assert groups[0] != groups[1]


def test_what_is_near_to_a_near_one_is_of_the_same_group() -> None:
    base = np.random.default_rng(3).random(256) < 0.5
    chain = [changed(base, range(n)) for n in (0, 10, 20, 30)]
    assert len(set(group_duplicates(np.array(chain), 12))) == 1


def test_groups_are_those_of_comparing_all_pairs() -> None:
    rng = np.random.default_rng(4)
    hashes = rng.random((40, 256)) < 0.5
    copies = [hash_ ^ (rng.random(256) < share) for hash_ in hashes for share in (0.02, 0.05)]
    hashes = np.array([*hashes, *copies])
    groups = group_duplicates(hashes, 12)
    near = [
        (i, j) for i, j in combinations(range(len(hashes)), 2)
        if (hashes[i] != hashes[j]).sum() <= 12
    ]  # fmt: skip
    assert near, "the test has pairs to find"
    assert all(groups[i] == groups[j] for i, j in near)
    assert len(set(groups)) >= len(hashes) - len(near)
