"""One small training, whose steps run once for all tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.photos import spoil, write_photos
from trainer.__main__ import main
from trainer.config import Config
from trainer.data.crops import FaceCrop, read_faces

SMALL: dict[str, Any] = {
    "input_size": 32,
    "crop_side": 56,
    "filters": [[16], [32]],
    "dense": 32,
    "dropout": 0.1,
    "epochs": 8,
    "samples_per_epoch": 640,
    "batch_size": 16,
    "learning_rate": 0.01,
    "label_smoothing": 0.0,
    "seed": 2,
}
"""Options of a training that takes seconds."""


@dataclass(frozen=True)
class Run:
    """A run's folder, with its photos and configuration."""

    folder: Path
    photos: Path
    config: Config

    @property
    def faces(self) -> list[FaceCrop]:
        return read_faces(self.folder / "faces.csv")


@pytest.fixture(scope="session")
def config() -> Config:
    """The small configuration, with gamma held out."""
    return Config.from_dict(SMALL | {"hold_out_sources": ["gamma"]})


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of photos of three labels, with broken and duplicate files."""
    data = write_photos(tmp_path_factory.mktemp("data") / "photos")
    spoil(data)
    return data


@pytest.fixture(scope="session")
def prepared(photos: Path, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The photos prepared by the command line."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "small.json").write_text(json.dumps(SMALL), encoding="utf-8")
    run = Run(folder / "small", photos, config)
    options = ["--config", str(folder / "small.json"), "--hold-out-source", "gamma"]
    assert main(["prepare", "--data", str(photos), "--run", str(run.folder), *options]) == 0
    return run


@pytest.fixture(scope="session")
def trained(prepared: Run) -> Run:
    """The same run, trained by the command line."""
    assert main(["train", "--run", str(prepared.folder)]) == 0
    return prepared


@pytest.fixture(scope="session")
def evaluated(trained: Run) -> Run:
    """The same run, evaluated by the command line."""
    assert main(["evaluate", "--run", str(trained.folder)]) == 0
    return trained


@pytest.fixture(scope="session")
def project(evaluated: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with the exported run."""
    from trainer.export.export import export  # TensorFlow takes seconds

    folder = tmp_path_factory.mktemp("project")
    export(evaluated.folder, evaluated.config, folder)
    return folder
