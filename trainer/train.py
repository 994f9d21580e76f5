"""``python -m trainer train``: fits the network to the prepared faces."""

from __future__ import annotations

import json
import logging
import math
import time
from pathlib import Path

import keras
import numpy as np

from trainer.config import Config
from trainer.dataset import (
    class_weights,
    list_crops,
    load_inputs,
    samples_per_epoch,
    training_batches,
)
from trainer.model import apply_temperature, build_model, fit_temperature

log = logging.getLogger(__name__)


def train(run: Path, config: Config) -> Path:
    """Train on ``run/dataset`` and keep the weights that were best on val.

    A training that was interrupted goes on after its last whole epoch when it is called again.
    Writes ``run/model.keras``, ``run/history.csv`` and ``run/training.json``.

    Returns:
        The model's file.

    Raises:
        TrainerError: there is no prepared data set.
    """
    keras.utils.set_random_seed(config.seed)
    crops, val = list_crops(run / "dataset", "train"), list_crops(run / "dataset", "val")
    steps = max(1, samples_per_epoch(crops, config) // config.batch_size)
    model = compile_model(build_model(config, len(crops.labels)), config, steps)
    log.info("Training %s parameters on %d crops.", f"{model.count_params():,}", len(crops))
    started = time.monotonic()
    val_inputs = load_inputs(val.paths, config)
    model.fit(
        training_batches(crops, config),
        steps_per_epoch=steps,
        epochs=config.epochs,
        validation_data=(val_inputs, keras.utils.to_categorical(val.targets, len(val.labels))),
        class_weight=class_weights(crops, config),
        callbacks=_callbacks(run, config),
        shuffle=False,  # the batches are drawn at random; Keras warns that it cannot
    )
    temperature = fit_temperature(model.predict(val_inputs, verbose=0), val.targets)
    apply_temperature(model, temperature)
    model.save(run / "model.keras", include_optimizer=False)
    _write_summary(run / "training.json", model, temperature, time.monotonic() - started)
    return run / "model.keras"


def compile_model(model: keras.Model, config: Config, steps: int) -> keras.Model:
    """Give the network its loss and its optimiser, whose rate rises briefly and falls to zero."""
    total = steps * config.epochs
    warm_up = min(steps, math.ceil(total / 10))
    rate = keras.optimizers.schedules.CosineDecay(
        config.learning_rate / 20,
        total - warm_up,
        warmup_target=config.learning_rate,
        warmup_steps=warm_up,
    )
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=config.weight_decay),
        keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing),
        metrics=["accuracy"],
    )
    return model


def _callbacks(run: Path, config: Config) -> list[keras.callbacks.Callback]:
    return [
        keras.callbacks.BackupAndRestore(run / "backup"),
        keras.callbacks.CSVLogger(run / "history.csv", append=(run / "backup").exists()),
        keras.callbacks.EarlyStopping(
            "val_loss", patience=config.patience, restore_best_weights=True
        ),
    ]


def _write_summary(path: Path, model: keras.Model, temperature: float, seconds: float) -> None:
    summary = {
        "parameters": int(np.sum([np.prod(weight.shape) for weight in model.weights])),
        "temperature": round(temperature, 4),
        "seconds": round(seconds),
    }
    path.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
