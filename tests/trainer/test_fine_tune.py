"""Tests the fine-tuning: its targets, the mean of the weights, and its outputs."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.trainer.conftest import Run
from trainer import fine_tune as module
from trainer.config import Config
from trainer.data.dataset import list_crops, list_labels
from trainer.errors import TrainerError
from trainer.evaluate.evaluate import evaluate, summary_text
from trainer.export.archive import present_version
from trainer.export.export import FILES
from trainer.fine_tune import SHARES, average, distil, fine_tune


def network(*bias: float) -> keras.Model:
    """A network of one number whose probabilities depend on its bias alone."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(3, activation="softmax")])
    model.set_weights([np.zeros((1, 3)), np.array(bias)])
    return model


def test_the_base_model_is_its_own_target_where_it_is_right() -> None:
    teacher = network(3, 1, 0)
    known = teacher.predict(np.zeros((1, 1)), verbose=0)[0]
    _, targets = distil(teacher, 0.9)(tf.zeros((2, 1)), tf.one_hot([0, 1], 3))
    expected = 0.9 * known + 0.1 * np.array([1, 0, 0])
    assert targets.numpy()[0] == pytest.approx(expected, abs=1e-6)
    assert targets.numpy()[1].tolist() == [0, 1, 0], (
        "it is wrong here, so there is something to learn"
    )


def test_half_of_a_batch_are_drawn_faces_with_the_targets_of_the_base_model(
    evaluated: Run, project: Path
) -> None:
    crops = list_crops(evaluated.folder / "dataset", "train")
    teacher = keras.models.load_model(project / FILES["keras"], compile=False)
    config = replace(evaluated.config, samples_per_epoch=64)
    inputs, targets = next(iter(module._batches(crops, teacher, config, evaluated.folder)))
    assert len(inputs) == len(targets) == config.batch_size
    half = config.batch_size // 2
    assert targets.numpy()[half:] == pytest.approx(teacher(inputs[half:]).numpy(), abs=1e-5)
    assert not np.allclose(targets[:half], teacher(inputs[:half]).numpy(), atol=1e-3)


def choose(after: keras.Model, label: int, known: int) -> float:
    """Average with a base model that always answers 0, for faces of `label` and built-in ones."""
    faces, many = np.zeros((8, 1), np.float32), np.zeros((200, 1), np.float32)
    built_in = (many, np.full(200, known))
    return average(after, network(2, 0, 0), faces, np.full(8, label), built_in)


def test_the_share_is_the_best_for_the_faces() -> None:
    model = network(0, 2, 0)
    assert choose(model, label=1, known=1) == SHARES[-1]
    assert choose(network(0, 2, 0), label=0, known=1) == SHARES[0]
    assert model.get_weights()[1].tolist() == [0, 2, 0]


def test_the_share_keeps_the_built_in_faces() -> None:
    model = network(0, 2.2, 0)
    assert choose(model, label=1, known=0) == 0.4, "from 0.5 on they are lost"
    assert model.get_weights()[1] == pytest.approx([1.2, 0.88, 0])


@pytest.fixture
def tuned(evaluated: Run, project: Path, tmp_path: Path) -> tuple[Path, Config]:
    """A run of photos without incorrect masks, and a configuration that takes seconds."""
    shutil.copytree(evaluated.folder / "dataset", tmp_path / "run/dataset")
    shutil.copy(evaluated.folder / "faces.csv", tmp_path / "run")
    for part in ("train", "val", "test"):
        shutil.rmtree(tmp_path / f"run/dataset/{part}/incorrect_mask")
    config = replace(
        evaluated.config,
        base_model=present_version(project),
        fine_tune_epochs=1,
        samples_per_epoch=32,
    )
    return tmp_path / "run", config


def test_a_run_fine_tunes_the_exported_model(
    tuned: tuple[Path, Config], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, config = tuned
    monkeypatch.setattr(module, "VAL_VARIANTS", 32)
    model = keras.models.load_model(fine_tune(run, config, project), compile=False)
    base = keras.models.load_model(project / FILES["keras"], compile=False)
    assert [w.shape for w in model.weights] == [w.shape for w in base.weights]
    changes = [
        np.abs(new - old).max()
        for new, old in zip(model.get_weights(), base.get_weights(), strict=True)
    ]
    assert 0 < max(changes) < 0.1, "it learns, and stays near"
    assert list_labels(run / "dataset") == ["with_mask", "without_mask", "incorrect_mask"]
    summary = json.loads((run / "training.json").read_text(encoding="utf-8"))
    assert summary["base_model"] == config.base_model
    assert summary["share"] in SHARES
    assert summary["temperature"] == 1, "few faces do not calibrate"
    assert not (run / "backup").exists()
    measured = evaluate(run, config)
    assert measured["parts"]["test"]["labels"]["incorrect_mask"]["recall"]["of"] == 0
    assert "incorrect_mask  no test faces" in summary_text(measured)


def test_a_base_model_that_is_gone_is_refused(tuned: tuple[Path, Config], tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="Expected the model"):
        fine_tune(*tuned, tmp_path)
