"""Tests the network and its calibration."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from inference.vision.geometry import Floats
from tests.trainer.conftest import SMALL
from trainer.calibration import (
    MAX_UNSURE_RATE,
    TARGET_ACCURACY,
    apply_temperature,
    calibrate,
    fit_temperature,
    rescale,
)
from trainer.config import Config
from trainer.model import build_model, fold

LAYERS = {"InputLayer", "Rescaling", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dropout"}
MAX_PARAMETERS = 400_000


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(2)
    return build_model(Config.from_dict(SMALL), 3)


@pytest.fixture(scope="module")
def inputs() -> Floats:
    return np.random.default_rng(1).uniform(0, 255, (9, 32, 32, 3)).astype(np.float32)


def test_the_default_network_is_small_and_has_only_portable_layers() -> None:
    model = build_model(Config(), 3, normalised=False)
    assert {type(layer).__name__ for layer in model.layers} == LAYERS
    assert model.count_params() <= MAX_PARAMETERS
    assert model.input_shape == (None, Config().input_size, Config().input_size, 3)
    assert model.output_shape == (None, 3)


@pytest.mark.parametrize("classes", [2, 3])
def test_outputs_are_probabilities(classes: int, inputs: Floats) -> None:
    answer = build_model(Config.from_dict(SMALL), classes).predict(inputs, verbose=0)
    assert answer.shape == (9, classes)
    assert answer.min() >= 0
    assert answer.sum(axis=1) == pytest.approx(np.ones(9), abs=1e-5)


def test_scaling_is_part_of_the_model(model: keras.Model) -> None:
    """The first layer scales 0 to 255 to -1 to 1."""
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds.index("Rescaling") == 1
    ends = np.stack([np.zeros((32, 32, 3)), np.full((32, 32, 3), 255)])
    scaled = keras.ops.convert_to_numpy(model.layers[1](ends))
    assert scaled[0] == pytest.approx(-1, abs=1e-6)
    assert scaled[1] == pytest.approx(1, abs=1e-6)


def test_a_folded_network_has_the_same_outputs(inputs: Floats) -> None:
    keras.utils.set_random_seed(3)
    config = Config.from_dict(SMALL)
    model = build_model(config, 3)
    rng = np.random.default_rng(6)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            layer.set_weights(
                [
                    gamma + rng.uniform(-0.5, 0.5, gamma.shape),
                    beta + rng.normal(0, 0.5, beta.shape),
                    mean + rng.normal(0, 0.5, mean.shape),
                    variance * rng.uniform(0.3, 3, variance.shape),
                ]
            )
    folded = fold(model, config)
    assert {type(layer).__name__ for layer in folded.layers} == LAYERS
    expected = model.predict(inputs, verbose=0)
    assert folded.predict(inputs, verbose=0) == pytest.approx(expected, abs=1e-5)
    assert np.ptp(expected, axis=0).max() > 0.01, "the outputs differ between faces"


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7, 3.0])
def test_a_known_temperature_is_recovered(temperature: float) -> None:
    """Targets are sampled from calibrated probabilities; the model's are too sharp or too flat."""
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 1.5, (20_000, 3))
    calibrated = softmax(logits)
    targets = np.array([rng.choice(3, p=row) for row in calibrated])
    found = fit_temperature(softmax(logits * temperature), targets)
    assert found == pytest.approx(temperature, rel=0.06)


def test_probabilities_of_0_and_1_are_handled() -> None:
    certain = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    assert np.isfinite(fit_temperature(certain, np.array([0, 1, 2])))
    assert fit_temperature(certain, np.array([1, 2, 0])) > 4, "always wrong: near the upper bound"


def test_a_few_correct_predictions_sharpen_only_a_little() -> None:
    """Without the prior it would be 0.2, the lower bound."""
    sure = np.full((18, 3), 0.02) + 0.94 * np.eye(3)[np.arange(18) % 3]
    assert 0.5 < fit_temperature(sure, np.arange(18) % 3) < 1


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


def reported(rng: np.random.Generator, count: int, noise: float) -> tuple[Floats, np.ndarray]:
    """Return calibrated probabilities of two classes, and targets sampled from them with noise."""
    probability = rng.beta(0.05, 0.05, count)
    targets = (rng.random(count) < probability).astype(np.int64)
    wrong = rng.random(count) < noise
    return np.stack([1 - probability, probability], axis=1), targets ^ wrong


def test_the_threshold_is_the_lowest_with_the_target_accuracy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("trainer.calibration.MAX_UNSURE_RATE", 0.5)
    probabilities, targets = reported(np.random.default_rng(7), 20_000, 0.0)
    flat = rescale(probabilities, 2)
    found = calibrate(flat, targets)
    assert found["temperature"] == pytest.approx(0.5, rel=0.06), "the flat ones are sharpened"
    certainty = rescale(flat, found["temperature"]).max(axis=1)
    right = flat.argmax(axis=1) == targets
    definite = certainty >= found["unsure_below"]
    assert found["right"]["value"] == pytest.approx(right[definite].mean(), abs=1e-4)
    assert found["unsure"]["value"] == pytest.approx(1 - definite.mean(), abs=1e-4)
    assert found["reached"]
    assert right[definite].mean() >= TARGET_ACCURACY
    assert right[certainty >= found["unsure_below"] - 0.01].mean() < TARGET_ACCURACY


def test_noisy_labels_leave_a_limited_share_unsure() -> None:
    found = calibrate(*reported(np.random.default_rng(8), 5_000, 0.1))
    assert not found["reached"]
    assert found["unsure"]["value"] == pytest.approx(MAX_UNSURE_RATE, abs=0.01)
    assert found["right"]["value"] < TARGET_ACCURACY


def test_calibration_works_with_one_face() -> None:
    found = calibrate(np.array([[0.9, 0.1]]), np.array([1]))
    assert found["right"]["of"] == 1
