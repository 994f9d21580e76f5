"""Tests the names of pictures and grouping near-duplicates."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from inference.vision.geometry import Box
from trainer.data.pictures import Picture, group_pictures


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


@pytest.mark.parametrize(
    "file", [f"karan__{'x' * 240}.jpg", "面" * 80 + "__" + "面" * 80, "é" * 250]
)
def test_crop_names_are_short_enough_for_file_systems(file: str) -> None:
    picture = Picture(Path(file), "with_mask", 123_456)
    assert len(picture.name.encode()) < 240
    assert picture.name.partition("__")[0] == picture.source


def test_faces_of_photos_of_one_name_in_two_folders_are_two_groups() -> None:
    box = Box(0, 0, 9, 9)
    pictures = [
        Picture(Path(f"street/{part}/1.jpg"), "with_mask", i, box, part)
        for i, part in enumerate(("train", "train", "test"))
    ]
    hashes = np.random.default_rng(6).random((3, 256)) < 0.5
    first, second, third = group_pictures(pictures, hashes, 12)
    assert first == second != third


def test_a_crop_is_joined_with_all_photos_of_its_name() -> None:
    """It can be of either, so neither may be in another part."""
    box = Box(0, 0, 9, 9)
    pictures = [
        Picture(Path("street/train/1.jpg"), "with_mask", 0, box),
        Picture(Path("street/test/1.jpg"), "with_mask", 1, box),
        Picture(Path("faces/with_mask/street__1_7.jpg"), "with_mask", 2),
    ]
    hashes = np.random.default_rng(7).random((3, 256)) < 0.5
    assert len(set(group_pictures(pictures, hashes, 12))) == 1


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
