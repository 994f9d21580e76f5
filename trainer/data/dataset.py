"""Loads the prepared crops: arrays for evaluation, augmented batches for training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from inference import read_picture
from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Box, Floats, Image, sample, square_around
from trainer.config import Config
from trainer.data.augment import augment
from trainer.errors import TrainerError


@dataclass(frozen=True)
class Crops:
    """A selection of crops of the data set."""

    paths: list[Path]
    targets: NDArray[np.int64]
    """Index of each crop's label."""
    labels: list[str]

    @property
    def sources(self) -> list[str]:
        """The source of each crop: the part of its file name before ``__``."""
        return [path.name.partition("__")[0] for path in self.paths]

    def only(self, source: str) -> Crops:
        """Return the crops of one source."""
        return self._select([i for i, name in enumerate(self.sources) if name == source])

    def without(self, source: str) -> Crops:
        """Return the crops of all other sources."""
        return self._select([i for i, name in enumerate(self.sources) if name != source])

    def chunks(self, size: int) -> list[Crops]:
        """Return the crops in chunks of at most `size`."""
        indices = range(len(self))
        return [self._select(list(indices[i : i + size])) for i in range(0, len(self), size)]

    def _select(self, indices: list[int]) -> Crops:
        return Crops([self.paths[i] for i in indices], self.targets[indices], self.labels)

    def __len__(self) -> int:
        return len(self.paths)


def list_labels(dataset: Path) -> list[str]:
    """List the labels of the data set, in the order of `DEFINITE_LABELS`.

    Raises:
        TrainerError: there is no data set.
    """
    labels = [label for label in DEFINITE_LABELS if (dataset / "train" / label).is_dir()]
    if not labels:
        raise TrainerError(
            f"Expected a prepared data set at {dataset}, got none: run 'prepare' first."
        )
    return labels


def list_crops(dataset: Path, part: str) -> Crops:
    """List the crops of a part: train, val, test or held_out (empty without held-out sources)."""
    labels = list_labels(dataset)
    pairs = [
        (path, target)
        for target, label in enumerate(labels)
        for path in sorted((dataset / part / label).glob("*.jpg"))
    ]
    targets = np.array([target for _, target in pairs], np.int64)
    return Crops([path for path, _ in pairs], targets, labels)


def load_inputs(paths: list[Path], config: Config) -> Floats:
    """Load crops as the classifier's inputs: float32, shape (n, size, size, 3), RGB, 0 to 255."""
    size = config.input_size
    inputs = np.empty((len(paths), size, size, 3), np.float32)
    for i, path in enumerate(paths):
        inputs[i] = to_input(read_picture(path), config)
    return inputs


def to_input(crop: Image, config: Config) -> Floats:
    """Return a stored crop as the classifier's input: float32, shape (size, size, 3), RGB, 0 to 255."""
    side = config.crop_side
    square = square_around(Box(0, 0, side, side), 1 / config.crop_context)
    return sample(crop, square, config.input_size, config.input_size)


def sampling_weights(
    crops: Crops, config: Config, poses: Mapping[str, str] | None = None
) -> NDArray[np.float64]:
    """Return the sampling probability of each crop; they sum to 1.

    Large sources of a label are sampled more often than small ones, but less than in proportion
    (`Config.balance`), so that no source dominates a label. Rare poses of a label are sampled more
    often (`Config.min_pose_shares`), so that the pose does not reveal the label.

    Args:
        poses: of `read_poses`; None samples all poses alike.
    """
    keys = list(zip(crops.sources, crops.targets.tolist(), strict=True))
    counts = Counter(keys)
    weights = np.array(
        [counts[key] ** -config.balance * config.source_weights.get(key[0], 1.0) for key in keys]
    )
    kinds = np.array([(poses or {}).get(path.name, "") for path in crops.paths])
    for target in np.unique(crops.targets):
        _raise_rare_poses(weights, kinds, crops.targets == target, config)
    return weights / weights.sum()


def _raise_rare_poses(
    weights: NDArray[np.float64], poses: NDArray[np.str_], rows: NDArray[np.bool_], config: Config
) -> None:
    """Scale the weights of a label's rare poses up to their minimum shares; the sum is kept."""
    total = weights[rows].sum()
    for pose, minimum in config.min_pose_shares.items():
        rare = rows & (poses == pose)
        share = weights[rare].sum() / total
        if 0 < share < minimum:
            weights[rare] *= minimum / share
            weights[rows & ~rare] *= (1 - minimum) / (1 - share)


def class_weights(
    crops: Crops, config: Config, poses: Mapping[str, str] | None = None
) -> dict[int, float]:
    """Return each label's weight in the loss: its inverse sampling frequency to the power of
    `Config.rarity`.

    A power of 1 would make the model predict the rarest label too often.
    """
    sampled = sampling_weights(crops, config, poses)
    frequencies = np.bincount(crops.targets, sampled, len(crops.labels))
    raw = (len(crops.labels) * frequencies) ** -config.rarity
    return dict(enumerate((raw / (raw * frequencies).sum()).tolist()))


def samples_per_epoch(crops: Crops, config: Config) -> int:
    """Return the number of faces per epoch."""
    return config.samples_per_epoch or len(crops)


def training_batches(
    crops: Crops, config: Config, poses: Mapping[str, str] | None = None
) -> tf.data.Dataset:
    """Sample endless augmented batches by `sampling_weights`.

    Yields:
        inputs, float32, shape (batch, size, size, 3), RGB, 0 to 255; targets, one-hot float32.
    """
    rng = np.random.default_rng(config.seed)
    count = samples_per_epoch(crops, config) * config.epochs
    order = rng.choice(len(crops), count, p=sampling_weights(crops, config, poses))
    paths = tf.constant([str(path) for path in crops.paths])
    targets = tf.one_hot(crops.targets, len(crops.labels))
    change = partial(augment, size=config.input_size, context=config.crop_context)

    def load(index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        pixels = tf.io.decode_jpeg(tf.io.read_file(paths[index]), channels=3)
        crop = tf.ensure_shape(tf.cast(pixels, tf.float32), [config.crop_side] * 2 + [3])
        return change(crop), targets[index]

    return (
        tf.data.Dataset.from_tensor_slices(order)
        .repeat()
        .map(load, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(config.batch_size, drop_remainder=True)
        .prefetch(4)
    )
