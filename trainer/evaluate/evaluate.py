"""``python -m trainer evaluate``: evaluates a trained model and writes the report."""

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
from trainer.data import synthetic
from trainer.data.crops import FaceCrop, read_faces
from trainer.data.dataset import Crops, list_crops, load_inputs
from trainer.data.pose import pose_of
from trainer.data.prepare import HELD_OUT, PREDICTIONS
from trainer.errors import TrainerError
from trainer.evaluate import plots
from trainer.evaluate.metrics import binary_accuracy, measure, overfitting, trivial_baseline
from trainer.evaluate.slices import SIZES, Kinds, by_kind, reduce_faces, size_kinds, slices_of

log = logging.getLogger(__name__)

CHUNK = 4096  # crops in memory at once
PARTS = ("train", "val", "test", HELD_OUT)


@dataclass(frozen=True)
class Predictions:
    """The model's predictions for one part of the data set."""

    crops: Crops
    probabilities: Floats

    @property
    def top_classes(self) -> NDArray[np.int64]:
        return self.probabilities.argmax(axis=1)


def evaluate(run: Path, config: Config) -> dict[str, Any]:
    """Evaluate ``run/model.keras`` on every part of the data set.

    Writes ``run/report/`` (``metrics.json`` and plots), ``run/mistakes_<part>.png`` (contact sheets
    of the worst mistakes, outside the report because they show photos) and, for held-out sources,
    ``run/held_out.npz`` with ``probabilities`` and ``targets`` for the calibration.

    Returns:
        The content of ``metrics.json``.

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
        held_out = predicted[HELD_OUT]
        metrics["calibration"] = calibrate(held_out.probabilities, held_out.crops.targets)
        np.savez(
            run / PREDICTIONS, probabilities=held_out.probabilities, targets=held_out.crops.targets
        )
    report = run / "report"
    report.mkdir(exist_ok=True)
    (report / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    config.save(report / "config.json")
    _plot(predicted, metrics, run, config)
    log.info("%s", summary_text(metrics))
    return metrics


def _predict_part(model: keras.Model, run: Path, part: str, config: Config) -> Predictions:
    # Without synthetic cases: they are harder than photos and would bias the train metrics.
    crops = list_crops(run / "dataset", part).without(synthetic.SOURCE)
    chunks = [_predict(model, load_inputs(chunk.paths, config)) for chunk in crops.chunks(CHUNK)]
    empty = np.empty((0, len(crops.labels)), np.float32)
    return Predictions(crops, np.concatenate([empty, *chunks]))


def _predict(model: keras.Model, inputs: Floats) -> Floats:
    return model.predict(inputs, batch_size=256, verbose=0)


def _slices(
    model: keras.Model, predicted: dict[str, Predictions], run: Path, config: Config
) -> dict[str, Any]:
    """Binary accuracy by kind of face, for test, held-out sources and synthetic cases."""
    faces = {face.crop: face for face in read_faces(run / "faces.csv")}
    parts = {
        name: _slice(model, predicted[name], faces, config)
        for name in ("test", HELD_OUT)
        if len(predicted[name].crops)
    }
    drawn = list_crops(run / "dataset", "test").only(synthetic.SOURCE)
    if len(drawn):
        kinds = np.array([synthetic.kind_of(path) for path in drawn.paths])
        top_classes = _predict(model, load_inputs(drawn.paths, config)).argmax(axis=1)
        parts["test"]["drawn on test faces"] = by_kind(kinds, drawn.targets, top_classes)
    return parts


def _slice(
    model: keras.Model, part: Predictions, faces: dict[str, FaceCrop], config: Config
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
    rows = [faces[path.name] for path in part.crops.paths]
    true_sizes = size_kinds(np.array([row.face for row in rows]))
    poses = np.array([pose_of(row.points) for row in rows])
    return {
        "face in its photo": by_kind(true_sizes, targets, part.top_classes),
        **{
            f"pose, {name}": by_kind(
                np.where(targets == target, poses, ""), targets, part.top_classes
            )
            for target, name in enumerate(("masked", "unmasked"))
        },
        "all faces reduced to": sizes | {"as they are": binary_accuracy(targets, part.top_classes)},
        **{
            heading: by_kind(
                np.concatenate([one[heading] for one in kinds]), targets, part.top_classes
            )
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

    def features(crops: Crops) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return np.array([sizes[path.name] for path in crops.paths]), crops.targets

    return trivial_baseline(*features(predicted["train"].crops), *features(predicted["test"].crops))


def _describe(predicted: dict[str, Predictions], run: Path) -> dict[str, Any]:
    """Describe each part: crops per label, sources, and the number of synthetic cases."""
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
        source: binary_accuracy(part.crops.targets[rows], part.top_classes[rows])
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
        wrong = np.flatnonzero(part.top_classes != part.crops.targets)
        crops = Crops([part.crops.paths[i] for i in wrong], part.crops.targets[wrong], labels)
        inputs = load_inputs(crops.paths, config)
        plots.plot_mistakes(inputs, part.probabilities[wrong], crops, run / f"mistakes_{name}.png")


def summary_text(metrics: dict[str, Any]) -> str:
    """Format the main metrics for a terminal."""
    lines = ["", f"{'part':<10} {'faces':>7} {'accuracy':>9}  95 % interval   mask / no mask"]
    for name, part in metrics["parts"].items():
        accuracy, binary = part["accuracy"], part["two_classes"]
        lines.append(
            f"{name:<10} {accuracy['of']:>7} {accuracy['value']:>9.2%}  "
            f"{accuracy['low']:.1%}–{accuracy['high']:.1%}    {binary['value']:.2%}"
        )
    lines.append("")
    for label, part in metrics["parts"]["test"]["labels"].items():
        if not part["recall"]["of"]:
            lines.append(f"{label:<15} no test faces")
            continue
        lines.append(
            f"{label:<15} precision {part['precision']['value'] or 0:.1%}  "
            f"recall {part['recall']['value'] or 0:.1%}  F1 {part['f1']['value']:.1%}"
        )
    summary = metrics["summary"]
    lines.append(
        f"\nBaseline from the photo's size alone: {summary['photo_size_alone']['value']:.1%}."
    )
    lines.append(summary["overfitting"]["verdict"])
    return "\n".join(lines)
