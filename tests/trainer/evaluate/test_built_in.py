"""Tests the built-in faces."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from inference.contract import MODELS
from inference.vision.geometry import Floats
from trainer.config import Config
from trainer.errors import TrainerError
from trainer.evaluate import built_in
from trainer.evaluate.built_in import built_in_faces
from trainer.evaluate.metrics import Targets


@pytest.fixture(scope="module")
def faces() -> tuple[Floats, Targets]:
    return built_in_faces(Config())


def test_they_are_varied_inputs_of_all_labels(faces: tuple[Floats, Targets]) -> None:
    inputs, labels = faces
    assert inputs.shape == (len(labels), 64, 64, 3)
    assert inputs.dtype == np.float32
    assert inputs.min() >= 0
    assert inputs.max() <= 255
    assert min(np.bincount(labels, minlength=3)) > 100
    assert len({face.tobytes() for face in inputs}) == len(inputs)


def test_they_are_always_the_same(faces: tuple[Floats, Targets]) -> None:
    again, labels = built_in_faces(Config())
    assert np.array_equal(again, faces[0])
    assert np.array_equal(labels, faces[1])


def test_the_model_in_use_knows_them(faces: tuple[Floats, Targets]) -> None:
    """Faces that it gets wrong cannot be lost."""
    inputs, labels = faces
    model = keras.models.load_model(MODELS / "mask.keras", compile=False)
    assert (model.predict(inputs, verbose=0).argmax(axis=1) == labels).mean() > 0.9


def test_missing_sample_photos_are_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(built_in, "WEIGHTS", tmp_path_factory.mktemp("weights"))
    with pytest.raises(TrainerError, match="run 'make setup'"):
        built_in_faces(Config())
