"""Tests the checks of held-out runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.trainer.conftest import SMALL, Run
from trainer.__main__ import main
from trainer.config import Config
from trainer.evaluate.held_out import check_held_out, check_photos


def test_a_run_of_the_same_photos_and_configuration_is_accepted(evaluated: Run) -> None:
    (report,) = check_held_out([evaluated.folder], Config.from_dict(SMALL))
    assert report["data"]["held_out"]["sources"] == ["gamma"]
    check_photos([evaluated.folder], evaluated.folder)


def test_a_run_of_other_photos_is_refused_before_training(
    evaluated: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, run, config = tmp_path / "photos", tmp_path / "run", tmp_path / "small.json"
    shutil.copytree(evaluated.photos, photos)
    next((photos / "with_mask").glob("*.jpg")).unlink()
    config.write_text(json.dumps(SMALL), encoding="utf-8")
    held_out = ["--held-out-run", str(evaluated.folder)]
    options = ["--data", str(photos), "--run", str(run), "--config", str(config), *held_out]
    assert main(["all", *options]) == 1
    assert "Expected a run of the same photos" in capsys.readouterr().err
    assert (run / "faces.csv").exists()
    assert not (run / "history.csv").exists()
