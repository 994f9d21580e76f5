"""Plots of the report, and contact sheets of mistakes."""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # no display needed

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve
from sklearn.metrics import ConfusionMatrixDisplay, PrecisionRecallDisplay

from inference.vision.geometry import Floats
from trainer.data.dataset import Crops


def _save(path: Path) -> None:
    plt.tight_layout()
    plt.savefig(path, dpi=110)
    plt.close()


def plot_confusion(confusion: list[list[int]], labels: list[str], path: Path) -> None:
    """Plot the confusion matrix; rows are the true labels."""
    _, axes = plt.subplots(figsize=(5.5, 5))
    display = ConfusionMatrixDisplay(np.array(confusion), display_labels=labels)
    display.plot(ax=axes, cmap="Blues", colorbar=False, xticks_rotation=20)
    axes.set_title("Test faces: true and predicted label")
    _save(path)


def plot_precision_recall(
    probabilities: Floats, targets: NDArray[np.int64], labels: list[str], path: Path
) -> None:
    """Plot a precision-recall curve per label."""
    _, axes = plt.subplots(figsize=(6, 5))
    for i, label in enumerate(labels):
        if not (targets == i).any():
            continue  # a fine-tuned model keeps labels that the photos lack
        PrecisionRecallDisplay.from_predictions(
            targets == i, probabilities[:, i], name=label, ax=axes
        )
    axes.set_title("Precision and recall on test faces")
    _save(path)


def plot_calibration(parts: dict[str, tuple[Floats, NDArray[np.int64]]], path: Path) -> None:
    """Plot the accuracy of the top class by its probability, for each part."""
    _, axes = plt.subplots(figsize=(6, 5))
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":", label="perfect")
    for name, (probabilities, targets) in parts.items():
        correct = probabilities.argmax(axis=1) == targets
        accuracy, predicted = calibration_curve(
            correct, probabilities.max(axis=1), n_bins=12, strategy="quantile"
        )
        axes.plot(predicted, accuracy, marker="o", label=name)
    axes.set(
        xlabel="predicted probability",
        ylabel="accuracy",
        xlim=(0.3, 1.01),
        title="Calibration",
    )
    axes.legend()
    _save(path)


def plot_learning(history: Path, path: Path) -> None:
    """Plot loss and accuracy by epoch, from ``history.csv``."""
    with history.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    epochs = [int(row["epoch"]) + 1 for row in rows]
    _, panels = plt.subplots(1, 2, figsize=(10, 4))
    for axes, name in zip(panels, ("loss", "accuracy"), strict=True):
        _plot_curve(axes, epochs, rows, name)
    _save(path)


def _plot_curve(axes: Axes, epochs: list[int], rows: list[dict[str, str]], name: str) -> None:
    for key, label in ((name, "train (augmented)"), (f"val_{name}", "val")):
        axes.plot(epochs, [float(row[key]) for row in rows], marker=".", label=label)
    axes.set(xlabel="epoch", title=name.capitalize())
    axes.legend()


def plot_mistakes(
    inputs: Floats, probabilities: Floats, crops: Crops, path: Path, limit: int = 60
) -> None:
    """Plot a contact sheet of the most confident mistakes; it shows photos."""
    predictions = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predictions != crops.targets)
    wrong = wrong[np.argsort(-probabilities[wrong].max(axis=1))][:limit]
    columns = 10
    rows = max(1, -(-len(wrong) // columns))
    figure, panels = plt.subplots(rows, columns, figsize=(15, 1.9 * rows), squeeze=False)
    for axes in panels.ravel():
        axes.axis("off")
    for axes, i in zip(panels.ravel(), wrong, strict=False):
        axes.imshow(inputs[i].clip(0, 255).astype(np.uint8))
        truth, prediction = crops.labels[crops.targets[i]], crops.labels[predictions[i]]
        axes.set_title(
            f"{truth}\n→ {prediction} {probabilities[i].max():.2f}\n{crops.sources[i]}", fontsize=6
        )
    figure.suptitle("Most confident mistakes: true label → prediction", fontsize=9)
    _save(path)
