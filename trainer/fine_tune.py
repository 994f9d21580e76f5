"""Fine-tunes the project's model on few photos, so that it keeps what it knows.

- Where the model is right, its own probabilities are most of the target (distillation; Li and Hoiem
  2016, "Learning without Forgetting").
- Half of the faces are synthetic cases of all labels, drawn on the photos
  (`trainer.data.synthetic`); on them the model's own probabilities are the target, right or wrong.
- The result is a weighted mean of the weights before and after (Wortsman et al. 2022, "Robust
  fine-tuning of zero-shot models"); the share is chosen on the validation faces, and so that
  the built-in faces stay right.
- Temperature and threshold of *unsure* stay, unless there are many validation faces.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from inference.contract import ROOT
from inference.vision.geometry import Floats
from trainer.base_model import BaseModel
from trainer.calibration import apply_temperature, fit_temperature
from trainer.config import Config
from trainer.data import synthetic
from trainer.data.dataset import Crops, list_crops, list_labels, load_inputs, training_batches
from trainer.data.pose import read_poses
from trainer.evaluate.built_in import built_in_faces
from trainer.evaluate.comparison import Comparison
from trainer.evaluate.metrics import Targets
from trainer.train import BACKUP, callbacks, compile_model, write_summary

log = logging.getLogger(__name__)

TEACHER_WEIGHT = 0.9
"""Weight of the base model's probabilities in the target of a face that it classifies correctly."""
VAL_VARIANTS = 1024
"""Number of augmented validation faces that the share of the new weights is chosen on."""
MIN_CALIBRATION_FACES = 500
"""Minimum number of validation faces to fit a temperature on; with fewer, the base model's is
nearer to the truth than what their few mistakes suggest."""
SHARES = tuple(round(0.1 * tenths, 1) for tenths in range(1, 11))
"""Shares of the fine-tuned weights to choose from; the rest are the base model's."""

Batch = tuple[tf.Tensor, tf.Tensor]
"""Inputs and targets."""


def fine_tune(run: Path, config: Config, project: Path = ROOT) -> Path:
    """Fine-tune `Config.base_model` on ``run/dataset``; writes what `trainer.train.train` writes.

    Returns:
        Path of the model.

    Raises:
        TrainerError: there is no prepared data set, or the base model is gone.
    """
    keras.utils.set_random_seed(config.seed)
    base = BaseModel.find(config.base_model, project)
    _add_label_folders(run / "dataset", base.contract.labels)
    crops, val = list_crops(run / "dataset", "train"), list_crops(run / "dataset", "val")
    teacher, model = (keras.models.load_model(base.path, compile=False) for _ in range(2))
    config = replace(
        config,
        epochs=config.fine_tune_epochs,
        learning_rate=config.fine_tune_rate,
        weight_decay=0.0,  # it would pull the weights to zero
        label_smoothing=0.0,  # the base model's probabilities are calibrated
    )
    steps = max(1, config.samples_per_epoch // config.batch_size)
    val_inputs = load_inputs(val.paths, config)
    log.info("Fine-tuning %s on %d crops.", config.base_model, len(crops))
    compile_model(model, config, steps).fit(
        _batches(crops, teacher, config, run),
        steps_per_epoch=steps,
        epochs=config.epochs,
        validation_data=(val_inputs, keras.utils.to_categorical(val.targets, len(val.labels))),
        callbacks=callbacks(run),
        shuffle=False,  # batches are sampled at random already
    )
    share = average(model, teacher, *_varied(val, config), built_in_faces(config))
    temperature = 1.0
    if len(val) >= MIN_CALIBRATION_FACES:
        temperature = fit_temperature(model.predict(val_inputs, verbose=0), val.targets)
        apply_temperature(model, temperature)
    model.save(run / "model.keras", include_optimizer=False)
    write_summary(run, model, temperature, base_model=config.base_model, share=share)
    shutil.rmtree(run / BACKUP)  # last: an interruption before this loses nothing
    return run / "model.keras"


def _add_label_folders(dataset: Path, labels: list[str]) -> None:
    """Add empty folders for labels without photos: the model keeps them."""
    list_labels(dataset)  # raises without a data set
    for label in labels:
        (dataset / "train" / label).mkdir(exist_ok=True)


def _batches(crops: Crops, teacher: keras.Model, config: Config, run: Path) -> tf.data.Dataset:
    """Sample batches of which one half are photos, and the other synthetic cases."""
    photos, drawn = crops.without(synthetic.SOURCE), crops.only(synthetic.SOURCE)
    half = replace(config, batch_size=config.batch_size // 2)
    own = training_batches(photos, half, read_poses(run)).map(distil(teacher, TEACHER_WEIGHT))
    if not len(drawn):  # no face has landmarks
        return own
    replay = training_batches(drawn, half).map(lambda x, _: (x, teacher(x, training=False)))

    def join(one: Batch, other: Batch) -> Batch:
        return tf.concat([one[0], other[0]], axis=0), tf.concat([one[1], other[1]], axis=0)

    return tf.data.Dataset.zip((own, replay)).map(join)


def distil(teacher: keras.Model, weight: float) -> Callable[[tf.Tensor, tf.Tensor], Batch]:
    """Return a function of a batch that mixes the teacher's probabilities into the targets.

    Only where the teacher is right: elsewhere there is something to learn.

    Args:
        weight: of the teacher's probabilities, 0 to 1.
    """

    def mix(inputs: tf.Tensor, targets: tf.Tensor) -> Batch:
        known = teacher(inputs, training=False)
        right = tf.argmax(known, axis=1) == tf.argmax(targets, axis=1)
        share = weight * tf.cast(right, tf.float32)[:, None]
        return inputs, targets * (1 - share) + known * share

    return mix


def average(
    model: keras.Model,
    base: keras.Model,
    inputs: Floats,
    targets: Targets,
    built_in: tuple[Floats, Targets],
) -> float:
    """Set the weights to the weighted mean with the base model's that suits these faces best.

    Of `SHARES`, only those are considered with which the model gets no worse on the built-in faces.

    Returns:
        The share of the fine-tuned weights: that with the lowest loss, or the smallest one.
    """
    after, before = model.get_weights(), base.get_weights()
    known, labels = built_in
    right = base.predict(known, verbose=0).argmax(axis=1) == labels
    losses: dict[float, float] = {}
    for share in SHARES:
        model.set_weights(_mean(before, after, share))
        now = model.predict(known, verbose=0).argmax(axis=1) == labels
        if not losses or not Comparison("", labels, right, now, independent=False).problems():
            losses[share] = _loss(model, inputs, targets)
    best = min(losses, key=lambda share: losses[share])
    model.set_weights(_mean(before, after, best))
    return best


def _loss(model: keras.Model, inputs: Floats, targets: Targets) -> float:
    probabilities = model.predict(inputs, batch_size=256, verbose=0)
    return float(-np.log(probabilities[np.arange(len(targets)), targets] + 1e-7).mean())


def _mean(before: list[Floats], after: list[Floats], share: float) -> list[Floats]:
    return [(1 - share) * old + share * new for old, new in zip(before, after, strict=True)]


def _varied(crops: Crops, config: Config) -> tuple[Floats, Targets]:
    """Load `VAL_VARIANTS` augmented variants of validation faces: few faces say little."""
    count = VAL_VARIANTS // config.batch_size
    batches = training_batches(crops, config).take(count).as_numpy_iterator()
    inputs, targets = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    return inputs, targets.argmax(axis=1)
