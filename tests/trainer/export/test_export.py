"""Tests that all formats are written and verified against Keras."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from inference import MaskDetector, ModelError
from inference.contract import Contract, read_verified
from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Floats
from tests.frames import astronaut
from tests.trainer.conftest import Run
from trainer.config import detector_settings
from trainer.data.dataset import list_crops, load_inputs
from trainer.data.synthetic import SOURCE
from trainer.errors import TrainerError
from trainer.export import export as module
from trainer.export.export import FILES, export

FORMATS = {
    "keras",
    "saved_model",
    "saved_model_weights",
    "tflite_float32",
    "tflite_float16",
    "tflite_int8",
    "tfjs_model",
    "tfjs_weights",
}


@pytest.fixture(scope="module")
def contract(project: Path) -> Contract:
    return Contract.load(project / "models/contract.json")


@pytest.fixture(scope="module")
def inputs(evaluated: Run) -> Floats:
    crops = list_crops(evaluated.folder / "dataset", "test")
    return load_inputs(crops.paths, evaluated.config)


def test_every_format_is_in_the_contract_with_its_hash(project: Path, contract: Contract) -> None:
    assert contract.exports.keys() == FORMATS
    for described in contract.exports.values():
        assert len(read_verified(project / described.file, described.sha256)) == described.bytes


def test_the_contract_has_the_parameters_of_the_runtimes(
    contract: Contract, evaluated: Run
) -> None:
    config = evaluated.config
    assert contract.labels == list(DEFINITE_LABELS)
    assert contract.input_size == config.input_size
    assert contract.unsure_below == config.unsure_below
    assert contract.smallest_face == config.smallest_face
    assert contract.detector == detector_settings()
    assert contract.version.endswith(contract.exports["tflite_float32"].sha256[:8])
    report = json.loads((evaluated.folder / "report/metrics.json").read_text(encoding="utf-8"))
    assert contract.data == report["data"]
    summary = {name: reported for name, reported in report["summary"].items() if name != "held_out"}
    assert summary.items() <= contract.measured.items()
    assert contract.measured["held_out"] == [], "no held-out run was given"
    training = json.loads((evaluated.folder / "training.json").read_text(encoding="utf-8"))
    assert contract.measured["training"] == training


def test_the_golden_output_is_the_models(contract: Contract, evaluated: Run) -> None:
    model = keras.models.load_model(evaluated.folder / "model.keras", compile=False)
    golden = contract.golden_image()
    assert golden.shape == (32, 32, 3)
    answer = model.predict(golden[None].astype(np.float32), verbose=0)[0]
    assert answer == pytest.approx(contract.golden_output, abs=1e-5)
    assert 0 < contract.golden.tolerance <= 0.05


def test_parity_is_reported(contract: Contract, evaluated: Run) -> None:
    reported = contract.measured["parity"]
    crops = list_crops(evaluated.folder / "dataset", "test").without(SOURCE)
    assert reported["faces"] == len(crops)
    assert reported.keys() - {"faces"} == {
        "saved_model",
        "tfjs",
        "tflite_float32",
        "tflite_float16",
        "tflite_int8",
    }


def test_int8_is_calibrated_on_real_faces(evaluated: Run) -> None:
    """These are faces of train without synthetic cases; int8 is verified on test."""
    crops = list_crops(evaluated.folder / "dataset", "train").without(SOURCE)
    found = module._real_faces(evaluated.folder, "train", evaluated.config)
    known = {face.tobytes() for face in load_inputs(crops.paths, evaluated.config)}
    assert len(found) == len(crops)
    assert {face.tobytes() for face in found} == known
    few = module._real_faces(evaluated.folder, "train", evaluated.config, 9)
    assert len(few) == 9


def test_inference_loads_the_exported_model(project: Path, contract: Contract) -> None:
    detector = MaskDetector(models=project / "models")
    assert detector.contract == contract
    (verdict,) = detector.detect(astronaut())
    assert verdict.probabilities.keys() == set(DEFINITE_LABELS)
    assert sum(verdict.probabilities.values()) == pytest.approx(1, abs=1e-4)


def test_inference_refuses_a_changed_file(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "models", tmp_path / "models")
    shutil.copy(tmp_path / "models/mask_int8.tflite", tmp_path / "models/mask_float32.tflite")
    with pytest.raises(ModelError, match="is not the file that the contract names"):
        MaskDetector(models=tmp_path / "models")


@pytest.mark.parametrize("batch", [1, 5])
def test_the_saved_model_accepts_any_batch_size(
    batch: int, project: Path, evaluated: Run, inputs: Floats
) -> None:
    model = keras.models.load_model(evaluated.folder / "model.keras", compile=False)
    serve = tf.saved_model.load(str(project / "models/saved_model/1")).signatures["serving_default"]
    (answer,) = serve(tf.constant(inputs[:batch])).values()
    assert answer.shape == (batch, 3)
    assert answer.numpy() == pytest.approx(model.predict(inputs[:batch], verbose=0), abs=1e-4)


def test_the_keras_file_is_the_model(project: Path, evaluated: Run, inputs: Floats) -> None:
    first = keras.models.load_model(evaluated.folder / "model.keras", compile=False)
    second = keras.models.load_model(project / FILES["keras"], compile=False)
    assert (first.predict(inputs, verbose=0) == second.predict(inputs, verbose=0)).all()


def test_smaller_formats_are_smaller(contract: Contract) -> None:
    sizes = {name: described.bytes for name, described in contract.exports.items()}
    assert sizes["tflite_int8"] < sizes["tflite_float16"] < sizes["tflite_float32"]
    assert sizes["tfjs_weights"] < 0.6 * sizes["saved_model_weights"]


def test_the_browsers_model_is_a_graph_model_with_half_floats(project: Path) -> None:
    model = json.loads((project / FILES["tfjs_model"]).read_text(encoding="utf-8"))
    assert model["format"] == "graph-model"
    (group,) = model["weightsManifest"]
    assert group["paths"] == ["group1-shard1of1.bin"]
    kinds = {
        weight.get("quantization", {}).get("dtype")
        for weight in group["weights"]
        if weight["dtype"] == "float32"
    }
    assert kinds == {"float16"}


def test_the_report_is_published_without_photos(project: Path, evaluated: Run) -> None:
    published = {path.name for path in (project / "models/report").iterdir()}
    assert published == {path.name for path in (evaluated.folder / "report").iterdir()}
    assert not list(project.rglob("mistakes*"))
    assert not list(project.rglob("*.jpg"))


@pytest.fixture
def ready(evaluated: Run, tmp_path: Path) -> Run:
    """A copy of the evaluated run."""
    run = tmp_path / "run"
    shutil.copytree(evaluated.folder, run, ignore=shutil.ignore_patterns("export"))
    return Run(run, evaluated.photos, evaluated.config)


def spoil_weights(file: Path) -> None:
    """Swap the halves of a file."""
    content = file.read_bytes()
    middle = len(content) // 8 * 4
    file.write_bytes(content[middle:] + content[:middle])


def fewer_bits(file: Path) -> None:
    """Replace a model by the int8 model, which differs by about 1e-2."""
    shutil.copy(file.with_name("mask_int8.tflite"), file)


def always_one_label(file: Path) -> None:
    """Replace a model by one with constant outputs."""
    model = keras.models.load_model(file.with_name("mask.keras"), compile=False)
    weights, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([weights * 0, bias])
    file.write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("tfjs_weights", spoil_weights),
        ("tflite_float32", fewer_bits),
        ("tflite_float16", always_one_label),
        ("tflite_int8", always_one_label),
    ],
)
def test_a_differing_export_is_refused_and_changes_nothing(
    name: str,
    spoil: Callable[[Path], None],
    ready: Run,
    project: Path,
    evaluated: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def write_formats(model: keras.Model, faces: Floats, stage: Path) -> None:
        for file in ("models", "web"):
            shutil.copytree(
                project / file,
                stage / file,
                ignore=shutil.ignore_patterns("contract.json", "report", "*.md"),
            )
        spoil(stage / FILES[name])

    monkeypatch.setattr(module, "_write_formats", write_formats)
    old = tmp_path / "project/models/contract.json"
    old.parent.mkdir(parents=True)
    old.write_text("the model before", encoding="utf-8")
    with pytest.raises(TrainerError, match=name.removesuffix("_weights")):
        export(ready.folder, ready.config, tmp_path / "project")
    assert [path for path in (tmp_path / "project").rglob("*") if path.is_file()] == [old]
    assert old.read_text(encoding="utf-8") == "the model before"


def test_an_earlier_export_is_replaced(
    ready: Run, project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def write_formats(model: keras.Model, faces: Floats, stage: Path) -> None:
        for file in ("models", "web"):
            shutil.copytree(
                project / file,
                stage / file,
                ignore=shutil.ignore_patterns("contract.json", "report", "*.md"),
            )

    monkeypatch.setattr(module, "_write_formats", write_formats)
    stale = tmp_path / "project/web/static/models/group1-shard2of2.bin"
    stale.parent.mkdir(parents=True)
    stale.touch()
    contract = export(ready.folder, ready.config, tmp_path / "project")
    assert not stale.exists()
    assert Contract.load(tmp_path / "project/models/contract.json") == contract


@pytest.mark.parametrize(
    ("missing", "step"),
    [("model.keras", "train"), ("training.json", "train"), ("report/metrics.json", "evaluate")],
)
def test_a_skipped_step_is_named(missing: str, step: str, ready: Run, tmp_path: Path) -> None:
    (ready.folder / missing).unlink()
    with pytest.raises(TrainerError, match=f"run '{step}' first"):
        export(ready.folder, ready.config, tmp_path / "project")
    assert not (tmp_path / "project").exists()
