"""``python -m trainer export``: writes the trained model in all formats, with its contract."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from inference.contract import ROOT, Contract, Export, Golden
from inference.vision.geometry import Floats
from trainer.calibration import apply_temperature
from trainer.config import Config, detector_settings
from trainer.data import synthetic
from trainer.data.dataset import list_crops, load_inputs
from trainer.errors import TrainerError
from trainer.evaluate.held_out import calibrate_on, check_held_out, check_photos, read_report
from trainer.export.archive import publish
from trainer.export.card import write_card
from trainer.export.gate import Classifier, check_gate
from trainer.export.golden import draw_golden
from trainer.export.verify import check_node, verify

log = logging.getLogger(__name__)

GOLDEN_TOLERANCE = 0.02
"""Half floats on a weak graphics card stay below it; a wrong scale or color order exceeds it."""

SAVED_MODEL = "models/saved_model/1"
"""TensorFlow Serving reads ``models/saved_model``, which has a folder per version."""

FILES = {
    "keras": "models/mask.keras",
    "saved_model": "models/saved_model/1/saved_model.pb",
    "saved_model_weights": "models/saved_model/1/variables/variables.data-00000-of-00001",
    "tflite_float32": "models/mask_float32.tflite",
    "tflite_float16": "models/mask_float16.tflite",
    "tflite_int8": "models/mask_int8.tflite",
    "tfjs_model": "web/static/models/model.json",
    "tfjs_weights": "web/static/models/group1-shard1of1.bin",
}


def export(
    run: Path,
    config: Config,
    project: Path = ROOT,
    held_out_runs: Sequence[Path] = (),
    force: bool = False,
) -> Contract:
    """Write all formats, the contract, the report and the model card into the project.

    Everything is written and verified in ``run/export`` first; the project's files change only
    after that, and only if the model is not worse than the present one.

    Args:
        held_out_runs: runs that held sources out; their metrics go into the card. The first one
            calibrates the temperature and the threshold of *unsure*, so that wrong labels in the
            others do not affect them.
        force: export a model that is worse, too (`gate.check_gate`).

    Raises:
        TrainerError: a run has no trained and evaluated model, one of `held_out_runs` held nothing
            out, an export differs from Keras, or the model is worse than the present one.
    """
    model = _load_model(run / "model.keras")
    metrics = read_report(run / "report/metrics.json", "evaluate")
    held_out = check_held_out(held_out_runs, config)
    check_photos(held_out_runs, run)
    calibration = calibrate_on(held_out_runs, held_out)
    if calibration:
        apply_temperature(model, calibration["temperature"])
        config = replace(config, unsure_below=calibration["unsure_below"])
    training = read_report(run / "training.json", "train")
    stage = run / "export"
    shutil.rmtree(stage, ignore_errors=True)
    check_node()
    labels = list(metrics["parts"]["test"]["labels"])
    comparison = check_gate(Classifier(model, labels, config), run, force, project)
    # int8 is calibrated on training faces and verified on test faces.
    _write_formats(model, _real_faces(run, "train", config), stage)
    contract = _contract(model, config, stage, metrics)
    contract.measured["training"] = training
    contract.measured["comparison"] = comparison
    contract.measured["held_out"] = [
        {"sources": one["data"]["held_out"]["sources"], **one["summary"]["held_out"]}
        for one in held_out
    ]
    contract.measured["calibration"] = calibration
    faces = _real_faces(run, "test", config)
    contract.measured["parity"] = verify(stage, model, contract, faces)
    (stage / "models").mkdir(exist_ok=True)
    contract.save(stage / "models/contract.json")
    card = write_card(contract, metrics, held_out)
    (stage / "models/README.md").write_text(card, encoding="utf-8")
    shutil.copytree(run / "report", stage / "models/report")
    for i, one in enumerate(held_out_runs, 1):
        shutil.copytree(one / "report", stage / f"models/report/held_out_{i}")
    publish(stage, project)
    log.info("Exported to models/ and web/static/models/. Go back: python -m trainer restore.")
    return contract


def _load_model(path: Path) -> keras.Model:
    if not path.exists():
        raise TrainerError(f"Expected a trained model at {path}, got none: run 'train' first.")
    return keras.models.load_model(path, compile=False)


def _real_faces(run: Path, part: str, config: Config, count: int = 384) -> Floats:
    """Load up to `count` real faces, balanced by label: shape (n, size, size, 3)."""
    crops = list_crops(run / "dataset", part).without(synthetic.SOURCE)
    by_label = [np.flatnonzero(crops.targets == t) for t in range(len(crops.labels))]
    per_label = count // len(by_label)
    rng = np.random.default_rng(config.seed)
    chosen = [rng.permutation(indices)[:per_label] for indices in by_label]
    order = rng.permutation(np.concatenate(chosen))
    return load_inputs([crops.paths[i] for i in order], config)


def _write_formats(model: keras.Model, faces: Floats, stage: Path) -> None:
    (stage / "models").mkdir(parents=True)
    model.save(stage / FILES["keras"])
    saved = stage / SAVED_MODEL
    _write_saved_model(model, saved)
    for name, configure in _tflite_options(faces).items():
        converter = tf.lite.TFLiteConverter.from_saved_model(str(saved))
        configure(converter)
        (stage / FILES[name]).write_bytes(converter.convert())
    _write_tfjs(saved, stage / "web/static/models")


def _write_saved_model(model: keras.Model, out: Path) -> None:
    """Write a SavedModel with each weight once; ``model.export`` of Keras stores them twice."""
    faces = tf.TensorSpec([None, *model.input_shape[1:]], tf.float32, name="faces")

    @tf.function(input_signature=[faces])  # type: ignore[untyped-decorator]
    def serve(faces: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"probabilities": model(faces, training=False)}

    module = tf.Module()
    module.weights = [weight.value for weight in model.weights]
    module.serve = serve
    tf.saved_model.save(module, str(out), signatures={"serving_default": serve})


def _tflite_options(faces: Floats) -> dict[str, Callable[[tf.lite.TFLiteConverter], None]]:
    def half(converter: tf.lite.TFLiteConverter) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]

    def integers(converter: tf.lite.TFLiteConverter) -> None:
        def examples() -> Iterator[list[Floats]]:
            yield from ([face[None]] for face in faces)

        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = examples
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]

    return {"tflite_float32": lambda _: None, "tflite_float16": half, "tflite_int8": integers}


def _write_tfjs(saved: Path, out: Path) -> None:
    # Without it the import prints, and fails if stdout is neither a terminal nor a notebook.
    os.environ.setdefault("TFDF_DISABLE_WELCOME_MESSAGE", "1")
    # Imported here: it takes seconds.
    from tensorflowjs.converters import convert_tf_saved_model

    # A graph model: the layers format does not support Keras 3, and is twice as slow.
    convert_tf_saved_model(
        str(saved),
        str(out),
        quantization_dtype_map={"float16": "*"},
        weight_shard_size_bytes=2**26,  # one file
    )


def _contract(model: keras.Model, config: Config, stage: Path, metrics: dict[str, Any]) -> Contract:
    golden = draw_golden(model, config.input_size)
    output = model.predict(golden[None].astype(np.float32), verbose=0)[0].tolist()
    labels = list(metrics["parts"]["test"]["labels"])
    exports = {name: describe(stage, file) for name, file in FILES.items()}
    return Contract(
        version=f"{datetime.now(UTC):%Y.%m.%d}+{exports['tflite_float32'].sha256[:8]}",
        labels=labels,
        input_size=config.input_size,
        resize="triangle",
        smallest_face=config.smallest_face,
        unsure_below=config.unsure_below,
        detector=detector_settings(),
        golden=Golden(
            base64.b64encode(golden.tobytes()).decode(),
            dict(zip(labels, output, strict=True)),
            GOLDEN_TOLERANCE,
        ),
        exports=exports,
        data=metrics["data"],
        measured=dict(metrics["summary"]),
    )


def describe(folder: Path, file: str) -> Export:
    """Return size and hash of an export, whose path is relative to `folder`."""
    content = (folder / file).read_bytes()
    return Export(file, hashlib.sha256(content).hexdigest(), len(content))
