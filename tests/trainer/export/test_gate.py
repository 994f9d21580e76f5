"""Tests that a model that is worse than the present one is not exported."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import keras
import pytest

from inference.contract import Contract
from tests.trainer.conftest import Run
from trainer.errors import TrainerError
from trainer.export.archive import list_archived, publish
from trainer.export.export import FILES, export
from trainer.export.gate import Classifier, check_gate


def classifier(run: Run, project: Path) -> Classifier:
    model = keras.models.load_model(project / FILES["keras"], compile=False)
    contract = Contract.load(project / "models/contract.json")
    return Classifier(model, contract.labels, run.config)


def forget(model: keras.Model) -> None:
    """Let the model answer the same of every face."""
    weights, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([weights * 0, bias])


def test_an_equal_model_passes(
    evaluated: Run, project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        passed = check_gate(classifier(evaluated, project), evaluated.folder, project=project)
    assert passed
    assert passed["worse"] == []
    assert passed["present"] in caplog.text
    for name in ("test faces", "test faces with a definite verdict", "built-in faces"):
        before, now, faces = passed["right"][name]
        assert 0 < before == now <= faces
        assert f"{name} {before} → {now} of {faces}" in caplog.text


def test_a_worse_model_is_refused_in_one_sentence_unless_forced(
    evaluated: Run, project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    new = classifier(evaluated, project)
    forget(new.model)
    with pytest.raises(TrainerError, match=r"Not exported: .* test faces, .* --force") as caught:
        check_gate(new, evaluated.folder, project=project)
    assert "\n" not in str(caught.value)
    forced = check_gate(new, evaluated.folder, force=True, project=project)
    assert forced
    assert forced["worse"]
    assert "Exported although it is worse" in caplog.text


def test_a_model_that_is_unsure_of_everything_is_refused(evaluated: Run, project: Path) -> None:
    new = classifier(evaluated, project)
    weights = new.model.layers[-1].get_weights()
    new.model.layers[-1].set_weights([weight / 1000 for weight in weights])
    with pytest.raises(TrainerError, match="test faces with a definite verdict"):
        check_gate(new, evaluated.folder, project=project)


def test_without_a_present_model_there_is_nothing_to_compare(
    evaluated: Run, project: Path, tmp_path: Path
) -> None:
    assert check_gate(classifier(evaluated, project), evaluated.folder, project=tmp_path) is None


def test_a_refused_export_changes_nothing(evaluated: Run, project: Path, tmp_path: Path) -> None:
    run, copy = tmp_path / "run", tmp_path / "project"
    shutil.copytree(evaluated.folder, run, ignore=shutil.ignore_patterns("export"))
    publish(project, copy)
    before = json.loads((copy / "models/contract.json").read_text(encoding="utf-8"))
    model = keras.models.load_model(run / "model.keras", compile=False)
    forget(model)
    model.save(run / "model.keras")
    with pytest.raises(TrainerError, match="Not exported"):
        export(run, evaluated.config, copy)
    assert json.loads((copy / "models/contract.json").read_text(encoding="utf-8")) == before
    assert [one.version for one in list_archived(copy)] == [before["version"]]
