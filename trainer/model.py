"""The network: a small CNN with scaling and softmax inside."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
from keras import layers

from trainer.config import Config


def build_model(config: Config, classes: int, normalised: bool = True) -> keras.Model:
    """Build an untrained network.

    Input: float32, shape (n, size, size, 3), RGB, 0 to 255. Output: float32, shape (n, classes),
    probabilities.

    Args:
        normalised: with batch normalisation, for training; `fold` removes it.
    """
    inputs = keras.Input((config.input_size, config.input_size, 3), name="faces")
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    for stage in config.filters:
        for filters in stage:
            x = _activated(layers.Conv2D, normalised, filters, 3, padding="same")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(config.dropout)(x)
    x = _activated(layers.Dense, normalised, config.dense)(x)
    x = layers.Dropout(config.dropout)(x)
    outputs = layers.Dense(classes, activation="softmax", name="probabilities")(x)
    return keras.Model(inputs, outputs, name="mask_classifier")


def _activated(
    kind: type[layers.Layer], normalised: bool, *args: int, **options: str
) -> layers.Layer:
    if not normalised:
        return kind(*args, activation="relu", **options)

    def apply(x: keras.KerasTensor) -> keras.KerasTensor:
        x = kind(*args, use_bias=False, **options)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    return apply


def fold(model: keras.Model, config: Config) -> keras.Model:
    """Fold each batch normalisation into the layer before it.

    The result has the same outputs, is smaller and faster, and uses only layers of all runtimes.
    """
    plain = build_model(config, model.output_shape[-1], normalised=False)
    for layer, weights in zip(_weighted(plain), _folded(model), strict=True):
        layer.set_weights(weights)
    return plain


def _weighted(model: keras.Model) -> list[layers.Layer]:
    return [layer for layer in model.layers if layer.weights]


def _folded(model: keras.Model) -> Iterator[list[np.ndarray]]:
    """Yield kernel and bias of each layer of the folded network."""
    weighted = _weighted(model)
    for layer, normalisation in zip(weighted[:-1:2], weighted[1:-1:2], strict=True):
        gamma, beta, mean, variance = normalisation.get_weights()
        factor = gamma / np.sqrt(variance + normalisation.epsilon)
        yield [layer.get_weights()[0] * factor, beta - mean * factor]
    yield weighted[-1].get_weights()
