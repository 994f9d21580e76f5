"""Tests when the present model is fine-tuned, and when a new one is trained."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from inference.contract import ROOT, Contract
from tests.trainer.photos import SOURCES, write_photos
from trainer.base_model import BaseModel, find_base
from trainer.config import Config
from trainer.errors import TrainerError
from trainer.export.archive import ARCHIVE, present_version
from trainer.method import (
    MAX_FINE_TUNE_PHOTOS,
    choose_method,
    count_photos,
    describe_method,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the shipped model, that also looks fine-tuned from version ``first``."""
    for folder in ("models", "web/static/models"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / "models/contract.json"
    contract = json.loads(path.read_text(encoding="utf-8"))
    contract["measured"]["training"]["base_model"] = "first"
    path.write_text(json.dumps(contract), encoding="utf-8")
    return tmp_path


def test_few_photos_fine_tune_the_present_model(contract: Contract) -> None:
    config = choose_method(Config(), 200)
    assert config.base_model == contract.version
    assert config.unsure_below == contract.unsure_below
    assert config.samples_per_epoch >= 2000, "few photos are sampled often"
    assert choose_method(Config(), 200, epochs=3).fine_tune_epochs == 3
    assert choose_method(Config(split=(0.5, 0.2, 0.3)), 200).split == (0.5, 0.2, 0.3)


@pytest.mark.parametrize(
    ("config", "photos"),
    [
        (Config(), MAX_FINE_TUNE_PHOTOS + 1),
        (Config(start_from="runs/a"), 200),
        (Config(dense=8), 200),
        (Config(hold_out_sources=("kary",)), 200),
    ],
    ids=["many photos", "another start", "another network", "a source that trained the model"],
)
def test_otherwise_the_configuration_stays(config: Config, photos: int) -> None:
    assert choose_method(config, photos) == config


def test_without_a_present_model_a_new_one_is_trained(tmp_path: Path) -> None:
    assert choose_method(Config(), 200, project=tmp_path) == Config()


def test_a_fine_tuned_model_is_replaced_by_its_own_base(project: Path) -> None:
    base = find_base(Config(), project)
    assert base
    assert base.contract.version == present_version(project), "the base is not in the archive"
    path = project / ARCHIVE / "first"
    for folder in ("models", "web/static/models"):
        shutil.copytree(ROOT / folder, path / folder)
    contract = replace(Contract.load(path / "models/contract.json"), version="first")
    contract.save(path / "models/contract.json")
    base = find_base(Config(), project)
    assert base
    assert (base.contract.version, base.folder) == ("first", path)


def test_a_missing_base_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"Expected the model 2020 in .* --from-scratch"):
        BaseModel.find("2020", tmp_path)


def test_the_photos_are_counted(tmp_path: Path) -> None:
    labels = ("with_mask", "without_mask")
    write_photos(tmp_path, labels)
    assert count_photos(tmp_path, None, Config()) == 2 * sum(map(len, SOURCES.values()))


def test_the_method_is_described_with_its_duration(contract: Contract) -> None:
    few = describe_method(choose_method(Config(), 200), 200)
    assert few.startswith(f"200 photos: fine-tunes the model {contract.version} in ")
    assert few.endswith(" minutes on two cores.")
    assert "20,000 photos: trains a new model in 30 epochs" in describe_method(Config(), 20_000)
