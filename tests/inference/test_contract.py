"""Loading and validation of the contract."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from functools import reduce
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference import MaskDetector, ModelError
from inference.contract import MODELS, RANGES, ROOT, Contract, read_verified

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def models(tmp_path: Path) -> Callable[[Change], Path]:
    """Makes a models folder elsewhere, like the project's but for a change of the contract."""

    def make(change: Change) -> Path:
        raw = json.loads((MODELS / "contract.json").read_text(encoding="utf-8"))
        export = Path(raw["exports"]["tflite_float32"]["file"])
        folder = tmp_path / export.parent
        folder.mkdir()
        shutil.copy(ROOT / export, folder)
        change(raw)
        (folder / "contract.json").write_text(json.dumps(raw), encoding="utf-8")
        return folder

    return make


def wrong_answer(raw: dict[str, Any]) -> None:
    probabilities = raw["golden"]["probabilities"]
    probabilities["with_mask"] += 0.03


WRONG = {
    "export hash": (
        lambda raw: raw["exports"]["tflite_float32"].update(sha256="0" * 64),
        "is not the file that the contract names",
    ),
    "export missing": (
        lambda raw: raw["exports"]["tflite_float32"].update(file="models/none.tflite"),
        "none.tflite is missing",
    ),
    "detector hash": (
        lambda raw: raw["detector"].update(sha256="0" * 64),
        "is not the file that the contract names",
    ),
    "golden answer": (wrong_answer, "gives wrong results on this machine"),
    "field missing": (lambda raw: raw.pop("labels"), "labels"),
    "field unknown": (lambda raw: raw.update(color="blue"), "color"),
    "golden missing": (lambda raw: raw.pop("golden"), "golden"),
    "unknown label": (
        lambda raw: raw["labels"].__setitem__(0, "scarf"),
        "expected labels of with_mask, without_mask, incorrect_mask, got scarf",
    ),
    "label twice": (
        lambda raw: raw["labels"].__setitem__(0, "without_mask"),
        "expected labels of",
    ),
    "equal golden probabilities": (
        lambda raw: raw["golden"].update(probabilities=dict.fromkeys(raw["labels"], 1 / 3)),
        r"golden\.probabilities is wrong",
    ),
    "threshold a text": (
        lambda raw: raw["detector"].update(score_threshold="low"),
        r"detector\.score_threshold is wrong",
    ),
    "threshold below 0": (
        lambda raw: raw["detector"].update(iou_threshold=-1),
        r"detector\.iou_threshold is wrong",
    ),
    "side 0": (lambda raw: raw["detector"].update(near_side=0), r"detector\.near_side is wrong"),
    "detector a list": (lambda raw: raw.update(detector=[]), "not a contract"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_contract_is_refused_with_a_one_line_message(
    name: str, models: Callable[[Change], Path]
) -> None:
    change, words = WRONG[name]
    with pytest.raises(ModelError, match=words) as caught:
        MaskDetector(models=models(change))
    assert "\n" not in str(caught.value)
    assert str(ROOT) not in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "{}"])
def test_other_json_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "contract.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"contract\.json is not a contract"):
        Contract.load(tmp_path / "contract.json")


def test_a_missing_model_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="python -m trainer all"):
        MaskDetector(models=tmp_path)


def test_a_contract_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read: Is a directory"):
        Contract.load(tmp_path)


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make setup"):
        read_verified(tmp_path / "centerface.onnx", "0" * 64)


def test_an_unchanged_contract_loads(models: Callable[[Change], Path]) -> None:
    assert MaskDetector(models=models(lambda raw: None)).contract == Contract.load()


def test_the_model_of_the_folder_is_the_one_that_runs(models: Callable[[Change], Path]) -> None:
    folder = models(lambda raw: None)
    (model,) = folder.glob("*.tflite")
    model.write_bytes(model.read_bytes() + b"x")
    with pytest.raises(ModelError, match=f"{model.name} is not the file"):
        MaskDetector(models=folder)


def test_save_and_load_are_inverse(contract: Contract, tmp_path: Path) -> None:
    contract.save(tmp_path / "contract.json")
    assert Contract.load(tmp_path / "contract.json") == contract


def test_the_golden_input_is_a_picture(contract: Contract) -> None:
    image = contract.golden_image()
    assert image.shape == (contract.input_size, contract.input_size, 3)
    assert image.dtype == np.uint8
    assert sum(contract.golden_output) == pytest.approx(1, abs=1e-3)
    assert len(contract.golden_output) == len(contract.labels)


@pytest.mark.parametrize("path", RANGES)
def test_numbers_out_of_range_are_refused(path: str, models: Callable[[Change], Path]) -> None:
    *parents, name = path.split(".")
    for value in (RANGES[path][0] - 0.5, RANGES[path][1] + 0.5, 1e99, "1", None, True):

        def change(raw: dict[str, Any], value: Any = value) -> None:
            reduce(dict.__getitem__, parents, raw)[name] = value

        folder = models(change)
        with pytest.raises(ModelError, match=re.escape(path)):
            Contract.load(folder / "contract.json")
        shutil.rmtree(folder)


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
def test_labels_in_another_order_are_refused(
    order: tuple[int, ...], models: Callable[[Change], Path]
) -> None:
    folder = models(lambda raw: raw.update(labels=[raw["labels"][i] for i in order]))
    with pytest.raises(ModelError, match="gives wrong results"):
        MaskDetector(models=folder)


def test_every_export_is_there_and_unchanged(contract: Contract) -> None:
    for export in contract.exports.values():
        assert len(read_verified(ROOT / export.file, export.sha256)) == export.bytes
