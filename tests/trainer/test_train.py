"""Tests the training, its outputs, and resuming it."""

from __future__ import annotations

import csv
import gc
import json
import shutil
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tests.trainer.conftest import Run
from trainer import train as module
from trainer.__main__ import main
from trainer.config import Config
from trainer.data.dataset import class_weights, list_crops, load_inputs
from trainer.data.pose import read_poses
from trainer.errors import TrainerError
from trainer.model import build_model, fold
from trainer.train import compile_model, load_initial_model, train


@pytest.fixture
def copy(prepared: Run, tmp_path: Path) -> Run:
    """The prepared run, untrained, with three short epochs."""
    run = tmp_path / "run"
    shutil.copytree(prepared.folder / "dataset", run / "dataset")
    shutil.copy(prepared.folder / "faces.csv", run)
    config = replace(prepared.config, epochs=3, samples_per_epoch=32)
    config.save(run / "config.json")
    return Run(run, prepared.photos, config)


def history(run: Path) -> list[dict[str, str]]:
    with (run / "history.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def interrupt_after(epoch: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Raise KeyboardInterrupt at the end of an epoch; return the epochs that were started."""
    started: list[int] = []
    original = module.callbacks

    class Interrupt(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_begin(self, number: int, logs: object = None) -> None:
            started.append(number)

        def on_epoch_end(self, number: int, logs: object = None) -> None:
            if number == epoch:
                raise KeyboardInterrupt

    monkeypatch.setattr(module, "callbacks", lambda *args: [*original(*args), Interrupt()])
    return started


def test_an_interrupted_training_resumes_after_its_last_epoch(
    copy: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt_after(0, monkeypatch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Keras leaves its history open
        assert main(["train", "--run", str(copy.folder)]) == 130
        gc.collect()
    errors = capsys.readouterr().err.splitlines()
    assert errors[-1] == "trainer: interrupted; run the same command again to resume a training."
    assert not (copy.folder / "model.keras").exists()
    first = history(copy.folder)
    monkeypatch.undo()
    started = interrupt_after(99, monkeypatch)
    assert main(["train", "--run", str(copy.folder)]) == 0
    assert started == [1, 2]
    rows = history(copy.folder)
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert rows[0] == first[0]
    assert (copy.folder / "model.keras").exists()
    assert not (copy.folder / "backup").exists()
    reported = json.loads((copy.folder / "training.json").read_text(encoding="utf-8"))
    assert reported["seconds"] == pytest.approx(
        sum(float(row["seconds"]) for row in rows), abs=0.51
    )


def test_a_finished_training_starts_over(copy: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(copy.config, epochs=1)
    for _ in range(2):
        started = interrupt_after(99, monkeypatch)
        train(copy.folder, config)
        assert started == [0]
        assert [row["epoch"] for row in history(copy.folder)] == ["0"]
        monkeypatch.undo()


def test_the_history_has_a_row_per_epoch(trained: Run) -> None:
    rows = history(trained.folder)
    assert [int(row["epoch"]) for row in rows] == list(range(len(rows)))
    assert len(rows) <= trained.config.epochs
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= rows[0].keys()
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"]), "it learns"


def test_the_summary_describes_the_training(trained: Run) -> None:
    reported = json.loads((trained.folder / "training.json").read_text(encoding="utf-8"))
    model = keras.models.load_model(trained.folder / "model.keras", compile=False)
    assert reported["parameters"] == model.count_params()
    assert 0.19 < reported["temperature"] < 5.1
    seconds = sum(float(row["seconds"]) for row in history(trained.folder))
    assert reported["seconds"] == pytest.approx(seconds, abs=0.51)


def test_the_model_has_the_last_weights_and_its_temperature(
    copy: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    last: list[keras.Model] = []

    def fit(self: keras.Model, *_: object, **__: object) -> None:
        (copy.folder / "history.csv").write_text("epoch,seconds\n0,1.0\n", encoding="utf-8")
        (copy.folder / "backup").mkdir()
        rng = np.random.default_rng(1)
        self.set_weights([w + rng.uniform(0, 0.1, w.shape) for w in self.get_weights()])
        last.append(fold(self, copy.config))

    monkeypatch.setattr(keras.Model, "fit", fit)
    model = keras.models.load_model(train(copy.folder, copy.config), compile=False)
    reported = json.loads((copy.folder / "training.json").read_text(encoding="utf-8"))
    *earlier, kernel, bias = last[0].get_weights()
    expected = [*earlier, kernel / reported["temperature"], bias / reported["temperature"]]
    for weights, wanted in zip(model.get_weights(), expected, strict=True):
        assert weights == pytest.approx(wanted, rel=1e-3)


def test_the_model_has_an_output_per_label(trained: Run) -> None:
    model = keras.models.load_model(trained.folder / "model.keras", compile=False)
    val = list_crops(trained.folder / "dataset", "val")
    answer = model.predict(load_inputs(val.paths, trained.config), verbose=0)
    assert answer.shape == (len(val), 3)
    assert answer.sum(axis=1) == pytest.approx(np.ones(len(val)), abs=1e-5)


def test_the_loss_is_weighted_and_validated(copy: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks the arguments of `fit`."""
    received: dict[str, Any] = {}

    original = keras.Model.fit

    def fit(self: keras.Model, data: object, **options: Any) -> object:
        received.update(options)
        return original(self, data, **options)

    monkeypatch.setattr(keras.Model, "fit", fit)
    train(copy.folder, copy.config)
    crops = list_crops(copy.folder / "dataset", "train")
    assert received["class_weight"] == class_weights(crops, copy.config, read_poses(copy.folder))
    assert received["epochs"] == 3
    assert received["steps_per_epoch"] == 2
    inputs, targets = received["validation_data"]
    val = list_crops(copy.folder / "dataset", "val")
    assert len(inputs) == len(val)
    assert targets.argmax(axis=1).tolist() == val.targets.tolist()


def test_the_learning_rate_warms_up_and_decays_to_zero() -> None:
    config = Config(epochs=10, learning_rate=1e-3)
    model = compile_model(build_model(config, 2), config, steps=20)
    rate = model.optimizer._learning_rate
    rates = [float(rate(step)) for step in (0, 20, 110, 199)]
    assert rates[0] < rates[1] == pytest.approx(1e-3, rel=0.02)
    assert rates[1] > rates[2] > rates[3]
    assert rates[3] < 1e-5
    assert isinstance(model.optimizer, keras.optimizers.AdamW)
    assert isinstance(model.loss, keras.losses.CategoricalCrossentropy)


def test_a_missing_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="run 'prepare' first"):
        train(tmp_path, Config())


def test_a_run_fine_tunes_the_model_that_it_starts_from(trained: Run, tmp_path: Path) -> None:
    shutil.copytree(trained.folder / "dataset", tmp_path / "dataset")
    shutil.copy(trained.folder / "faces.csv", tmp_path)
    config = replace(
        trained.config,
        start_from=str(trained.folder),
        fine_tune_epochs=1,
        fine_tune_rate=0.0,
        weight_decay=0.0,
    )
    before = keras.models.load_model(trained.folder / "model.keras", compile=False)
    after = keras.models.load_model(train(tmp_path, config), compile=False)
    assert [row["epoch"] for row in history(tmp_path)] == ["0"]
    unchanged = zip(before.get_weights()[:-2], after.get_weights()[:-2], strict=True)
    assert all(np.array_equal(old, new) for old, new in unchanged), "a rate of 0 learns nothing"
    summary = json.loads((tmp_path / "training.json").read_text(encoding="utf-8"))
    kernels = [model.get_weights()[-2] for model in (before, after)]
    assert kernels[1] == pytest.approx(kernels[0] / summary["temperature"], abs=1e-3)


def test_incompatible_runs_are_refused(trained: Run, tmp_path: Path) -> None:
    start = str(trained.folder)
    with pytest.raises(TrainerError, match="Expected a trained model"):
        load_initial_model(tmp_path, trained.config, 3)
    with pytest.raises(TrainerError, match="Expected the configured network"):
        load_initial_model(trained.folder, trained.config, 2)
    with pytest.raises(TrainerError, match=f"held out alpha, but {start} was trained on it"):
        load_initial_model(trained.folder, replace(trained.config, hold_out_sources=("alpha",)), 3)
