"""Tests that exports that differ from Keras are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference import ModelError
from inference.vision.geometry import Floats
from trainer.errors import TrainerError
from trainer.export import verify
from trainer.export.verify import compare, run_saved_model, run_tfjs, run_tflite

FACES = 200
EXPECTED = np.array([[0.7, 0.2, 0.1]] * FACES + [[0.4, 0.3, 0.3]], np.float32)


def off_by(difference: float) -> Floats:
    """Return outputs in which one probability differs."""
    answer = EXPECTED.copy()
    answer[17, 1] += difference
    return answer


def flipped(count: int) -> Floats:
    """Return outputs in which `count` top classes differ."""
    answer = EXPECTED.copy()
    answer[:count] = answer[:count, ::-1]
    return answer


@pytest.mark.parametrize(
    ("name", "most"),
    [("saved_model", 1e-3), ("tflite_float32", 1e-3), ("tflite_float16", 5e-3), ("tfjs", 5e-3)],
)
def test_the_largest_difference_is_limited(name: str, most: float) -> None:
    reported = compare(EXPECTED, {name: off_by(0.95 * most)})
    assert reported["faces"] == FACES
    assert reported[name]["largest_difference"] == pytest.approx(0.95 * most, rel=1e-3)
    assert reported[name]["flipped"] == 0
    with pytest.raises(TrainerError, match=f"{name} differs from Keras by .*, at most {most}"):
        compare(EXPECTED, {name: off_by(1.05 * most)})


def test_the_difference_includes_the_golden_input() -> None:
    answer = EXPECTED.copy()
    answer[-1, 0] += 0.002
    with pytest.raises(TrainerError, match="tflite_float32"):
        compare(EXPECTED, {"tflite_float32": answer})


def test_int8_may_flip_1_percent_of_the_labels() -> None:
    reported = compare(EXPECTED, {"tflite_int8": flipped(2)})
    assert reported["tflite_int8"]["flipped"] == pytest.approx(0.01)
    assert reported["tflite_int8"]["largest_difference"] == pytest.approx(0.6)
    with pytest.raises(
        TrainerError, match=r"tflite_int8 classifies 1\.5% of the faces differently"
    ):
        compare(EXPECTED, {"tflite_int8": flipped(3)})


def test_int8_may_flip_one_of_a_few_labels() -> None:
    few = slice(-41, None)  # forty faces and the golden input
    one, two = (EXPECTED[few].copy() for _ in range(2))
    one[:1], two[:2] = one[:1, ::-1], two[:2, ::-1]
    assert compare(EXPECTED[few], {"tflite_int8": one})["tflite_int8"]["flipped"] == 1 / 40
    with pytest.raises(TrainerError, match="tflite_int8"):
        compare(EXPECTED[few], {"tflite_int8": two})


def test_int8_may_flip_the_golden_input() -> None:
    """It is a near tie."""
    answer = EXPECTED.copy()
    answer[-1] = (0.3, 0.4, 0.3)
    assert compare(EXPECTED, {"tflite_int8": answer})["tflite_int8"]["flipped"] == 0


@pytest.mark.parametrize("name", ["saved_model", "tfjs", "tflite_float32", "tflite_float16"])
def test_nan_is_refused(name: str) -> None:
    with pytest.raises(TrainerError, match=f"{name} differs from Keras by nan"):
        compare(EXPECTED, {name: off_by(float("nan"))})


def test_every_export_is_compared() -> None:
    with pytest.raises(TrainerError, match="tfjs"):
        compare(EXPECTED, {"saved_model": EXPECTED, "tfjs": off_by(0.1)})


@pytest.fixture
def inputs() -> Floats:
    return np.random.default_rng(8).uniform(0, 255, (5, 32, 32, 3)).astype(np.float32)


def test_all_runtimes_agree(project: Path, inputs: Floats) -> None:
    expected = run_saved_model(project / "models/saved_model/1", inputs)
    assert expected.shape == (5, 3)
    assert np.ptp(expected, axis=0).max() > 0.001, "the outputs differ between inputs"
    tfjs = run_tfjs(project / "web/static/models/model.json", inputs)
    assert tfjs == pytest.approx(expected, abs=5e-3)
    lite = run_tflite(project / "models/mask_float32.tflite", inputs)
    assert lite == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("content", ["", "{}", '{"modelTopology": 3, "weightsManifest": []}'])
def test_a_broken_tfjs_model_is_refused(content: str, inputs: Floats, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(content, encoding="utf-8")
    with pytest.raises(TrainerError, match=r"TF\.js could not run the export"):
        run_tfjs(tmp_path / "model.json", inputs)


def test_missing_node_packages_are_reported(
    inputs: Floats, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(verify, "ROOT", tmp_path)
    with pytest.raises(TrainerError, match="run 'make setup'"):
        run_tfjs(tmp_path / "model.json", inputs)


def test_a_broken_tflite_file_is_refused(inputs: Floats, tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(b"no model")
    with pytest.raises(ModelError, match="Not a TFLite model"):
        run_tflite(tmp_path / "model.tflite", inputs)
