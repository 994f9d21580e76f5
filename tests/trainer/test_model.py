"""The network as it was asked for, with its scaling, its softmax and its temperature inside."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from inference.geometry import Floats
from tests.trainer.conftest import SMALL
from trainer.config import Config
from trainer.model import apply_temperature, build_model, fit_temperature

LAYERS = {"InputLayer", "Rescaling", "Conv2D", "BatchNormalization", "ReLU", "MaxPooling2D",
          "Flatten", "Dense", "Dropout"}  # fmt: skip
MOST_PARAMETERS = 400_000


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(2)
    return build_model(Config.from_dict(SMALL), 3)


@pytest.fixture(scope="module")
def inputs() -> Floats:
    return np.random.default_rng(1).uniform(0, 255, (9, 32, 32, 3)).astype(np.float32)


def test_the_shipped_configuration_is_small_and_has_only_the_named_layers() -> None:
    model = build_model(Config(), 3)
    assert {type(layer).__name__ for layer in model.layers} == LAYERS
    assert model.count_params() <= MOST_PARAMETERS
    assert model.input_shape == (None, Config().input_size, Config().input_size, 3)
    assert model.output_shape == (None, 3)


@pytest.mark.parametrize("classes", [2, 3])
def test_rows_are_probabilities(classes: int, inputs: Floats) -> None:
    answer = build_model(Config.from_dict(SMALL), classes).predict(inputs, verbose=0)
    assert answer.shape == (9, classes)
    assert answer.min() >= 0
    assert answer.sum(axis=1) == pytest.approx(np.ones(9), abs=1e-5)


def test_scaling_is_inside(model: keras.Model) -> None:
    """0 to 255 become -1 to 1 before the first convolution, and nothing else is before it."""
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds.index("Rescaling") == 1
    ends = np.stack([np.zeros((32, 32, 3)), np.full((32, 32, 3), 255)])
    scaled = keras.ops.convert_to_numpy(model.layers[1](ends))
    assert scaled[0] == pytest.approx(-1, abs=1e-6)
    assert scaled[1] == pytest.approx(1, abs=1e-6)


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7, 3.0])
def test_a_known_temperature_is_found(temperature: float) -> None:
    """Labels are drawn from honest probabilities; the model tells them too sharp or too flat."""
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 1.5, (20_000, 3))
    honest = softmax(logits)
    targets = np.array([rng.choice(3, p=row) for row in honest])
    found = fit_temperature(softmax(logits * temperature), targets)
    assert found == pytest.approx(temperature, rel=0.06)


def test_certain_answers_are_no_trouble() -> None:
    certain = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    assert np.isfinite(fit_temperature(certain, np.array([0, 1, 2])))
    assert fit_temperature(certain, np.array([1, 2, 0])) > 4, "always wrong: as flat as can be"


@pytest.mark.parametrize("temperature", [0.5, 2.5])
def test_the_temperature_divides_the_logits(temperature: float, inputs: Floats) -> None:
    keras.utils.set_random_seed(4)
    model = build_model(Config.from_dict(SMALL), 3)
    model.layers[-1].set_weights([model.layers[-1].get_weights()[0] * 3, np.array([0.5, 0, -1])])
    before = model.predict(inputs, verbose=0)
    apply_temperature(model, temperature)
    after = model.predict(inputs, verbose=0)
    assert after == pytest.approx(softmax(np.log(before) / temperature), abs=1e-5)
    assert (after.argmax(axis=1) == before.argmax(axis=1)).all()
    assert np.abs(after - before).max() > 0.01
