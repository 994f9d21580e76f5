"""The network: a small CNN whose scaling and softmax are part of it."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers
from scipy.optimize import minimize_scalar

from inference.geometry import Floats
from trainer.config import Config


def build_model(config: Config, classes: int) -> keras.Model:
    """A new network.

    Takes float32, shape (n, size, size, 3), RGB, 0 to 255; gives float32, shape (n, classes),
    rows sum to 1.
    """
    inputs = keras.Input((config.input_size, config.input_size, 3), name="faces")
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    for stage in config.filters:
        for filters in stage:
            x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization()(x)
            x = layers.ReLU()(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(config.dropout)(x)
    x = layers.Dense(config.dense, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dropout(config.dropout)(x)
    outputs = layers.Dense(classes, activation="softmax", name="probabilities")(x)
    return keras.Model(inputs, outputs, name="mask_classifier")


def fit_temperature(probabilities: Floats, targets: np.ndarray) -> float:
    """The temperature that makes the probabilities of held-back faces honest.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2.

    Args:
        probabilities: shape (n, classes).
        targets: shape (n,), the true classes.
    """
    logits = np.log(np.clip(probabilities.astype(np.float64), 1e-12, 1))

    def loss(log_temperature: float) -> float:
        scaled = logits / np.exp(log_temperature)
        normaliser = np.logaddexp.reduce(scaled, axis=1)
        return float(np.mean(normaliser - scaled[np.arange(len(targets)), targets]))

    best = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5)), method="bounded")
    return float(np.exp(best.x))


def apply_temperature(model: keras.Model, temperature: float) -> None:
    """Divide the logits by a temperature, inside the model's last layer."""
    last = model.get_layer("probabilities")
    last.set_weights([weight / temperature for weight in last.get_weights()])
