"""``python -m trainer train``: trains the network on the prepared faces."""

from __future__ import annotations

import csv
import json
import logging
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from trainer.calibration import apply_temperature, fit_temperature
from trainer.config import Config
from trainer.data.dataset import (
    class_weights,
    list_crops,
    load_inputs,
    samples_per_epoch,
    training_batches,
)
from trainer.data.pose import read_poses
from trainer.errors import TrainerError
from trainer.model import build_model, fold

log = logging.getLogger(__name__)

BACKUP = "backup"


def train(run: Path, config: Config) -> Path:
    """Train on ``run/dataset`` and keep the last weights.

    The learning rate decays to zero, so the last weights are the most stable; those with the best
    val accuracy are often from an early epoch, when weights were still noisy.

    An interrupted training resumes after its last complete epoch.
    Writes ``run/model.keras``, ``run/history.csv`` and ``run/training.json``.

    Returns:
        Path of the model.

    Raises:
        TrainerError: there is no prepared data set, or the run to start from is incompatible.
    """
    keras.utils.set_random_seed(config.seed)
    crops, val = list_crops(run / "dataset", "train"), list_crops(run / "dataset", "val")
    poses = read_poses(run)
    steps = max(1, samples_per_epoch(crops, config) // config.batch_size)
    if config.start_from:
        model = load_initial_model(Path(config.start_from), config, len(crops.labels))
        config = replace(
            config, epochs=config.fine_tune_epochs, learning_rate=config.fine_tune_rate
        )
    else:
        model = build_model(config, len(crops.labels))
    model = compile_model(model, config, steps)
    log.info("Training %s parameters on %d crops.", f"{model.count_params():,}", len(crops))
    val_inputs = load_inputs(val.paths, config)
    model.fit(
        training_batches(crops, config, poses),
        steps_per_epoch=steps,
        epochs=config.epochs,
        validation_data=(val_inputs, keras.utils.to_categorical(val.targets, len(val.labels))),
        class_weight=class_weights(crops, config, poses),
        callbacks=callbacks(run),
        shuffle=False,  # batches are sampled at random already
    )
    model = model if config.start_from else fold(model, config)
    temperature = fit_temperature(model.predict(val_inputs, verbose=0), val.targets)
    apply_temperature(model, temperature)
    model.save(run / "model.keras", include_optimizer=False)
    seconds = _training_seconds(Path(config.start_from)) if config.start_from else 0.0
    write_summary(run, model, temperature, seconds)
    shutil.rmtree(run / BACKUP)  # last: an interruption before this loses nothing
    return run / "model.keras"


def load_initial_model(start: Path, config: Config, classes: int) -> keras.Model:
    """Load the model of the run to start from.

    Raises:
        TrainerError: the run has no model, another network, or was trained on sources that this
            one holds out.
    """
    if not (start / "model.keras").exists():
        raise TrainerError(f"Expected a trained model in {start}, got none.")
    model = keras.models.load_model(start / "model.keras", compile=False)
    plain = build_model(config, classes, normalised=False)
    if [w.shape for w in model.weights] != [w.shape for w in plain.weights]:
        raise TrainerError(f"Expected the configured network in {start}, got another.")
    before = Config.load(start / "config.json")
    trained_on = set(config.hold_out_sources) - set(before.hold_out_sources)
    if trained_on:
        raise TrainerError(
            f"Expected a run that held out {', '.join(sorted(trained_on))}, but {start} was "
            "trained on it."
        )
    return model


def compile_model(model: keras.Model, config: Config, steps: int) -> keras.Model:
    """Compile with AdamW and a learning rate that warms up and decays to zero."""
    total = steps * config.epochs
    warm_up = min(steps, total // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        config.learning_rate / 20,
        max(1, total - warm_up),
        warmup_target=config.learning_rate,
        warmup_steps=warm_up,
    )
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=config.weight_decay),
        keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing),
        metrics=["accuracy"],
    )
    return model


def callbacks(run: Path) -> list[keras.callbacks.Callback]:
    """Return the callbacks that write ``run/history.csv`` and resume an interrupted training."""
    resumed = (run / BACKUP).exists()
    return [
        keras.callbacks.BackupAndRestore(run / BACKUP, delete_checkpoint=False),
        Stopwatch(),
        keras.callbacks.CSVLogger(run / "history.csv", append=resumed),
    ]


class Stopwatch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Logs the duration of each epoch as ``seconds``."""

    def on_epoch_begin(self, _epoch: int, _logs: dict[str, float] | None = None) -> None:
        """Start the timer."""
        self._started = time.monotonic()

    def on_epoch_end(self, _epoch: int, logs: dict[str, float] | None = None) -> None:
        """Log the duration."""
        if logs is not None:
            logs["seconds"] = round(time.monotonic() - self._started, 1)


def _column(run: Path, name: str) -> list[float]:
    """Read a column of the history, including the epochs before an interruption."""
    with (run / "history.csv").open(newline="", encoding="utf-8") as file:
        return [float(row[name]) for row in csv.DictReader(file)]


def write_summary(
    run: Path, model: keras.Model, temperature: float, seconds_before: float = 0.0, **more: Any
) -> None:
    """Write ``run/training.json``.

    Args:
        seconds_before: duration of the training that this one continues.
        more: additional values.
    """
    summary = {
        "parameters": int(np.sum([np.prod(weight.shape) for weight in model.weights])),
        "temperature": round(temperature, 4),
        "seconds": round(sum(_column(run, "seconds")) + seconds_before),
        **more,
    }
    path = run / "training.json"
    path.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")


def _training_seconds(run: Path) -> float:
    return float(json.loads((run / "training.json").read_text(encoding="utf-8"))["seconds"])
