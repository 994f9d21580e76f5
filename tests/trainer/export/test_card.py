"""Tests that the model card has the metrics of the exported run."""

from __future__ import annotations

import copy
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inference.contract import ROOT, Contract
from tests.trainer.conftest import Run
from trainer.calibration import calibrate
from trainer.errors import TrainerError
from trainer.evaluate.metrics import proportion
from trainer.export.card import write_card
from trainer.export.export import export


@pytest.fixture(scope="module")
def contract(project: Path) -> Contract:
    return Contract.load(project / "models/contract.json")


@pytest.fixture(scope="module")
def metrics(evaluated: Run) -> dict[str, Any]:
    return json.loads((evaluated.folder / "report/metrics.json").read_text(encoding="utf-8"))


def row(text: str, start: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {start}")]
    return line


def test_the_card_is_written_beside_the_model(project: Path, contract: Contract) -> None:
    text = (project / "models/README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# Mask classifier {contract.version}\n")
    assert f"{contract.measured['training']['parameters']:,}" in text
    assert str(ROOT) not in text
    assert str(project) not in text


@pytest.mark.parametrize("part", ["train", "val", "test"])
def test_metrics_of_each_part_are_listed(
    part: str, contract: Contract, metrics: dict[str, Any]
) -> None:
    reported = metrics["parts"][part]
    line = row(write_card(contract, metrics, []), f"{part}, random split")
    figures = [reported["accuracy"][name] for name in ("value", "low", "high")]
    assert all(f"{figure:.1%}" in line for figure in [*figures, reported["two_classes"]["value"]])
    assert f"| {reported['accuracy']['of']:,} |" in line


def test_metrics_of_every_label_are_listed(contract: Contract, metrics: dict[str, Any]) -> None:
    text = write_card(contract, metrics, [])
    for label, reported in metrics["parts"]["test"]["labels"].items():
        line = row(text, label)
        assert all(f"{reported[name]['value'] or 0:.1%}" in line for name in ("recall", "f1"))


def test_metrics_on_held_out_sources_are_from_the_held_out_run(
    contract: Contract, metrics: dict[str, Any]
) -> None:
    held_out = copy.deepcopy(metrics)
    held_out["parts"]["held_out"]["accuracy"]["value"] = 0.4321
    held_out["data"]["held_out"]["sources"] = ["delta", "epsilon"]
    line = row(write_card(contract, metrics, [held_out]), "**held-out sources")
    assert "43.2%" in line
    assert "delta, epsilon" in line
    assert "**held-out sources" not in write_card(contract, metrics, [])


def test_weaknesses_follow_from_the_metrics(contract: Contract, metrics: dict[str, Any]) -> None:
    weak = copy.deepcopy(metrics)
    weak["parts"]["test"]["labels"]["incorrect_mask"]["recall"]["value"] = 0.61
    weak["sources"]["test"]["alpha"]["value"] = 0.72
    strong = copy.deepcopy(metrics)
    for reported in strong["parts"]["test"]["labels"].values():
        reported["recall"]["value"] = 0.99
    for reported in strong["sources"]["test"].values():
        reported["value"] = 0.99
    text = write_card(contract, weak, [])
    assert "the recall of *incorrect_mask* is only 61%" in text
    assert "source alpha" in text
    assert "72.0%" in text
    assert not re.search("recall of .* is only|source alpha", write_card(contract, strong, []))


def test_slices_have_intervals_and_weak_slices_are_listed(
    contract: Contract, metrics: dict[str, Any]
) -> None:
    report = copy.deepcopy(metrics)
    report["slices"]["test"] = {
        "skin, masked": {
            "dark": proportion(90, 100),
            "light": proportion(99, 100),
            "medium": proportion(1, 2),
        }
    }
    other = copy.deepcopy(report)
    other["slices"]["held_out"] = {"skin, masked": {"dark": proportion(60, 80)}, "masks": {}}
    text = write_card(contract, report, [other])
    assert "| 90.0% (82.6%–94.5%), 100 | 75.0% (64.5%–83.2%), 80 |" in row(
        text, "skin, masked: dark"
    )
    assert row(text, "skin, masked: light").endswith(", 100 | – |")
    weak = [line for line in text.splitlines() if line.startswith("- ") and "skin, masked" in line]
    assert len(weak) == 2, "neither the strong one nor the one of two faces"
    assert "random test split, skin, masked, dark: 90.0% mask / no mask accuracy on 100" in weak[0]
    assert "held-out sources (gamma), skin, masked, dark" in weak[1]


def test_the_threshold_of_unsure_is_explained(contract: Contract, metrics: dict[str, Any]) -> None:
    reported = {
        "unsure_below": 0.845,
        "unsure": proportion(7, 100),
        "right": proportion(92, 93),
        "crops": {"with_mask": 90, "without_mask": 10, "incorrect_mask": 0},
        "sources": ["gamma", "delta"],
    }
    calibrated = replace(contract, measured=contract.measured | {"calibration": reported})
    text = write_card(calibrated, metrics, [])
    assert (
        "Below a probability of 84.5% the verdict is *unsure*: on these sources for 7.0% of the "
        "faces" in text
    )
    assert "on held-out sources (gamma, delta; without incorrect_mask)." in text
    assert "of the others 98.9%" in text
    assert "are calibrated" not in write_card(contract, metrics, [])


def test_the_model_is_calibrated_on_the_first_held_out_run(evaluated: Run, tmp_path: Path) -> None:
    """Overconfident predictions need a temperature well above 1."""
    config, held_out = replace(evaluated.config, hold_out_sources=()), tmp_path / "held_out"
    shutil.copytree(evaluated.folder / "report", held_out / "report")
    for name in ("config.json", "data.txt"):
        shutil.copy(evaluated.folder / name, held_out / name)
    targets = np.arange(300) % 3
    right = np.eye(3)[np.where(np.arange(300) % 10 == 0, targets - 1, targets)]
    np.savez(held_out / "held_out.npz", probabilities=0.97 * right + 0.01, targets=targets)
    other = shutil.copytree(held_out, tmp_path / "other")
    np.savez(other / "held_out.npz", probabilities=right[::-1], targets=targets)
    contract = export(evaluated.folder, config, tmp_path, [held_out, other])
    reported = contract.measured["calibration"]
    with np.load(held_out / "held_out.npz") as answers:
        expected = calibrate(answers["probabilities"], answers["targets"])
        assert reported == expected | {"crops": reported["crops"], "sources": ["gamma"]}
        assert sum(reported["crops"].values()) == len(answers["targets"])
    assert contract.unsure_below == reported["unsure_below"]
    assert contract.measured["held_out"][0]["sources"] == ["gamma"]
    before = keras.models.load_model(evaluated.folder / "model.keras", compile=False)
    after = keras.models.load_model(tmp_path / "models/mask.keras", compile=False)
    assert reported["temperature"] > 1.3, "the predictions are overconfident"
    weights = [model.get_layer("probabilities").get_weights()[0] for model in (before, after)]
    assert weights[1] == pytest.approx(weights[0] / reported["temperature"], rel=1e-4)
    for number in (1, 2):
        assert (tmp_path / f"models/report/held_out_{number}/metrics.json").exists()


def test_every_export_and_every_source_is_listed(
    contract: Contract, metrics: dict[str, Any]
) -> None:
    text = write_card(contract, metrics, [])
    assert all(f"`{described.file}`" in text for described in contract.exports.values())
    assert all(f"- {source}: " in text for source in ("alpha", "beta", "gamma", "unknown"))
    assert "maskedfacenet" not in text, "licences of other data are not listed"


def test_a_held_out_run_must_have_the_same_configuration(evaluated: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(evaluated.folder / "report", other / "report")
    replace(evaluated.config, dense=9).save(other / "config.json")
    same = replace(evaluated.config, hold_out_sources=())
    with pytest.raises(TrainerError, match="same configuration"):
        export(evaluated.folder, same, tmp_path / "project", [other])
    assert not (tmp_path / "project").exists()


def test_a_run_that_held_nothing_out_is_refused(evaluated: Run, tmp_path: Path) -> None:
    report = tmp_path / "other/report/metrics.json"
    report.parent.mkdir(parents=True)
    report.write_text(json.dumps({"summary": {"held_out": None}}), encoding="utf-8")
    with pytest.raises(TrainerError, match="Expected a run that held sources out"):
        export(evaluated.folder, evaluated.config, tmp_path / "project", [tmp_path / "other"])
    with pytest.raises(TrainerError, match="run 'evaluate' first"):
        export(evaluated.folder, evaluated.config, tmp_path / "project", [tmp_path / "none"])
    assert not (tmp_path / "project").exists()
