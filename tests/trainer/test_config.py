"""Tests that unknown, mistyped and out-of-range options are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inference.contract import WEIGHTS, Contract
from tests.trainer.conftest import SMALL
from trainer.config import Config, detector_settings
from trainer.errors import TrainerError

REFUSED: dict[str, tuple[Any, str]] = {
    "unknown": ({"epoch": 3}, "Expected options of .*epochs.*, got epoch"),
    "word": ({"epochs": "many"}, 'Expected epochs of the same type as .*, got "many"'),
    "fraction": ({"epochs": 1.5}, "Expected epochs of the same type as"),
    "truth": ({"epochs": True}, "Expected epochs of the same type as"),
    "null": ({"dropout": None}, "Expected dropout of the same type as .*, got null"),
    "no list": ({"filters": 24}, "Expected filters of the same type as"),
    "no list of lists": ({"filters": [24, 48]}, "Expected filters of the same type as"),
    "no names": ({"hold_out_sources": [3]}, "Expected hold_out_sources of the same type as"),
    "no weights": ({"source_weights": {"a": "b"}}, "Expected source_weights of the same type as"),
    "no epoch": ({"epochs": 0}, "Expected epochs of 1 to .*, got 0"),
    "below": ({"seed": -1}, "Expected seed of 0 to .*, got -1"),
    "above": ({"balance": 1.2}, "Expected balance of 0 to 1, got 1.2"),
    "bits": ({"duplicate_bits": 16}, "Expected duplicate_bits of 0 to 15, got 16"),
    "no number": ({"dropout": float("nan")}, "Expected dropout of 0 to .*, got nan"),
    "sum": ({"split": [0.8, 0.1, 0.2]}, "three proportions that sum to 1"),
    "four": ({"split": [0.7, 0.1, 0.1, 0.1]}, "three proportions that sum to 1"),
    "no test": ({"split": [0.9, 0.1, 0.0]}, "three proportions that sum to 1"),
    "small crops": ({"crop_side": 102}, "Expected crops of at least .* got crop_side 102"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_invalid_option_is_refused_in_one_sentence(name: str) -> None:
    values, words = REFUSED[name]
    with pytest.raises(TrainerError, match=words) as caught:
        Config.from_dict(values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "values",
    [{}, SMALL, {"dropout": 0}, {"source_weights": {"mine": 2}}, {"hold_out_sources": ["a", "b"]}],
)
def test_save_and_load_are_inverse(values: dict[str, Any], tmp_path: Path) -> None:
    config = Config.from_dict(values)
    config.save(tmp_path / "new/config.json")
    assert Config.load(tmp_path / "new/config.json") == config


def test_changes_override_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"epochs": 3, "dense": 8}), encoding="utf-8")
    config = Config.load(path, epochs=5)
    assert (config.epochs, config.dense) == (5, 8)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{}", b"[]", b"null", b"3"])
def test_an_invalid_configuration_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(TrainerError, match=r"config\.json") as caught:
        Config.load(path)
    assert "\n" not in str(caught.value)


def test_a_missing_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"Expected a configuration at .*, got none"):
        Config.load(tmp_path / "config.json")


def test_the_detector_has_the_converted_weights() -> None:
    sources = json.loads((WEIGHTS / "sources.json").read_text(encoding="utf-8"))
    settings = detector_settings()
    assert settings.file == "centerface.onnx"
    assert settings.browser_sha256.keys() == {"centerface.json", "centerface.bin"}
    hashes = {settings.file: settings.sha256, **settings.browser_sha256}
    assert hashes == sources["converted"]


def test_the_detector_is_that_of_the_shipped_model(contract: Contract) -> None:
    assert contract.detector == detector_settings()
