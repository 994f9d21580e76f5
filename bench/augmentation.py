"""What augmentation costs: ``python -m bench.augmentation``.

Pictures a second out of the trainer's own stream of batches, with augmentation and without (the
crop only reduced), in turns on the same crops; medians, and their ratio. The crops are noise: what
is done to them does not depend on what they show.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import tensorflow as tf

from trainer import dataset
from trainer.config import LABELS, Config
from trainer.dataset import Crops, training_batches

COUNT = 256


def write_crops(folder: Path, side: int) -> Crops:
    """Soft noise as JPEG files."""
    rng = np.random.default_rng(0)
    paths = []
    for number in range(COUNT):
        coarse = rng.integers(0, 256, (8, 8, 3), np.uint8)
        paths.append(folder / f"noise__{number}.jpg")
        cv2.imwrite(str(paths[-1]), cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC))
    return Crops(paths, np.arange(COUNT) % len(LABELS), list(LABELS))


def reduce(crop: tf.Tensor, size: int, context: float) -> tf.Tensor:
    """The middle of a crop as the classifier sees it, and nothing else done to it."""
    side = round(crop.shape[0] / context)
    middle = tf.image.resize_with_crop_or_pad(crop, side, side)
    return tf.image.resize(middle, [size, size])


@contextmanager
def without_augmentation() -> Iterator[None]:
    """The stream as it would be without."""
    usual = dataset.augment
    dataset.augment = reduce
    try:
        yield
    finally:
        dataset.augment = usual


def pictures_a_second(crops: Crops, config: Config, batches: int) -> float:
    """Of a stream that has warmed up."""
    stream = iter(training_batches(crops, config))
    for _ in range(5):
        next(stream)
    start = time.perf_counter()
    for _ in range(batches):
        next(stream)
    return batches * config.batch_size / (time.perf_counter() - start)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    config, told = Config(), []
    with TemporaryDirectory() as folder:
        crops = write_crops(Path(folder), config.crop_side)
        for _ in range(options.rounds):
            augmented = pictures_a_second(crops, config, options.batches)
            with without_augmentation():
                plain = pictures_a_second(crops, config, options.batches)
            told.append((augmented, plain, plain / augmented))
    for name, column in zip(
        ("augmented", "reduced only", "ratio"), zip(*told, strict=True), strict=True
    ):
        print(f"{name:<13} {median(column):>9.1f}  (min {min(column):.1f}, max {max(column):.1f})")


if __name__ == "__main__":
    main()
