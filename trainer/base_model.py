"""The exported model that a fine-tuning starts from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inference.contract import ROOT, Contract
from inference.errors import ModelError
from inference.labels import DEFINITE_LABELS
from trainer.config import Config
from trainer.errors import TrainerError
from trainer.export.archive import find_export, present_version

KERAS_FILE = "models/mask.keras"

_NETWORK_OPTIONS = ("input_size", "crop_context", "filters", "dense")
"""Options that a model cannot change after its training."""


@dataclass(frozen=True)
class BaseModel:
    """An exported model with its contract."""

    folder: Path
    """Has ``models/``, as the project does."""
    contract: Contract

    @classmethod
    def find(cls, version: str, project: Path = ROOT) -> BaseModel:
        """Find an export in the project or its archive.

        Raises:
            TrainerError: there is no such export.
        """
        folder = find_export(version, project)
        if folder is None or not (folder / KERAS_FILE).exists():
            raise TrainerError(
                f"Expected the model {version} in {project}/models or in the archive, got none: "
                "train with --from-scratch, or run 'prepare' again."
            )
        return cls(folder, Contract.load(folder / "models/contract.json"))

    @property
    def path(self) -> Path:
        """Path of the Keras model."""
        return self.folder / KERAS_FILE


def find_base(config: Config, project: Path = ROOT) -> BaseModel | None:
    """Find the model to fine-tune; None if there is none with all labels and the configured network.

    A model that was fine-tuned itself is not fine-tuned again, but the model that it started from,
    if that is still in the archive: the former may have been trained on photos of this test split.
    Nor is a model that was trained on a source that this run holds out.
    """
    try:
        present = BaseModel.find(present_version(project), project)
        report = Config.load(present.folder / "models/report/config.json")
        other = any(getattr(report, name) != getattr(config, name) for name in _NETWORK_OPTIONS)
        if other or present.contract.labels != list(DEFINITE_LABELS):
            return None
        first = present.contract.measured["training"].get("base_model", "")
        base = BaseModel.find(first, project) if find_export(first, project) else present
        seen = set(base.contract.data["train"]["sources"])
        return None if seen & set(config.hold_out_sources) else base
    except (TrainerError, ModelError):
        return None
