"""Tests which names are taken for which labels and parts."""

from __future__ import annotations

import unicodedata

import pytest

from trainer.data.spellings import label_of, part_of

NAMES = {
    "with_mask": "with_mask, WithMask, with-mask, with mask, mask, Masked, MASKS, 0_mask, "
    "face_with_mask, masked faces, with_mask (2), with_mask_data, Face Mask, FacesWithMask, "
    "Mit Maske, avec_masque",
    "without_mask": "without_mask, Without Mask, no_mask, nomask, No-Mask, unmasked, WithoutMask, "
    "1-without_mask, face_no_mask, ohne Maske, sans masque",
    "incorrect_mask": "incorrect_mask, mask_weared_incorrect, wrong_mask, improper, "
    "incorrectly worn, Incorrect Mask, face_with_mask_incorrect, mal porté",
    "not_a_face": "not_a_face",
}
TOPICS = [
    "Face Mask Dataset",
    "mask_data",
    "FaceMaskDataset",
    "masks set 2",
    "datamask",
    "imagemask",
]
"""Data sets about masks, and edge words that are no words of their own."""
PARTS = {
    "train": "train, Train, training, train2017, train_set, trainset, Training Data",
    "val": "val, valid, validation, Validation, dev, val2017",
    "test": "test, Test, testing, test_images",
}


@pytest.mark.parametrize(
    ("name", "label"), [(name, to) for to, names in NAMES.items() for name in names.split(", ")]
)
def test_common_spellings_are_understood(name: str, label: str) -> None:
    assert label_of(name) == label
    assert label_of(unicodedata.normalize("NFD", name)) == label, "as macOS writes it"
    assert part_of(name) is None


@pytest.mark.parametrize(
    ("name", "part"), [(name, to) for to, names in PARTS.items() for name in names.split(", ")]
)
def test_parts_are_understood(name: str, part: str) -> None:
    assert part_of(name) == part
    assert label_of(name) is None


@pytest.mark.parametrize(
    "name", ["cats", "images", "faces", "mask_no_mask", "unsure", "0", "yes", *TOPICS]
)
def test_other_names_are_unknown(name: str) -> None:
    assert label_of(name) is part_of(name) is None
