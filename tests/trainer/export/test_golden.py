"""Tests that the model is uncertain on the golden input."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from tests.trainer.conftest import SMALL
from trainer.config import Config
from trainer.export.golden import draw_golden
from trainer.model import build_model


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(6)
    model = build_model(Config.from_dict(SMALL), 3)
    weights, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([weights * 8, bias])  # decided on most pictures
    return model


def test_the_golden_input_is_deterministic(model: keras.Model) -> None:
    golden = draw_golden(model, 32)
    assert golden.shape == (32, 32, 3)
    assert golden.dtype == np.uint8
    assert np.ptp(golden) > 60
    assert (draw_golden(model, 32) == golden).all()


def test_wrong_preprocessing_changes_the_output(model: keras.Model) -> None:
    """The output on the golden input is near a tie and depends on the color order."""
    golden = draw_golden(model, 32).astype(np.float32)
    other = draw_golden(model, 32, seed=2).astype(np.float32)
    wrong = np.stack([golden, golden[..., ::-1], golden / 127.5 - 1, other])
    right, *others, second = model.predict(wrong, verbose=0)
    assert right.max() < 0.7
    assert second.max() < 0.7
    assert all(np.abs(answer - right).max() > 0.02 for answer in others)
