"""Tests that the report has the model's metrics and no photos."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image as Pillow

from inference.labels import DEFINITE_LABELS
from tests.trainer.conftest import Run
from trainer.config import Config
from trainer.data.dataset import Crops, list_crops, load_inputs
from trainer.data.synthetic import CASES, SOURCE
from trainer.errors import TrainerError
from trainer.evaluate.evaluate import MEASURED_PARTS, evaluate, summary_text
from trainer.evaluate.metrics import in_words, not_learned, proportion, trivial_baseline
from trainer.evaluate.plots import plot_precision_recall

PLOTS = {"confusion.png", "precision_recall.png", "calibration.png", "learning.png"}


@pytest.fixture(scope="module")
def metrics(evaluated: Run) -> dict[str, Any]:
    return json.loads((evaluated.folder / "report/metrics.json").read_text(encoding="utf-8"))


def test_the_report_has_metrics_and_plots_but_no_photos(evaluated: Run) -> None:
    report = evaluated.folder / "report"
    assert {path.name for path in report.iterdir()} == {"metrics.json", "config.json", *PLOTS}
    assert Config.load(report / "config.json") == evaluated.config
    assert {path.name for path in evaluated.folder.glob("*.png")} == {
        "mistakes_test.png",
        "mistakes_held_out.png",
    }


@pytest.mark.parametrize("name", sorted(PLOTS))
def test_plots_are_not_empty(name: str, evaluated: Run) -> None:
    with Pillow.open(evaluated.folder / "report" / name) as picture:
        pixels = np.asarray(picture.convert("L"))
    assert min(pixels.shape) > 300
    assert 0.005 < (pixels < 200).mean() < 0.8


def photographed(run: Run, part: str) -> Crops:
    """List the crops of a part without synthetic cases."""
    return list_crops(run.folder / "dataset", part).without(SOURCE)


@pytest.mark.parametrize("part", MEASURED_PARTS)
def test_accuracy_matches_the_models_predictions(
    part: str, evaluated: Run, metrics: dict[str, Any]
) -> None:
    model = keras.models.load_model(evaluated.folder / "model.keras", compile=False)
    crops = photographed(evaluated, part)
    inputs = load_inputs(crops.paths, evaluated.config)
    right = model.predict(inputs, verbose=0).argmax(axis=1) == crops.targets
    reported = metrics["parts"][part]
    assert reported["accuracy"]["value"] == pytest.approx(right.mean(), abs=1e-4)
    assert reported["accuracy"]["of"] == len(crops)
    assert np.trace(reported["confusion"]) == right.sum()
    assert reported["labels"].keys() == set(DEFINITE_LABELS)


def test_the_overfitting_check_compares_train_val_and_test(metrics: dict[str, Any]) -> None:
    fit = metrics["summary"]["overfitting"]
    for part in ("train", "val", "test"):
        assert fit[part] == metrics["parts"][part]["accuracy"]["value"]
    expected = "OVERFITTED" if fit["gap_points"] > 2 else "Not overfitted"
    if not_learned(metrics["parts"]["test"]):
        expected = "NOT LEARNED"
    assert fit["verdict"].startswith(expected)


def test_the_data_of_each_part_is_described(evaluated: Run, metrics: dict[str, Any]) -> None:
    for part in MEASURED_PARTS:
        folder = evaluated.folder / "dataset" / part
        held = Counter(path.parent.name for path in folder.glob("*/*.jpg"))
        reported = metrics["data"][part]
        assert reported["crops"] == Counter(
            path.parent.name for path in photographed(evaluated, part).paths
        )
        assert sum(reported["crops"].values()) + reported["drawn"] == held.total()
        assert (reported["drawn"] > 0) == (part in ("train", "test"))
    assert metrics["data"]["held_out"]["sources"] == ["gamma"]
    assert set(metrics["data"]["train"]["sources"]) <= {"alpha", "beta", "unknown"}


def test_metrics_per_source(metrics: dict[str, Any]) -> None:
    assert metrics["sources"]["held_out"].keys() == {"gamma"}
    test = metrics["sources"]["test"]
    assert test.keys() == set(metrics["data"]["test"]["sources"])
    assert sum(one["of"] for one in test.values()) == metrics["parts"]["test"]["accuracy"]["of"]


def test_slices_cover_the_faces_of_their_part(evaluated: Run, metrics: dict[str, Any]) -> None:
    for part in ("test", "held_out"):
        slices = metrics["slices"][part]
        crops = photographed(evaluated, part)
        assert {reported["of"] for reported in slices["all faces reduced to"].values()} == {
            len(crops)
        }
        whole = slices["all faces reduced to"]["as they are"]
        assert whole == metrics["parts"][part]["two_classes"]
        assert sum(t["of"] for t in slices["masks"].values()) == (crops.targets == 0).sum()
    drawn = list_crops(evaluated.folder / "dataset", "test").only(SOURCE)
    reported = metrics["slices"]["test"]["drawn on test faces"]
    assert sum(one["of"] for one in reported.values()) == len(drawn) > 0
    assert set(reported) <= {kind.replace("_", " ") for kind in CASES}


def test_predictions_on_held_out_sources_are_saved(evaluated: Run, metrics: dict[str, Any]) -> None:
    with np.load(evaluated.folder / "held_out.npz") as answers:
        right = answers["probabilities"].argmax(axis=1) == answers["targets"]
    assert right.mean() == pytest.approx(
        metrics["parts"]["held_out"]["accuracy"]["value"], abs=1e-4
    )
    assert 0.5 <= metrics["calibration"]["unsure_below"] < 1


def test_the_baseline_uses_only_photo_sizes(evaluated: Run, metrics: dict[str, Any]) -> None:
    sizes = {face.crop: (face.width, face.height) for face in evaluated.faces}
    parts = [photographed(evaluated, part) for part in ("train", "test")]
    train, test = [np.array([sizes[path.name] for path in crops.paths]) for crops in parts]
    expected = trivial_baseline(train, parts[0].targets, test, parts[1].targets)
    assert metrics["summary"]["photo_size_alone"] == expected


def test_the_summary_has_the_main_metrics(metrics: dict[str, Any]) -> None:
    text = summary_text(metrics)
    for part in MEASURED_PARTS:
        value = metrics["parts"][part]["accuracy"]["value"]
        assert any(line.startswith(part) and f"{value:.2%}" in line for line in text.splitlines())
    for label in DEFINITE_LABELS:
        assert label in text
    assert metrics["summary"]["overfitting"]["verdict"] in text
    assert in_words(metrics["parts"]["test"]["accuracy"]) in text, "there are few"


def test_a_label_without_test_faces_has_no_figures(metrics: dict[str, Any], tmp_path: Path) -> None:
    without = deepcopy(metrics)
    without["parts"]["test"]["labels"]["incorrect_mask"]["recall"] = proportion(0, 0)
    assert re.search("incorrect_mask +no test faces", summary_text(without))
    two = np.eye(3, dtype=np.float32)[:2]
    with warnings.catch_warnings(action="error"):
        plot_precision_recall(two, np.array([0, 1]), [*DEFINITE_LABELS], tmp_path / "plot.png")


@pytest.fixture
def copy(trained: Run, tmp_path: Path) -> Run:
    """A copy of the trained run without a report."""
    run = tmp_path / "run"
    shutil.copytree(trained.folder, run, ignore=shutil.ignore_patterns("report", "*.png", "export"))
    return Run(run, trained.photos, trained.config)


class Oracle:
    """A model that is always right, or always wrong."""

    def __init__(self, run: Run, right: bool) -> None:
        parts = [photographed(run, part) for part in MEASURED_PARTS]
        self._answers = [
            np.eye(3, dtype=np.float32)[(crops.targets + (not right)) % 3] * 0.8 + 0.05
            for crops in parts
        ]

    def predict(self, inputs: np.ndarray, **_: object) -> np.ndarray:
        if not self._answers:  # the slices
            return np.full((len(inputs), 3), 1 / 3, np.float32)
        answer = self._answers.pop(0)
        assert len(answer) == len(inputs)
        return answer


@pytest.mark.parametrize("right", [True, False])
def test_models_that_are_always_right_or_always_wrong(
    right: bool, copy: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras.models, "load_model", lambda *_, **__: Oracle(copy, right))
    metrics = evaluate(copy.folder, copy.config)
    assert {part["accuracy"]["value"] for part in metrics["parts"].values()} == {float(right)}
    assert ("NOT LEARNED" in summary_text(metrics)) == (not right)
    assert {path.name for path in (copy.folder / "report").glob("*.png")} == PLOTS
    sheets = [Pillow.open(copy.folder / f"mistakes_{part}.png") for part in ("test", "held_out")]
    colorful = [
        np.ptp(np.asarray(sheet.convert("RGB"), int), axis=2).max() > 40 for sheet in sheets
    ]
    assert colorful == [not right] * 2, "faces are shown where there are mistakes"


def test_without_held_out_sources(copy: Run) -> None:
    shutil.rmtree(copy.folder / "dataset/held_out")
    metrics = evaluate(copy.folder, copy.config)
    assert metrics["summary"]["held_out"] is None
    assert metrics["parts"].keys() == metrics["summary"]["overfitting"].keys() & {*MEASURED_PARTS}
    assert not (copy.folder / "mistakes_held_out.png").exists()


def test_a_missing_model_is_refused(prepared: Run, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="run 'train' first"):
        evaluate(tmp_path, prepared.config)


def test_a_missing_data_set_is_refused(copy: Run) -> None:
    shutil.rmtree(copy.folder / "dataset")
    with pytest.raises(TrainerError, match="run 'prepare' first"):
        evaluate(copy.folder, copy.config)
