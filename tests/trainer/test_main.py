"""Tests the command line: its steps, options and error messages."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from inference.contract import ROOT, Contract
from tests.trainer.conftest import Run
from tests.trainer.photos import faceless, write
from trainer import __main__ as command
from trainer import method
from trainer.__main__ import STEPS, main, parse
from trainer.config import Config, detector_settings
from trainer.data import crops as crops_module
from trainer.export import archive


@pytest.fixture
def refuse(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that must fail; returns the error message."""

    def run(*arguments: object) -> str:
        assert main([str(argument) for argument in arguments]) == 1
        *progress, line = capsys.readouterr().err.splitlines()
        assert not any("trainer:" in text or "Traceback" in text for text in progress)
        assert line.startswith("trainer: ")
        return line.removeprefix("trainer: ")

    return run


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is not a configuration"),
        ("{'epochs': 3}", "is not a configuration"),
        ("[3]", "Expected an object of options"),
        ('{"epoch": 3}', "Expected options of"),
        ('{"epochs": "3"}', "Expected epochs of the same type as"),
        ('{"epochs": 0}', "Expected epochs of 1 to"),
        ('{"split": [0.5, 0.5]}', "three proportions that sum to 1"),
    ],
)
def test_an_invalid_configuration_is_reported(
    content: str, words: str, refuse: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(content, encoding="utf-8")
    options = ("--data", tmp_path, "--run", tmp_path / "run", "--config", tmp_path / "config.json")
    assert words in refuse("prepare", *options)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--epochs", 0), "Expected epochs of 1 to"),
        (("--seed", -3), "Expected seed of 0 to"),
        (("--config", "none.json"), "Expected a configuration at none.json, got none"),
        (("--config", "."), "Is a directory"),
    ],
)
def test_an_invalid_option_is_reported(
    option: tuple[object, ...], words: str, refuse: Callable[..., str], tmp_path: Path
) -> None:
    assert words in refuse("prepare", "--data", tmp_path, "--run", tmp_path / "run", *option)


def test_missing_photos_are_reported(refuse: Callable[..., str], tmp_path: Path) -> None:
    file = write(tmp_path / "photo.png", faceless())
    for data in (tmp_path / "none", file):
        words = refuse("prepare", "--data", data, "--run", tmp_path / "run")
        assert words == f"Expected a folder of photos at {data}, got none."
    words = refuse("all", "--data", tmp_path, "--run", tmp_path / "run")
    assert words.startswith(
        f"Expected photos of with_mask and without_mask in {tmp_path}, got none."
    )
    write(tmp_path / "with_mask/a.png", faceless())
    words = refuse("prepare", "--data", tmp_path, "--run", tmp_path / "run")
    assert ", got with_mask. Name the folders with_mask (or mask" in words


@pytest.mark.parametrize("step", ["prepare", "all"])
def test_a_dry_run_prints_the_plan_and_does_nothing(
    step: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("Train/WithMask/a.png", "Train/no mask/b.png", "valid/mask/c.png", "d.png"):
        write(tmp_path / "photos" / name, faceless())
    write(tmp_path / "street/train/e.png", faceless())
    rows = ("image,x1,y1,x2,y2,label", "e.png,0,0,50,60,wrong mask", "e.png,0,0,9,9,mask")
    (tmp_path / "street/train.csv").write_text("\n".join(rows), encoding="utf-8")
    sources = ["--data", tmp_path / "photos", "--boxes", tmp_path / "street/train.csv"]
    with caplog.at_level(logging.INFO):
        assert main([step, "--dry-run", "--run", str(tmp_path / "run"), *map(str, sources)]) == 0
    method, plan = caplog.messages
    assert method.startswith("4 photos: fine-tunes the model ")
    assert plan == (
        f"Photos in {tmp_path}/photos:\n"
        "  Train/WithMask       1 as with_mask, train\n"
        "  Train/no mask        1 as without_mask, train\n"
        "  valid/mask           1 as with_mask, val\n"
        "  Skipped photos in no label folder: 1 (d.png)\n"
        f"Boxes in {tmp_path}/street/train.csv (CSV): 1 incorrect_mask.\n"
        "  Skipped faces under 12 pixels: 1\n"
        "Split: your own val; test is taken from train.\n"
        "Warning: your val has no incorrect_mask, so it does not measure that label."
    )
    assert not (tmp_path / "run").exists()


def test_photos_in_val_and_test_only_are_refused(
    refuse: Callable[..., str], tmp_path: Path
) -> None:
    for name in ("val/mask/a.png", "val/no mask/b.png", "test/mask/c.png", "test/no mask/d.png"):
        write(tmp_path / "photos" / name, faceless())
    words = refuse("prepare", "--dry-run", "--data", tmp_path / "photos")
    assert words == "Expected photos to train on, in train or in no part, got test and val only."


def test_the_plan_names_what_is_not_measured_or_not_recognized(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = ("train/mask/a.png", "train/no mask/b.png", "train/improper/c.png", "val/mask/d.png")
    for name in names:
        write(tmp_path / "photos" / name, faceless())
    write(tmp_path / "street/train/e.png", faceless())
    rows = "image,x1,y1,x2,y2,label\ne.png,0,0,50,60,mask"
    (tmp_path / "street/train.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "street/notes.csv").touch()
    sources = ["--data", str(tmp_path / "photos"), "--boxes", str(tmp_path / "street")]
    with caplog.at_level(logging.INFO):
        assert main(["prepare", "--dry-run", *sources]) == 0
    assert "Warning: your val has no incorrect_mask, so it does not measure" in caplog.text
    assert "  Skipped files that are not CSV: 1 (notes.csv)" in caplog.text


def test_boxes_alone_are_enough(tmp_path: Path) -> None:
    write(tmp_path / "train/e.png", faceless())
    rows = ("image,x1,y1,x2,y2,label", "e.png,0,0,50,60,no mask", "e.png,0,0,59,59,mask")
    (tmp_path / "train.csv").write_text("\n".join(rows), encoding="utf-8")
    assert main(["prepare", "--dry-run", "--boxes", str(tmp_path / "train.csv")]) == 0


def test_too_few_photos_are_refused(refuse: Callable[..., str], tmp_path: Path) -> None:
    write(tmp_path / "photos/with_mask/a.png", faceless())
    write(tmp_path / "photos/without_mask/b.png", faceless()[::-1])
    words = refuse("prepare", "--data", tmp_path / "photos", "--run", tmp_path / "runs/small")
    assert words == "Expected at least 10 different photos in with_mask to train on, got 1."


def test_an_unknown_source_is_reported(prepared: Run, refuse: Callable[..., str]) -> None:
    """The run and its configuration stay unchanged."""
    words = refuse(
        "prepare",
        "--data",
        prepared.photos,
        "--run",
        prepared.folder,
        "--config",
        prepared.folder / "config.json",
        "--hold-out-source",
        "delta",
    )
    assert words == "Expected held-out sources that are in the data, got delta."
    assert Config.load(prepared.folder / "config.json") == prepared.config


def test_missing_weights_are_reported(
    refuse: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = replace(detector_settings(), file="none")
    monkeypatch.setattr(crops_module, "detector_settings", lambda: missing)
    for label in ("with_mask", "without_mask"):
        write(tmp_path / "photos" / label / "a.png", faceless())
    words = refuse("prepare", "--data", tmp_path / "photos", "--run", tmp_path / "run")
    assert "none is missing; run 'make setup'" in words


@pytest.mark.parametrize("step", ["train", "evaluate", "export"])
def test_an_unprepared_run_is_reported(
    step: str, refuse: Callable[..., str], tmp_path: Path
) -> None:
    words = refuse(step, "--run", tmp_path / "run")
    assert words == f"Expected a configuration at {tmp_path}/run/config.json, got none."


@pytest.mark.parametrize(
    ("step", "first"), [("train", "prepare"), ("evaluate", "train"), ("export", "train")]
)
def test_a_step_names_the_missing_earlier_step(
    step: str, first: str, refuse: Callable[..., str], tmp_path: Path
) -> None:
    Config().save(tmp_path / "config.json")
    assert f"run '{first}' first" in refuse(step, "--run", tmp_path)


def test_a_process_prints_one_sentence_and_exits_with_1(tmp_path: Path) -> None:
    Config().save(tmp_path / "config.json")
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "evaluate", "--run", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("trainer: Expected a trained model in")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_help(step: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([step, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert STEPS[step][1:].split(",")[0] in text
    assert ("--data" in text) == (step in ("prepare", "all"))
    assert ("--run" in text) == (step not in ("download", "restore"))


@pytest.mark.parametrize(
    "arguments", [[], ["dance"], ["prepare"], ["prepare", "--data", ".", "--epochs", "x"]]
)
def test_an_invalid_command_shows_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m trainer" in capsys.readouterr().err


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Config]]:
    """Fakes the steps; records their names and configurations."""
    done: list[tuple[str, Config]] = []

    def step(name: str) -> Callable[..., None]:
        return lambda arguments, config: done.append((name, config))

    monkeypatch.setattr(command, "_step", step)
    monkeypatch.setattr(method, "count_photos", lambda *_: 20_000)
    return done


def test_all_runs_every_step_with_one_configuration(
    steps: list[tuple[str, Config]], tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"dense": 8, "epochs": 9}), encoding="utf-8")
    options = ["--config", str(tmp_path / "config.json"), "--epochs", "3", "--seed", "11"]
    assert main(["all", "--data", "photos", "--run", str(tmp_path / "run"), *options]) == 0
    assert [name for name, _ in steps] == ["prepare", "train", "evaluate", "export"]
    assert all(config == Config(dense=8, epochs=3, seed=11) for _, config in steps)


def test_few_photos_fine_tune_unless_a_new_model_is_requested(
    steps: list[tuple[str, Config]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    contract: Contract,
) -> None:
    monkeypatch.setattr(method, "count_photos", lambda *_: 200)
    options = ["--data", "photos", "--run", str(tmp_path / "run"), "--epochs", "3"]
    with caplog.at_level(logging.INFO):
        assert main(["prepare", *options]) == 0
        assert main(["prepare", *options, "--from-scratch"]) == 0
    (_, few), (_, new) = steps
    assert (few.base_model, few.fine_tune_epochs) == (contract.version, 3)
    assert new == Config(epochs=3)
    assert "200 photos: fine-tunes the model" in caplog.text
    assert "200 photos: trains a new model in 3 epochs" in caplog.text


@pytest.mark.parametrize("step", ["export", "all"])
def test_an_export_can_be_forced(step: str) -> None:
    data = ["--data", "photos"] if step == "all" else []
    assert not parse([step, *data]).force
    assert parse([step, *data, "--force"]).force


def test_restore_brings_a_version_back_or_lists_all(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(archive, "describe_archived", lambda: "* 2026.11.27")
    restored = SimpleNamespace(version="2026.11.27")
    monkeypatch.setattr(archive, "restore", lambda version: version == "" and restored)
    with caplog.at_level(logging.INFO):
        assert main(["restore", "--list"]) == 0
        assert main(["restore"]) == 0
    assert "* 2026.11.27" in caplog.text
    assert "The model 2026.11.27 is in use again" in caplog.text


def test_a_model_with_held_out_sources_is_not_exported(
    steps: list[tuple[str, Config]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sources = ["--hold-out-source", "a", "--hold-out-source", "b"]
    with caplog.at_level(logging.INFO):
        assert main(["all", "--data", "photos", "--run", str(tmp_path / "run"), *sources]) == 0
    assert [name for name, _ in steps] == ["prepare", "train", "evaluate"]
    assert all(config == Config(hold_out_sources=("a", "b")) for _, config in steps)
    assert "Not exported" in caplog.text


@pytest.mark.parametrize("step", ["train", "evaluate", "export"])
def test_a_single_step_uses_the_saved_configuration(
    step: str, steps: list[tuple[str, Config]], tmp_path: Path
) -> None:
    Config(dense=8).save(tmp_path / "config.json")
    assert main([step, "--run", str(tmp_path)]) == 0
    assert steps == [(step, Config(dense=8))]


def test_download_reports_the_folder_of_the_photos(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("trainer.download.download", lambda out: out / "Dataset")
    with caplog.at_level(logging.INFO):
        assert main(["download", "--out", "somewhere"]) == 0
    assert "The photos are in somewhere/Dataset." in caplog.text


def test_an_interruption_explains_how_to_resume(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupt(arguments: object, config: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_step", lambda name: interrupt)
    monkeypatch.setattr(method, "count_photos", lambda *_: 20_000)
    assert main(["prepare", "--data", str(tmp_path), "--run", str(tmp_path)]) == 130
    assert (
        capsys.readouterr().err
        == "trainer: interrupted; run the same command again to resume a training.\n"
    )
