"""Tests loading, sampling and batching of crops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Image
from trainer.config import Config
from trainer.data.dataset import (
    Crops,
    class_weights,
    list_crops,
    list_labels,
    load_inputs,
    samples_per_epoch,
    sampling_weights,
    training_batches,
)
from trainer.errors import TrainerError

PLAIN = Config(source_weights={}, balance=0.0)
COLORS = {
    "with_mask": (210, 60, 60),
    "without_mask": (60, 60, 210),
    "incorrect_mask": (60, 210, 60),
}

Fill = Callable[..., Path]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Writes ``count`` crops per (part, label, source), in one color per label."""

    def run(counts: dict[tuple[str, str, str], int], side: int = 128) -> Path:
        for (part, label, source), count in counts.items():
            folder = tmp_path / part / label
            folder.mkdir(parents=True, exist_ok=True)
            color = np.full((side, side, 3), COLORS[label], np.uint8)
            for i in range(count):
                write(folder / f"{source}__{i}__{i}.jpg", color)
        return tmp_path

    return run


def write(path: Path, image: Image) -> Path:
    cv2.imwrite(str(path), image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    return path


def crops(*sizes: tuple[int, str, int]) -> Crops:
    """Return crops without files, from (target, source, count)."""
    entries = [
        (Path(f"{source}__{i}__{i}.jpg"), target)
        for target, source, count in sizes
        for i in range(count)
    ]
    targets = np.array([target for _, target in entries], np.int64)
    return Crops([path for path, _ in entries], targets, list(DEFINITE_LABELS[: targets.max() + 1]))


def test_the_crops_of_a_part_with_their_labels_and_sources(fill: Fill) -> None:
    dataset = fill(
        {
            ("train", "with_mask", "a"): 2,
            ("train", "without_mask", "b"): 3,
            ("val", "without_mask", "c"): 1,
        }
    )
    assert list_labels(dataset) == ["with_mask", "without_mask"]
    train, val, test = (list_crops(dataset, part) for part in ("train", "val", "test"))
    assert train.targets.tolist() == [0, 0, 1, 1, 1]
    assert train.sources == ["a", "a", "b", "b", "b"]
    assert [path.parent.name for path in val.paths] == ["without_mask"]
    assert val.targets.tolist() == [1]
    assert len(test) == 0


def test_crops_without_a_source() -> None:
    some = crops((0, "a", 2), (0, "made", 3), (1, "made", 1), (1, "b", 1)).without("made")
    assert some.sources == ["a", "a", "b"]
    assert some.targets.tolist() == [0, 0, 1]
    assert len(some.without("a").without("b")) == 0


def test_a_missing_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="run 'prepare' first"):
        list_crops(tmp_path / "dataset", "train")


@pytest.mark.parametrize("size", [32, 64])
def test_inputs_are_the_middle_of_the_crops(size: int, tmp_path: Path) -> None:
    """The classifier's square of each crop is white, its context black."""
    config = replace(PLAIN, input_size=size, crop_side=160, crop_context=1.6)
    crop = np.zeros((160, 160, 3), np.uint8)
    crop[30:130, 30:130] = 255
    inputs = load_inputs([write(tmp_path / "a.jpg", crop)] * 3, config)
    assert inputs.shape == (3, size, size, 3)
    assert inputs.dtype == np.float32
    assert -0.01 < inputs.min() <= inputs.max() < 255.01
    assert inputs[:, 1:-1, 1:-1].min() > 240
    crop[32:128, 32:128] = 0
    rim = load_inputs([write(tmp_path / "b.jpg", crop)], config)[0]
    assert rim[0].mean() > 80
    assert rim[size // 4 : -size // 4, size // 4 : -size // 4].max() < 5


def test_inputs_are_rgb(fill: Fill) -> None:
    dataset = fill({("train", "with_mask", "a"): 1})
    inputs = load_inputs(list_crops(dataset, "train").paths, PLAIN)
    assert inputs[0].mean(axis=(0, 1)) == pytest.approx(COLORS["with_mask"], abs=4)


def test_no_inputs() -> None:
    assert load_inputs([], PLAIN).shape == (0, PLAIN.input_size, PLAIN.input_size, 3)


def test_balance_0_samples_all_crops_equally() -> None:
    weights = sampling_weights(crops((0, "a", 30), (0, "b", 5), (1, "a", 7)), PLAIN)
    assert weights == pytest.approx(np.full(42, 1 / 42))


def test_balance_1_samples_all_sources_of_a_label_equally() -> None:
    some = crops((0, "a", 30), (0, "b", 5), (1, "a", 7))
    weights = sampling_weights(some, replace(PLAIN, balance=1.0))
    assert weights.sum() == pytest.approx(1)
    assert [weights[:30].sum(), weights[30:35].sum(), weights[35:].sum()] == pytest.approx(
        [1 / 3] * 3
    )


def test_balance_between_samples_large_sources_less_than_in_proportion() -> None:
    weights = sampling_weights(crops((0, "a", 90), (0, "b", 10)), replace(PLAIN, balance=0.5))
    assert weights.sum() == pytest.approx(1)
    assert weights[:90].sum() / weights[90:].sum() == pytest.approx((90 / 10) ** 0.5)


def test_a_sources_weight_is_a_factor() -> None:
    config = replace(PLAIN, source_weights={"b": 0.25, "absent": 3.0})
    weights = sampling_weights(crops((0, "a", 10), (1, "b", 10)), config)
    assert weights.sum() == pytest.approx(1)
    assert weights[10:] == pytest.approx(weights[:10] * 0.25)


def test_rare_poses_of_a_label_are_sampled_more_often() -> None:
    some = crops((0, "a", 50), (1, "b", 50))
    names = [path.name for path in some.paths]
    poses = dict.fromkeys(names, "frontal") | {names[0]: "turned", names[1]: "profile"}
    poses |= dict.fromkeys(names[50:75], "turned")  # not rare
    config = replace(PLAIN, min_pose_shares={"turned": 0.2, "profile": 0.1})
    weights = sampling_weights(some, config, poses)
    assert weights.sum() == pytest.approx(1)
    assert weights[:50].sum() == pytest.approx(0.5)
    assert weights[1] == pytest.approx(0.05)
    assert weights[0] == pytest.approx(0.2 * 0.5, rel=0.12)  # scaled again for the profiles
    assert weights[50:] == pytest.approx(0.01)


def test_without_poses_all_crops_of_a_source_are_sampled_equally() -> None:
    assert sampling_weights(crops((0, "a", 5), (1, "b", 5)), PLAIN) == pytest.approx(0.1)


def test_class_weights_are_higher_for_rarer_labels_and_1_on_average() -> None:
    some = crops((0, "a", 60), (1, "a", 30), (2, "a", 10))
    weights = class_weights(some, PLAIN)
    assert list(weights) == [0, 1, 2]
    assert weights[0] < weights[1] < weights[2] < weights[0] * 6, "less than the full inverse"
    drawn = sampling_weights(some, PLAIN)
    assert sum(weights[t] * w for t, w in zip(some.targets.tolist(), drawn, strict=True)) == (
        pytest.approx(1)
    )


def test_class_weights_of_equally_sampled_labels_are_1() -> None:
    assert class_weights(crops((0, "a", 20), (1, "b", 20)), PLAIN) == pytest.approx({0: 1, 1: 1})


def test_an_epoch_has_as_many_faces_as_there_are_crops() -> None:
    some = crops((0, "a", 3), (1, "b", 2))
    assert samples_per_epoch(some, PLAIN) == 5
    assert samples_per_epoch(some, replace(PLAIN, samples_per_epoch=77)) == 77


def test_batches_pair_inputs_with_their_targets(fill: Fill) -> None:
    """Each label has one color, which mostly survives the augmentation."""
    counts = {("train", label, "a"): 6 for label in DEFINITE_LABELS}
    config = replace(PLAIN, input_size=32, crop_side=64, batch_size=24, samples_per_epoch=240)
    some = list_crops(fill(counts, side=64), "train")
    right = []
    for inputs, targets in training_batches(some, config).take(5).as_numpy_iterator():
        assert inputs.shape == (24, 32, 32, 3)
        assert inputs.dtype == np.float32
        assert 0 <= inputs.min() <= inputs.max() <= 255
        assert targets.shape == (24, 3)
        assert targets.dtype == np.float32
        assert set(targets.ravel().tolist()) == {0.0, 1.0}
        assert targets.sum(axis=1).tolist() == [1.0] * 24
        brightest = inputs.mean(axis=(1, 2)).argmax(axis=1)
        channel = [int(np.argmax(COLORS[label])) for label in DEFINITE_LABELS]
        right += [
            channel[target] == b for target, b in zip(targets.argmax(1), brightest, strict=True)
        ]
    assert np.mean(right) > 0.75  # some are turned grey


def test_batches_are_sampled_by_weight(fill: Fill) -> None:
    counts = {("train", "with_mask", "a"): 30, ("train", "without_mask", "b"): 3}
    config = replace(PLAIN, balance=1.0, input_size=32, crop_side=64, samples_per_epoch=640)
    some = list_crops(fill(counts, side=64), "train")
    batches = training_batches(some, config).take(10).as_numpy_iterator()
    share = np.mean([targets[:, 1] for _, targets in batches])
    assert share == pytest.approx(0.5, abs=0.08)


def test_batches_are_endless(fill: Fill) -> None:
    counts = {("train", label, "a"): 2 for label in DEFINITE_LABELS[:2]}
    config = replace(PLAIN, input_size=32, crop_side=64, batch_size=8, epochs=1)
    some = list_crops(fill(counts, side=64), "train")
    assert sum(1 for _ in training_batches(some, config).take(9)) == 9
