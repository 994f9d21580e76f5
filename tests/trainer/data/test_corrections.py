"""Tests that corrections change only the listed pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.contract import ROOT
from inference.labels import DEFINITE_LABELS
from trainer.config import Config
from trainer.data import corrections
from trainer.data.corrections import correct
from trainer.data.crops import FaceCrop
from trainer.errors import TrainerError

CONFIG = Config(corrections="list.json")
FACES = [
    FaceCrop(f"a__{name}__{number}.jpg", label, "a", number, 10, 10, 0, label)
    for number, (label, name) in enumerate(
        [("with_mask", "1"), ("with_mask", "2"), ("without_mask", "1")]
    )
]


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the list of corrections."""
    monkeypatch.setattr(corrections, "ROOT", tmp_path)
    return tmp_path / "list.json"


def test_crops_are_relabelled_and_dropped(listed: Path) -> None:
    wanted = {
        "relabel": {"with_mask/a__2": "incorrect_mask", "with_mask/absent": "with_mask"},
        "drop": ["without_mask/a__1", "without_mask/a__2"],
    }
    listed.write_text(json.dumps(wanted), encoding="utf-8")
    relabelled = replace(FACES[1], label="incorrect_mask")
    assert correct(FACES, CONFIG) == [FACES[0], relabelled]


def test_held_out_sources_keep_their_labels(listed: Path) -> None:
    """Corrections proposed by a model would bias its metrics."""
    wanted = {"relabel": {"with_mask/a__2": "incorrect_mask"}, "drop": ["without_mask/a__1"]}
    listed.write_text(json.dumps(wanted), encoding="utf-8")
    assert correct(FACES, replace(CONFIG, hold_out_sources=("a",))) == FACES
    assert correct(FACES, replace(CONFIG, hold_out_sources=("b",))) != FACES


def test_without_a_list_nothing_changes(listed: Path) -> None:
    assert correct(FACES, replace(CONFIG, corrections="")) == FACES


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "[]",
        "{}",
        {"relabel": {}},
        {"relabel": {}, "drop": None},
        {"relabel": 3, "drop": []},
        {"relabel": {"with_mask/a__2": "masked"}, "drop": []},
    ],
)
def test_an_invalid_list_is_refused(wanted: Any, listed: Path) -> None:
    text = wanted if isinstance(wanted, str) else json.dumps(wanted)
    listed.write_text(text, encoding="utf-8")
    with pytest.raises(TrainerError, match=r"list\.json") as caught:
        correct(FACES, CONFIG)
    assert "\n" not in str(caught.value)


def test_a_missing_list_is_refused(listed: Path) -> None:
    with pytest.raises(TrainerError, match=r"list\.json is not a list of corrections"):
        correct(FACES, CONFIG)


def test_the_shipped_list_is_consistent() -> None:
    shipped = Config.load(ROOT / "trainer/shipped.json")
    wanted = json.loads((ROOT / shipped.corrections).read_text(encoding="utf-8"))
    assert wanted.keys() == {"relabel", "drop"}
    assert set(wanted["relabel"].values()) <= set(DEFINITE_LABELS)
    assert not wanted["relabel"].keys() & set(wanted["drop"])
    for name, label in wanted["relabel"].items():
        assert name.partition("/")[0] in set(DEFINITE_LABELS) - {label}
