"""The gate before an export: a model that is worse than the present one is not exported."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from inference.contract import ROOT
from inference.errors import ModelError
from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Floats
from trainer.base_model import BaseModel
from trainer.config import Config
from trainer.data import synthetic
from trainer.data.dataset import list_crops, load_inputs
from trainer.errors import TrainerError
from trainer.evaluate.built_in import built_in_faces
from trainer.evaluate.comparison import Comparison, Right
from trainer.evaluate.metrics import Targets
from trainer.export.archive import present_version

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Classifier:
    """A model with what its verdicts depend on."""

    model: keras.Model
    labels: Sequence[str]
    config: Config
    """With the model's `input_size` and `unsure_below`."""

    def right(self, inputs: Floats, targets: Targets) -> tuple[Right, Right]:
        """Return whether the top class is correct, and whether it is and the verdict is definite."""
        probabilities = self.model.predict(inputs, batch_size=256, verbose=0)
        indices = np.array([DEFINITE_LABELS.index(label) for label in self.labels])
        correct = indices[probabilities.argmax(axis=1)] == targets
        return correct, correct & (probabilities.max(axis=1) >= self.config.unsure_below)


def check_gate(
    new: Classifier, run: Path, force: bool = False, project: Path = ROOT
) -> dict[str, Any] | None:
    """Compare a new model with the project's present one.

    On the test faces, it may classify significantly fewer correctly neither by its top class nor
    by its definite verdicts, and of no label more than `MAX_LOSS` fewer, nor on built-in faces.

    Args:
        force: only log that the model is worse.

    Returns:
        The version of the present model, and the numbers of correct faces before and now; None
        without a present model.

    Raises:
        TrainerError: the model is worse.
    """
    try:
        base = BaseModel.find(present_version(project), project)
    except (TrainerError, ModelError):
        log.info("There is no present model to compare with.")
        return None
    version = base.contract.version
    comparisons = _compare(_present(base, new.config), new, run)
    log.info("Compared with the present model %s, right before → now:", version)
    for one in comparisons:
        log.info("  %s", one.text)
    problems = [problem for one in comparisons for problem in one.problems()]
    if problems and not force:
        raise TrainerError(
            f"Not exported: the new model is worse than the present one, {version}; right before → "
            f"now: {'; '.join(problems)}. Pass --force to export it anyway."
        )
    if problems:
        log.warning("Exported although it is worse: %s.", "; ".join(problems))
    counts = {
        one.name: [int(one.present.sum()), int(one.new.sum()), len(one.targets)]
        for one in comparisons
    }
    return {"present": version, "right": counts, "worse": problems}


def _present(base: BaseModel, config: Config) -> Classifier:
    contract = base.contract
    return Classifier(
        keras.models.load_model(base.path, compile=False),
        contract.labels,
        replace(config, input_size=contract.input_size, unsure_below=contract.unsure_below),
    )


def _compare(present: Classifier, new: Classifier, run: Path) -> list[Comparison]:
    crops = list_crops(run / "dataset", "test").without(synthetic.SOURCE)
    targets = np.array([DEFINITE_LABELS.index(label) for label in crops.labels])[crops.targets]
    before, now = (
        one.right(load_inputs(crops.paths, one.config), targets) for one in (present, new)
    )
    known = [DEFINITE_LABELS.index(label) for label in new.labels]
    built_in: list[Right] = []
    for one in (present, new):
        inputs, labels = built_in_faces(one.config)
        rows = np.isin(labels, known)
        built_in.append(one.right(inputs[rows], labels[rows])[0])
    before_known, now_known = built_in
    return [
        Comparison("test faces", targets, before[0], now[0]),
        Comparison("test faces with a definite verdict", targets, before[1], now[1]),
        Comparison("built-in faces", labels[rows], before_known, now_known, independent=False),
    ]
