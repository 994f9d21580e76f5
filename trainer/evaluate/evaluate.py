"""``python -m trainer evaluate``: measures a trained model and writes the report."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from inference.vision.geometry import Floats
from trainer.calibration import calibrate
from trainer.config import Config
from trainer.data import synthetic as cases
from trainer.data.crops import read_faces
from trainer.data.dataset import Crops, list_crops, load_inputs
from trainer.data.prepare import ANSWERS, HELD_OUT
from trainer.errors import TrainerError
from trainer.evaluate import plots
from trainer.evaluate.metrics import binary_accuracy, measure, overfitting, trivial_baseline
from trainer.evaluate.slices import SIZES, Kinds, by_kind, reduce_faces, size_kinds, slices_of

log = logging.getLogger(__name__)

CHUNK = 4096  # crops in memory at once
PARTS = ("train", "val", "test", HELD_OUT)


@dataclass(frozen=True)
class Predictions:
    """A part of the data set with the model's predictions."""

    crops: Crops
    probabilities: Floats

    @property
    def answers(self) -> NDArray[np.int64]:
        return self.probabilities.argmax(axis=1)


def evaluate(run: Path, config: Config) -> dict[str, Any]:
    """Measure ``run/model.keras`` on every part of the data set.

    Writes ``run/report/`` (``metrics.json`` and plots), ``run/mistakes_<part>.png``, contact
    sheets of the worst mistakes (they show photos, so they stay out of the report), and for sources
    left out ``run/held_out.npz`` with ``probabilities`` and ``targets`` for the calibration.

    Returns:
        What ``metrics.json`` holds.

    Raises:
        TrainerError: there is no trained model or no prepared data set.
    """
    if not (run / "model.keras").exists():
        raise TrainerError(f"Expected a trained model in {run}, got none: run 'train' first.")
    model = keras.models.load_model(run / "model.keras", compile=False)
    predicted = {part: _predict_part(model, run, part, config) for part in PARTS}
    metrics = _metrics(predicted, run)
    metrics["slices"] = _slices(model, predicted, run, config)
    if len(predicted[HELD_OUT].crops):
        left_out = predicted[HELD_OUT]
        metrics["calibration"] = calibrate(left_out.probabilities, left_out.crops.targets)
        np.savez(
            run / ANSWERS, probabilities=left_out.probabilities, targets=left_out.crops.targets
        )
    report = run / "report"
    report.mkdir(exist_ok=True)
    (report / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    config.save(report / "config.json")
    _plot(predicted, metrics, run, config)
    log.info("%s", summary_text(metrics))
    return metrics


def _predict_part(model: keras.Model, run: Path, part: str, config: Config) -> Predictions:
    # Synthetic cases are harder than photos: with them, train would look worse than it is.
    crops = list_crops(run / "dataset", part).without(cases.SOURCE)
    answers = [_predict(model, load_inputs(chunk.paths, config)) for chunk in crops.chunks(CHUNK)]
    none = np.empty((0, len(crops.labels)), np.float32)
    return Predictions(crops, np.concatenate([none, *answers]))


def _predict(model: keras.Model, inputs: Floats) -> Floats:
    return model.predict(inputs, batch_size=256, verbose=0)


def _slices(
    model: keras.Model, predicted: dict[str, Predictions], run: Path, config: Config
) -> dict[str, Any]:
    """Mask or not by kind of face: for test, the left-out sources and the drawn cases."""
    sizes = {face.crop: face.face for face in read_faces(run / "faces.csv")}
    parts = {
        name: _slice(model, predicted[name], sizes, config)
        for name in ("test", HELD_OUT)
        if len(predicted[name].crops)
    }
    drawn = list_crops(run / "dataset", "test").only(cases.SOURCE)
    if len(drawn):
        kinds = np.array([cases.kind_of(path) for path in drawn.paths])
        answers = _predict(model, load_inputs(drawn.paths, config)).argmax(axis=1)
        parts["test"]["drawn on test faces"] = by_kind(kinds, drawn.targets, answers)
    return parts


def _slice(
    model: keras.Model, part: Predictions, faces: dict[str, float], config: Config
) -> dict[str, Any]:
    kinds: list[dict[str, Kinds]] = []
    reduced: list[dict[str, NDArray[np.int64]]] = []
    for chunk in part.crops.chunks(CHUNK):
        inputs = load_inputs(chunk.paths, config)
        kinds.append(slices_of(inputs, chunk.sources, chunk.targets))
        reduced.append(
            {
                name: _predict(model, reduce_faces(inputs, face)).argmax(axis=1)
                for name, face in SIZES.items()
            }
        )
    targets = part.crops.targets
    sizes = {
        name: binary_accuracy(targets, np.concatenate([one[name] for one in reduced]))
        for name in SIZES
    }
    true_sizes = size_kinds(np.array([faces[path.name] for path in part.crops.paths]))
    return {
        "face in its photo": by_kind(true_sizes, targets, part.answers),
        "all faces reduced to": sizes | {"as they are": binary_accuracy(targets, part.answers)},
        **{
            heading: by_kind(np.concatenate([one[heading] for one in kinds]), targets, part.answers)
            for heading in kinds[0]
        },
    }


def _metrics(predicted: dict[str, Predictions], run: Path) -> dict[str, Any]:
    labels = predicted["test"].crops.labels
    parts = {
        name: measure(part.probabilities, part.crops.targets, labels)
        for name, part in predicted.items()
        if len(part.crops)
    }
    accuracy = {name: part["accuracy"]["value"] for name, part in parts.items()}
    fit = overfitting(accuracy["train"], accuracy["val"], accuracy["test"])
    return {
        "summary": {
            "test": _headline(parts["test"]),
            "held_out": _headline(parts[HELD_OUT]) if HELD_OUT in parts else None,
            "overfitting": fit,
            "photo_size_alone": _baseline(predicted, run),
        },
        "data": _describe(predicted, run),
        "parts": parts,
        "sources": {
            name: _by_source(predicted[name])
            for name in ("test", HELD_OUT)
            if len(predicted[name].crops)
        },
    }


def _headline(part: dict[str, Any]) -> dict[str, Any]:
    return {name: part[name] for name in ("accuracy", "two_classes")}


def _baseline(predicted: dict[str, Predictions], run: Path) -> dict[str, Any]:
    sizes = {face.crop: (face.width, face.height) for face in read_faces(run / "faces.csv")}

    def of(crops: Crops) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return np.array([sizes[path.name] for path in crops.paths]), crops.targets

    return trivial_baseline(*of(predicted["train"].crops), *of(predicted["test"].crops))


def _describe(predicted: dict[str, Predictions], run: Path) -> dict[str, Any]:
    """The number of crops of each label, of drawn ones, and the sources of each part."""
    return {
        name: {
            "crops": dict(Counter(part.crops.labels[t] for t in part.crops.targets.tolist())),
            "sources": sorted(set(part.crops.sources)),
            "drawn": len(list_crops(run / "dataset", name)) - len(part.crops),
        }
        for name, part in predicted.items()
    }


def _by_source(part: Predictions) -> dict[str, Any]:
    sources = np.array(part.crops.sources)
    return {
        source: binary_accuracy(part.crops.targets[rows], part.answers[rows])
        for source in sorted(set(part.crops.sources))
        for rows in [sources == source]
    }


def _plot(
    predicted: dict[str, Predictions], metrics: dict[str, Any], run: Path, config: Config
) -> None:
    report, test = run / "report", predicted["test"]
    labels = test.crops.labels
    plots.plot_confusion(metrics["parts"]["test"]["confusion"], labels, report / "confusion.png")
    plots.plot_precision_recall(
        test.probabilities, test.crops.targets, labels, report / "precision_recall.png"
    )
    measured = {name: predicted[name] for name in ("test", HELD_OUT) if len(predicted[name].crops)}
    plots.plot_calibration(
        {name: (part.probabilities, part.crops.targets) for name, part in measured.items()},
        report / "calibration.png",
    )
    plots.plot_learning(run / "history.csv", report / "learning.png")
    for name, part in measured.items():
        wrong = np.flatnonzero(part.answers != part.crops.targets)
        crops = Crops([part.crops.paths[i] for i in wrong], part.crops.targets[wrong], labels)
        inputs = load_inputs(crops.paths, config)
        plots.plot_mistakes(inputs, part.probabilities[wrong], crops, run / f"mistakes_{name}.png")


def summary_text(metrics: dict[str, Any]) -> str:
    """The report's main figures for a terminal."""
    lines = ["", f"{'part':<10} {'faces':>7} {'accuracy':>9}  95 % interval   mask or not"]
    for name, part in metrics["parts"].items():
        right, two = part["accuracy"], part["two_classes"]
        lines.append(
            f"{name:<10} {right['of']:>7} {right['value']:>9.2%}  {right['low']:.1%}–{right['high']:.1%}"
            f"    {two['value']:.2%}"
        )
    lines.append("")
    for label, part in metrics["parts"]["test"]["labels"].items():
        lines.append(
            f"{label:<15} precision {part['precision']['value'] or 0:.1%}  "
            f"recall {part['recall']['value'] or 0:.1%}  F1 {part['f1']['value']:.1%}"
        )
    summary = metrics["summary"]
    lines.append(f"\nThe photo's size alone: {summary['photo_size_alone']['value']:.1%}.")
    lines.append(summary["overfitting"]["verdict"])
    return "\n".join(lines)
